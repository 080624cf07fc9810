"""The sites app."""

from django.apps import AppConfig


class SitesConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.sites"
    label = "sites"
    default_auto_field = "django.db.models.BigAutoField"
