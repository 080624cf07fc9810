"""The badges app."""

from django.apps import AppConfig


class BadgesConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.badges"
    label = "badges"

    def ready(self) -> None:
        """Listen to ended accounts and to the hourly round."""
        from waybillguard.service.badges import receivers  # noqa: F401 - connects its receivers
