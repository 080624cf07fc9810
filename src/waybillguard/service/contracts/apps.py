"""Application of contracts."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.contracts"
    label = "contracts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers for the hourly job."""
        from waybillguard.service.contracts import receivers  # noqa: F401 - connects its receiver
