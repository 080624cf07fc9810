"""The alerts application."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Registers the application under its short label."""

    name = "waybillguard.service.alerts"
    label = "alerts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect receivers of the hourly round and the guard; register the fact source for inspections."""
        from waybillguard.service.alerts import facts, receivers  # noqa: F401 - importing registers them
