"""The hub application."""

from django.apps import AppConfig


class HubConfig(AppConfig):
    """Registers the application under its short label."""

    name = "waybillguard.service.hub"
    label = "hub"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect signal receivers, and allow file uploads from inspectors and the police."""
        from waybillguard.service.hub import (
            receivers,  # noqa: F401 - connects its receivers
        )
        from waybillguard.service.identity.models import Permission
        from waybillguard.service.vault.uploads import UPLOAD_PAGES

        UPLOAD_PAGES["special_photo"] = Permission.LEDGER
        UPLOAD_PAGES["screening_send"] = Permission.LEDGER
