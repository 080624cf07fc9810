"""Lists single events, newest first, from Parquet and from the outbox; damaged files are skipped."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb
from django.db.models import QuerySet

from waybillguard.events import EventsUnreadableError, connect, view_events
from waybillguard.service.audit.export import hour_of
from waybillguard.service.audit.models import OutboxEvent
from waybillguard.service.audit.overview import pending
from waybillguard.service.audit.store import event_store, events_folder
from waybillguard.service.tenancy.models import Tenant

PAGE: Final = 50
MOST_WAITING: Final = 20_000
"""Maximum events of the outbox that are searched; more wait only while nothing can be written."""

#: Concurrent Parquet queries per process: each may use one processor and 256 MB.
_AT_ONCE: Final = threading.BoundedSemaphore(2)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SHOWN: Final = (
    "ts_us", "event_id", "account", "workstation", "ip", "action", "order_id", "purpose", "exposed", "allowed",
    "explained_by", "explained_ref",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Filter of the event list; days are numbers in the tenant's zone, all other fields select all when empty."""

    first_day: int
    last_day: int
    action: str = ""
    account: str = ""
    station: str = ""
    orders: tuple[str, ...] = ()
    hour: int | None = None
    only: str = ""
    """``exposed`` or ``refused``."""


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """An event in the list; empty text means none."""

    ts: int
    event_id: str
    account: str
    workstation: str
    ip: str
    action: str
    order_id: str
    purpose: str
    exposed: bool
    allowed: bool
    explained_by: str
    explained_ref: str

    @property
    def at(self) -> datetime:
        """Time in UTC."""
        return _EPOCH + timedelta(microseconds=self.ts)


@dataclass(frozen=True, slots=True)
class EventPage:
    """One page, newest first; ``damaged`` names files that could not be read."""

    events: list[ShownEvent]
    older: str = ""
    damaged: list[str] = field(default_factory=list)


def list_events(tenant: Tenant, wanted: EventFilter, cursor: str = "") -> EventPage:
    """Return one page of events. ``cursor`` comes from the page before."""
    before = _position(cursor)
    files = event_store(tenant).files(tenant.slug, first_day=wanted.first_day, last_day=wanted.last_day)
    found, damaged = _stored(tenant, files, wanted, before)
    found += _waiting(tenant, wanted, before)
    found.sort(key=lambda one: (one.ts, one.event_id), reverse=True)
    # A part may exist before its batch is marked: events in both are shown once.
    unique = list({(one.ts, one.event_id): one for one in found}.values())
    page = unique[:PAGE]
    older = f"{page[-1].ts}.{page[-1].event_id}" if len(unique) > PAGE else ""
    return EventPage(page, older, damaged)


def damaged_files(tenant: Tenant, files: list[Path]) -> list[Path]:
    """Return the files that cannot be read completely."""
    bad = []
    for one in files:
        with connect(memory="256MB") as connection:
            try:
                view_events(connection, [one], event_store(tenant).zone)
                connection.execute("SELECT max(hash(COLUMNS(*))) FROM events").fetchall()
            except (EventsUnreadableError, duckdb.Error):
                bad.append(one)
    return bad


def _stored(
    tenant: Tenant, files: list[Path], wanted: EventFilter, before: tuple[int, str] | None
) -> tuple[list[ShownEvent], list[str]]:
    if not files:
        return [], []
    try:
        return _queried(tenant, files, wanted, before), []
    except (EventsUnreadableError, duckdb.Error):
        bad = damaged_files(tenant, files)
    left = [one for one in files if one not in bad]
    shown = _queried(tenant, left, wanted, before) if left else []
    return shown, [one.relative_to(events_folder()).as_posix() for one in bad]


def _queried(
    tenant: Tenant, files: list[Path], wanted: EventFilter, before: tuple[int, str] | None
) -> list[ShownEvent]:
    where = ["tenant = $tenant", "day BETWEEN $first AND $last"]
    values: dict[str, Any] = {"tenant": tenant.slug, "first": wanted.first_day, "last": wanted.last_day}
    for name, column in (("action", "action"), ("account", "account"), ("station", "workstation")):
        if value := getattr(wanted, name):
            where.append(f"{column} = ${name}")
            values[name] = value
    if wanted.orders:
        where.append("list_contains($orders, order_id)")
        values["orders"] = list(wanted.orders)
    if wanted.hour is not None:
        where.append("w10 // 6 = $hour")
        values["hour"] = wanted.hour
    if wanted.only:
        where.append("exposed" if wanted.only == "exposed" else "NOT allowed")
    if before is not None:
        where.append("(ts_us, coalesce(event_id, '')) < ($ts, $event)")
        values |= {"ts": before[0], "event": before[1]}
    texts = [name if name in {"ts_us", "exposed", "allowed"} else f"coalesce({name}, '')" for name in _SHOWN]
    with _AT_ONCE, connect(memory="256MB", threads=1) as connection:
        view_events(connection, files, event_store(tenant).zone)
        rows = connection.execute(
            f"SELECT {', '.join(texts)} FROM events WHERE {' AND '.join(where)} "  # noqa: S608 - names of our own; values are bound
            f"ORDER BY ts_us DESC, coalesce(event_id, '') DESC LIMIT {PAGE + 1}",
            values,
        ).fetchall()
    return [ShownEvent(*row) for row in rows]


def _waiting(tenant: Tenant, wanted: EventFilter, before: tuple[int, str] | None) -> list[ShownEvent]:
    rows = pending(tenant).filter(day__range=(wanted.first_day, wanted.last_day))
    conditions: dict[str, Any] = {}
    for name, column in (("action", "action"), ("account", "account"), ("station", "workstation")):
        if value := getattr(wanted, name):
            conditions[column] = value
    if wanted.orders:
        conditions["order_id__in"] = wanted.orders
    if wanted.only:
        conditions |= {"exposed": True} if wanted.only == "exposed" else {"allowed": False}
    if before is not None:
        conditions["ts__lte"] = before[0]
    rows = rows.filter(**conditions).order_by("-ts", "-pk")
    keep = _keeps(tenant, wanted, before)
    return [one for one in _as_shown(rows) if keep(one)][: PAGE + 1]


def _as_shown(rows: QuerySet[OutboxEvent]) -> list[ShownEvent]:
    columns = ["ts", "pk", *_SHOWN[2:]]
    return [ShownEvent(ts, f"o{pk}", *rest) for ts, pk, *rest in rows.values_list(*columns)[:MOST_WAITING]]


def _keeps(
    tenant: Tenant, wanted: EventFilter, before: tuple[int, str] | None
) -> Callable[[ShownEvent], bool]:
    hour = hour_of(tenant)

    def keep(one: ShownEvent) -> bool:
        if before is not None and (one.ts, one.event_id) >= before:
            return False
        return wanted.hour is None or hour(one.ts) == wanted.hour

    return keep


def _position(cursor: str) -> tuple[int, str] | None:
    ts, dot, event = cursor.partition(".")
    numeric = ts.isascii() and ts.isdigit() and len(ts) < 20  # noqa: PLR2004 - as 64 bits hold
    return (int(ts), event[:120]) if dot and numeric else None
