"""Labels that belong to no parcel of their day: never scanned out, of no order, printed again weeks later, or never printed."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from waybillguard.detect.counting import Key
from waybillguard.detect.notes import Notes
from waybillguard.events.engines.answers import (
    LogDayRow,
    OrderedRow,
    UnorderedRow,
    UnprintedRow,
    UnscannedRow,
)
from waybillguard.events.schema import date_of, micros

SOON: Final = 3
"""A label is scanned out within so many days: Friday's on Monday."""
LATE: Final = 7
"""After a sale or a holiday within so many."""
OLD: Final = 14
"""So many days after its order was made, an order's first label is no longer expected."""
_BUSY: Final = 0.15
"""Where so many more of the colleagues' labels than usual lie unscanned, parcels are late, and a week is waited for."""
_BROKEN: Final = 0.25
"""Where so many more are never scanned, the scanner stood still or scans are not kept; without colleagues: ``_BUSY``."""
_INCOMPLETE: Final = 0.3
"""Where more labels belong to no order, the list lacks a shop."""
_LEARNS: Final = 7
"""Days with labels from which it is learnt how many usually miss their scan."""
_USUAL: Final = 28
_NEVER: Final = 0.5
"""Whose labels usually miss it is not judged: a customer who fetches his own pallets."""
_CHANCE: Final = 2.0
"""Standard deviations of a Poisson count that chance explains: a large warehouse misses hundreds."""
_SENT_AGAIN: Final = 8
"""So many parcels of old orders does an account send again on a day."""
_COMPARED: Final = 20
"""So many labels of colleagues tell how many miss their scan on that day anyhow."""

_SCANNER: Final = 3
"""Days of scans after which an account tells what is usual: whoever never scanned vouches for nobody."""
_LIKE: Final = 2.0
"""Up to so many times the usual share of scans without a label says nothing of one account."""


@dataclass(frozen=True, slots=True)
class UnusualLabels:
    """An account's labels of a day that belong to no parcel of it.

    Attributes:
        count: how many, less what is usual and what chance explains.
        orders: their order numbers.
        known_us: when that could be known.
        waited: days after the print until which a scan was waited for.
    """

    count: float
    orders: frozenset[str]
    known_us: int = 0
    waited: int = 0


type ByAccount = Mapping[Key, UnusualLabels]


