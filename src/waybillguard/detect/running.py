"""Runs the whole detection over files of events: judges the days in order, then loads the looks behind the hits."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from waybillguard.detect.alerts import Alert, build_alert
from waybillguard.detect.catalogue import Change, Detector, changed
from waybillguard.detect.errors import DetectInputError
from waybillguard.detect.fusing import fuse_hits
from waybillguard.detect.labels import (
    LATE,
    OLD,
    SOON,
    ByAccount,
    OrderList,
    UnprintedScans,
    UnscannedLabels,
    old_us,
    shift_us,
)
from waybillguard.detect.notes import Notes
from waybillguard.detect.roster import Roster
from waybillguard.detect.stations import Stations
from waybillguard.detect.watch import Hit, Watch
from waybillguard.events import CHINA
from waybillguard.events.engines import Engine
from waybillguard.events.engines.answers import AccountDayRow, CellRow, LogDayRow, SuspectRow, UnorderedRow
from waybillguard.events.engines.queries import (
    DETECT_ACCOUNTS,
    DETECT_CELLS,
    DETECT_DAYS,
    DETECT_FIRST_PRINTS,
    DETECT_LOOKS,
    DETECT_ORDERS,
    DETECT_UNORDERED,
    DETECT_UNPRINTED,
    DETECT_UNSCANNED,
)
from waybillguard.events.schema import date_of

_FAR: Final = 40
"""Days without events that separate two groups of days; a very small group has a wrong clock."""
_SMALL: Final = 0.02
_GAP: Final = 2
"""Days without events from which a gap is reported: a stopped feed, or a holiday."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Inputs other than the events; ``orders`` is a file of orders (contracts: Orders)."""

    roster: Roster
    decoys: Sequence[str] = ()
    stations: Stations = field(default_factory=Stations)
    changes: Sequence[Change] = ()
    orders: Path | None = None


@dataclass(frozen=True, slots=True)
class _Log:
    """The files of events. A log that does not fit in memory is loaded a few days at a time, if ``part`` tells them."""

    engine: Engine
    files: Sequence[Path]
    zone: ZoneInfo
    part: Callable[[int], Sequence[Path]] | None

    def load(self, days: Iterable[int]) -> None:
        """Load at least these days."""
        if self.part is not None:
            self.engine.load([file for day in days for file in self.part(day)], self.zone)

    def load_all(self) -> None:
        """Load every day."""
        if self.part is not None:
            self.engine.load(self.files, self.zone)

    def spans(self, days: list[int]) -> list[list[int]]:
        """Return the days in the groups in which they are counted: one query for all days of a log in memory."""
        return [days] if days and self.engine.in_memory else [[day] for day in days]


def detect(
    engine: Engine,
    files: Sequence[Path],
    inputs: Inputs,
    notes: Notes,
    *,
    zone: ZoneInfo = CHINA,
    part: Callable[[int], Sequence[Path]] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Alert]:
    """Return the alerts for a log, in the order in which they were raised.

    Args:
        engine: database engine that runs the SQL.
        files: files of events.
        inputs: roster, decoys, the sensor's findings, orders and the owner's changes.
        notes: collects what could not be judged.
        zone: time zone of the wall clock, for events without ``day``.
        part: returns the files that hold a day, if the folders show it; None if any file may hold any day. Not called
            if the whole log is in memory.
        progress: called with the days done and the number of days.

    Raises:
        EventsError: a file of events, or the file of orders, cannot be read.
        DetectInputError: no event names a tenant and a time.
    """
    engine.load(files, zone)
    log = _Log(engine, files, zone, None if engine.in_memory else part)
    engine.table("decoys", [(one,) for one in inputs.decoys])
    log_days = _judgeable(engine.ask(DETECT_DAYS, tenant=None), notes)
    days = _days(log_days, notes)
    _note_missing_data(log_days, notes)
    engine.table("unstated", _unstated(log_days))
    rules = changed(inputs.changes)
    ordered = _ordered(engine, inputs.orders, days, zone, notes)
    held = inputs.stations.windows(days, zone, {row.tenant for row in log_days}, notes)
    watch = Watch(rules, inputs.roster, notes, held, ordered)
    unordered, first = _unordered(log, ordered, days)
    scans = _Scans(log, log_days, days, notes)
    hits: list[Hit] = []
    done = 0
    for span in log.spans(days):
        unscanned = scans.judge(span)
        log.load(span)
        accounts = _by_day(engine.ask(DETECT_ACCOUNTS, tenant=None, first_day=span[0], last_day=span[-1]))
        cells = _by_day(engine.ask(DETECT_CELLS, tenant=None, first_day=span[0], last_day=span[-1]))
        for day in span:
            labels = {"unscanned": unscanned[day]} if day in unscanned else {}
            if ordered is not None:
                labels["unordered"] = ordered.of(day, unordered[day], first)
            hits += watch.feed(day, accounts[day], cells[day], labels)
            done += 1
            progress(done, len(days))
    if not hits:
        return []
    log.load_all()
    looks = _looks(engine, hits, scans.views)
    return _build_alerts(hits, looks, {one.counts: one for one in rules}, inputs.stations)


