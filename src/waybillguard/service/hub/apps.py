"""The hub application."""

from django.apps import AppConfig


class HubConfig(AppConfig):
    """Registers the application under its short label."""

    name = "waybillguard.service.hub"
    label = "hub"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the hourly round."""
        from waybillguard.service.hub import receivers  # noqa: F401 - connects its receivers
