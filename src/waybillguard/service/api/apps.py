"""The api app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to access that ends."""
        from waybillguard.service.api import receivers  # noqa: F401 - connects its receiver
