"""Errors of stations and tickets. None contains personal data."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class StationError(WaybillGuardError):
    """Base class of station errors."""

    code: ClassVar[str] = "station"


class WaveError(StationError):
    """A wave cannot be made, or a request to it is invalid."""

    code: ClassVar[str] = "wave"


class ReprintError(StationError):
    """These labels may not be reprinted like this."""

    code: ClassVar[str] = "reprint"


class OtherSiteError(StationError):
    """The policies do not let this person print at that site."""

    code: ClassVar[str] = "other_site"


class TicketError(StationError):
    """The ticket is in another state, or belongs to another device."""

    code: ClassVar[str] = "ticket"


class ScanError(StationError):
    """A scan, or a file of scans, cannot be read."""

    code: ClassVar[str] = "scan"
