"""The authorization application."""

from django.apps import AppConfig


class AuthorizationConfig(AppConfig):
    """Registers the application under its short label."""

    name = "waybillguard.service.authorization"
    label = "authorization"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer what a role may do."""
        from waybillguard.service.authorization import authorize  # noqa: F401 - it answers from now on
