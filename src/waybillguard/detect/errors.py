"""What can go wrong before detection starts. No error quotes an event."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class DetectInputError(WaybillGuardError):
    """A file beside the events (roster, orders, findings, decoys) cannot be read."""

    code: ClassVar[str] = "detect_input"
