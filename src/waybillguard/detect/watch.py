"""Judges day by day: counts each account's acts, sets limits from the days before, and returns who exceeded them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from waybillguard.detect.book import Book, People
from waybillguard.detect.catalogue import COUNTS, KINDS, Detector, RoleKind
from waybillguard.detect.counting import (
    KNOWN_AFTER_DAYS,
    Cell,
    Coverage,
    DayCount,
    Key,
    Place,
    SharedStation,
    Situation,
    count_day,
    place_of,
)
from waybillguard.detect.expectation import Floats
from waybillguard.detect.labels import ByAccount, OrderList, UnusualLabels
from waybillguard.detect.levels import Levels, team_windows
from waybillguard.detect.notes import Notes
from waybillguard.detect.roster import Duty, Roster
from waybillguard.detect.shared_stations import shared_stations
from waybillguard.events.engines.answers import AccountDayRow, CellRow
from waybillguard.events.schema import WINDOWS_A_DAY

_MARGIN: Final = 1.0
_BUSY_MARGIN: Final = 3.0
_BUSY: Final = 1.5
_LEAVING: Final = 14
_SLEEPS: Final = 14
_WARM: Final = 3
_USUAL: Final = 14
_WEEK: Final = 7
_PRACTISE: Final = 21
_FEW_ODD: Final = 5
_EXPLAINED_WORK: Final = 3
_MOVED: Final = 4
"""Minimum number of people; if most of them work at new places on one day, the warehouse has moved."""
_STRANGE: Final = frozenset({"place", "off_shift", "gone", "two_places", "shared"})
_NOBODY: Final = ("carrier:", "room:")
"""Prefixes of names under which this service acts by itself; a shop's sub-accounts (旗舰店:小王) are people."""
LABEL_COUNTS: Final = frozenset({"unscanned", "unordered"})
"""Counts of labels, as opposed to counts of looks."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An account that exceeded a limit on one day.

    Attributes:
        counts: name of the count.
        day: the day of the hit.
        days: calendar days that the limit covers, today included.
        need: number of distinct orders of the day at which the limit is exceeded.
        count, limit, expected: orders in those days, the number allowed, and the usual number.
        cells: places and windows of the count on that day; None for all of them.
        prints, reprints: whether unexplained ones count.
        explains: whether the log explains looks.
        orders: for a count of labels, the orders in those days; None for a count of looks.
        known_us: earliest time at which the count is known, if it depends on waiting for a scan.
        labels: number of labels; an order printed on two days has two.
        discounted: labels that are usual or explained by chance, and so not in ``count``.
        waited: days after the print in which a scan was accepted.
    """

    tenant: str
    account: str
    counts: str
    day: int
    days: int
    need: int
    count: int
    limit: int
    expected: float
    cells: frozenset[Cell] | None
    prints: bool
    reprints: bool
    explains: bool
    orders: frozenset[str] | None = None
    known_us: int = 0
    labels: int = 0
    discounted: int = 0
    waited: int = 0


@dataclass(slots=True)
class _Account:
    """The state of an account other than its counts."""

    tenant: str
    account: str
    duty: Duty | None
    number: int
    places: dict[Place, int] = field(default_factory=dict)
    first: int = -1
    last: int = -1
    odd_days: int = 0
    days: int = 0


