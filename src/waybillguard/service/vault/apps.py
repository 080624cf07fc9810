"""The vault app."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have connections to PostgreSQL name the tenant whose scope is open."""
        from waybillguard.service.platform.database.row_security import guard_connections

        guard_connections()
