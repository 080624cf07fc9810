"""The exports app."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.exports"
    label = "exports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers of the hourly round."""
        from waybillguard.service.exports import receivers  # noqa: F401 - connects its receiver
