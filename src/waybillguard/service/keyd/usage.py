"""Counts what keyd opened recently, by person, device and warehouse, and rebuilds the counts from the ledger at start.

The counts of the last 24 hours come from the public leaves of the ledger, so a killed keyd forgets nothing. Entries
reported by other processes (`Operations.record`) never count.
"""

import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, Final

from waybillguard.ledger import EntryKind, FieldClass, Ledger, Purpose
from waybillguard.ledger.entry import Leaf
from waybillguard.ledger.errors import LedgerError
from waybillguard.ledger.person import entries_since
from waybillguard.service.keyd.errors import LimitReachedError, RequestRefusedError, TooManySearchesError
from waybillguard.service.keyd.grants import Grant
from waybillguard.service.keyd.limits import DAY_S, Limits
from waybillguard.service.keyd.searching import (
    MAX_TESTED,
    SEARCHES_A_DAY,
    SEARCHES_A_MINUTE,
    SEARCHES_A_MINUTE_IN_ALL,
)

MINUTE_S: Final = 60
HOUR_S: Final = 3_600
_MOST_COUNTED: Final = 10_000

_COUNTED_BY_WORDS: Final = frozenset({
    (EntryKind.KEY, FieldClass.CONTACT), (EntryKind.SHRED, FieldClass.CONTACT), (EntryKind.SEARCH, FieldClass.MASKED),
})  # fmt: skip
"""Kinds of entries whose body has the number of rows, orders or references; for policies see `_counted_by_body`."""


class Counts:
    """Amounts with their times, for the last day; sums cover a window up to now."""

    def __init__(self) -> None:
        self._at: list[float] = []
        self._sums: list[int] = [0]

    def add(self, at: float, amount: int) -> None:
        """Count ``amount`` at a moment not before the last one; negative amounts count as 0."""
        keep = bisect_left(self._at, at - DAY_S)
        if keep > len(self._at) // 2:
            self._at = self._at[keep:]
            self._sums = self._sums[keep:]
        if not self._at or at > self._at[-1]:
            self._at.append(at)
            self._sums.append(self._sums[-1])
        self._sums[-1] += max(amount, 0)

    def __iter__(self) -> Iterator[tuple[float, int]]:
        """Yield each moment with its amount."""
        return zip(self._at, (after - before for before, after in pairwise(self._sums)), strict=True)

    def since(self, moment: float) -> int:
        """Return what was counted since a moment."""
        return self._sums[-1] - self._sums[bisect_left(self._at, moment)]


