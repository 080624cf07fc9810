"""Errors of the simulator: invalid parameters, and folders that cannot be written."""

from waybillguard.errors import WaybillGuardError


class SimulateError(WaybillGuardError):
    """Base class of errors while making a world."""

    code = "simulate"


class NotWrittenError(SimulateError):
    """Writing failed (disk full, read-only, no permission), or memory ran out; what was written is incomplete."""

    code = "simulate_write"
