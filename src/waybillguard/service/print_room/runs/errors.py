"""Errors of label runs."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class PrintingError(WaybillGuardError):
    """Base class of label run errors."""

    code: ClassVar[str] = "printing"


class PrintRequestError(PrintingError):
    """The request cannot be printed."""

    code: ClassVar[str] = "print_request"


class RunNotReadyError(PrintingError):
    """The file of a run cannot be fetched now."""

    code: ClassVar[str] = "run_not_ready"
