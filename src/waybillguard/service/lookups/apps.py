"""The lookups application."""

from django.apps import AppConfig


class LookupsConfig(AppConfig):
    """Registers the application under its short label."""

    name = "waybillguard.service.lookups"
    label = "lookups"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers for searches, frozen quotas and ended access."""
        from waybillguard.service.lookups import receivers, searches  # noqa: F401 - connect their receivers
        from waybillguard.service.lookups.calls import receivers as _calls_receivers  # noqa: F401 - connects its receivers
