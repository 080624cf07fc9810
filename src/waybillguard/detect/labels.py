"""Finds labels without a parcel: never scanned out, without an order, printed again weeks later, or never printed."""

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
"""Days within which a label is normally scanned out: Friday's labels on Monday."""
LATE: Final = 7
"""Days within which a label is scanned out after a sale or a holiday."""
OLD: Final = 14
"""Days after an order was made from which its first label is no longer expected."""
_BUSY: Final = 0.15
"""If the colleagues' unscanned share exceeds the usual by this much, parcels are late and a week is allowed."""
_BROKEN: Final = 0.25
"""If the unscanned share exceeds the usual by this much, scans are missing; without colleagues: ``_BUSY``."""
_INCOMPLETE: Final = 0.3
"""If more than this share of labels has no order, the list of orders lacks a shop."""
_LEARNS: Final = 7
"""Days with labels needed to learn the usual share without a scan."""
_USUAL: Final = 28
_NEVER: Final = 0.5
"""Accounts with a larger usual share without a scan are not judged: their customer may collect pallets himself."""
_CHANCE: Final = 2.0
"""Standard deviations of a Poisson count that are attributed to chance: a large warehouse misses hundreds of scans."""
_SENT_AGAIN: Final = 8
"""Parcels of old orders that an account may send again on one day."""
_COMPARED: Final = 20
"""Colleagues' labels (or scans) needed on a day to estimate the share that is usually missing."""

_SCANNER: Final = 3
"""Days with scans after which an account is used to estimate the usual share."""
_LIKE: Final = 2.0
"""Up to this multiple of the usual share, scans without a label are believed."""


@dataclass(frozen=True, slots=True)
class UnusualLabels:
    """An account's labels of a day that have no parcel.

    Attributes:
        count: number of labels beyond the usual number and chance.
        orders: the order numbers of all of them.
        known_us: earliest time at which the result is known, in microseconds.
        waited: days after the print in which a scan was accepted.
    """

    count: float
    orders: frozenset[str]
    known_us: int = 0
    waited: int = 0


type ByAccount = Mapping[Key, UnusualLabels]


class UnscannedLabels:
    """Finds labels that nobody scans out; takes the days of a log in order.

    Some labels always miss their scan. The usual share is learnt by account. The share that colleagues' labels miss on
    the same day (a scanner is down, a courier collects the bags) is not counted against an account either.

    Args:
        notes: collects what cannot be judged.
        last_day: last day of the log; results that are not known by then are left out.
        zone: time zone of the wall clock.
    """

    def __init__(self, notes: Notes, last_day: int, zone: ZoneInfo) -> None:
        self._notes, self._last, self._zone = notes, last_day, zone
        self._shares: dict[int, dict[Key, list[float]]] = {SOON: defaultdict(list), LATE: defaultdict(list)}

    def of(self, day: int, rows: Iterable[UnscannedRow]) -> dict[Key, UnusualLabels]:
        """Return the day's labels that are not scanned out, by account; ``rows`` are that day's, sorted by tenant."""
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
        """Return an account's labels without a scan; None if they cannot be judged, or not yet."""
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
        """Return the share of an account's labels that usually has no scan after ``waited`` days.

        None before seven days are known. The share of an earlier day with the same wait is always known earlier.
        """
        shares = self._shares[waited].get(key, [])[-_USUAL:]
        return median(shares) if len(shares) >= _LEARNS else self._tenants_usual(key[0], waited)

    def _tenants_usual(self, tenant: str, waited: int) -> float | None:
        """Return the usual share without a scan over all labels of a tenant."""
        all_ = [shares for key, shares in self._shares[waited].items() if key[0] == tenant]
        known = [one for shares in all_ for one in shares[-_USUAL:]]
        return median(known) if max(map(len, all_), default=0) >= _LEARNS else None


def _share_beside(key: Key, printed: Counter[Key], missed: Mapping[Key, set[str]]) -> float:
    """Return the share of the colleagues' labels without a scan; of all labels if the colleagues print too few."""
    others = printed.total() - printed[key]
    without = sum(len(one) for one in missed.values())
    if others >= _COMPARED:
        return (without - len(missed.get(key, ()))) / others
    return without / max(printed.total(), 1)


