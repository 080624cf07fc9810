"""Errors of label runs."""

from waybillguard.errors import WaybillGuardError


class PrintingError(WaybillGuardError):
    """Base class of label run errors."""

    code = "printing"
