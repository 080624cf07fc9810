"""CPCL, the language of portable label printers: the whole label as one binary graphic.

Source: the CPCL programming manual (``!``, PAGE-WIDTH, GAP-SENSE, CG, FORM, PRINT).
"""

from waybillguard.label.bits import packed
from waybillguard.label.model import Drawn


def to_cpcl(drawn: Drawn) -> bytes:
    """Return a job that prints the label once and contains all its settings.

    ``CG`` states how many bytes of graphic follow, so the printer never reads graphic data as commands.
    """
    rows = packed(drawn.bitmap)
    height, width_bytes = rows.shape
    # Starts with a line end, in case another program's job left a line unfinished.
    # 200 is the unit of the language, not the head's resolution: one dot of the graphic is one dot of any head.
    head = f"\r\n! 0 200 200 {height} 1\r\nPAGE-WIDTH {width_bytes * 8}\r\nGAP-SENSE\r\nCG {width_bytes} {height} 0 0 "
    return b"".join((head.encode("ascii"), rows.tobytes(), b"\r\nFORM\r\nPRINT\r\n"))
