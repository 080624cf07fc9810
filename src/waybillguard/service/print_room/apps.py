"""The print_room application."""

from django.apps import AppConfig


class PrintRoomConfig(AppConfig):
    """Registers the application under its short label."""

    name = "waybillguard.service.print_room"
    label = "print_room"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers of shredded orders and of the hourly round."""
        from waybillguard.service.print_room.runs import receivers as _runs_receivers  # noqa: F401 - connects its receivers
        from waybillguard.service.print_room.stations import receivers as _stations_receivers  # noqa: F401 - connects its receivers
