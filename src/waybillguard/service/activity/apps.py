"""The activity app."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.activity"
    label = "activity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receiver of the hourly round."""
        from waybillguard.service.activity import receivers  # noqa: F401 - connects its receiver
