"""What the person is shown: every look at one record, and proof that there were no others.

The answer is one JSON file (docs/ledger-formats.md, "Looks"). It holds the record's leaves, each with its
audit path, chained and counted from 1, and for every closed day the leaf that closed it with the row of the
record, or the two neighbours between which it would stand.
"""

from typing import Any

import msgspec

from waybillguard.ledger.chain import LookIndex
from waybillguard.ledger.dayindex import IndexRow, check_evidence, day_evidence
from waybillguard.ledger.entry import NO_HASH, DayLeaf, Leaf, decode_leaf
from waybillguard.ledger.errors import BadEntryError, BadProofError
from waybillguard.ledger.merkle import leaf_hash, verify_inclusion
from waybillguard.ledger.policy import Judged, Policy
from waybillguard.ledger.view import ShardView

_VERSION = "waybillguard-looks/v1"


class Look(msgspec.Struct, frozen=True):
    """One leaf of the record with its place and audit path."""

    index: int
    leaf: bytes
    path: list[bytes]


class Day(msgspec.Struct, frozen=True):
    """One closed day: the closing leaf, its place and path, and the index rows that speak of the record."""

    index: int
    leaf: bytes
    path: list[bytes]
    rows: list[IndexRow]


class Looks(msgspec.Struct, frozen=True):
    """The whole answer for one record in one shard."""

    v: str
    tag: bytes
    checkpoint: bytes
    looks: list[Look]
    days: list[Day]

    def encode(self) -> bytes:
        """Return the JSON bytes."""
        return msgspec.json.encode(self)


class Complete(msgspec.Struct, frozen=True):
    """What the answer proves: ``looks`` in order; complete up to entry ``complete_to`` (all closed days).

    ``open_day`` looks came after that: they are proved, their completeness is not yet.
    """

    judged: Judged
    looks: list[Leaf]
    complete_to: int
    open_day: int


def collect_looks(view: ShardView, index: LookIndex, tag: bytes) -> Looks:
    """Gather all looks at the record with this tag, as of the view's checkpoint."""
    looks = [
        Look(place, view.leaf(place), view.path(place))
        for _, place, _ in index.looks(tag)
        if place < view.size
    ]
    days = []
    for day, _, _, place in index.closed_days():
        if place < view.size:
            rows = day_evidence(index.day_rows(day), tag)
            days.append(Day(place, view.leaf(place), view.path(place), rows))
    return Looks(_VERSION, tag, view.note, looks, days)


def verify_looks(data: bytes, policy: Policy) -> Complete:
    """Check the answer offline; raises BadProofError or BadNoteError where it does not hold."""
    try:
        answer = msgspec.json.decode(data, type=Looks)
    except (msgspec.DecodeError, ValueError) as error:
        raise _bad("file") from error
    if answer.v != _VERSION:
        raise _bad("version")
    judged = policy.judge(answer.checkpoint)
    leaves = _check_chain(answer, judged)
    complete_to = 0
    for day in answer.days:
        closing = _included(day.index, day.leaf, day.path, judged)
        if not isinstance(closing, DayLeaf) or closing.first != complete_to or closing.end > day.index:
            raise _bad("days")
        looks, counter = check_evidence(day.rows, answer.tag, closing.records, closing.root)
        within = [n for n, look in enumerate(answer.looks, 1) if closing.first <= look.index < closing.end]
        if looks != len(within) or (within and counter != within[-1]):
            raise _bad("looks left out")
        complete_to = closing.end
    after = sum(look.index >= complete_to for look in answer.looks)
    return Complete(judged, leaves, complete_to, after)


def _check_chain(answer: Looks, judged: Judged) -> list[Leaf]:
    leaves = []
    previous, last = NO_HASH, -1
    for counter, look in enumerate(answer.looks, 1):
        leaf = _included(look.index, look.leaf, look.path, judged)
        if (
            not isinstance(leaf, Leaf)
            or leaf.tag != answer.tag
            or leaf.counter != counter
            or leaf.previous != previous
            or look.index <= last
        ):
            raise _bad("chain")
        previous, last = leaf_hash(look.leaf), look.index
        leaves.append(leaf)
    return leaves


def _included(index: int, leaf: bytes, path: list[bytes], judged: Judged) -> Leaf | DayLeaf:
    verify_inclusion(leaf_hash(leaf), index, judged.checkpoint.size, path, judged.checkpoint.root)
    try:
        return decode_leaf(leaf)
    except BadEntryError as error:
        raise _bad("leaf") from error


def to_plain(complete: Complete) -> dict[str, Any]:
    """Return what was proved as JSON-like values."""
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
    }


def _bad(what: str) -> BadProofError:
    return BadProofError(
        zh=f"查看记录清单不成立（{what}）：可能有遗漏或改动",
        en=f"the list of looks does not hold ({what}): something was left out or changed",
    )
