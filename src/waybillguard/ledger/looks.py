"""The answer to a data subject: every look at one record, and a proof that there were no others.

The answer is one JSON file (docs/ledger-formats.md, "Looks"). It holds the record's leaves, each with its
audit path, chained and counted from 1. For every closed day it holds the closing leaf with the record's row in
the day's index, or the two neighbouring rows that prove its absence. These are proved against the last checkpoint
that the witnesses cosigned. Newer leaves are proved against the log's own checkpoint, with a consistency proof
between the two.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from waybillguard.ledger.chain import LookIndex
from waybillguard.ledger.dayindex import IndexRow, check_evidence, day_evidence
from waybillguard.ledger.entry import NO_HASH, DayLeaf, Leaf, decode_leaf
from waybillguard.ledger.errors import BadEntryError, BadProofError
from waybillguard.ledger.merkle import consistency_proof, leaf_hash, verify_consistency, verify_inclusion
from waybillguard.ledger.note import Checkpoint
from waybillguard.ledger.policy import Judged, Policy
from waybillguard.ledger.view import ShardView

_VERSION = "waybillguard-looks/v2"
_READ = {_VERSION, "waybillguard-looks/v1"}


class Look(msgspec.Struct, frozen=True):
    """One leaf of the record with its position and audit path."""

    index: int
    leaf: bytes
    path: list[bytes]


class Day(msgspec.Struct, frozen=True):
    """One closed day: the closing leaf, its position and path, and the index rows that concern the record."""

    index: int
    leaf: bytes
    path: list[bytes]
    rows: list[IndexRow]


class Newer(msgspec.Struct, frozen=True):
    """The looks and days after the checkpoint that the witnesses cosigned.

    ``checkpoint`` carries the log's own signatures; ``proof`` shows that it extends the cosigned one.
    """

    checkpoint: bytes
    proof: list[bytes]
    looks: list[Look]
    days: list[Day]


class Looks(msgspec.Struct, frozen=True):
    """The whole answer for one record in one shard; ``newer`` is None if nothing is newer."""

    v: str
    tag: bytes
    checkpoint: bytes
    looks: list[Look]
    days: list[Day]
    newer: Newer | None = None

    def encode(self) -> bytes:
        """Return the JSON bytes."""
        return msgspec.json.encode(self)


class Complete(msgspec.Struct, frozen=True):
    """The facts an answer proves: ``looks`` in order, complete up to entry ``complete_to`` (all closed days).

    ``open_day`` looks came after that; they are proved, but not yet their completeness. ``unwitnessed`` entries
    of the log, and ``unwitnessed_looks`` of the looks, are newer than the checkpoint that the policy's witnesses
    cosigned; only the log's own signature covers them.
    """

    judged: Judged
    looks: list[Leaf]
    complete_to: int
    open_day: int
    unwitnessed: int = 0
    unwitnessed_looks: int = 0


def collect_looks(view: ShardView, index: LookIndex, tag: bytes, latest: ShardView | None = None) -> Looks:
    """Collect all looks at the record with this tag up to the view's checkpoint, then those up to the latest."""
    answer = Looks(_VERSION, tag, view.note, *_gather(view, index, tag, 0))
    if latest is None or latest.size <= view.size:
        return answer
    proof = consistency_proof(latest.tree().node, view.size, latest.size) if view.size else []
    newer = Newer(latest.note, proof, *_gather(latest, index, tag, view.size))
    return msgspec.structs.replace(answer, newer=newer)


def _gather(view: ShardView, index: LookIndex, tag: bytes, first: int) -> tuple[list[Look], list[Day]]:
    looks = [
        Look(place, view.leaf(place), view.path(place))
        for _, place, _ in index.looks(tag)
        if first <= place < view.size
    ]
    days = [
        Day(place, view.leaf(place), view.path(place), day_evidence(index.day_rows(day), tag))
        for day, _, _, place in index.closed_days()
        if first <= place < view.size
    ]
    return looks, days


type _Placed[T] = list[tuple[T, Checkpoint]]


