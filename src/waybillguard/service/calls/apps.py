"""The calls app."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.calls"
    label = "calls"
    default_auto_field = "django.db.models.BigAutoField"
