"""One log in one call: for a process that reads what people upload and may die of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from waybillguard.errors import WaybillGuardError
from waybillguard.events.foreign.applying import Applied, apply
from waybillguard.events.foreign.mapping import LogMapping, Suggestion, suggest
from waybillguard.events.foreign.tables import LOG_LIMITS, read_log
from waybillguard.orders.limits import Limits


class LogRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A log to read: its bytes, whose it becomes, the tenant's zone and the time now; a mapping if one is decided.

    ``remembered`` is what was decided for an earlier file of the same look, if the caller has it;
    ``apply_mapping`` False asks for the suggestion alone.
    """

    content: bytes
    tenant: str
    zone: str
    now: datetime
    mapping: LogMapping | None = None
    apply_mapping: bool = True
    password: str | None = None

    def __repr__(self) -> str:
        """Show the type alone."""
        return "LogRequest(…)"


class LogAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was read: the suggestion and what it gives; or why the file cannot be read, in two languages."""

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
    """Read a log, suggest a mapping unless one that fits is handed in, and apply it.

    Raises:
        EventsError: the file cannot be read.
    """
    log = read_log(content, limits=limits, password=password)
    suggestion = suggest(log, zone=zone, remembered=mapping)
    return suggestion, apply(log, suggestion.mapping, tenant=tenant, now=now)


def answer(request: LogRequest) -> LogAnswer:
    """Answer a request without raising anything a file may provoke but a lack of memory."""
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