def verify_looks(data: bytes, policy: Policy) -> Complete:
    """Verify an answer offline; raises BadProofError or BadNoteError if it is not valid."""
    try:
        answer = msgspec.json.decode(data, type=Looks)
    except (msgspec.DecodeError, ValueError) as error:
        raise _bad("file") from error
    if answer.v not in _READ or (answer.newer is not None and answer.v != _VERSION):
        raise _bad("version")
    judged = policy.judge(answer.checkpoint)
    sure = judged.checkpoint
    looks: _Placed[Look] = [(look, sure) for look in answer.looks]
    days: _Placed[Day] = [(day, sure) for day in answer.days]
    unwitnessed = 0
    if answer.newer is not None:
        latest = _extended(answer.newer, sure, policy)
        unwitnessed = latest.size - sure.size
        looks += [(look, latest) for look in answer.newer.looks]
        days += [(day, latest) for day in answer.newer.days]
    leaves = _check_chain(answer.tag, looks)
    complete_to = 0
    for day, checkpoint in days:
        closing = _included(day.index, day.leaf, day.path, checkpoint)
        if not isinstance(closing, DayLeaf) or closing.first != complete_to or closing.end > day.index:
            raise _bad("days")
        count, counter = check_evidence(day.rows, answer.tag, closing.records, closing.root)
        within = [n for n, (look, _) in enumerate(looks, 1) if closing.first <= look.index < closing.end]
        if count != len(within) or (within and counter != within[-1]):
            raise _bad("looks left out")
        complete_to = closing.end
    after = sum(look.index >= complete_to for look, _ in looks)
    fresh = sum(look.index >= sure.size for look, _ in looks)
    return Complete(judged, leaves, complete_to, after, unwitnessed, fresh)


def _extended(newer: Newer, sure: Checkpoint, policy: Policy) -> Checkpoint:
    """Return the log's own later checkpoint after verifying that it extends the cosigned one."""
    latest = msgspec.structs.replace(policy, quorum="none").judge(newer.checkpoint).checkpoint
    if latest.origin != sure.origin or latest.size <= sure.size:
        raise _bad("newer checkpoint")
    if sure.size:
        verify_consistency(sure.size, latest.size, newer.proof, sure.root, latest.root)
    return latest


def _check_chain(tag: bytes, looks: Sequence[tuple[Look, Checkpoint]]) -> list[Leaf]:
    leaves = []
    previous, last = NO_HASH, -1
    for counter, (look, checkpoint) in enumerate(looks, 1):
        leaf = _included(look.index, look.leaf, look.path, checkpoint)
        if (
            not isinstance(leaf, Leaf)
            or leaf.tag != tag
            or leaf.counter != counter
            or leaf.previous != previous
            or look.index <= last
        ):
            raise _bad("chain")
        previous, last = leaf_hash(look.leaf), look.index
        leaves.append(leaf)
    return leaves


def _included(index: int, leaf: bytes, path: list[bytes], checkpoint: Checkpoint) -> Leaf | DayLeaf:
    verify_inclusion(leaf_hash(leaf), index, checkpoint.size, path, checkpoint.root)
    try:
        return decode_leaf(leaf)
    except BadEntryError as error:
        raise _bad("leaf") from error


def to_plain(complete: Complete) -> dict[str, Any]:
    """Return the proved facts as JSON-like values."""
    return {
        "origin": complete.judged.checkpoint.origin,
        "tree_size": complete.judged.checkpoint.size,
        "witnesses": complete.judged.witnesses,
        "looks": [
            {
                "time_s": leaf.time_s,
                "kind": leaf.kind,
                "field_class": leaf.field_class,
                "purpose": leaf.purpose,
            }
            for leaf in complete.looks
        ],
        "complete_to": complete.complete_to,
        "open_day": complete.open_day,
        "unwitnessed": complete.unwitnessed,
        "unwitnessed_looks": complete.unwitnessed_looks,
    }


def _bad(what: str) -> BadProofError:
    return BadProofError(
        zh=f"查看记录清单不成立（{what}）：可能有遗漏或改动",
        en=f"the list of looks does not hold ({what}): something was left out or changed",
    )
