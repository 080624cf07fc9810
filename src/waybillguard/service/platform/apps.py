"""The platform application."""

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    """Registers the application under its short label."""

    name = "waybillguard.service.platform"
    label = "platform"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make PostgreSQL connections set the tenant of the open scope."""
        from waybillguard.service.platform.database.row_security import send_tenant_settings

        send_tenant_settings()
