"""Reads the content of a file: its kind by the first bytes, its hash, and its lines in any encoding."""

import hashlib
import io
from collections.abc import Iterable, Iterator
from itertools import count
from typing import BinaryIO

type Lines = Iterable[tuple[int, str]]
"""Lines with their numbers, from 1."""
MAX_TEXT = 256 << 20
_PIECE = 1 << 20
_MAX_LINE = 64_000
_EXPECTED = {
    ".evtx": "event_log", ".pf": "prefetch", ".dat": "hive", ".hve": "hive", ".hiv": "hive",
}  # fmt: skip
_HIVE_NAMES = {
    "system",
    "software",
    "sam",
    "security",
    "ntuser.dat",
    "usrclass.dat",
    "amcache.hve",
    "default",
}
_MAGIC = (
    (b"ElfFile\0", "event_log"),
    (b"regf", "hive"),
    (b"MAM\x04", "prefetch"),
    (b"MAM\x84", "prefetch"),
    (b"MZ", "binary"),
    (b"\x7fELF", "binary"),
)


def hash_of(stream: BinaryIO) -> tuple[bytes, str]:
    """Return the first 64 KiB and the SHA-256 of a stream."""
    digest, head = hashlib.sha256(), b""
    while piece := stream.read(_PIECE):
        head = head or piece[:65_536]
        digest.update(piece)
    return head, digest.hexdigest()


def kind_of(head: bytes) -> str:
    """Return the kind of a file by its first bytes."""
    if not head:
        return "empty"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[4:8] == b"SCCA":
        return "prefetch"
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"} or head[:3] == b"\xef\xbb\xbf":
        return "text"
    sample = head[:8192]
    return "other" if b"\0" in sample and not _looks_utf16(sample) else "text"


def expected_kind(name: str) -> str:
    """Return the kind of a file expected from its name; empty if the name implies none."""
    low = name.rpartition("/")[2].lower()
    ending = low[low.rfind(".") :] if "." in low else ""
    if low in _HIVE_NAMES and ("config" in name.lower() or low.endswith((".dat", ".hve"))):
        return "hive"
    return _EXPECTED.get(ending, "") if ending in {".evtx", ".pf", ".hve", ".hiv"} else ""


def _looks_utf16(sample: bytes) -> bool:
    odd = sample[1::2]
    return len(odd) > 8 and odd.count(0) > len(odd) * 0.6 and sample[::2].count(0) < len(odd) * 0.1  # noqa: PLR2004


def decode(data: bytes) -> str:
    """Return the text of bytes in UTF-16, UTF-8 or GB18030."""
    return data.decode(_encoding(data), "replace")


def _encoding(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16"
    if _looks_utf16(data):
        return "utf-16-le"
    try:
        data[: len(data) - 4].decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8-sig" if error.start > len(data) - 8 else "gb18030"
    return "utf-8-sig"


def encoding_of(stream: BinaryIO) -> str:
    """Return the encoding of a text by its beginning, and rewind the stream."""
    stream.seek(0)
    encoding = _encoding(stream.read(65_536))
    stream.seek(0)
    return encoding


def numbered(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """Yield numbered lines; overlong lines are cut, and reading stops at the limit."""
    encoding = encoding_of(stream)
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline=None)
    read = 0
    try:
        for number in count(1):
            line = text.readline(_MAX_LINE)
            if not line or read > MAX_TEXT:
                break
            read += len(line)
            yield number, line.rstrip("\r\n")
    finally:  # also if the caller stops early: otherwise the wrapper closes the stream
        text.detach()
