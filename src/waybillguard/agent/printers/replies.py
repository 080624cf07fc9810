"""Status queries of label printers, and how to read the answers.

Sources: ZPL II programming guide, ~HS (host status return: three strings between STX and ETX); TSPL/TSPL2
programming manual, ``<ESC>!?`` (one byte of flags); CPCL programming manual, ``<ESC>h`` (one byte of flags);
ESC/POS command reference, DLE EOT 2, 3, 4 (a byte each, at once) and GS r 1 (a byte, in its turn).
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from waybillguard.agent.printers.model import Standing
from waybillguard.agent.protocol import Language

ZPL_QUERY: Final = b"~HS\r\n"
TSPL_QUERY: Final = b"\x1b!?"
CPCL_QUERY: Final = b"\x1bh"
ESCPOS_QUERY: Final = b"\x10\x04\x02\x10\x04\x03\x10\x04\x04\x1dr\x01"

_ZPL: Final = re.compile(rb"\x02([^\x02\x03]*)\x03\s*\x02([^\x02\x03]*)\x03\s*\x02([^\x02\x03]*)\x03")
_FIRST_FIELDS: Final = 12
_SECOND_FIELDS: Final = 9

_HEAD_OPEN: Final = 0x01
_JAM: Final = 0x02
_NO_PAPER: Final = 0x04
_NO_RIBBON: Final = 0x08
_PAUSED: Final = 0x10
_PRINTING: Final = 0x20
_OTHER: Final = 0x80

_CPCL_BUSY: Final = 0x01
_CPCL_NO_PAPER: Final = 0x02
_CPCL_OPEN: Final = 0x04
_CPCL_BATTERY: Final = 0x08  # 0x10 means that it was switched on since the last query, which is not a fault

_REAL_TIME: Final = 3
_COVER_OPEN, _STOPPED_BY_PAPER, _IN_ERROR = 0x04, 0x20, 0x40  # of DLE EOT 2
_CUTTER, _FATAL = 0x08, 0x20  # of DLE EOT 3
_PAPER_END: Final = 0x60  # of DLE EOT 4


class Dialect(NamedTuple):
    """The status query of printers of one language.

    ``read`` returns None while the answer is incomplete; ``unfinished`` gives the meaning of an incomplete answer.
    """

    query: bytes
    read: Callable[[bytes], Standing | None]
    unfinished: Callable[[bytes], Standing]


def zpl_standing(answer: bytes) -> Standing | None:
    """Read an answer to ~HS; None while it is incomplete.

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


def cpcl_standing(answer: bytes) -> Standing | None:
    """Read an answer to ``<ESC>h``; None while there is none."""
    if not answer:
        return None
    flags = answer[-1]
    if flags & _CPCL_OPEN:
        return Standing("head_open")
    if flags & _CPCL_NO_PAPER:
        return Standing("paper_out")
    detail = "battery" if flags & _CPCL_BATTERY else ""
    return Standing("busy", 1, detail) if flags & _CPCL_BUSY else Standing("ready", 0, detail)


def escpos_standing(answer: bytes) -> Standing | None:
    """Read an answer to ``ESCPOS_QUERY``; None while the printer has not processed the queued query.

    Answers to real-time queries have bit 4 set, answers to queued ones do not. A picture may contain the bytes of a
    real-time query, so stray answers can precede ours; the last three count.
    """
    at_once = [byte for byte in answer if byte & 0x93 == 0x12]  # noqa: PLR2004 - the bits that never change
    if len(at_once) < _REAL_TIME:
        return None
    offline, error, paper = at_once[-_REAL_TIME:]
    if offline & _COVER_OPEN:
        return Standing("head_open")
    if offline & _STOPPED_BY_PAPER or paper & _PAPER_END:
        return Standing("paper_out")
    if offline & _IN_ERROR or error & (_CUTTER | _FATAL):
        return Standing("error")
    in_turn = any(byte & 0x90 == 0 for byte in answer)
    return Standing("ready", 0) if in_turn else None


def _silent(_answer: bytes) -> Standing:
    return Standing("unknown")


def _still_printing(answer: bytes) -> Standing:
    return Standing("busy", 1) if answer else Standing("unknown")


DIALECTS: Final[dict[Language, Dialect]] = {
    "zpl": Dialect(ZPL_QUERY, zpl_standing, _silent),
    "tspl": Dialect(TSPL_QUERY, tspl_standing, _silent),
    "cpcl": Dialect(CPCL_QUERY, cpcl_standing, _silent),
    "escpos": Dialect(ESCPOS_QUERY, escpos_standing, _still_printing),
}
