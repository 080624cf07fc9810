"""ESC/POS in label mode, for heads at least as wide as the label: sends the dots in bands, then feeds a label.

Source: the ESC/POS command reference (ESC @, GS ( D, GS v 0, GS FF).
"""

from typing import Final

from waybillguard.label.bits import packed
from waybillguard.label.model import Drawn

_BAND: Final = 255
"""Rows per band; small firmware stores the count in one byte."""

_INITIALISE: Final = b"\x1b@"
# Bytes of a picture can look like real-time commands (DLE DC4: open the drawer, switch off), so these are disabled.
_NO_REAL_TIME_ACTS: Final = b"\x1d(D\x05\x00\x14\x01\x00\x02\x00"
_NEXT_LABEL: Final = b"\x1d\x0c"


def to_escpos(drawn: Drawn) -> bytes:
    """Return a job that prints the label once; the printer itself finds the start of the next label."""
    rows = packed(drawn.bitmap)
    parts = [_INITIALISE, _NO_REAL_TIME_ACTS]
    for top in range(0, len(rows), _BAND):
        band = rows[top : top + _BAND]
        parts += [b"\x1dv0\x00", _pair(band.shape[1]), _pair(len(band)), band.tobytes()]
    parts.append(_NEXT_LABEL)
    return b"".join(parts)


def _pair(number: int) -> bytes:
    return number.to_bytes(2, "little")