class Scans:
    """Whose labels nobody scans out; hand in the days of a log in order.

    Some labels always miss their scan. How many is learnt by account; what colleagues' labels miss on the same day,
    when a scanner stands still or a courier takes the bags, is no account's own either.

    Args:
        notes: takes what cannot be judged.
        last_day: of the log; what is not known by then is not judged.
        zone: of the wall clock.
    """

    def __init__(self, notes: Notes, last_day: int, zone: ZoneInfo) -> None:
        self._notes, self._last, self._zone = notes, last_day, zone
        self._shares: dict[int, dict[Key, list[float]]] = {SOON: defaultdict(list), LATE: defaultdict(list)}

    def of(self, day: int, rows: Iterable[UnscannedRow]) -> dict[Key, UnusualLabels]:
        """Return the labels of a day that are not scanned out, by account; ``rows``: of that day, by tenant."""
        found: dict[Key, UnusualLabels] = {}
        for tenant, group in groupby(rows, key=lambda one: one.tenant):
            printed: Counter[Key] = Counter()
            soon: dict[Key, set[str]] = defaultdict(set)
            never: dict[Key, set[str]] = defaultdict(set)
            for row in group:
                key = (tenant, row.account)
                printed[key] = row.printed
                if row.order_id is not None:
                    soon[key].add(row.order_id)
                    if not row.late:
                        never[key].add(row.order_id)
            for key in soon:
                unusual = self._account(day, key, printed, soon, never)
                if unusual is not None:
                    found[key] = unusual
            for key, count in printed.items():
                self._shares[SOON][key].append(len(soon.get(key, ())) / count)
                self._shares[LATE][key].append(len(never.get(key, ())) / count)
        return found

    def _account(
        self,
        day: int,
        key: Key,
        printed: Counter[Key],
        soon: Mapping[Key, set[str]],
        never: Mapping[Key, set[str]],
    ) -> UnusualLabels | None:
        """Return an account's labels without a scan; None where that says nothing, or is not known yet."""
        waited, missed = SOON, soon
        usual, beside = self._usual(key, SOON), _share_beside(key, printed, soon)
        if usual is not None and (usual > _NEVER or beside - usual > _BUSY):
            waited, missed = LATE, never
            usual, beside = self._usual(key, LATE), _share_beside(key, printed, never)
        if usual is None:
            return None
        if usual > _NEVER:
            self._notes.add("unscanned_account", key[1])
            return None
        if day + waited > self._last:
            return None
        alone = printed.total() - printed[key] < _COMPARED
        if beside - usual > (_BUSY if alone else _BROKEN):
            self._notes.add("scans_missing", f"{key[0]} {date_of(day).isoformat()}")
            return None
        known = micros(datetime.combine(date_of(day + waited + 1), time(), self._zone))
        orders = missed.get(key, set())
        expected = (usual if alone else max(usual, beside)) * printed[key]
        above = len(orders) - expected - _CHANCE * math.sqrt(expected)
        return UnusualLabels(max(above, 0.0), frozenset(orders), known, waited)

    def _usual(self, key: Key, waited: int) -> float | None:
        """Return what share of an account's labels usually has no scan after so many days; None before a week is known.

        A share of an earlier day with the same wait is known when the day's own is.
        """
        shares = self._shares[waited].get(key, [])[-_USUAL:]
        return median(shares) if len(shares) >= _LEARNS else self._tenants_usual(key[0], waited)

    def _tenants_usual(self, tenant: str, waited: int) -> float | None:
        """Return the same of a tenant's labels."""
        all_ = [shares for key, shares in self._shares[waited].items() if key[0] == tenant]
        known = [one for shares in all_ for one in shares[-_USUAL:]]
        return median(known) if max(map(len, all_), default=0) >= _LEARNS else None


def _share_beside(key: Key, printed: Counter[Key], missed: Mapping[Key, set[str]]) -> float:
    """Return what share of the colleagues' labels has no scan; of all labels where they print too few."""
    others = printed.total() - printed[key]
    without = sum(len(one) for one in missed.values())
    if others >= _COMPARED:
        return (without - len(missed.get(key, ()))) / others
    return without / max(printed.total(), 1)


class Unprinted:
    """Which views are no scans, though they say so: nobody printed their label; hand in the days of a log in order.

    A log may not hold the labels: they were printed elsewhere, or on a day that it lacks. Then colleagues scan as many
    without one; who scans alone is held against what is usual for them.

    Args:
        notes: takes what cannot be judged.
        log: its days.
    """

    def __init__(self, notes: Notes, log: Iterable[LogDayRow]) -> None:
        self._notes = notes
        self._prints = {(row.tenant, row.day): row.prints for row in log}
        self._shares: dict[Key, list[float]] = defaultdict(list)

    def of(self, day: int, rows: Iterable[UnprintedRow]) -> list[tuple[str, int, str, str]]:
        """Return tenant, day, account and order of such views; ``rows``: of that day, by tenant.

        Of a decoy nothing is scanned before its label was printed, whatever else is believed.
        """
        found = []
        for tenant, group in groupby(rows, key=lambda one: one.tenant):
            scans: Counter[Key] = Counter()
            missed: dict[Key, dict[str, bool]] = defaultdict(dict)
            for row in group:
                key = (tenant, row.account)
                scans[key] = row.scans
                if row.order_id is not None:
                    missed[key][row.order_id] = row.bait
            judged = any(self._prints.get((tenant, day - before)) for before in range(LATE, OLD + 1))
            usual = {key: self._usual(day, key, scans, missed) for key in scans}
            for key, count in scans.items():
                mine = missed.get(key, {})
                believed = not judged or len(mine) <= _LIKE * usual[key] * count
                found += [
                    (tenant, day, key[1], order) for order, bait in mine.items() if bait or not believed
                ]
                if believed:
                    self._shares[key].append(len(mine) / count)
                    if judged and len(mine) > _BROKEN * count:
                        self._notes.add("prints_missing", f"{tenant} {date_of(day).isoformat()}")
        return found

    def _usual(
        self, day: int, key: Key, scans: Counter[Key], missed: Mapping[Key, Mapping[str, bool]]
    ) -> float:
        """Return what share of an account's scans has no label anyhow; none where nobody scans who did before."""
        beside = [one for one in scans if one != key and len(self._shares.get(one, ())) >= _SCANNER]
        others = sum(scans[one] for one in beside)
        if others >= _COMPARED:
            return sum(len(missed.get(one, ())) for one in beside) / others
        past = self._shares.get(key, [])[-_USUAL:]
        if len(past) < _SCANNER:
            return 0.0
        lacks = any((key[0], day - before) not in self._prints for before in range(1, SOON + 1))
        return 1.0 if lacks else median(past)


