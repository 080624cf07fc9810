"""The audit application."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers the application under its short label."""

    name = "waybillguard.service.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
