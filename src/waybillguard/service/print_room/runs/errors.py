"""Errors of printing."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class PrintingError(WaybillGuardError):
    """Base of what can go wrong around labels."""

    code: ClassVar[str] = "printing"


class PrintRequestError(PrintingError):
    """What was asked for cannot be printed."""

    code: ClassVar[str] = "print_request"


class RunNotReadyError(PrintingError):
    """The file of a run cannot be fetched now."""

    code: ClassVar[str] = "run_not_ready"