class Watch:
    """Judges the days of a log; takes each day once, in order.

    Args:
        detectors: the detectors, in the order of ``COUNTS``.
        roster: shifts and employment by account.
        notes: collects what cannot be judged.
        stations: windows in which a station was remotely controlled or tapped, by (tenant, day) and station key.
        ordered: the list of orders; None without one.
    """

    def __init__(
        self,
        detectors: Sequence[Detector],
        roster: Roster,
        notes: Notes,
        stations: Mapping[tuple[str, int], Mapping[str, frozenset[int]]] | None = None,
        ordered: OrderList | None = None,
    ) -> None:
        by = {one.counts: one for one in detectors}
        self._prior = {
            kind: [by[name].prior.get(kind, by[name].prior["floor"]) for name in COUNTS] for kind in KINDS
        }
        self._roster = roster
        self._notes = notes
        self._stations = stations or {}
        self._accounts: dict[Key, _Account] = {}
        self._order: list[_Account] = []
        self._coverage: dict[str, Coverage] = defaultdict(Coverage)
        self._levels = Levels(ordered)
        self._labels: dict[tuple[str, Key], dict[int, UnusualLabels]] = defaultdict(dict)
        self._first: dict[str, int] = {}
        self._moved: dict[str, int] = {}
        self._book = Book(detectors)
        by_tenant: dict[str, list[Duty]] = defaultdict(list)
        for (tenant, _), duty in roster.items():
            by_tenant[tenant].append(duty)
        self._duties = by_tenant

    def feed(
        self,
        day: int,
        accounts: Sequence[AccountDayRow],
        cells: Sequence[CellRow],
        labels: Mapping[str, ByAccount] = MappingProxyType({}),
    ) -> list[Hit]:
        """Judge one day and learn from it; ``labels`` are the day's unusual labels, by count and account."""
        rows = {
            key: list(found)
            for key, found in groupby(accounts, key=lambda one: (one.tenant, one.account or ""))
        }
        for row in accounts:
            self._coverage[row.tenant].add(row)
            self._first.setdefault(row.tenant, day)
        levels = self._levels.of(day, accounts)
        for key in rows:
            self._register(key, day)
        self._detect_moves(day, rows)
        made = self._count(day, rows, cells, levels)
        for name, found in labels.items():
            for key, unusual in found.items():
                made.setdefault(key, DayCount()).add(name, unusual.count)
                self._labels[name, key][day] = unusual
        today = np.zeros((len(self._order), len(COUNTS)))
        for key, one in made.items():
            today[self._accounts[key].number] = one.counts
        active = np.zeros(len(self._order), dtype=bool)
        active[[self._accounts[key].number for key in rows]] = True
        people = self._people(day, active, levels)
        hits, usual = self._judge(day, today, people, made)
        self._book.learn(day, usual, people)
        self._remember(day, rows, {(one.tenant, one.account) for one in hits if one.counts in _STRANGE})
        return hits

    def _register(self, key: Key, day: int) -> None:
        if key not in self._accounts:
            duty = self._roster.get(key) or self._roster.get(("", key[1]))
            if duty is None and key[1].startswith(_NOBODY):
                duty = Duty(role="system", kind="system")
            elif duty is None and key[1]:
                self._notes.add("roster_absent", key[1])
            made = _Account(*key, duty, len(self._order), first=day)
            self._accounts[key] = made
            self._order.append(made)

    def _detect_moves(self, day: int, rows: Mapping[Key, Sequence[AccountDayRow]]) -> None:
        """Detect a move of the warehouse: most of a tenant's staff works at places that are new to them.

        Accounts that return to work within two weeks of the move may use new places as well.
        """
        settled: dict[str, list[bool]] = defaultdict(list)
        for key, found in rows.items():
            account = self._accounts[key]
            if account.days >= _WARM and not (account.duty and account.duty.kind == "system"):
                settled[key[0]].append(
                    any(account.places.get(_place(one), 0) >= KNOWN_AFTER_DAYS for one in found)
                )
        for tenant, known in settled.items():
            if len(known) >= _MOVED and sum(known) * 2 < len(known):
                self._moved[tenant] = day
        for key, found in rows.items():
            account, moved = self._accounts[key], self._moved.get(key[0])
            if moved is not None and day - moved < _USUAL and account.last < moved:
                account.places.update({_place(one): KNOWN_AFTER_DAYS for one in found})

    def _count(
        self,
        day: int,
        rows: Mapping[Key, Sequence[AccountDayRow]],
        cells: Sequence[CellRow],
        levels: Mapping[str, float],
    ) -> dict[Key, DayCount]:
        made: dict[Key, DayCount] = {}
        anyone: dict[str, frozenset[int] | None] = {}
        team = team_windows(rows)
        shared = shared_stations(cells, self._coverage)
        for key, found in groupby(cells, key=lambda one: (one.tenant, one.account or "")):
            tenant = key[0]
            margin = _BUSY_MARGIN if levels.get(tenant, 1.0) >= _BUSY else _MARGIN
            if tenant not in anyone:
                anyone[tenant] = self._anyone(tenant, day, margin)
            stations = shared.get(tenant, {})
            about = self._situation(
                self._accounts[key], day, anyone[tenant], margin, team.get(tenant, frozenset()), stations
            )
            made[key] = count_day(found, about)
            if made[key].doubted_employment:
                self._notes.add("employment_doubted", key[1])
        return made

    def _situation(
        self,
        account: _Account,
        day: int,
        anyone: frozenset[int] | None,
        margin: float,
        team: frozenset[int],
        shared: Mapping[str, SharedStation],
    ) -> Situation:
        duty = account.duty
        began = self._first[account.tenant]
        slept = day - (account.last if account.last >= 0 else began) >= _SLEEPS
        existed = account.last >= 0 or (
            duty is not None
            and bool(duty.employed)
            and any(one[0] is not None and one[0] < day - _SLEEPS for one in duty.employed)
        )
        doubted = account.odd_days >= _FEW_ODD and account.odd_days * 2 > account.days
        if doubted:
            self._notes.add("roster_doubted", account.account)
        home = max(account.places, key=lambda one: account.places[one]) if account.places else None
        return Situation(
            coverage=self._coverage[account.tenant],
            duty=duty,
            anyone=anyone,
            team=team,
            judged_hours=not doubted,
            margin=margin,
            employed=duty is None or duty.employed_on(day),
            leaving=duty is not None and duty.leaves_within(day, _LEAVING),
            sleeping=slept and existed,
            places=account.places if account.days >= _WARM or (duty is not None and duty.stations) else {},
            home=home,
            watched_stations=self._stations.get((account.tenant, day), {}),
            short_log=day - began < _WEEK,
            shared_stations=shared,
        )

    def _anyone(self, tenant: str, day: int, margin: float) -> frozenset[int] | None:
        """Return the windows in which the roster has anybody on shift; None if it has no shifts."""
        duties = [
            one
            for one in (*self._duties.get(tenant, ()), *self._duties.get("", ()))
            if one.restricts_hours and one.kind != "system" and one.employed_on(day)
        ]
        if not duties:
            return None
        return frozenset(
            w10 for w10 in range(WINDOWS_A_DAY) if any(one.on_shift(w10, margin) for one in duties)
        )

    def _judge(
        self, day: int, today: Floats, people: People, made: Mapping[Key, DayCount]
    ) -> tuple[list[Hit], Floats]:
        """Return the hits, and the counts to learn, in which each count over its limit is replaced by the usual one."""
        limits = self._book.limits(day, today, people)
        judged = np.ones(today.shape, dtype=bool)
        for key, one in made.items():
            judged[self._accounts[key].number, [COUNTS.index(name) for name in one.unjudged]] = False
        over = (today >= limits.need) & people.active[:, None] & judged
        hits = []
        for row, column in zip(*np.nonzero(over), strict=True):
            account, name = self._order[row], COUNTS[column]
            one = made[account.tenant, account.account]
            coverage = self._coverage[account.tenant]
            need, before = int(limits.need[row, column]), int(limits.before[row, column])
            days = int(limits.days[row, column])
            labels = self._labels_of(name, (account.tenant, account.account), day, days)
            printed = sum(len(one.orders) for one in labels or ())
            hits.append(
                Hit(
                    tenant=account.tenant,
                    account=account.account,
                    counts=name,
                    day=day,
                    days=days,
                    need=need,
                    count=int(today[row, column]) + before,
                    limit=need + before - 1,
                    expected=float(limits.expected[row, column]),
                    cells=frozenset(one.cells[name]) if name in one.cells else None,
                    prints=coverage.explains_prints,
                    reprints=coverage.explains_reprints,
                    explains=coverage.explains,
                    orders=None if labels is None else frozenset(no for one in labels for no in one.orders),
                    known_us=max((one.known_us for one in labels or ()), default=0),
                    labels=printed,
                    discounted=int(printed - sum(one.count for one in labels or ())),
                    waited=min((one.waited for one in labels or ()), default=0),
                )
            )
        return hits, np.where(over, limits.usual, today)

    def _labels_of(self, name: str, key: Key, day: int, days: int) -> list[UnusualLabels] | None:
        """Return an account's unusual labels of the last days; None for a count of looks."""
        if name not in LABEL_COUNTS:
            return None
        found = self._labels[name, key]
        return [unusual for when, unusual in found.items() if day - days < when <= day]

    def _people(self, day: int, active: NDArray[np.bool_], levels: Mapping[str, float]) -> People:
        sites = {
            pair: n for n, pair in enumerate(dict.fromkeys((one.tenant, _role(one)) for one in self._order))
        }
        groups = {role: n for n, role in enumerate(dict.fromkeys(_role(one) for one in self._order))}
        mean, scatter = self._priors()
        return People(
            site=np.array([sites[one.tenant, _role(one)] for one in self._order]),
            group=np.array([groups[_role(one)] for one in self._order]),
            new=np.array([day - self._first[one.tenant] < _WARM for one in self._order]),
            explains=np.array([self._coverage[one.tenant].explains for one in self._order]),
            mean=mean,
            scatter=scatter,
            level=np.array([levels.get(one.tenant, 1.0) for one in self._order]),
            active=active,
            newcomer=np.array([self._newcomer(one, day) for one in self._order]),
        )

    def _newcomer(self, account: _Account, day: int) -> bool:
        return account.first - self._first[account.tenant] >= _WEEK and day - account.first < _PRACTISE

    def _priors(self) -> tuple[Floats, Floats]:
        kinds: list[RoleKind] = [one.duty.kind if one.duty else "service" for one in self._order]
        table = np.array([self._prior[kind] for kind in kinds], dtype=float).reshape(-1, len(COUNTS), 2)
        return table[..., 0], table[..., 1]

    def _remember(self, day: int, rows: Mapping[Key, Sequence[AccountDayRow]], strange: set[Key]) -> None:
        """Record when and where each account worked; places where an account had a hit stay unknown."""
        for key, found in rows.items():
            account = self._accounts[key]
            account.last = day
            account.days += 1
            if _at_odd_hours(account.duty, found):
                account.odd_days += 1
            for row in found:
                place = _place(row)
                if key in strange and account.places.get(place, 0) < KNOWN_AFTER_DAYS:
                    continue
                quiet = KNOWN_AFTER_DAYS if row.explained >= _EXPLAINED_WORK else 1
                account.places[place] = account.places.get(place, 0) + quiet


def _place(row: AccountDayRow) -> Place:
    return place_of(row.workstation, row.ip)


def _at_odd_hours(duty: Duty | None, rows: Sequence[AccountDayRow]) -> bool:
    """Return whether explained work was done far outside the account's shifts in the roster."""
    if duty is None or not duty.restricts_hours:
        return False
    return any(
        row.explained > 0
        and not (duty.on_shift(row.first_w10, _BUSY_MARGIN) and duty.on_shift(row.last_w10, _BUSY_MARGIN))
        for row in rows
    )


def _role(account: _Account) -> str:
    return account.duty.role if account.duty else ""
