"""The merchants app."""

from django.apps import AppConfig


class MerchantsConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.merchants"
    label = "merchants"
    default_auto_field = "django.db.models.BigAutoField"
