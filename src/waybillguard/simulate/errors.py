"""Errors of the simulator: invalid parameters, and folders that cannot be written."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class SimulateError(WaybillGuardError):
    """Base class of errors while making a world."""

    code: ClassVar[str] = "simulate"


class BadWorldError(SimulateError):
    """The parameters are invalid: out of range, unknown kind of theft, too few warehouses."""

    code: ClassVar[str] = "simulate_parameters"


class FolderTakenError(SimulateError):
    """The output folder exists and is not empty; nothing in it was touched."""

    code: ClassVar[str] = "simulate_folder"


class NotWrittenError(SimulateError):
    """Writing failed (disk full, read-only, no permission), or memory ran out; what was written is incomplete."""

    code: ClassVar[str] = "simulate_write"
