"""The scams app."""

from django.apps import AppConfig


class ScamsConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.scams"
    label = "scams"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter the risk queue and the notice tab of cases."""
        from waybillguard.service.scams import panels, risks  # noqa: F401 - they add themselves
