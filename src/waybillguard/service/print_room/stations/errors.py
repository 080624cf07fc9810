"""Errors of stations and tickets. None contains personal data."""

from waybillguard.errors import WaybillGuardError


class StationError(WaybillGuardError):
    """Base class of station errors."""

    code = "station"


class WaveError(StationError):
    """A wave cannot be made, or a request to it is invalid."""

    code = "wave"


class OtherSiteError(StationError):
    """The policies do not let this person print at that site."""

    code = "other_site"
