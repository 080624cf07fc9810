"""The people app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the app under its short label."""

    name = "waybillguard.service.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to sign-ins."""
        from waybillguard.service.identity.accounts import browsers, journal  # noqa: F401 - connects its receiver

        journal.connect()
