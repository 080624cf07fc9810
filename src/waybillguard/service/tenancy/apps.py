"""The tenancy application."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Registers the application under its short label."""

    name = "waybillguard.service.tenancy"
    label = "tenancy"
    default_auto_field = "django.db.models.BigAutoField"