class UnprintedScans:
    """Finds views that claim to be scans although their label was never printed; takes the days of a log in order.

    A log may lack the labels: they were printed elsewhere, or on a day that is missing. Colleagues then have as many
    scans without a label. An account without colleagues is compared with its own past.

    Args:
        notes: collects what cannot be judged.
        log: the days of the log.
    """

    def __init__(self, notes: Notes, log: Iterable[LogDayRow]) -> None:
        self._notes = notes
        self._prints = {(row.tenant, row.day): row.prints for row in log}
        self._shares: dict[Key, list[float]] = defaultdict(list)

    def of(self, day: int, rows: Iterable[UnprintedRow]) -> list[tuple[str, int, str, str]]:
        """Return tenant, day, account and order of such views; ``rows`` are that day's, sorted by tenant.

        A scan of a decoy without a label is never believed.
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
        """Return the share of an account's scans that usually has no label; 0 without enough history."""
        beside = [one for one in scans if one != key and len(self._shares.get(one, ())) >= _SCANNER]
        others = sum(scans[one] for one in beside)
        if others >= _COMPARED:
            return sum(len(missed.get(one, ())) for one in beside) / others
        past = self._shares.get(key, [])[-_USUAL:]
        if len(past) < _SCANNER:
            return 0.0
        lacks = any((key[0], day - before) not in self._prints for before in range(1, SOON + 1))
        return 1.0 if lacks else median(past)


class OrderList:
    """The list of orders: the number of orders of each day, and the labels without an order.

    Args:
        rows: number of orders by tenant and day.
        notes: collects what cannot be judged.
    """

    def __init__(self, rows: Iterable[OrderedRow], notes: Notes) -> None:
        self._notes = notes
        self._days: dict[str, dict[int, int]] = defaultdict(dict)
        for one in rows:
            self._days[one.tenant][one.day] = one.orders

    def on(self, tenant: str, day: int) -> int | None:
        """Return the number of orders of a day; None for days outside the list."""
        days = self._days.get(tenant)
        return days.get(day, 0) if days and min(days) <= day <= max(days) else None

    def judged(self, day: int, rows: Iterable[UnorderedRow]) -> list[UnorderedRow]:
        """Return a day's rows; labels without an order are left out where the list of orders is incomplete.

        ``rows`` are sorted by tenant.
        """
        kept = []
        for tenant, group in groupby(rows, key=lambda one: one.tenant):
            mine = list(group)
            judged = self._judged(tenant, day, [one for one in mine if one.unlisted])
            kept += [one for one in mine if judged or not one.unlisted]
        return kept

    def of(
        self, day: int, rows: Iterable[UnorderedRow], first: Mapping[tuple[str, str], int]
    ) -> dict[Key, UnusualLabels]:
        """Return the labels of a day that have no order, or repeat an old order's label, by account.

        Args:
            day: day of the labels.
            rows: that day's rows as returned by ``judged``.
            first: for old orders, the day of the first label by tenant and order.
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
        """Return whether the list is complete for a day: a week after it begins, before it ends, with every shop."""
        days = self._days.get(tenant) or {day: 0}
        inside = min(days) + LATE <= day < max(days)
        orders = {one.order_id for one in unlisted}
        complete = not unlisted or len(orders) <= _INCOMPLETE * unlisted[0].printed
        if unlisted and not (inside and complete):
            self._notes.add("orders_incomplete", f"{tenant} {date_of(day).isoformat()}")
        return inside and complete


def old_us(day: int, zone: ZoneInfo) -> int:
    """Return the time before which an order counts as old on a day, in microseconds."""
    return micros(datetime.combine(date_of(day - OLD), time(), zone))


def shift_us(day: int, zone: ZoneInfo) -> int:
    """Return the UTC offset of a zone on a day, in microseconds."""
    ahead = datetime.combine(date_of(day), time(12), zone).utcoffset() or timedelta()
    return ahead // timedelta(microseconds=1)
