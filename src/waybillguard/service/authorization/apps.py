"""The authorization application."""

from django.apps import AppConfig


class AuthorizationConfig(AppConfig):
    """Registers the application under its short label."""

    name = "waybillguard.service.authorization"
    label = "authorization"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the everyday decision and the receivers of the hourly round."""
        from waybillguard.service.authorization import (  # noqa: F401 - importing registers them
            authorize,
            restrictions,
        )
