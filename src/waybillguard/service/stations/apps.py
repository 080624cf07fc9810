"""The stations app."""

from django.apps import AppConfig


class StationsConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.stations"
    label = "stations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the hourly round."""
        from waybillguard.service.stations import receivers  # noqa: F401 - it registers itself
