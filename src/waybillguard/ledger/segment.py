"""Frames of a segment file: each group commit writes one frame and flushes it once.

A frame is a 36-byte header with its own checksum (which distinguishes a truncated frame from a damaged one),
then the leaves in the format of a C2SP entry bundle (uint16 length, bytes), then the private records
(uint32 length, bytes), one for each leaf or none at all. The checksum is zlib's CRC-32, not CRC-32C: it is in
every Python, fast, and finds torn and flipped bytes equally well. Deliberate changes are detected by the hash
tree. The checksum of the private part is valid only until an erasure overwrites private records in place.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterator, Sequence

import msgspec

from waybillguard.ledger.entry import MAX_LEAF
from waybillguard.ledger.errors import BadEntryError

MAGIC = b"WGF1"
# magic, first index, count, public and private bytes, checksums: private, public, this header
_HEAD = struct.Struct(">4sQIIIIII")
HEADER = _HEAD.size
_PREFIX = struct.Struct(">4sQIIIII")
_MANY = 600
_LENGTH = [n.to_bytes(2, "big") for n in range(512)]


class Frame(msgspec.Struct, frozen=True):
    """One group commit read from a segment; ``offset`` is the position of its header in the segment."""

    first: int
    count: int
    offset: int
    public: bytes
    private: bytes
    private_crc: int

    @property
    def end(self) -> int:
        """The offset just after the frame."""
        return self.offset + HEADER + len(self.public) + len(self.private)

    @property
    def private_unchanged(self) -> bool:
        """Whether the private part is unchanged since it was written."""
        return zlib.crc32(self.private) == self.private_crc

    def leaves(self) -> list[bytes]:
        """Return the leaves; raises BadEntryError if their number differs from the header."""
        leaves = split_bundle(self.public)
        if len(leaves) != self.count:
            raise BadEntryError(zh="条目包与帧头不符", en="a frame holds more or fewer entries than it says")
        return leaves

    def records(self) -> list[tuple[int, bytes]]:
        """Return the private records with their offset in the segment; empty if the frame has none."""
        start = self.offset + HEADER + len(self.public)
        found, at, data = [], 0, self.private
        while at < len(data):
            length = int.from_bytes(data[at : at + 4], "big")
            at += 4
            found.append((start + at, data[at : at + length]))
            at += length
        if found and (at != len(data) or len(found) != self.count):
            raise BadEntryError(zh="条目的内容部分已损坏", en="the private part of a frame is damaged")
        return found


def bundle(leaves: Sequence[bytes]) -> bytes:
    """Return leaves as a C2SP entry bundle."""
    parts = []
    for leaf in leaves:
        size = len(leaf)
        parts.append(_LENGTH[size] if size < 512 else _long(size))  # noqa: PLR2004
        parts.append(leaf)
    return b"".join(parts)


def _long(size: int) -> bytes:
    if size > MAX_LEAF:
        raise BadEntryError(zh="条目过长", en=f"a leaf of {size} bytes is longer than {MAX_LEAF}")
    return size.to_bytes(2, "big")


def split_bundle(data: bytes) -> list[bytes]:
    """Return the leaves of an entry bundle; raises BadEntryError if it ends within a leaf."""
    if step := _even_step(data):
        return [data[at : at + step - 2] for at in range(2, len(data), step)]
    leaves = []
    at, end = 0, len(data)
    while at < end:
        start = at + 2
        at = start + (data[at] << 8 | data[at + 1] if start <= end else MAX_LEAF + 1)
        if at > end:
            raise BadEntryError(zh="条目包不完整", en="the entry bundle ends within an entry")
        leaves.append(data[start:at])
    return leaves


def bundle_hashes(data: bytes) -> list[bytes]:
    """Return the leaf hashes (RFC 6962) of an entry bundle; raises BadEntryError."""
    sha256 = hashlib.sha256
    if step := _even_step(data):
        size = step - 2
        return [sha256(b"\x00" + data[at : at + size]).digest() for at in range(2, len(data), step)]
    return [sha256(b"\x00" + leaf).digest() for leaf in split_bundle(data)]


def _even_step(data: bytes) -> int:
    """Return the distance between leaves of equal length (as ours are); 0 if lengths differ or leaves are few."""
    if len(data) < _MANY:
        return 0
    step = 2 + (data[0] << 8 | data[1])
    count, rest = divmod(len(data), step)
    even = not rest and data[::step] == data[:1] * count and data[1::step] == data[1:2] * count
    return step if even else 0


def encode_frame(first: int, leaves: Sequence[bytes], records: Sequence[bytes] = ()) -> bytes:
    """Return one frame; ``records`` is empty or has one item per leaf."""
    public = bundle(leaves)
    if records:
        parts: list[bytes] = []
        for record in records:
            parts += (len(record).to_bytes(4, "big"), record)
        private = b"".join(parts)
        private_crc = zlib.crc32(private)
    else:
        private, private_crc = b"", 0
    prefix = _PREFIX.pack(
        MAGIC, first, len(leaves), len(public), len(private), private_crc, zlib.crc32(public)
    )
    return b"".join((prefix, zlib.crc32(prefix).to_bytes(4, "big"), public, private))


def public_only(frame: bytes) -> bytes:
    """Return a frame without its private records; only this form leaves the machine."""
    _, first, count, public, _, _, public_crc, _ = _HEAD.unpack_from(frame)
    prefix = _PREFIX.pack(MAGIC, first, count, public, 0, 0, public_crc)
    return b"".join((prefix, zlib.crc32(prefix).to_bytes(4, "big"), frame[HEADER : HEADER + public]))


class BadFrameError(Exception):
    """The bytes at an offset are not a whole frame; ``short``: the file ends before the frame does.

    Internal to this package; callers always translate it into another result.
    """

    def __init__(self, offset: int, *, short: bool) -> None:
        super().__init__(offset)
        self.offset = offset
        self.short = short


def parse_header(data: bytes, offset: int) -> tuple[int, int, int, int]:
    """Return first index, count, public and private length of a header; raises BadFrameError."""
    if len(data) < HEADER:
        raise BadFrameError(offset, short=True)
    magic, first, count, public, private, _, _, crc = _HEAD.unpack_from(data)
    if magic != MAGIC or count == 0 or zlib.crc32(data[: HEADER - 4]) != crc:
        raise BadFrameError(offset, short=False)
    return first, count, public, private


def read_frame(data: bytes | memoryview, at: int, offset: int) -> Frame:
    """Parse the frame at ``data[at:]``, which lies at ``offset`` of its segment; raises BadFrameError."""
    start = at + HEADER
    if len(data) < start:
        raise BadFrameError(offset, short=True)
    magic, first, count, public_size, private_size, private_crc, public_crc, crc = _HEAD.unpack_from(data, at)
    if magic != MAGIC or zlib.crc32(data[at : start - 4]) != crc:
        raise BadFrameError(offset, short=False)
    middle = start + public_size
    if len(data) < middle + private_size:
        raise BadFrameError(offset, short=True)
    public = bytes(data[start:middle])
    if zlib.crc32(public) != public_crc:
        raise BadFrameError(offset, short=False)
    return Frame(first, count, offset, public, bytes(data[middle : middle + private_size]), private_crc)


def frames_of(data: bytes | memoryview, offset: int = 0) -> Iterator[Frame]:
    """Yield the frames of segment bytes that begin at ``offset`` of the file; raises BadFrameError."""
    at = 0
    while at < len(data):
        frame = read_frame(data, at, offset + at)
        yield frame
        at = frame.end - offset


_SECTOR = 512


def is_torn_frame(tail: bytes, offset: int, expected: int) -> bool:
    """Return whether the bad bytes at the end of a segment are a frame whose flush never finished.

    ``tail`` begins at ``offset`` of the file, where entry ``expected`` should begin. A frame is written only
    after the previous one was flushed, so no valid frame may follow. The frame is torn if the file ends
    within it, or if one of its disk sectors holds only zeros (unwritten sectors of a growing file read as
    zeros). Otherwise it was complete once and has been altered.
    """
    at = tail.find(MAGIC, 1)
    while at >= 0:
        try:
            if read_frame(tail, at, offset + at).first > expected:
                return False
        except BadFrameError:
            pass
        at = tail.find(MAGIC, at + 1)
    try:
        first, _, public, private = parse_header(tail, offset)
    except BadFrameError as bad:
        return bad.short or _has_blank_sector(tail, offset)
    whole = HEADER + public + private
    if first != expected or len(tail) > whole:
        return _has_blank_sector(tail, offset)
    return len(tail) < whole or _has_blank_sector(tail, offset)


def _has_blank_sector(tail: bytes, offset: int) -> bool:
    at = 0
    while at < len(tail):
        end = min(len(tail), at + _SECTOR - (offset + at) % _SECTOR)
        if not any(tail[at:end]):
            return True
        at = end
    return False
