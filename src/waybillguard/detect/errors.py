"""Errors raised before detection starts. No error quotes an event."""

from waybillguard.errors import WaybillGuardError


class DetectInputError(WaybillGuardError):
    """An input other than the events (roster, orders, findings, decoys) cannot be used."""

    code = "detect_input"
