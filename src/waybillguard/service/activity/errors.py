"""Errors of foreign logs and the SIEM."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError
from waybillguard.events import EventsError


class ForeignLogError(EventsError):
    """A log of another system cannot be imported, or not in its current state."""

    code: ClassVar[str] = "foreign_log"


class SiemError(WaybillGuardError):
    """The SIEM's address is invalid; nothing was changed."""

    code: ClassVar[str] = "siem"
