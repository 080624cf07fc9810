"""TSPL, the language of most Chinese waybill printers: sends the whole label as one BITMAP.

Source: the command reference of TSPL2 (SIZE, GAP, DIRECTION, CLS, BITMAP, PRINT).
"""

from typing import Final

from waybillguard.label.bits import packed
from waybillguard.label.model import Drawn

_WHITE_IS_ONE: Final = 0xFF


def to_tspl(drawn: Drawn, *, gap_mm: int = 2) -> bytes:
    """Return a job that prints the label once; ``gap_mm`` is the space between labels on the roll.

    Each job contains all its settings, so one file may hold several jobs.
    """
    rows = packed(drawn.bitmap)
    height, width_bytes = rows.shape
    width_mm, height_mm = drawn.size.millimetres
    head = (
        f"SIZE {width_mm} mm,{height_mm} mm\r\nGAP {gap_mm} mm,0 mm\r\n"
        "DIRECTION 1\r\nREFERENCE 0,0\r\nCLS\r\n"
        f"BITMAP 0,0,{width_bytes},{height},0,"
    )
    return b"".join((head.encode("ascii"), (rows ^ _WHITE_IS_ONE).tobytes(), b"\r\nPRINT 1,1\r\n"))
