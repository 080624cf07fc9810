"""Detect the character encoding of a text export, and decode it in bounded pieces.

The checks are, in order: byte-order mark; zero bytes at every second position (UTF-16 without a mark); strict
UTF-8 over the whole file; strict GB18030 over the whole file; otherwise the one of the two with fewer decoding
errors, so that one broken byte does not make the file unreadable. Damaged bytes become U+FFFD.
"""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

_PIECE = 1 << 18
_SAMPLE = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF16_ZERO_SHARE = 0.1
_OLD_PUA = re.compile("[\ue78d-\ue796\ue7c7\ue816-\ue818\ue81e-\ue864]")
# Code points that GB 18030-2000 assigned to the private use area and GB 18030-2005/2022 moved to Unicode.
_NEW_CODE_POINTS = str.maketrans(
    {
        0xE78D: 0xFE10,
        0xE78E: 0xFE12,
        0xE78F: 0xFE11,
        0xE790: 0xFE13,
        0xE791: 0xFE14,
        0xE792: 0xFE15,
        0xE793: 0xFE16,
        0xE794: 0xFE17,
        0xE795: 0xFE18,
        0xE796: 0xFE19,
        0xE7C7: 0x1E3F,
        0xE816: 0x20087,
        0xE817: 0x20089,
        0xE818: 0x200CC,
        0xE81E: 0x9FB4,
        0xE826: 0x9FB5,
        0xE82B: 0x9FB6,
        0xE82C: 0x9FB7,
        0xE831: 0x215D7,
        0xE832: 0x9FB8,
        0xE83B: 0x2298F,
        0xE843: 0x9FB9,
        0xE854: 0x9FBA,
        0xE855: 0x241FE,
        0xE864: 0x9FBB,
    }
)


def detect_encoding(stream: BinaryIO) -> tuple[str, int]:
    """Return the codec of a text stream and the length of its byte-order mark in bytes.

    The stream must be seekable; it is read to its end if it has no mark.
    """
    stream.seek(0)
    sample = stream.read(_SAMPLE)
    for mark, codec in _BOMS:
        if sample.startswith(mark):
            return codec, len(mark)
    codec = _utf16_without_mark(sample)
    if codec:
        return codec, 0
    if _damage(stream, "utf-8", most=0) == 0:
        return "utf-8", 0
    if _damage(stream, "gb18030", most=0) == 0:
        return "gb18030", 0
    return min(("utf-8", "gb18030"), key=lambda name: _damage(stream, name, most=None)), 0


def text_pieces(stream: BinaryIO, codec: str, skip: int) -> Iterator[str]:
    r"""Yield the decoded text in pieces of about 256 KiB.

    NUL characters are dropped; characters of the old private use area of GB 18030 become the code
    points they have today; line ends become ``\n``.
    """
    stream.seek(skip)
    decoder = codecs.getincrementaldecoder(codec)("replace")
    held = ""
    while raw := stream.read(_PIECE):
        text = held + decoder.decode(raw)
        held = ""
        if text.endswith("\r"):
            text, held = text[:-1], "\r"
        if text:
            yield _tidy(text)
    text = held + decoder.decode(b"", final=True)
    if text:
        yield _tidy(text)


def _tidy(text: str) -> str:
    if "\0" in text:
        text = text.replace("\0", "")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _OLD_PUA.search(text):
        text = text.translate(_NEW_CODE_POINTS)
    return text


def _utf16_without_mark(sample: bytes) -> str:
    pairs = len(sample) // 2
    if not pairs:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    few = pairs * _UTF16_ZERO_SHARE
    if odd > few and even * 10 < odd:
        return "utf-16-le"
    if even > few and odd * 10 < even:
        return "utf-16-be"
    return ""


def _damage(stream: BinaryIO, codec: str, *, most: int | None) -> int:
    """Count decoding errors; stop once there are more than ``most``."""
    stream.seek(0)
    if most == 0:
        decoder = codecs.getincrementaldecoder(codec)("strict")
        try:
            while raw := stream.read(_PIECE):
                decoder.decode(raw)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return 1
        return 0
    decoder = codecs.getincrementaldecoder(codec)("replace")
    found = 0
    while raw := stream.read(_PIECE):
        found += decoder.decode(raw).count("\ufffd")
    return found + decoder.decode(b"", final=True).count("\ufffd")
