"""Errors of foreign logs and the SIEM."""

from waybillguard.errors import WaybillGuardError


class SiemError(WaybillGuardError):
    """The SIEM's address is invalid; nothing was changed."""

    code = "siem"
