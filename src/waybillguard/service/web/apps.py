"""The web application."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class WebConfig(AppConfig):
    """Registers the application under its short label, and loads the risk modules of all applications."""

    name = "waybillguard.service.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load the module ``risks`` of every application."""
        autodiscover_modules("risks")
