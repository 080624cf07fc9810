"""Errors of tracing in the console."""

from waybillguard.errors import WaybillGuardError


class LeakError(WaybillGuardError):
    """A list that cannot be traced, or an answer that cannot be given now."""

    code = "leaks"
