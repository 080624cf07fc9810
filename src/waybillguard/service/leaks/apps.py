"""The leaks application."""

from django.apps import AppConfig


class LeaksConfig(AppConfig):
    """Registers the application under its short label."""

    name = "waybillguard.service.leaks"
    label = "leaks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the tracing tab of cases and the facts for inspections."""
        from waybillguard.service.leaks import facts, receivers  # noqa: F401 - both add themselves
