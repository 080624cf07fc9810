"""Erasing the words of entries while every proof stays whole (个人信息保护法 第四十七条).

*Erased*: both wraps and the ciphertext are overwritten; nobody can read the words again. *Restricted*: only
the owner's wrap is overwritten; the authority whose key wrapped it can still read them. Network logs are kept
at least six months (网络安全法, duty of keeping network logs), so younger entries are only restricted, and
refused where no authority key exists. A legal hold refuses both.
"""

import msgspec

from waybillguard.ledger.body import OWNER, REGULATOR, is_wiped, wipe_ranges
from waybillguard.ledger.entry import EntryKind, Leaf, decode_leaf
from waybillguard.ledger.errors import ErasureRefusedError
from waybillguard.ledger.receipt import Receipt
from waybillguard.ledger.storage import ShardStore

MINIMUM_S = 184 * 86_400
"""Six months at their longest, in seconds."""

_HOLDS = "holds"
_PENDING = "erasing"
_FORGOTTEN = "forgotten"
_FLOORS = "written no earlier"
_DAY_S = 86_400
FORGETTABLE = frozenset({
    EntryKind.SIGN_IN, EntryKind.SIGN_IN_FAILED, EntryKind.SIGN_OUT, EntryKind.REVEAL, EntryKind.SEARCH,
    EntryKind.PRINT, EntryKind.REPRINT, EntryKind.SCAN, EntryKind.INSPECTOR_LOOK,
})  # fmt: skip
"""Kinds whose words are kept as network logs. Handovers, exports, certificates and all that gives power stay longer."""


class Erasure(msgspec.Struct, frozen=True):
    """What an erasure did: entries by outcome, and the receipt of the entry that records it."""

    erased: int
    restricted: int
    receipt: Receipt


class Hold(msgspec.Struct, frozen=True):
    """A legal hold (案件保全) on a record: authority, case number and date stand in ``case``."""

    tag: bytes
    case: str


def holds(store: ShardStore) -> list[Hold]:
    """Return the legal holds of a shard."""
    data = store.meta(_HOLDS)
    return msgspec.msgpack.decode(data, type=list[Hold]) if data else []


def set_holds(store: ShardStore, values: list[Hold]) -> None:
    """Keep the legal holds of a shard."""
    store.put_meta(_HOLDS, msgspec.msgpack.encode(values))


def keep_from(store: ShardStore, index: int, time_s: int) -> None:
    """Have entries from ``index`` on count as written at ``time_s`` (POSIX) or later: so late was it already.

    A clock that was set back gives entries that look old; their words are kept as long as those of any other day.
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
    """Decide for each (index, time) whether it is erased (True) or restricted (False).

    Raises ErasureRefusedError for a hold, or where the minimum forbids erasing and nobody else could read.
    """
    if any(hold.tag == tag for hold in holds(store)):
        raise ErasureRefusedError(
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
                raise ErasureRefusedError(
                    zh="网络日志须至少保存六个月，且未设置监管方密钥，现在不能删除；到期后再试",
                    en="network logs must be kept six months and no authority key is set, so this cannot be "
                    "erased yet; try again when they are older",
                )
        decided.append((index, old))
    return decided


def begin(store: ShardStore, decided: list[tuple[int, bool]]) -> None:
    """Remember durably what is about to be overwritten."""
    store.put_meta(_PENDING, msgspec.msgpack.encode(decided))


def finish(store: ShardStore) -> int:
    """Overwrite what was remembered; return how many entries. Safe to run again after a crash."""
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


def forgotten(store: ShardStore) -> int:
    """Return the index up to which `spent` has been erased."""
    return int(store.meta(_FORGOTTEN) or b"0")


def set_forgotten(store: ShardStore, index: int) -> None:
    """Keep that everything before ``index`` was looked at, and erased where it was due."""
    store.put_meta(_FORGOTTEN, str(index).encode())


def spent(store: ShardStore, held: frozenset[bytes], before_s: int, most: int) -> tuple[list[int], int]:
    """Return look entries older than ``before_s`` (POSIX seconds), ``most`` at once, and where to go on from.

    Entries of records under a hold (tags) are passed over, and the next time begins with the first of them.
    """
    found: list[int] = []
    first = place = forgotten(store)
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
