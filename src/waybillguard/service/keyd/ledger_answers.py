"""Answers about the ledger: checkpoints and witnesses of a shard, and the looks at an order with their proof."""

import msgspec

from waybillguard.ledger import EntryKind, FieldClass, Ledger, LedgerKeys, Purpose
from waybillguard.ledger.entry import Leaf, decode_leaf
from waybillguard.ledger.errors import BadEntryError
from waybillguard.ledger.levels import TreeReader
from waybillguard.ledger.looks import Looks
from waybillguard.ledger.merkle import consistency_proof
from waybillguard.ledger.note import (
    Ed25519Verifier,
    MLDSAVerifier,
    Verifier,
    parse_checkpoint,
    parse_note,
    parse_vkey,
)
from waybillguard.ledger.paper import paper_line
from waybillguard.ledger.person import looks_at, looks_json, words_of
from waybillguard.ledger.policy import Policy
from waybillguard.ledger.storage import ShardStore
from waybillguard.ledger.timestamps import claimed_time
from waybillguard.ledger.view import accepted, best_note
from waybillguard.service.keyd import ledger_messages as asked
from waybillguard.service.keyd.witnesses import Witnesses


def family(keys: LedgerKeys) -> list[str]:
    """Return the keys that sign every shard of this ledger, in the format of a witness."""
    return [f"family {key.vkey()}" for key in verifiers(keys, keys.prefix)]


def verifiers(keys: LedgerKeys, origin: str) -> list[Verifier]:
    """Return the ledger's own two keys under the name of an origin."""
    return [
        Ed25519Verifier(origin, keys.ed25519().public_key().public_bytes_raw()),
        MLDSAVerifier(origin, keys.mldsa().public_key().public_bytes_raw()),
    ]


def shard_state(store: ShardStore, since: int, witnesses: Witnesses) -> asked.ShardState | None:
    """Return a shard's checkpoint, witnesses, timestamps and growth since ``since``; None if it is empty."""
    head = store.head()
    if head is None:
        return None
    checkpoint = parse_checkpoint(parse_note(head.note).text)
    kept = store.meta("witnessed")
    stamps = store.stamps()
    return asked.ShardState(
        name=store.name,
        origin=checkpoint.origin,
        size=head.size,
        root=head.root.hex(),
        time_us=head.time_us,
        note=best_note(head.note, store.meta),
        vkeys=(store.meta("vkeys") or b"").decode().split("\n"),
        line=paper_line(checkpoint),
        witnessed=parse_checkpoint(parse_note(kept).text).size if kept else 0,
        witnesses=witnesses.states(checkpoint.origin, head.size, store.meta),
        stamped=stamps[-1].size if stamps else 0,
        stamped_s=int(claimed_time(stamps[-1].note, stamps[-1].response).timestamp()) if stamps else 0,
        growth=_growth(store, since, head.size),
    )


def looks_answer(ledger: Ledger, tenant: str, record: bytes, trust: Policy) -> asked.LooksAnswer:
    """Return all looks at an order with their proof, and how many of them the witnesses of ``trust`` cover."""
    answers = looks_at(ledger, tenant, record, trust)
    found, shards = [], []
    for name, answer in zip(ledger.shards_of(tenant), answers, strict=True):
        shards.append(_proved(name, answer, ledger, trust))
        for look in [*answer.looks, *(answer.newer.looks if answer.newer else ())]:
            leaf = decode_leaf(look.leaf)
            if isinstance(leaf, Leaf):
                found.append(_look(ledger, name, look.index, leaf))
    return asked.LooksAnswer(found, looks_json(answers), shards)


def _look(ledger: Ledger, name: str, index: int, leaf: Leaf) -> asked.Look:
    try:
        words = words_of(ledger, name, index)
    except BadEntryError:
        words = None
    return asked.Look(
        shard=name,
        index=index,
        time_s=leaf.time_s,
        kind=EntryKind(leaf.kind).name.lower() if leaf.kind in EntryKind else str(leaf.kind),
        field_class=FieldClass(leaf.field_class).name.lower(),
        purpose=Purpose(leaf.purpose).name.lower(),
        actor=str((words or {}).get("actor", "")),
        workstation=str((words or {}).get("workstation", "")),
        erased=words is None,
    )


def _proved(name: str, answer: Looks, ledger: Ledger, trust: Policy) -> asked.LooksProved:
    """Return how far the witnesses cover the answer of one shard."""
    sure = parse_checkpoint(parse_note(answer.checkpoint).text)
    latest = parse_checkpoint(parse_note(answer.newer.checkpoint).text) if answer.newer else sure
    state = "none"
    if trust.quorum != "none":
        logs = tuple(parse_vkey(vkey) for vkey in ledger.verifiers(name))
        met = accepted(answer.checkpoint, msgspec.structs.replace(trust, logs=logs))
        state = "quorum" if met else "missing"
    return asked.LooksProved(
        shard=name,
        size=sure.size,
        newer=latest.size - sure.size,
        newer_looks=len(answer.newer.looks) if answer.newer else 0,
        witnesses=state,
    )


def _growth(store: ShardStore, since: int, size: int) -> list[bytes]:
    """Return the proof that the tree of ``size`` extends that of ``since``; empty if ``since`` is larger."""
    if not 0 < since < size:
        return []
    return consistency_proof(TreeReader(store.read_hashes, size).node, since, size)
