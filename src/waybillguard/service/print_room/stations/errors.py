"""Errors around stations and tickets; nothing personal stands in any of them."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class StationError(WaybillGuardError):
    """Base of what can go wrong at a station."""

    code: ClassVar[str] = "station"


class WaveError(StationError):
    """A wave cannot be made, or what was asked of it makes no sense."""

    code: ClassVar[str] = "wave"


class ReprintError(StationError):
    """These labels may not be printed again like this."""

    code: ClassVar[str] = "reprint"


class OtherSiteError(StationError):
    """The policies let this person print at no printer of that site."""

    code: ClassVar[str] = "other_site"


class TicketError(StationError):
    """A ticket is not in the state for this, or not this device's."""

    code: ClassVar[str] = "ticket"


class ScanError(StationError):
    """What was scanned, or a file of scans, cannot be read."""

    code: ClassVar[str] = "scan"
