"""Application of scam prevention."""

from django.apps import AppConfig


class ScamsConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.scams"
    label = "scams"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register with the risk queue, the notices tab of cases, and the facts of inspections."""
        from waybillguard.service.scams import facts, panels, risks  # noqa: F401 - they add themselves
