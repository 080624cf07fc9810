"""What label printers answer when asked how they stand.

Sources: ZPL II programming guide, ~HS (host status return: three strings between STX and ETX); TSPL/TSPL2
programming manual, ``<ESC>!?`` (one byte of flags).
"""

import re
from typing import Final

from waybillguard.agent.printers.model import Standing

ZPL_QUERY: Final = b"~HS\r\n"
TSPL_QUERY: Final = b"\x1b!?"

_ZPL: Final = re.compile(rb"\x02([^\x03]*)\x03\s*\x02([^\x03]*)\x03\s*\x02([^\x03]*)\x03")
_FIRST_FIELDS: Final = 12
_SECOND_FIELDS: Final = 9

_HEAD_OPEN: Final = 0x01
_JAM: Final = 0x02
_NO_PAPER: Final = 0x04
_NO_RIBBON: Final = 0x08
_PAUSED: Final = 0x10
_PRINTING: Final = 0x20
_OTHER: Final = 0x80


def zpl_standing(answer: bytes) -> Standing | None:
    """Read an answer to ~HS; None while it is not whole.

    String 1: interface, paper out, pause, label length, formats in the buffer, buffer full, …
    String 2: function settings, unused, head up, ribbon out, …, labels remaining, …
    """
    found = _ZPL.search(answer)
    if found is None:
        return None
    first, second = found[1].split(b","), found[2].split(b",")
    if len(first) < _FIRST_FIELDS or len(second) < _SECOND_FIELDS:
        return Standing("unknown", detail="~HS")
    try:
        waiting = int(first[4]) + int(second[8])
    except ValueError:
        return Standing("unknown", detail="~HS")
    for flag, state in (
        (second[2], "head_open"),
        (first[1], "paper_out"),
        (second[3], "ribbon_out"),
        (first[2], "paused"),
    ):
        if flag.strip() == b"1":
            return Standing(state, waiting)  # type: ignore[arg-type]  # the states above
    return Standing("busy" if waiting else "ready", waiting)


def tspl_standing(answer: bytes) -> Standing | None:
    """Read an answer to ``<ESC>!?``; None while there is none."""
    if not answer:
        return None
    flags = answer[-1]
    for flag, state in (
        (_HEAD_OPEN, "head_open"),
        (_JAM, "error"),
        (_NO_PAPER, "paper_out"),
        (_NO_RIBBON, "ribbon_out"),
        (_OTHER, "error"),
        (_PAUSED, "paused"),
    ):
        if flags & flag:
            return Standing(state, detail="jam" if flag == _JAM else "")  # type: ignore[arg-type]  # as above
    return Standing("busy", 1) if flags & _PRINTING else Standing("ready", 0)
