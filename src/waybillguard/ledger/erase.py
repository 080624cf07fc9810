"""Erase the bodies of entries while every proof stays valid (个人信息保护法 第四十七条).

*Erased*: both wrapped keys and the ciphertext are overwritten; nobody can read the body again. *Restricted*: only
the owner's wrapped key is overwritten; the regulator can still read the body. Network logs must be kept at
least six months (网络安全法, duty of keeping network logs), so younger entries are only restricted; without a
regulator's key, the request is refused. A legal hold forbids both.
"""

import msgspec

from waybillguard.ledger.body import OWNER, REGULATOR, is_wiped, wipe_ranges
from waybillguard.ledger.entry import EntryKind, Leaf, decode_leaf
from waybillguard.ledger.errors import LedgerError
from waybillguard.ledger.receipt import Receipt
from waybillguard.ledger.storage import ShardStore

MINIMUM_S = 184 * 86_400
"""Six calendar months of maximum length, in seconds."""

_HOLDS = "holds"
_PENDING = "erasing"
_FORGOTTEN = "forgotten"
_FLOORS = "written no earlier"
_DAY_S = 86_400
FORGETTABLE = frozenset({
    EntryKind.SIGN_IN, EntryKind.SIGN_IN_FAILED, EntryKind.SIGN_OUT, EntryKind.REVEAL, EntryKind.SEARCH,
    EntryKind.PRINT, EntryKind.REPRINT, EntryKind.SCAN, EntryKind.INSPECTOR_LOOK,
})  # fmt: skip
"""Kinds whose bodies are kept as network logs. Handovers, exports, certificates and changes of rights stay longer."""


class Erasure(msgspec.Struct, frozen=True):
    """The result of an erasure: entries by outcome, and the receipt of the entry that records it."""

    erased: int
    restricted: int
    receipt: Receipt


class Hold(msgspec.Struct, frozen=True):
    """A legal hold (案件保全) on a record; ``case`` holds authority, case number and date."""

    tag: bytes
    case: str


def holds(store: ShardStore) -> list[Hold]:
    """Return the legal holds of a shard."""
    data = store.meta(_HOLDS)
    return msgspec.msgpack.decode(data, type=list[Hold]) if data else []


def set_holds(store: ShardStore, values: list[Hold]) -> None:
    """Store the legal holds of a shard."""
    store.put_meta(_HOLDS, msgspec.msgpack.encode(values))


def add_time_floor(store: ShardStore, index: int, time_s: int) -> None:
    """Treat entries from ``index`` on as written at ``time_s`` (POSIX) or later.

    A clock that was set back makes new entries look old; this keeps their bodies for the full period.
    """
    floors = _floors(store)
    if not floors or time_s >= floors[-1][1] + _DAY_S:
        store.put_meta(_FLOORS, msgspec.msgpack.encode([*floors, (index, time_s)]))


def _floors(store: ShardStore) -> list[tuple[int, int]]:
    data = store.meta(_FLOORS)
    return msgspec.msgpack.decode(data, type=list[tuple[int, int]]) if data else []


def _written(floors: list[tuple[int, int]], index: int, time_s: int) -> int:
    return max([time_s, *(least for first, least in floors if index >= first)])


def plan(store: ShardStore, tag: bytes, places: list[tuple[int, int]], now_s: int) -> list[tuple[int, bool]]:
    """Decide for each entry (index, time) whether it is erased (True) or restricted (False).

    Raises LedgerError for a hold, or if an entry is younger than the minimum and has no regulator's key.
    """
    if any(hold.tag == tag for hold in holds(store)):
        raise LedgerError(
            code="erasure_refused",
            zh="该记录处于案件保全期，不能删除；解除保全后再试",
            en="the record is under a legal hold and cannot be erased; lift the hold first",
        )
    decided = []
    floors = _floors(store)
    for index, time_s in places:
        old = now_s - _written(floors, index, time_s) >= MINIMUM_S
        if not old:
            frame = next(store.frames(index))
            records = frame.records()
            record = records[index - frame.first][1] if records else b""
            if record and is_wiped(record, REGULATOR):
                raise LedgerError(
                    code="erasure_refused",
                    zh="网络日志须至少保存六个月，且未设置监管方密钥，现在不能删除；到期后再试",
                    en="network logs must be kept six months and no authority key is set, so this cannot be "
                    "erased yet; try again when they are older",
                )
        decided.append((index, old))
    return decided


def begin(store: ShardStore, decided: list[tuple[int, bool]]) -> None:
    """Store durably which entries are about to be overwritten."""
    store.put_meta(_PENDING, msgspec.msgpack.encode(decided))


def finish(store: ShardStore) -> int:
    """Overwrite the entries stored by `begin` and return their number. Safe to run again after a crash."""
    data = store.meta(_PENDING)
    if not data:
        return 0
    decided = msgspec.msgpack.decode(data, type=list[tuple[int, bool]])
    frame = None
    records: list[tuple[int, bytes]] = []
    places = []
    for index, everything in decided:
        if frame is None or not frame.first <= index < frame.first + frame.count:
            frame = next(store.frames(index))
            records = frame.records()
        record = records[index - frame.first][1] if records else b""
        if record:
            places.append((index, wipe_ranges(record, everything=everything)))
    store.overwrite(places)
    store.put_meta(_PENDING, b"")
    return len(decided)


def erased_up_to(store: ShardStore) -> int:
    """Return the index up to which expired entries have been erased (see `expired_looks`)."""
    return int(store.meta(_FORGOTTEN) or b"0")


def set_erased_up_to(store: ShardStore, index: int) -> None:
    """Store that all entries before ``index`` were examined, and erased if expired."""
    store.put_meta(_FORGOTTEN, str(index).encode())


def expired_looks(
    store: ShardStore, held: frozenset[bytes], before_s: int, most: int
) -> tuple[list[int], int]:
    """Return at most ``most`` look entries older than ``before_s`` (POSIX seconds), and the index to continue from.

    Entries of records under a hold (``held``: tags) are skipped; the next call starts at the first of them.
    """
    found: list[int] = []
    first = place = erased_up_to(store)
    waiting: int | None = None
    floors = _floors(store)
    for frame in store.frames(first):
        records = frame.records()
        for number, data in enumerate(frame.leaves()):
            place = frame.first + number
            if place < first:
                continue
            leaf = decode_leaf(data)
            if _written(floors, place, leaf.time_s) >= before_s or len(found) >= most:
                return found, place if waiting is None else waiting
            if not isinstance(leaf, Leaf) or leaf.kind not in FORGETTABLE:
                continue
            if leaf.tag in held:
                waiting = place if waiting is None else waiting
            elif records and not all(is_wiped(records[number][1], slot) for slot in (OWNER, REGULATOR)):
                found.append(place)
        place = frame.first + frame.count
    return found, place if waiting is None else waiting
