"""The printing app."""

from django.apps import AppConfig


class PrintingConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.printing"
    label = "printing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen."""
        from waybillguard.service.printing import receivers  # noqa: F401 - connects what it defines
