"""The people application."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the application under its short label."""

    name = "waybillguard.service.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers of ended accounts and of the hourly round."""
        from waybillguard.service.people.badges import receivers as _badges_receivers  # noqa: F401 - connects its receivers
