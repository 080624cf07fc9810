"""Writes a label as a PNG with one bit per dot and the resolution of the print head."""

import struct
import zlib
from typing import Final

from waybillguard.label.bits import packed
from waybillguard.label.model import Drawn
from waybillguard.label.templates import DOTS_PER_MM

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_BLACK_IS_ZERO: Final = 0xFF


def to_png(drawn: Drawn, *, level: int = 6) -> bytes:
    """Return the label as a greyscale PNG of bit depth 1; ``pHYs`` holds the resolution.

    It has no chunks for time, software or text, so the same label always gives the same bytes.
    """
    height, width = drawn.bitmap.shape
    rows = packed(drawn.bitmap) ^ _BLACK_IS_ZERO
    body = bytearray()
    for row in rows:
        body += b"\0"  # filter type none: no other filter helps one-bit rows
        body += row.tobytes()
    dots_per_metre = round(DOTS_PER_MM[drawn.dpi] * 1000)
    return b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)),
            _chunk(b"pHYs", struct.pack(">IIB", dots_per_metre, dots_per_metre, 1)),
            _chunk(b"IDAT", zlib.compress(bytes(body), level)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
