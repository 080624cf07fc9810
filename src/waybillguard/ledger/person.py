"""Operations on one record: show all looks, disclose entry bodies, set a legal hold, erase."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from waybillguard.ledger.body import day_number, open_body, open_key, unseal
from waybillguard.ledger.entry import Entry, EntryKind, Leaf, decode_leaf
from waybillguard.ledger.erase import (
    MINIMUM_S,
    Erasure,
    Hold,
    begin,
    erased_up_to,
    expired_looks,
    finish,
    holds,
    plan,
    set_erased_up_to,
    set_holds,
)
from waybillguard.ledger.errors import BadProofError, LedgerError
from waybillguard.ledger.log import Ledger
from waybillguard.ledger.looks import Looks, collect_looks
from waybillguard.ledger.note import parse_vkey
from waybillguard.ledger.policy import Policy
from waybillguard.ledger.storage import ShardStore
from waybillguard.ledger.view import ShardView, witnessed_note

MAX_FORGOTTEN = 10_000
"""Maximum number of looks of a shard that one call of `forget_looks` erases, because its caller waits."""


def looks_at(ledger: Ledger, tenant: str, record: bytes, trust: Policy | None = None) -> list[Looks]:
    """Return all looks at a record: one answer per shard (quarter), each verifiable separately.

    ``trust`` names witnesses and quorum (without the log's keys). Each answer is then proved against the latest
    checkpoint that they cosigned; newer looks follow under the log's own checkpoint.
    """
    answers = []
    for name in ledger.shards_of(tenant):
        ledger.checkpoint(name)
        shard = ledger.shard(name)
        latest = ShardView(shard.store)
        note = None
        if trust is not None:
            logs = tuple(parse_vkey(vkey) for vkey in shard.verifiers())
            note = witnessed_note(shard.store, msgspec.structs.replace(trust, logs=logs))
        view = latest if note is None else ShardView(shard.store, note=note)
        answers.append(collect_looks(view, shard.index, shard.keys.record_tag(record), latest))
    return answers


def words_of(ledger: Ledger, shard_name: str, index: int) -> dict[str, Any]:
    """Decrypt and return the body of an entry with the owner's key; raises BadEntryError if it was erased.

    The caller must write this look to the ledger first.
    """
    shard = ledger.shard(shard_name)
    if index >= shard.head.size:
        ledger.checkpoint(shard_name)
    view = ShardView(shard.store)
    return _opened(view.leaf(index), view.record(index), shard.owner_day_key)


def entries_since(
    ledger: Ledger, shard_name: str, since_s: int
) -> Iterator[tuple[Leaf, Callable[[], dict[str, Any]]]]:
    """Yield the entries of a shard at or after a time (POSIX seconds), each with a function that decrypts its body.

    Reads the files in one pass; calling `words_of` for thousands of entries takes seconds. The functions raise as
    `words_of` does.
    """
    ledger.checkpoint(shard_name)
    shard = ledger.shard(shard_name)
    view = ShardView(shard.store)
    key_of = cache(shard.owner_day_key)
    for data, record in view.records(view.first_since(since_s)):
        leaf = decode_leaf(data)
        if isinstance(leaf, Leaf):
            yield leaf, partial(_opened, data, record, key_of)


def prove_entry(ledger: Ledger, shard_name: str, index: int, *, disclose: bool = False) -> bytes:
    """Return the ``.tlog-proof`` of an entry, against the witnessed checkpoint if that covers it.

    ``disclose`` adds the body and its key; use it only for recipients who may read the body.
    """
    shard = ledger.shard(shard_name)
    witnessed = index < ledger.witnessed_size(shard_name)
    if not witnessed and index >= shard.head.size:
        ledger.checkpoint(shard_name)
    view = ShardView(shard.store, witnessed=witnessed)
    disclosed = None
    if disclose:
        record = view.record(index)
        disclosed = open_key(record, shard.owner_day_key(day_number(record)))
    return view.prove(index, disclosed)


def set_hold(ledger: Ledger, tenant: str, record: bytes, case: str, *, actor: str) -> None:
    """Put a record under legal hold for a case (authority, number, date), and log it."""
    for name in ledger.shards_of(tenant):
        shard = ledger.shard(name)
        tag = shard.keys.record_tag(record)
        kept = [hold for hold in holds(shard.store) if (hold.tag, hold.case) != (tag, case)]
        set_holds(shard.store, [*kept, Hold(tag, case)])
    ledger.append([_entry(ledger, EntryKind.HOLD, tenant, actor, hold="set", case=case)])


def lift_hold(ledger: Ledger, tenant: str, record: bytes, case: str, *, actor: str) -> None:
    """Lift a legal hold, and log it."""
    for name in ledger.shards_of(tenant):
        shard = ledger.shard(name)
        tag = shard.keys.record_tag(record)
        set_holds(shard.store, [h for h in holds(shard.store) if (h.tag, h.case) != (tag, case)])
    ledger.append([_entry(ledger, EntryKind.HOLD, tenant, actor, hold="lifted", case=case)])


def erase_words(ledger: Ledger, tenant: str, record: bytes, *, actor: str, why: str = "") -> list[Erasure]:
    """Erase (or restrict, see erase.py) the bodies of all looks at a record; proofs stay valid.

    Raises LedgerError before anything is changed.
    """
    plans = []
    now_s = ledger.now_us() // 1_000_000
    for name in ledger.shards_of(tenant):
        ledger.checkpoint(name)
        shard = ledger.shard(name)
        tag = shard.keys.record_tag(record)
        places = []
        view = ShardView(shard.store)
        for _, index, _ in shard.index.looks(tag):
            leaf = decode_leaf(view.leaf(index))
            places.append((index, leaf.time_s))
        plans.append((shard, plan(shard.store, tag, places, now_s)))
    done = []
    for shard, decided in plans:
        if not decided:
            continue
        erased = sum(everything for _, everything in decided)
        restricted = len(decided) - erased
        numbers = {"shard": shard.store.name, "erased": erased, "restricted": restricted, "why": why}
        begin(shard.store, decided)
        (receipt,) = ledger.append([_entry(ledger, EntryKind.ERASE, tenant, actor, **numbers)])
        finish(shard.store)
        done.append(Erasure(erased, restricted, receipt))
    return done


def forget_looks(ledger: Ledger, tenant: str, before_s: int, *, actor: str) -> int:
    """Erase the bodies of looks older than ``before_s`` (POSIX seconds) and return their number.

    Erases at most `MAX_FORGOTTEN` per shard: call it again until it returns 0. Proofs stay valid.

    Looks at records under a legal hold are skipped. The number is logged before anything is overwritten. After a
    crash the erasure is completed when the shard is opened. Raises LedgerError below the six-month minimum.
    """
    if before_s > ledger.now_us() // 1_000_000 - MINIMUM_S:
        raise LedgerError(
            code="erasure_refused",
            zh="查看记录未满六个月，不能删除",
            en="looks younger than six months are kept",
        )
    total = 0
    for name in ledger.shards_of(tenant):
        ledger.checkpoint(name)
        store = ledger.shard(name).store
        held = frozenset(hold.tag for hold in holds(store))
        places, following = expired_looks(store, held, before_s, MAX_FORGOTTEN)
        if places:
            numbers = {"shard": name, "erased": len(places), "restricted": 0, "why": "retention"}
            ledger.append([_entry(ledger, EntryKind.ERASE, tenant, actor, **numbers)])
            begin(store, [(index, True) for index in places])
            finish(store)
        if following > erased_up_to(store):
            set_erased_up_to(store, following)
        total += len(places)
    return total


def forget_days(ledger: Ledger, tenant: str, before_day: int, *, actor: str) -> int:
    """Destroy the keys of all days before ``before_day`` (days since 1970) and return how many were destroyed.

    The bodies of those days become unreadable at once; leaves and proofs stay. Raises LedgerError below the
    six-month minimum or while any record of the tenant is under a legal hold.
    """
    latest = ledger.now_us() // 1_000_000 - MINIMUM_S
    shards = [ledger.shard(name) for name in ledger.shards_of(tenant)]
    if any(holds(shard.store) for shard in shards) or any(s.local_day(latest) < before_day for s in shards):
        raise LedgerError(
            code="erasure_refused",
            zh="这些日子未满六个月，或有记录处于案件保全期，不能销毁密钥",
            en="these days are younger than six months, or a record is under a legal hold: keys are kept",
        )
    dropped = sum(shard.store.drop_day_keys(before_day) for shard in shards)
    ledger.append([_entry(ledger, EntryKind.SHRED, tenant, actor, before_day=before_day, keys=dropped)])
    return dropped


def open_for_authority(store: ShardStore, index: int, private: X25519PrivateKey) -> dict[str, Any]:
    """Decrypt the body of an entry with the regulator's private key (for an investigation, on a copy of a shard).

    Raises BadEntryError if erased or encrypted to another key, BadProofError if leaf and body disagree.
    """
    view = ShardView(store)
    record = view.record(index)
    number = day_number(record)
    day_key = next((row.regulator for row in store.day_keys() if row.number == number), b"")
    words, commit = open_body(record, unseal(private, day_key), regulator=True)
    _match(view.leaf(index), commit)
    return words


def _opened(leaf: bytes, record: bytes, key_of: Callable[[int], bytes]) -> dict[str, Any]:
    """Decrypt the body of a private record and check it against the commitment in its leaf."""
    if not record:
        raise LedgerError(zh="该条目没有内容", en="this entry has no words")
    words, commit = open_body(record, key_of(day_number(record)))
    _match(leaf, commit)
    return words


def _match(leaf: bytes, commit: bytes) -> None:
    parsed = decode_leaf(leaf)
    if not isinstance(parsed, Leaf) or parsed.commit != commit:
        raise BadProofError(
            zh="条目内容与承诺不符，内容可能被改过", en="the words do not match the entry's commitment"
        )


def _entry(ledger: Ledger, kind: EntryKind, tenant: str, actor: str, **detail: Any) -> Entry:  # noqa: ANN401
    return Entry(time_us=ledger.now_us(), kind=kind, tenant=tenant, actor=actor, detail=detail)


def looks_json(answers: list[Looks]) -> bytes:
    """Return the answers of several shards as JSON lines."""
    return b"\n".join(msgspec.json.encode(answer) for answer in answers) + b"\n"
