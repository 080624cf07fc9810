"""Errors of tracing. None of them quotes a victim, an account or an order."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class TraceError(WaybillGuardError):
    """A list or log with which no trace can be made."""

    code: ClassVar[str] = "trace"
