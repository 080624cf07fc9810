"""The web application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers the application under its short label."""

    name = "waybillguard.service.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
