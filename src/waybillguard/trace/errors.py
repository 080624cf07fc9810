"""Errors of tracing. None of them quotes a victim, an account or an order."""

from waybillguard.errors import WaybillGuardError


class TraceError(WaybillGuardError):
    """The list of victims or the log cannot be used for a trace."""

    code = "trace"
