"""CPCL, the language of portable label printers: the whole label as one binary graphic.

Source: the CPCL programming manual (``!``, PAGE-WIDTH, GAP-SENSE, CG, FORM, PRINT).
"""

from waybillguard.label.bits import packed
from waybillguard.label.model import Drawn


def to_cpcl(drawn: Drawn) -> bytes:
    """Return a job that prints the label once; every job sets up all it needs.

    The dots of ``CG`` are counted, so whatever bytes they hold, no command is read out of them.
    """
    rows = packed(drawn.bitmap)
    height, width_bytes = rows.shape
    # A line end first, for a line that somebody else's job left open.
    # 200 is the unit of the language, not the head: one dot of the graphic is one dot of any head.
    head = f"\r\n! 0 200 200 {height} 1\r\nPAGE-WIDTH {width_bytes * 8}\r\nGAP-SENSE\r\nCG {width_bytes} {height} 0 0 "
    return b"".join((head.encode("ascii"), rows.tobytes(), b"\r\nFORM\r\nPRINT\r\n"))