class Ordered:
    """What the list of orders tells: how many came each day, and which labels are of none of them.

    Args:
        rows: orders by tenant and day.
        notes: takes what cannot be judged.
    """

    def __init__(self, rows: Iterable[OrderedRow], notes: Notes) -> None:
        self._notes = notes
        self._days: dict[str, dict[int, int]] = defaultdict(dict)
        for one in rows:
            self._days[one.tenant][one.day] = one.orders

    def on(self, tenant: str, day: int) -> int | None:
        """Return a day's orders; None where the list does not reach."""
        days = self._days.get(tenant)
        return days.get(day, 0) if days and min(days) <= day <= max(days) else None

    def judged(self, day: int, rows: Iterable[UnorderedRow]) -> list[UnorderedRow]:
        """Return a day's rows, by tenant, without labels of no order where the list does not hold the day's orders."""
        kept = []
        for tenant, group in groupby(rows, key=lambda one: one.tenant):
            mine = list(group)
            judged = self._judged(tenant, day, [one for one in mine if one.unlisted])
            kept += [one for one in mine if judged or not one.unlisted]
        return kept

    def of(
        self, day: int, rows: Iterable[UnorderedRow], first: Mapping[tuple[str, str], int]
    ) -> dict[Key, UnusualLabels]:
        """Return the labels of a day that belong to no order, or are printed again long after, by account.

        Args:
            day: of the labels.
            rows: what ``judged`` left of that day.
            first: day of the first label by tenant and order, of orders made long before.
        """
        unlisted: dict[Key, set[str]] = defaultdict(set)
        again: dict[Key, set[str]] = defaultdict(set)
        for one in rows:
            key = (one.tenant, one.account or "")
            if one.unlisted:
                unlisted[key].add(one.order_id)
            elif first.get((one.tenant, one.order_id), day) <= day - OLD:
                again[key].add(one.order_id)
        found = {}
        for key in unlisted.keys() | again.keys():
            count = len(unlisted[key]) + max(len(again[key]) - _SENT_AGAIN, 0)
            found[key] = UnusualLabels(float(count), frozenset(unlisted[key] | again[key]))
        return found

    def _judged(self, tenant: str, day: int, unlisted: Sequence[UnorderedRow]) -> bool:
        """Tell whether the list holds a day's orders: some days after it begins, before it ends, of every shop."""
        days = self._days.get(tenant) or {day: 0}
        inside = min(days) + LATE <= day < max(days)
        orders = {one.order_id for one in unlisted}
        complete = not unlisted or len(orders) <= _INCOMPLETE * unlisted[0].printed
        if unlisted and not (inside and complete):
            self._notes.add("orders_incomplete", f"{tenant} {date_of(day).isoformat()}")
        return inside and complete


def old_us(day: int, zone: ZoneInfo) -> int:
    """Return before which time an order was made long before a day."""
    return micros(datetime.combine(date_of(day - OLD), time(), zone))


def shift_us(day: int, zone: ZoneInfo) -> int:
    """Return how far a zone's clock is ahead of UTC on a day, in microseconds."""
    ahead = datetime.combine(date_of(day), time(12), zone).utcoffset() or timedelta()
    return ahead // timedelta(microseconds=1)
