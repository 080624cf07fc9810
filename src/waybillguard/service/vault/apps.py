"""The vault application."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Registers the application under its short label."""

    name = "waybillguard.service.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the policies' order facts and the hourly receiver."""
        from waybillguard.service.vault import (
            facts,  # noqa: F401 - it answers from now on
            receivers,  # noqa: F401 - connects its receiver
        )