class _Scans:
    """Judges what the log says of labels that were scanned out.

    ``views``: views that only say they are scans (tenant, day, account, order), of the days judged so far.
    """

    def __init__(self, log: _Log, log_days: Sequence[LogDayRow], days: Sequence[int], notes: Notes) -> None:
        self._log = log
        self._days = {row.day for row in log_days if row.scans}
        self._unscanned = UnscannedLabels(notes, max(days, default=0), log.zone)
        self._unprinted = UnprintedScans(notes, log_days)
        self.views: list[tuple[str, int, str, str]] = []

    def judge(self, span: Sequence[int]) -> dict[int, ByAccount]:
        """Fill the table ``unprinted`` for these days; return the printed labels that were not scanned, by day."""
        engine = self._log.engine
        unscanned: dict[int, ByAccount] = {}
        views: list[tuple[str, int, str, str]] = []
        for day in span if self._days else ():
            self._log.load(range(day, day + LATE + 1))
            rows = engine.ask(DETECT_UNSCANNED, tenant=None, day=day, soon=day + SOON, last=day + LATE)
            unscanned[day] = self._unscanned.of(day, rows)
            if day in self._days:
                self._log.load(range(day - OLD, day + 1))
                found = engine.ask(DETECT_UNPRINTED, tenant=None, day=day, first=day - OLD)
                views += self._unprinted.of(day, found)
        engine.table("unprinted", views)
        self.views += views
        return unscanned


def _ordered(
    engine: Engine, file: Path | None, days: Sequence[int], zone: ZoneInfo, notes: Notes
) -> OrderList | None:
    """Load the list of orders, if there is one."""
    if file is None or not days:
        return None
    engine.orders(file)
    return OrderList(engine.ask(DETECT_ORDERS, tenant=None, shift_us=shift_us(days[0], zone)), notes)


def _unordered(
    log: _Log, ordered: OrderList | None, days: Sequence[int]
) -> tuple[dict[int, list[UnorderedRow]], dict[tuple[str, str], int]]:
    """Return the labels without a matching order by day, and the day of the first label of each old order.

    All days are read first: a first label can only be found in the whole log, which is too slow to read for every day.
    """
    found: dict[int, list[UnorderedRow]] = {}
    if ordered is None:
        return found, {}
    for day in days:
        log.load([day])
        rows = log.engine.ask(DETECT_UNORDERED, tenant=None, day=day, old_us=old_us(day, log.zone))
        found[day] = ordered.judged(day, rows)
    log.load_all()
    old = sorted({one.order_id for rows in found.values() for one in rows if not one.unlisted})
    if not old:
        return found, {}
    log.engine.table("labels", [(one,) for one in old])
    return found, {
        (one.tenant, one.order_id): one.day for one in log.engine.ask(DETECT_FIRST_PRINTS, tenant=None)
    }


def _by_day[R: (AccountDayRow, CellRow)](rows: Sequence[R]) -> dict[int, list[R]]:
    days: dict[int, list[R]] = defaultdict(list)
    for row in rows:
        days[row.day].append(row)
    return days


def _build_alerts(
    hits: Sequence[Hit],
    looks: Mapping[tuple[str, str], Sequence[SuspectRow]],
    rules: Mapping[str, Detector],
    stations: Stations,
) -> list[Alert]:
    return [build_alert(one, rules, stations) for one in fuse_hits(hits, looks)]


