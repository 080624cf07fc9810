"""The calls app."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.calls"
    label = "calls"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to access that ends and quotas that are frozen."""
        from waybillguard.service.calls import receivers  # noqa: F401 - connects its receiver
