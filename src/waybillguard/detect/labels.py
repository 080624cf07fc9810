"""Labels that belong to no parcel of their day: never scanned out, of no order, or printed anew weeks later."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from waybillguard.detect.counting import Key
from waybillguard.detect.notes import Notes
from waybillguard.events.engines.answers import AccountDayRow, OrderedRow, UnorderedRow, UnscannedRow
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


@dataclass(frozen=True, slots=True)
class Strange:
    """An account's strange labels of a day.

    Attributes:
        count: how many, less what is usual and what chance explains.
        orders: their order numbers.
        known_us: when that could be known.
    """

    count: float
    orders: frozenset[str]
    known_us: int = 0


type ByAccount = Mapping[Key, Strange]


class Scans:
    """Whose labels nobody scans out; hand in the days of a log in order.

    Some labels always miss their scan. How many is learnt by account; what colleagues' labels miss on the same day,
    when a scanner stands still or a courier takes the bags, is no account's own either.

    Args:
        notes: takes what cannot be judged.
        scanned: days with scans by tenant.
        last_day: of the log; what is not known by then is not judged.
        zone: of the wall clock.
    """

    def __init__(
        self, notes: Notes, scanned: Mapping[str, Collection[int]], last_day: int, zone: ZoneInfo
    ) -> None:
        self._notes, self._scanned, self._last, self._zone = notes, scanned, last_day, zone
        self._shares: dict[Key, list[float]] = defaultdict(list)

    def of(
        self, day: int, rows: Iterable[UnscannedRow], accounts: Iterable[AccountDayRow]
    ) -> dict[Key, Strange]:
        """Return the labels of a day that are not scanned out, by account."""
        labels: Counter[Key] = Counter()
        for one in accounts:
            labels[one.tenant, one.account or ""] += one.prints + one.reprints
        by_tenant = {tenant: list(group) for tenant, group in groupby(rows, key=lambda one: one.tenant)}
        found: dict[Key, Strange] = {}
        for tenant, days in self._scanned.items():
            if not any(day <= one <= day + LATE for one in days):
                continue
            soon: dict[Key, set[str]] = defaultdict(set)
            never: dict[Key, set[str]] = defaultdict(set)
            for row in by_tenant.get(tenant, ()):
                key = (tenant, row.account or "")
                soon[key].add(row.order_id)
                if not row.late:
                    never[key].add(row.order_id)
            printed = Counter({key: count for key, count in labels.items() if key[0] == tenant and count})
            for key in soon:
                strange = self._account(day, key, printed, soon, never)
                if strange is not None:
                    found[key] = strange
            for key, count in printed.items():
                self._shares[key].append(len(never[key]) / count)
        return found

    def _account(
        self,
        day: int,
        key: Key,
        printed: Counter[Key],
        soon: Mapping[Key, set[str]],
        never: Mapping[Key, set[str]],
    ) -> Strange | None:
        """Return an account's labels without a scan; None where that says nothing, or is not known yet."""
        shares = self._shares[key][-_USUAL:]
        usual = median(shares) if len(shares) >= _LEARNS else self._tenants_usual(key[0])
        if usual is None:
            return None
        if usual > _NEVER:
            self._notes.add("unscanned_account", key[1])
            return None
        waited, missed, anyhow = SOON, soon, _share_beside(key, printed, soon)
        if anyhow - usual > _BUSY:
            waited, missed, anyhow = LATE, never, _share_beside(key, printed, never)
        if day + waited > self._last:
            return None
        alone = printed.total() - printed[key] < _COMPARED
        if anyhow - usual > (_BUSY if alone else _BROKEN):
            self._notes.add("scans_missing", f"{key[0]} {date_of(day).isoformat()}")
            return None
        known = micros(datetime.combine(date_of(day + waited + 1), time(), self._zone))
        orders = missed.get(key, set())
        expected = (usual if alone else max(usual, anyhow)) * printed[key]
        above = len(orders) - expected - _CHANCE * math.sqrt(expected)
        return Strange(max(above, 0.0), frozenset(orders), known)

    def _tenants_usual(self, tenant: str) -> float | None:
        """Return what share of a tenant's labels usually misses its scan; None before a week is known."""
        all_ = [shares for key, shares in self._shares.items() if key[0] == tenant]
        known = [one for shares in all_ for one in shares[-_USUAL:]]
        return median(known) if max(map(len, all_), default=0) >= _LEARNS else None


def _share_beside(key: Key, printed: Counter[Key], missed: Mapping[Key, set[str]]) -> float:
    """Return what share of the colleagues' labels has no scan; of all labels where they print too few."""
    others = printed.total() - printed[key]
    without = sum(len(one) for one in missed.values())
    if others >= _COMPARED:
        return (without - len(missed.get(key, ()))) / others
    return without / max(printed.total(), 1)


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

    def of(
        self, day: int, rows: Iterable[UnorderedRow], first: Mapping[tuple[str, str], int]
    ) -> dict[Key, Strange]:
        """Return the labels of a day that belong to no order, or are printed anew long after, by account.

        Args:
            day: of the labels.
            rows: of that day, by tenant.
            first: day of the first label by tenant and order, of orders made long before.
        """
        strangers: dict[Key, set[str]] = defaultdict(set)
        anew: dict[Key, set[str]] = defaultdict(set)
        for tenant, group in groupby(rows, key=lambda one: one.tenant):
            mine = list(group)
            judged = self._judged(tenant, day, [one for one in mine if one.stranger])
            for one in mine:
                key = (tenant, one.account or "")
                if one.stranger and judged:
                    strangers[key].add(one.order_id)
                elif not one.stranger and first.get((tenant, one.order_id), day) <= day - OLD:
                    anew[key].add(one.order_id)
        found = {}
        for key in strangers.keys() | anew.keys():
            count = len(strangers[key]) + max(len(anew[key]) - _SENT_AGAIN, 0)
            found[key] = Strange(float(count), frozenset(strangers[key] | anew[key]))
        return found

    def _judged(self, tenant: str, day: int, strangers: Sequence[UnorderedRow]) -> bool:
        """Tell whether the list holds a day's orders: some days after it begins, before it ends, of every shop."""
        days = self._days.get(tenant) or {day: 0}
        inside = min(days) + LATE <= day < max(days)
        complete = not strangers or len(strangers) <= _INCOMPLETE * strangers[0].printed
        if strangers and not (inside and complete):
            self._notes.add("orders_incomplete", f"{tenant} {date_of(day).isoformat()}")
        return inside and complete


def old_us(day: int, zone: ZoneInfo) -> int:
    """Return before which time an order was made long before a day."""
    return micros(datetime.combine(date_of(day - OLD), time(), zone))


def shift_us(day: int, zone: ZoneInfo) -> int:
    """Return how far a zone's clock is ahead of UTC on a day, in microseconds."""
    ahead = datetime.combine(date_of(day), time(12), zone).utcoffset() or timedelta()
    return ahead // timedelta(microseconds=1)
