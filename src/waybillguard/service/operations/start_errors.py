"""Why the service does not start."""

from waybillguard.errors import WaybillGuardError


class StartError(WaybillGuardError):
    """The service cannot start; the message says what to change."""

    code = "start"