class Usage:
    """What was opened recently, by warehouse and person.

    Args:
        ledger: what was opened before this process began.
        limits: returns the limits of a warehouse.
        clock: seconds since 1970.
    """

    def __init__(
        self, ledger: Ledger, limits: Callable[[str], Limits], clock: Callable[[], float] = time.time
    ) -> None:
        self._ledger = ledger
        self._limits = limits
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str, bytes], Counts] = {}
        self._read: set[str] = set()
        self._tidied = 0

    def reveal(self, grant: Grant, device: str = "") -> None:
        """Count one record about to be opened for the holder of a grant, and for a device if named.

        Raises:
            LimitReachedError: a limit is reached, or the time is outside every signed shift.
        """
        tenant, limits, now = grant.tenant, self._limits(grant.tenant), self._clock()
        self.in_shift(tenant)
        with self._lock:
            self._tidy(now)
            mine = self._of(tenant, "reveal", grant.holder)
            all_ = self._of(tenant, "reveal", "")
            if now * 1e6 < grant.full_us:
                if grant.full_after:
                    raise _young_nothing(limits)
                self._room(mine, now, DAY_S, 1, limits.young_reveals_day, _young)
            own = limits.of(grant.role)
            if not (own.reveals_hour and own.reveals_day):
                raise _no_plaintext()
            there = self._of(tenant, "device", device)
            self._room(mine, now, HOUR_S, 1, own.reveals_hour, _person_hour)
            self._room(mine, now, DAY_S, 1, own.reveals_day, _person_day)
            if device:
                self._room(there, now, HOUR_S, 1, limits.device_reveals_hour, _device_hour)
            self._room(all_, now, HOUR_S, 1, limits.tenant_reveals_hour, _tenant_hour)
            there.add(now, 1)
            mine.add(now, 1)
            all_.add(now, 1)

    def search(self, tenant: str, actor: str, searches: int) -> None:
        """Count searches for people that an actor is about to make; refused ones do not count.

        The warehouse's limit applies to guessing with many accounts or with actors invented by the web process.

        Raises:
            TooManySearchesError: too many searches.
        """
        now = self._clock()
        with self._lock:
            self._tidy(now)
            mine, all_ = self._of(tenant, "search", actor), self._of(tenant, "search", "")
            self._room(mine, now, DAY_S, searches, SEARCHES_A_DAY, _searches_day)
            self._room(mine, now, MINUTE_S, searches, SEARCHES_A_MINUTE, _searches_minute)
            self._room(all_, now, MINUTE_S, searches, SEARCHES_A_MINUTE_IN_ALL, _searches_minute)
            mine.add(now, searches)
            all_.add(now, searches)

    def export(self, tenant: str, records: int, most: int) -> bool:
        """Count records about to be sealed to a recipient; False if more than ``most`` within the hour."""
        now = self._clock()
        with self._lock:
            counts = self._of(tenant, "export", "")
            if counts.since(now - HOUR_S) + records > most:
                return False
            counts.add(now, records)
            return True

    def test(self, grant: Grant, records: int) -> None:
        """Count records that a search opens and tests.

        Raises:
            LimitReachedError: too many records.
        """
        tenant, limits, now = grant.tenant, self._limits(grant.tenant), self._clock()
        with self._lock:
            mine, all_ = self._of(tenant, "test", grant.holder), self._of(tenant, "test", "")
            self._room(mine, now, HOUR_S, records, limits.of(grant.role).tests_hour, _searched)
            self._room(all_, now, HOUR_S, records, limits.tenant_tests_hour, _searched)
            mine.add(now, records)
            all_.add(now, records)

    def seal(self, tenant: str, rows: int) -> None:
        """Count rows that are about to be sealed.

        Raises:
            LimitReachedError: more rows than imports need.
        """
        limits, now = self._limits(tenant), self._clock()
        with self._lock:
            all_ = self._of(tenant, "seal", "")
            self._room(all_, now, HOUR_S, rows, limits.sealed_hour, _sealed)
            self._room(all_, now, DAY_S, rows, limits.sealed_day, _sealed)
            all_.add(now, rows)

    def sealed_lately(self, tenant: str) -> int:
        """Return how many rows were sealed in the last 24 hours."""
        with self._lock:
            return self._of(tenant, "seal", "").since(self._clock() - DAY_S)

    def within_limit(self, tenant: str, what: str, orders: int, most: int) -> bool:
        """Count orders, and return whether those of the last 24 hours are at most ``most``.

        Args:
            tenant: the warehouse.
            what: ``shred``: destroyed by people, without a mandate; ``undo``: allowed for undone imports.
            orders: how many more.
            most: the limit.
        """
        now = self._clock()
        with self._lock:
            counts = self._of(tenant, what, "")
            counts.add(now, orders)
            return counts.since(now - DAY_S) <= most

    def in_shift(self, tenant: str) -> None:
        """Raise LimitReachedError outside every signed shift."""
        windows = self._limits(tenant).windows
        minute = int(self._clock()) % DAY_S // 60
        if windows and not any(window.holds(minute) for window in windows):
            raise LimitReachedError(
                zh="现在不在任何已签署的班次内，未打开任何数据。",
                en="this hour lies in no signed shift; nothing was opened.",
            )

    @staticmethod
    def _room(
        counts: Counts,
        now: float,
        window_s: int,
        amount: int,
        limit: int,
        full: Callable[[int], RequestRefusedError],
    ) -> None:
        if counts.since(now - window_s) + amount > limit:
            raise full(limit)

    def _tidy(self, now: float) -> None:
        """Drop counts that are a day old or empty once there are many, because names may be invented."""
        if len(self._counts) < max(_MOST_COUNTED, 2 * self._tidied):
            return
        self._counts = {key: counts for key, counts in self._counts.items() if counts.since(now - DAY_S)}
        self._tidied = len(self._counts)

    def _of(self, tenant: str, what: str, holder: str) -> Counts:
        """Return the counts of one person or device; of the whole warehouse if ``holder`` is empty."""
        if tenant not in self._read:
            self._counts |= self._rebuilt(tenant)
            self._read.add(tenant)  # only now: if the ledger was busy, the next call reads it
        earlier, who = b"", holder.encode()
        for name in self._ledger.shards_of(tenant)[-2:] if holder else ():
            keys = self._ledger.shard(name).keys
            pseudonym = keys.workstation_pseudonym if what == "device" else keys.actor_pseudonym
            earlier, who = who, pseudonym(tenant, holder)
        counts = self._counts.setdefault((tenant, what, who), Counts())
        if earlier and (old := self._counts.pop((tenant, what, earlier), None)):  # of the quarter hour before
            for at, amount in counts:
                old.add(at, amount)
            counts = self._counts[tenant, what, who] = old
        return counts

    def _rebuilt(self, tenant: str) -> dict[tuple[str, str, bytes], Counts]:
        found: dict[tuple[str, str, bytes], Counts] = {}
        for name in self._ledger.shards_of(tenant)[-2:]:
            for leaf, words in entries_since(self._ledger, name, int(self._clock()) - DAY_S):
                for what, amount in (
                    _counts_of_body(leaf, _detail(words)) if _counted_by_body(leaf) else _counts_of_leaf(leaf)
                ):
                    counted = [(what, leaf.actor), (what, b"")]
                    if what == "reveal":
                        counted.append(("device", leaf.workstation))
                    for key in counted if amount else ():
                        found.setdefault((tenant, *key), Counts()).add(leaf.time_s, amount)
        return found


