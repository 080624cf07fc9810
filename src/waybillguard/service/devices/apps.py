"""The devices app."""

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.devices"
    label = "devices"

    def ready(self) -> None:
        """Listen to ended accounts and to the hourly round."""
        from waybillguard.service.devices import receivers  # noqa: F401 - connects its receivers
