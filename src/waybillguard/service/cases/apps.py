"""The cases application."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Registers the application under its short label."""

    name = "waybillguard.service.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers that open cases."""
        from waybillguard.service.cases import receivers  # noqa: F401 - connects its receivers
