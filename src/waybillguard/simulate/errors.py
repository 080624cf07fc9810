"""Errors of the simulator: arguments that make no world, and folders that cannot take one."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class SimulateError(WaybillGuardError):
    """Base of what can go wrong while a world is made."""

    code: ClassVar[str] = "simulate"


class BadWorldError(SimulateError):
    """The parameters describe no world: out of range, unknown kind of theft, too few warehouses."""

    code: ClassVar[str] = "simulate_parameters"


class FolderTakenError(SimulateError):
    """The folder to write to exists and is not empty; nothing in it was touched."""

    code: ClassVar[str] = "simulate_folder"


class NotWrittenError(SimulateError):
    """The disk refused (full, read-only, no right), or memory ran out; what was written is incomplete."""

    code: ClassVar[str] = "simulate_write"