def _counted_by_body(leaf: Leaf) -> bool:
    """Return whether only the body of an entry says how much it counts.

    Other processes report policies too, but their entries are never marked as maintenance (`Operations.record`).
    """
    if leaf.kind == EntryKind.POLICY:
        return leaf.purpose == Purpose.MAINTENANCE
    return (leaf.kind, leaf.field_class) in _COUNTED_BY_WORDS


def _detail(words: Callable[[], dict[str, Any]]) -> dict[str, object]:
    """Return the body of one entry; only it has the number of rows of a chunk. Erased or damaged, it counts as one."""
    try:
        found = words().get("detail", {})
    except LedgerError:
        return {"change": "sealed", "orders": 1, "references": 1}
    return found if isinstance(found, dict) else {}


def _counts_of_leaf(leaf: Leaf) -> list[tuple[str, int]]:
    """Return what a leaf counts as. The number of records a search tested is in its body, so the maximum is taken."""
    match leaf.kind, leaf.field_class:
        case (EntryKind.REVEAL, _) | (EntryKind.HANDOVER, FieldClass.PHONE):
            return [("reveal", 1)]
        case (EntryKind.EXPORT, FieldClass.CONTACT):
            return [("export", 1)]
        case (EntryKind.SEARCH, FieldClass.CONTACT):
            return [("search", 1), ("test", MAX_TESTED)]
        case (EntryKind.SEARCH, FieldClass.PHONE | FieldClass.NAME | FieldClass.ADDRESS):
            return [("search", 1)]
        case _:
            return []


