"""Replays the transaction logs of a registry hive that was copied while in use.

Windows writes changes to the logs first (``.LOG1``, ``.LOG2``) and up to an hour later to the hive. What was planted
last may stand in the logs alone. Both formats follow the specification of the registry file format by M. Suhanov.
"""

import struct
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import xor
from typing import Final, NamedTuple

ENDINGS: Final = (".log1", ".log2", ".log")
MAX_SIZE: Final = 64 << 20
"""Bytes read of each log: its hashes take about 0.7 s per MiB."""
_BINS, _SECTOR, _PAGE = 4096, 512, 4096
_ENTRY: Final = struct.Struct("<4sIIIII8s8s")
_REFERENCE: Final = struct.Struct("<II")
_MOST: Final = 256 << 20
_SEED: Final = 0x82EF4D887A4E55C5
_32: Final = 0xFFFFFFFF


class _Entry(NamedTuple):
    """Pages that were written at once: offset in the bins, and content. ``bins`` is the size of all bins afterwards.

    A damaged entry has no pages and no bins.
    """

    sequence: int
    bins: int = 0
    pages: tuple[tuple[int, bytes], ...] = ()


def is_log(head: bytes) -> bool:
    """Return whether a file that starts like a hive is a log of one."""
    return head[:4] == b"regf" and len(head) >= _SECTOR and _word(head, 28) in {1, 2, 6}


def is_dirty(hive: bytes) -> bool:
    """Return whether changes are missing in a hive: Windows writes the second number once all of them are in it."""
    return _word(hive, 4) != _word(hive, 8) or not _is_sound(hive)


def replay(hive: bytes, logs: Sequence[bytes]) -> bytes | None:
    """Return a dirty hive with the changes of its logs; it stays dirty if some are damaged. None: no log fits."""
    logs = [log for log in logs if is_log(log)]
    if not _is_sound(hive):
        heads = [log[:_SECTOR] for log in logs if _is_sound(log)]
        hive = min(heads, key=lambda head: _word(head, 8), default=b"") + hive[_SECTOR if heads else 0 :]
    newer = [entry for log in logs for entry in _entries(log) if entry.sequence >= _word(hive, 8)]
    entries = {entry.sequence: entry for entry in newer if entry.bins}
    if not entries:
        return next((done for log in logs if (done := _replay_old(hive, log))), None)
    whole, sequence = bytearray(hive), _word(hive, 8)
    while entry := entries.get(sequence):
        _resize(whole, entry.bins)
        for offset, page in entry.pages:
            whole[_BINS + offset : _BINS + offset + len(page)] = page
        sequence += 1
    last = max(entry.sequence for entry in newer) + 1
    return _with_numbers(whole, last, sequence)


def _entries(log: bytes) -> Iterator[_Entry]:
    """Yield the entries of a log from its start to the first damaged one; what lies behind is older."""
    at = _SECTOR
    while log[at : at + 4] == b"HvLE":
        head = log[at : at + _ENTRY.size].ljust(_ENTRY.size, b"\0")
        _, size, _, sequence, bins, count, body_hash, head_hash = _ENTRY.unpack(head)
        body = log[at + _ENTRY.size : at + size]
        sound = (
            size % _SECTOR == 0
            and len(body) == size - _ENTRY.size
            and bins % _PAGE == 0
            and 0 < bins <= _MOST
            and _marvin32(head[:32]) == head_hash
            and _marvin32(body) == body_hash
        )
        pages = _pages(body, count, bins) if sound else None
        if pages is None:
            yield _Entry(sequence)
            return
        yield _Entry(sequence, bins, pages)
        at += size


def _pages(body: bytes, count: int, bins: int) -> tuple[tuple[int, bytes], ...] | None:
    """Return the pages of an entry; None if one lies outside the entry or the bins."""
    pages, start = [], count * _REFERENCE.size
    if start > len(body):
        return None
    for offset, length in _REFERENCE.iter_unpack(body[:start]):
        if offset + length > bins or start + length > len(body):
            return None
        pages.append((offset, body[start : start + length]))
        start += length
    return tuple(pages)


def _replay_old(hive: bytes, log: bytes) -> bytes | None:
    """Replay a log as written before Windows 8.1: a bitmap of 512-byte pages, then the pages themselves."""
    bins = _word(log, 40)
    bits = log[_SECTOR + 4 : _SECTOR + 4 + bins // _SECTOR // 8]
    fits = log[_SECTOR : _SECTOR + 4] == b"DIRT" and not is_dirty(log) and log[12:20] == hive[12:20]
    if not fits or bins > _MOST:
        return None
    dirty = [8 * at + bit for at, byte in enumerate(bits) for bit in range(8) if byte >> bit & 1]
    start = _SECTOR + -(-(4 + len(bits)) // _SECTOR) * _SECTOR
    if not dirty or start + len(dirty) * _SECTOR > len(log):
        return None
    whole = bytearray(hive)
    _resize(whole, bins)
    for at, page in enumerate(dirty):
        begin = start + at * _SECTOR
        whole[_BINS + page * _SECTOR : _BINS + (page + 1) * _SECTOR] = log[begin : begin + _SECTOR]
    return _with_numbers(whole, _word(log, 4), _word(log, 8)) if _has_bins(whole) else None


def _has_bins(hive: bytearray) -> bool:
    """Return whether the bins follow one another to the end."""
    at = _BINS
    while at < _BINS + _word(hive, 40):
        size = _word(hive, at + 8)
        if hive[at : at + 4] != b"hbin" or size < _PAGE or size % _PAGE:
            return False
        at += size
    return True


def _with_numbers(hive: bytearray, begun: int, ended: int) -> bytes:
    struct.pack_into("<II", hive, 4, begun, ended)
    struct.pack_into("<I", hive, 28, 0)
    struct.pack_into("<I", hive, 508, _checksum(hive))
    return bytes(hive)


def _is_sound(head: bytes) -> bool:
    return _checksum(head) == _word(head, 508)


def _checksum(head: bytes | bytearray) -> int:
    """Return the checksum of a base block: its first 127 words combined by XOR; 0 and -1 are not used."""
    found: int = reduce(xor, struct.unpack("<127I", head[:508].ljust(508, b"\0")))
    return {0: 1, _32: _32 - 1}.get(found, found)


def _resize(hive: bytearray, bins: int) -> None:
    hive.extend(bytes(max(0, _BINS + bins - len(hive))))
    struct.pack_into("<I", hive, 40, bins)


def _word(data: bytes | bytearray, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _marvin32(data: bytes, seed: int = _SEED) -> bytes:
    """Return Microsoft's Marvin32 hash of some bytes, as it stands in a log."""
    low, high = seed & _32, seed >> 32
    padded = data + b"\x80" + bytes(-(len(data) + 1) % 4)
    for (word,) in struct.iter_unpack("<I", padded + bytes(4)):
        low = low + word & _32
        high ^= low
        low = (low << 20 | low >> 12) + high & _32
        high = (high << 9 | high >> 23) & _32 ^ low
        low = (low << 27 | low >> 5) + high & _32
        high = (high << 19 | high >> 13) & _32
    return struct.pack("<II", low, high)
