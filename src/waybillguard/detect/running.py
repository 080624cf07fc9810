"""The whole detection over files of events: days in order, then the looks beneath what was hit."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from waybillguard.detect.alerts import Alert, tell
from waybillguard.detect.catalogue import Change, Detector, changed
from waybillguard.detect.errors import DetectInputError
from waybillguard.detect.fusing import episodes
from waybillguard.detect.labels import LATE, OLD, SOON, ByAccount, Ordered, Scans, Unprinted, old_us, shift_us
from waybillguard.detect.notes import Notes
from waybillguard.detect.roster import Roster
from waybillguard.detect.stations import Stations
from waybillguard.detect.watch import Hit, Watch
from waybillguard.events import CHINA
from waybillguard.events.engines import Engine
from waybillguard.events.engines.answers import LogDayRow, SuspectRow, UnorderedRow
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
"""Days without any event between two groups of days: the smaller group has a wrong clock."""
_SMALL: Final = 0.02
_GAP: Final = 2
"""So many days without any event are said: a feed that stopped, or a holiday."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What stands beside the events; ``orders``: a file of them (contracts: Orders)."""

    roster: Roster
    decoys: Sequence[str] = ()
    stations: Stations = field(default_factory=Stations)
    changes: Sequence[Change] = ()
    orders: Path | None = None


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
    """Return the alerts of a log, in the order in which they were raised.

    Args:
        engine: runs the SQL.
        files: of events.
        inputs: roster, decoys, what the sensor found, the owner's changes.
        notes: takes what could not be judged.
        zone: of the wall clock, where the events bring no ``day``.
        part: which files hold a day, where folders tell; None: all of them may. Not asked where the whole log lies in memory.
        progress: called with days done and days in all.

    Raises:
        EventsError: the files cannot be read, or the file of orders.
        DetectInputError: no event names a tenant and a time.
    """
    part = _load(engine, files, zone, part)
    engine.table("decoys", [(one,) for one in inputs.decoys])
    log = _judgeable(engine.ask(DETECT_DAYS, tenant=None), notes)
    days = _days(log, notes)
    _say(log, notes)
    engine.table("unstated", _unstated(log))
    rules = changed(inputs.changes)
    ordered = _ordered(engine, inputs.orders, days, zone, notes)
    held = inputs.stations.windows(days, zone, {row.tenant for row in log}, notes)
    watch = Watch(rules, inputs.roster, notes, held, ordered)
    scan_days = {row.day for row in log if row.scans}
    scans = Scans(notes, max(days, default=0), zone)
    unordered, first = _unordered(engine, ordered, days, files, zone, part)
    unprinted = Unprinted(notes, log)
    no_scans: list[tuple[str, int, str, str]] = []
    hits: list[Hit] = []
    for done, day in enumerate(days, 1):
        labels: dict[str, ByAccount] = {}
        if scan_days:
            if part is not None:
                engine.load([one for near in range(day, day + LATE + 1) for one in part(near)], zone)
            rows = engine.ask(DETECT_UNSCANNED, tenant=None, day=day, soon=day + SOON, last=day + LATE)
            labels["unscanned"] = scans.of(day, rows)
        if day in scan_days:
            if part is not None:
                engine.load([one for past in range(day - OLD, day + 1) for one in part(past)], zone)
            views = unprinted.of(day, engine.ask(DETECT_UNPRINTED, tenant=None, day=day, first=day - OLD))
            engine.table("unprinted", views)
            no_scans += views
        else:
            engine.table("unprinted", [])
        if part is not None:
            engine.load(part(day), zone)
        accounts = engine.ask(DETECT_ACCOUNTS, tenant=None, day=day)
        cells = engine.ask(DETECT_CELLS, tenant=None, day=day)
        if ordered is not None:
            labels["unordered"] = ordered.of(day, unordered[day], first)
        hits += watch.feed(day, accounts, cells, labels)
        progress(done, len(days))
    if not hits:
        return []
    if part is not None:
        engine.load(files, zone)
    looks = _looks(engine, hits, no_scans)
    return _told(hits, looks, {one.counts: one for one in rules}, inputs.stations)


def _load(
    engine: Engine, files: Sequence[Path], zone: ZoneInfo, part: Callable[[int], Sequence[Path]] | None
) -> Callable[[int], Sequence[Path]] | None:
    """Load the whole log; return ``part`` if it takes to load parts of it, one after another, to be quick."""
    engine.load(files, zone)
    return None if engine.in_memory else part


def _ordered(
    engine: Engine, file: Path | None, days: Sequence[int], zone: ZoneInfo, notes: Notes
) -> Ordered | None:
    """Read the list of orders, if there is one."""
    if file is None or not days:
        return None
    engine.orders(file)
    return Ordered(engine.ask(DETECT_ORDERS, tenant=None, shift_us=shift_us(days[0], zone)), notes)


def _unordered(
    engine: Engine,
    ordered: Ordered | None,
    days: Sequence[int],
    files: Sequence[Path],
    zone: ZoneInfo,
    part: Callable[[int], Sequence[Path]] | None,
) -> tuple[dict[int, list[UnorderedRow]], dict[tuple[str, str], int]]:
    """Return the labels that the list of orders does not explain, by day, and when the old orders' first were printed.

    All days come first, because only the whole log tells of a first label, and to read it every day costs too much.
    """
    found: dict[int, list[UnorderedRow]] = {}
    if ordered is None:
        return found, {}
    for day in days:
        if part is not None:
            engine.load(part(day), zone)
        rows = engine.ask(DETECT_UNORDERED, tenant=None, day=day, old_us=old_us(day, zone))
        found[day] = ordered.judged(day, rows)
    if part is not None:
        engine.load(files, zone)
    old = sorted({one.order_id for rows in found.values() for one in rows if not one.unlisted})
    if not old:
        return found, {}
    engine.table("labels", [(one,) for one in old])
    return found, {
        (one.tenant, one.order_id): one.day for one in engine.ask(DETECT_FIRST_PRINTS, tenant=None)
    }


def _told(
    hits: Sequence[Hit],
    looks: Mapping[tuple[str, str], Sequence[SuspectRow]],
    rules: Mapping[str, Detector],
    stations: Stations,
) -> list[Alert]:
    return [tell(one, rules, stations) for one in episodes(hits, looks)]


def _looks(
    engine: Engine, hits: Sequence[Hit], no_scans: Sequence[tuple[str, int, str, str]]
) -> dict[tuple[str, str], list[SuspectRow]]:
    """Return the looks of everybody who was hit, on the days that hits rest on, each once."""
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
    """Leave out events that name no tenant or no credible time, and say how many they are."""
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
    """Return the days to judge; a few events ages away from all others are a wrong clock."""
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
    """Return the actions that show plaintext at tenants whose log never says: a view only where nothing is revealed."""
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


def _say(log: Sequence[LogDayRow], notes: Notes) -> None:
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
    _say_gaps(log, notes)
    if not any(row.scans for row in log):
        notes.add("unscanned", "")


def _say_gaps(log: Sequence[LogDayRow], notes: Notes) -> None:
    """Say where a tenant's log stops for days, or ends before the others' do."""
    by_tenant: dict[str, list[int]] = defaultdict(list)
    for row in log:
        by_tenant[row.tenant].append(row.day)
    newest = max((row.day for row in log), default=0)
    for tenant, days in by_tenant.items():
        for before, after in pairwise([*sorted(days), newest + 1]):
            if _GAP <= after - before - 1 <= _FAR:
                first, last = date_of(before + 1), date_of(after - 1)
                notes.add("gap", f"{tenant} {first.isoformat()}–{last.isoformat()}")