def _counts_of_body(leaf: Leaf, detail: dict[str, object]) -> list[tuple[str, int]]:
    """Return what an entry counts as by its body."""
    count = _number(detail, "orders")
    if leaf.kind == EntryKind.SEARCH:
        return [("search", _number(detail, "references"))]
    if leaf.kind == EntryKind.KEY and detail.get("change") == "sealed":
        return [("seal", count)]
    if leaf.kind == EntryKind.SHRED and "job" not in detail:
        return [("shred", count)]
    if leaf.kind == EntryKind.POLICY and detail.get("job") == "undo":
        return [("undo", count)]
    return []


def _number(detail: dict[str, object], name: str) -> int:
    number = detail.get(name, 0)
    return number if isinstance(number, int) else 0


def _searches_day(_: int) -> TooManySearchesError:
    return TooManySearchesError(
        zh="24 小时内按人查询的次数已用完，未进行本次查询。请明天再试；所有查询都有记录。",
        en="no searches for persons are left today; this one was not made. Try tomorrow; all are recorded.",
    )


def _searches_minute(_: int) -> TooManySearchesError:
    return TooManySearchesError(
        zh="一分钟内查询次数过多，未进行本次查询。请稍后再试；所有查询都有记录。",
        en="too many searches within a minute; this one was not made. Wait a minute; all are recorded.",
    )


def _no_plaintext() -> LimitReachedError:
    return LimitReachedError(
        zh="您的角色不能查看明文，未打开任何数据。如有需要，请负责人在“设置 → 限额与班次”中签署。",
        en="your role opens no plaintext; nothing was opened. Where it should, an owner signs that under Settings, "
        "Limits and shifts.",
    )


def _person_hour(limit: int) -> LimitReachedError:
    return LimitReachedError(
        zh=f"您一小时内已查看 {limit} 条明文，达到上限，未打开任何数据。",
        en=f"you have opened {limit} records within the hour, which is the limit; nothing was opened.",
    )


def _person_day(limit: int) -> LimitReachedError:
    return LimitReachedError(
        zh=f"您 24 小时内已查看 {limit} 条明文，达到上限，未打开任何数据。",
        en=f"you have opened {limit} records within 24 hours, which is the limit; nothing was opened.",
    )


def _device_hour(limit: int) -> LimitReachedError:
    return LimitReachedError(
        zh=f"这台设备一小时内已查看 {limit} 条明文，达到上限，未打开任何数据。",
        en=f"this device has opened {limit} records within the hour, which is the limit; nothing was opened.",
    )


def _tenant_hour(limit: int) -> LimitReachedError:
    return LimitReachedError(
        zh=f"本仓库一小时内已查看 {limit} 条明文，达到上限，未打开任何数据。",
        en=f"this warehouse has opened {limit} records within the hour, which is the limit; nothing was opened.",
    )


def _young(limit: int) -> LimitReachedError:
    return LimitReachedError(
        zh=f"验证方式启用未满三天，每天最多查看 {limit} 条明文，未打开任何数据。",
        en=f"this factor is not three days old and opens {limit} records a day; nothing was opened.",
    )


def _young_nothing(limits: Limits) -> LimitReachedError:
    return LimitReachedError(
        zh=f"验证方式是找回后重新设置的，满 {limits.young_hours} 小时后才能查看明文，未打开任何数据。",
        en=f"this factor replaced a lost one and opens nothing for {limits.young_hours} hours.",
    )


def _searched(_: int) -> LimitReachedError:
    return LimitReachedError(
        zh="一小时内按姓名、地址查询核对的记录过多，未进行本次查询。",
        en="searches by name or address have tested too many records within the hour; this one was not made.",
    )


def _sealed(limit: int) -> LimitReachedError:
    return LimitReachedError(
        zh=f"加密入库超过 {limit} 行，已暂停，未加密任何数据。如非本人所为，请立即检查服务器。",
        en=f"more than {limit} rows were sealed, which no import needs; nothing was sealed. If this was not you, "
        "look at the server at once.",
    )
