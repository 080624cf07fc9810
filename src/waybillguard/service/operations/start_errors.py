"""Why the service does not start."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class StartError(WaybillGuardError):
    """The service cannot start; the message says what to change."""

    code: ClassVar[str] = "start"
