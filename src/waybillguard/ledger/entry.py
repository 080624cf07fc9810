"""The entries of the ledger: the event passed by the service, and the public leaf that is hashed.

A leaf cannot be used to confirm a guess: persons, workstations and records appear in it as keyed pseudonyms,
and the details of the entry are in an erasable body to which the leaf only commits.
Byte layouts: docs/ledger-formats.md; frozen examples: tests/vectors/ledger.
"""

import struct
from enum import IntEnum, unique
from typing import Any

import msgspec

from waybillguard.ledger.errors import BadEntryError

MAX_LEAF = 65_535
"""Longest leaf in bytes (C2SP tlog-tiles: bundles carry uint16 lengths)."""

LOOK_VERSION = 1
DAY_VERSION = 2
_LOOK = struct.Struct(">BQBBB16s16s16sI32s32s16s")
_DAY = struct.Struct(">BQIQQI32s16s")
LOOK_SIZE = _LOOK.size
DAY_SIZE = _DAY.size
TAG_AT = slice(44, 60)
COUNTER_AT = slice(60, 64)
"""Positions of the record tag and the counter in a look leaf."""
NO_TAG = bytes(16)
NO_HASH = bytes(32)


@unique
class EntryKind(IntEnum):
    """The kind of event. The byte values are frozen; new kinds take new numbers."""

    SIGN_IN = 1
    SIGN_IN_FAILED = 2
    SIGN_OUT = 3
    REVEAL = 10
    EXPORT = 11
    SEARCH = 12
    PRINT = 13
    REPRINT = 14
    IMPORT = 15
    HANDOVER = 16  # plaintext passed to a carrier
    UNDO = 17  # an import or a print undone
    SCAN = 18  # a label confirmed by a scan
    POLICY = 30
    QUOTA = 31
    ACCOUNT = 32
    DEVICE = 33
    KEY = 34
    SHRED = 35
    ERASE = 36
    HOLD = 37  # legal hold set or lifted
    BACKUP = 38
    INSPECTOR_LOOK = 50
    CASE = 51
    PERSON_REQUEST = 52  # access, copy, correction or erasure requested by the data subject
    ALARM = 60
    RESPONSE = 61
    DAY_INDEX = 90  # sorted index of a day's records
    START = 91  # the ledger was opened; the body says after which event
    RECOVERY = 92  # an unacknowledged torn tail was removed
    SUCCESSOR = 93  # first entry of a shard that continues another
    ANCHOR = 94  # a timestamp or printed line that pins an earlier checkpoint


@unique
class FieldClass(IntEnum):
    """The class of personal information concerned."""

    NONE = 0
    NAME = 1
    PHONE = 2
    ADDRESS = 3
    REMARK = 4
    CONTACT = 5  # name, phone and address together
    ORDER_NO = 6
    WAYBILL_NO = 7
    GOODS = 8
    SENDER = 9
    MASKED = 10  # only the masked view
    STAFF = 11
    OTHER = 255


@unique
class Purpose(IntEnum):
    """The purpose that the user stated."""

    NONE = 0
    PRINT_LABEL = 1
    SHIP = 2
    CUSTOMER_SERVICE = 3
    DELIVERY_PROBLEM = 4
    RETURN = 5
    COMPLAINT = 6
    CORRECTION = 7
    CARRIER = 8
    MERCHANT_REQUEST = 9
    PERSON_REQUEST = 10
    INSPECTION = 11
    INVESTIGATION = 12
    SECURITY = 13
    MAINTENANCE = 14
    TRAINING = 15
    OTHER = 255


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One event as the service passes it to the ledger.

    ``time_us`` is the time of the event (microseconds since 1970, UTC). The leaf carries the second at which the
    ledger wrote it, which never decreases. ``record`` is the vault's 16-byte uid of the order that was viewed,
    or None. ``detail`` (text keys; JSON-like values, at most about 60 kB) and all names are stored only in the
    erasable body. ``device_signature`` is the signature of the actor's device over the request.
    """

    time_us: int
    kind: EntryKind
    tenant: str = ""
    actor: str = ""
    workstation: str = ""
    session: str = ""
    field_class: FieldClass = FieldClass.NONE
    purpose: Purpose = Purpose.NONE
    record: bytes | None = None
    detail: dict[str, Any] = {}
    device_signature: bytes = b""

    def __post_init__(self) -> None:
        """Refuse values that do not fit a leaf."""
        if self.record is not None and len(self.record) != 16:  # noqa: PLR2004
            raise BadEntryError(zh="记录编号必须是 16 字节", en="a record uid has exactly 16 bytes")
        if self.time_us < 0:
            raise BadEntryError(zh="时间不能早于 1970 年", en="the time lies before 1970")

    def __repr__(self) -> str:
        """Return a repr with the kind only, because an entry may contain personal data."""
        return f"Entry({self.kind.name})"


class Leaf(msgspec.Struct, frozen=True):
    """The public leaf of a look (version 1, 144 bytes).

    ``time_s`` is when the ledger wrote it. ``actor``, ``workstation`` and ``tag`` are 16-byte pseudonyms
    under the shard's keys (zeros: none). ``counter`` and ``previous`` chain the leaves of one record from 1.
    ``commit`` binds the erasable body to the leaf; ``seal`` is the forward-secure tag over the rest.
    """

    time_s: int
    kind: int
    field_class: int
    purpose: int
    actor: bytes
    workstation: bytes
    tag: bytes
    counter: int
    previous: bytes
    commit: bytes
    seal: bytes

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        return _LOOK.pack(
            LOOK_VERSION,
            self.time_s,
            self.kind,
            self.field_class,
            self.purpose,
            self.actor,
            self.workstation,
            self.tag,
            self.counter,
            self.previous,
            self.commit,
            self.seal,
        )


class DayLeaf(msgspec.Struct, frozen=True):
    """The public leaf that closes a day (version 2).

    The sorted index of the records touched by the leaves ``first`` up to, not including, ``end`` (all the
    leaves of local day ``day``, days since 1970) has ``records`` rows and the Merkle root ``root``.
    """

    time_s: int
    day: int
    first: int
    end: int
    records: int
    root: bytes
    seal: bytes

    def encode(self) -> bytes:
        """Return the canonical bytes."""
        return _DAY.pack(
            DAY_VERSION, self.time_s, self.day, self.first, self.end, self.records, self.root, self.seal
        )


def look_unsealed(
    time_s: int,
    kind: int,
    field_class: int,
    purpose: int,
    actor: bytes,
    workstation: bytes,
    tag: bytes,
    counter: int,
    previous: bytes,
    commit: bytes,
) -> bytes:
    """Return a look leaf without its 16-byte seal (the bytes that the seal covers)."""
    return _LOOK.pack(
        LOOK_VERSION,
        time_s,
        kind,
        field_class,
        purpose,
        actor,
        workstation,
        tag,
        counter,
        previous,
        commit,
        NO_TAG,
    )[:-16]


def decode_leaf(data: bytes) -> Leaf | DayLeaf:
    """Parse the bytes of one leaf; raises BadEntryError if they are anything else."""
    version = data[0] if data else 0
    if version == LOOK_VERSION and len(data) == LOOK_SIZE:
        return Leaf(*_LOOK.unpack(data)[1:])
    if version == DAY_VERSION and len(data) == DAY_SIZE:
        return DayLeaf(*_DAY.unpack(data)[1:])
    raise BadEntryError(
        zh="不是本版本的台账条目；请用产生它的版本读取",
        en="not a ledger leaf of a version known here; read it with the version that wrote it",
    )
