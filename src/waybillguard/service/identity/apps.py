"""The identity application."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Registers the application under its short label."""

    name = "waybillguard.service.identity"
    label = "identity"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the receivers of sign-ins, ended accounts and the hourly round."""
        from waybillguard.service.identity import request_origin  # noqa: F401 - it answers from now on
        from waybillguard.service.identity.accounts import browsers, journal  # noqa: F401 - they connect their receivers
        from waybillguard.service.identity.devices import receivers as of_devices  # noqa: F401
        from waybillguard.service.identity.machine_keys import receivers as of_machine_keys  # noqa: F401

        journal.connect()
