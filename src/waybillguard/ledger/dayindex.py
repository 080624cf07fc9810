"""The daily sorted index: one row per record looked at that day, so that absence can be proved.

Row: 16-byte record tag, uint32 looks of the day, uint32 counter of the record's last look. Rows are sorted by
tag and hashed as the leaves of a separate tree. The leaf that closes the day carries the root of that tree.
"""

import struct
from collections.abc import Iterable, Sequence

import msgspec

from waybillguard.ledger.entry import COUNTER_AT, LOOK_SIZE, LOOK_VERSION, NO_TAG, TAG_AT
from waybillguard.ledger.errors import BadProofError
from waybillguard.ledger.merkle import full_root, inclusion_proof, leaf_hash, root_of, verify_inclusion

_ROW = struct.Struct(">16sII")
_TAG = 16
_LOOK = bytes([LOOK_VERSION])
_MOST = 2**32 - 1


class IndexRow(msgspec.Struct, frozen=True):
    """One row of a day's index with its position and audit path."""

    position: int
    tag: bytes
    looks: int
    counter: int
    path: list[bytes]

    def encode(self) -> bytes:
        """Return the bytes of the row that are hashed."""
        return _ROW.pack(self.tag, self.looks, self.counter)


Rows = Sequence[tuple[bytes, int, int]]


def rows_of(leaves: Iterable[bytes]) -> list[tuple[bytes, int, int]]:
    """Return the sorted rows of a day from its leaves."""
    found: dict[bytes, tuple[int, int]] = {}
    for leaf in leaves:
        if leaf[:1] == _LOOK and len(leaf) == LOOK_SIZE and (tag := leaf[TAG_AT]) != NO_TAG:
            found[tag] = (found[tag][0] + 1 if tag in found else 1, int.from_bytes(leaf[COUNTER_AT], "big"))
    return [(tag, *found[tag]) for tag in sorted(found)]


def row_hashes(rows: Rows) -> list[bytes]:
    """Return the leaf hashes of sorted rows (tag, looks, last counter)."""
    return [leaf_hash(_ROW.pack(*row)) for row in rows]


def index_root(rows: Rows) -> bytes:
    """Return the root over sorted rows."""
    return root_of(row_hashes(rows))


def day_evidence(rows: Rows, tag: bytes) -> list[IndexRow]:
    """Return the row of ``tag``, or the rows just before and after its position (one of them at either end)."""
    hashes = row_hashes(rows)
    tags = [row[0] for row in rows]
    low, high = 0, len(tags)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if tags[middle] < tag else (low, middle)
    if low < len(tags) and tags[low] == tag:
        places = [low]
    else:
        places = [i for i in (low - 1, low) if 0 <= i < len(tags)]

    def read(height: int, n: int) -> bytes:
        return full_root(hashes[n << height : (n + 1) << height])

    return [IndexRow(i, *rows[i], inclusion_proof(read, i, len(rows))) for i in places]


def check_evidence(evidence: Sequence[IndexRow], tag: bytes, records: int, root: bytes) -> tuple[int, int]:
    """Return (looks of the day, last counter) that the index proves for ``tag``; (0, 0) if it has no row.

    ``records`` and ``root`` come from the day's closing leaf. Raises BadProofError if neither presence nor
    absence is proved.
    """
    if len(tag) != _TAG or not all(_fits_encoding(row) for row in evidence):
        raise _not_proved()
    for row in evidence:
        verify_inclusion(leaf_hash(row.encode()), row.position, records, row.path, root)
    if len(evidence) == 1 and evidence[0].tag == tag:
        return evidence[0].looks, evidence[0].counter
    places = [row.position for row in evidence]
    if records == 0 and not evidence:
        return 0, 0
    if len(evidence) == 2:  # noqa: PLR2004
        left, right = evidence
        if places[1] == places[0] + 1 and left.tag < tag < right.tag:
            return 0, 0
    if len(evidence) == 1:
        only = evidence[0]
        if (places[0] == 0 and tag < only.tag) or (places[0] == records - 1 and tag > only.tag):
            return 0, 0
    raise _not_proved()


def _fits_encoding(row: IndexRow) -> bool:
    """Return whether a row's values fit their encoding; packing silently truncates or pads a tag of another length."""
    return len(row.tag) == _TAG and 0 <= row.looks <= _MOST and 0 <= row.counter <= _MOST


def _not_proved() -> BadProofError:
    return BadProofError(
        zh="当日索引没有证明该记录的查看次数",
        en="the day's index proves neither the looks at this record nor their absence",
    )
