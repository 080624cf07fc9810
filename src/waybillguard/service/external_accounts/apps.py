"""Application of external accounts."""

from django.apps import AppConfig


class ExternalAccountsConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.external_accounts"
    label = "external_accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers for leavers and for the hourly job."""
        from waybillguard.service.external_accounts import receivers  # noqa: F401 - connects its receivers
