"""Errors around the table of access events."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError
from waybillguard.events import EventsError


class ForeignLogError(EventsError):
    """A log of another system cannot be taken, or not now."""

    code: ClassVar[str] = "foreign_log"


class SiemError(WaybillGuardError):
    """An address of a SIEM that cannot be used; nothing was changed."""

    code: ClassVar[str] = "siem"
