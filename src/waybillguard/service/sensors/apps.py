"""Application of print PCs."""

from django.apps import AppConfig


class SensorsConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.sensors"
    label = "sensors"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers for the hourly job, and register the facts for inspections."""
        from waybillguard.service.sensors import facts, held, receivers  # noqa: F401 - they add themselves
