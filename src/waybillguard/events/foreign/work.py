"""Reads one log per call, for a process that handles untrusted uploads and may crash on them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from waybillguard.errors import WaybillGuardError
from waybillguard.events.foreign.applying import Applied, apply
from waybillguard.events.foreign.mapping import LogMapping, Suggestion, suggest
from waybillguard.events.foreign.tables import LOG_LIMITS, read_log
from waybillguard.orders.limits import Limits


class LogRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A log to read: its bytes, its tenant, the tenant's time zone and the current time; a mapping if decided.

    ``remembered`` is the mapping decided for an earlier file with the same titles, if any;
    ``apply_mapping`` False asks only for the suggestion.
    """

    content: bytes
    tenant: str
    zone: str
    now: datetime
    mapping: LogMapping | None = None
    apply_mapping: bool = True
    password: str | None = None

    def __repr__(self) -> str:
        """Show only the type."""
        return "LogRequest(…)"


class LogAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The suggestion and the resulting events; or why the file cannot be read, in two languages."""

    suggestion: Suggestion | None = None
    applied: Applied | None = None
    zh: str = ""
    en: str = ""


def import_log(
    content: bytes,
    *,
    tenant: str,
    zone: ZoneInfo,
    now: datetime,
    mapping: LogMapping | None = None,
    limits: Limits = LOG_LIMITS,
    password: str | None = None,
) -> tuple[Suggestion, Applied]:
    """Read a log, suggest a mapping unless a fitting one is passed in, and apply it.

    Raises:
        EventsError: the file cannot be read.
    """
    log = read_log(content, limits=limits, password=password)
    suggestion = suggest(log, zone=zone, remembered=mapping)
    return suggestion, apply(log, suggestion.mapping, tenant=tenant, now=now)


def answer(request: LogRequest) -> LogAnswer:
    """Answer a request; the only exception a file can cause is MemoryError."""
    try:
        log = read_log(request.content, password=request.password)
        suggestion = suggest(log, zone=ZoneInfo(request.zone), remembered=request.mapping)
        applied = (
            apply(log, suggestion.mapping, tenant=request.tenant, now=request.now)
            if request.apply_mapping
            else None
        )
    except WaybillGuardError as error:
        return LogAnswer(zh=error.zh, en=error.en)
    return LogAnswer(suggestion=suggestion, applied=applied)
