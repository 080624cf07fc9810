"""The reveal app."""

from django.apps import AppConfig


class RevealConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.reveal"
    label = "reveal"

    def ready(self) -> None:
        """Listen to searches."""
        from waybillguard.service.reveal import searches  # noqa: F401 - connects its receivers