def _looks(
    engine: Engine, hits: Sequence[Hit], no_scans: Sequence[tuple[str, int, str, str]]
) -> dict[tuple[str, str], list[SuspectRow]]:
    """Return the distinct looks of every account with a hit, on the days that the hit covers."""
    watched = {
        (one.tenant, one.account, day) for one in hits for day in range(one.day - one.days + 1, one.day + 1)
    }
    engine.table("watched", sorted(watched))
    engine.table("labels", [(one,) for one in sorted({one for hit in hits for one in hit.orders or ()})])
    engine.table("unprinted", no_scans)
    first, last = min(one[2] for one in watched), max(one[2] for one in watched)
    found: dict[tuple[str, str], list[SuspectRow]] = defaultdict(list)
    seen: set[tuple[object, ...]] = set()
    for row in engine.ask(DETECT_LOOKS, tenant=None, first_day=first, last_day=last):
        same = (row.tenant, row.ts_us, row.account, row.action, row.order_id, row.workstation)
        if same not in seen:
            seen.add(same)
            found[row.tenant, row.account or ""].append(row)
    return found


def _judgeable(log: Sequence[LogDayRow], notes: Notes) -> list[LogDayRow]:
    """Leave out events without a tenant or a credible time, and note how many there are."""
    kept = [row for row in log if row.tenant is not None and row.day is not None]
    if lost := sum(row.events for row in log) - sum(row.events for row in kept):
        notes.add("unusable", f"{lost}")
        if not kept:
            raise DetectInputError(
                zh=f"全部 {lost} 条事件都没有租户或可信的时间（tenant、ts 列），无法判断",
                en=f"none of the {lost} events names a tenant and a credible time (columns tenant and ts)",
            )
    return kept


def _days(log: Sequence[LogDayRow], notes: Notes) -> list[int]:
    """Return the days to judge, without small groups of events far from all others: these have a wrong clock."""
    events: dict[int, int] = defaultdict(int)
    for row in log:
        events[row.day] += row.events
    days = sorted(events)
    groups: list[list[int]] = []
    for day in days:
        if groups and day - groups[-1][-1] <= _FAR:
            groups[-1].append(day)
        else:
            groups.append([day])
    total = sum(events.values())
    kept = []
    for group in groups:
        if len(groups) > 1 and sum(events[day] for day in group) < _SMALL * total:
            for day in group:
                notes.add("clock", date_of(day).isoformat())
        else:
            kept += group
    return kept


def _unstated(log: Sequence[LogDayRow]) -> list[tuple[str, str]]:
    """Return (tenant, action) pairs that count as plaintext for tenants whose log never sets ``exposed``.

    A view counts only if the tenant has no reveals.
    """
    exposed: dict[str, int] = defaultdict(int)
    reveals: dict[str, int] = defaultdict(int)
    for row in log:
        exposed[row.tenant] += row.exposed
        reveals[row.tenant] += row.reveals
    return [
        (tenant, action)
        for tenant, count in sorted(exposed.items())
        if not count
        for action in ("reveal", "export", *(() if reveals[tenant] else ("view",)))
    ]


def _note_missing_data(log: Sequence[LogDayRow], notes: Notes) -> None:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for row in log:
        one = sums[row.tenant]
        one[0] += row.exposed
        one[1] += row.explained
        one[2] += row.placed
        one[3] += row.events - row.named
        one[4] += 1
    for tenant, (exposed, explained, placed, nameless, days) in sums.items():
        for missing, code in (
            (not exposed, "no_exposed"),
            (not explained, "no_explanations"),
            (not placed, "no_stations"),
            (nameless > 0, "no_accounts"),
            (days < 3, "short_history"),  # noqa: PLR2004 - as in watch
        ):
            if missing:
                notes.add(code, tenant)
    _note_gaps(log, notes)
    if not any(row.scans for row in log):
        notes.add("unscanned", "")


def _note_gaps(log: Sequence[LogDayRow], notes: Notes) -> None:
    """Note where a tenant's log has no events for days, or ends before the other tenants' logs."""
    by_tenant: dict[str, list[int]] = defaultdict(list)
    for row in log:
        by_tenant[row.tenant].append(row.day)
    newest = max((row.day for row in log), default=0)
    for tenant, days in by_tenant.items():
        for before, after in pairwise([*sorted(days), newest + 1]):
            if _GAP <= after - before - 1 <= _FAR:
                first, last = date_of(before + 1), date_of(after - 1)
                notes.add("gap", f"{tenant} {first.isoformat()}–{last.isoformat()}")
