"""A simulated ESC/POS parser of a receipt or label printer.

From Epson's command references (TM-T88III, TM-T81, TM-L90: ESC @, GS v 0, GS ( L, GS 8 L, ESC d, ESC J, FF, GS V,
ESC *, GS r, GS ( H, DLE EOT) and the manuals of SNBC and SPRT for GS FF, independently of the code under test.
"""

import queue
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from support.printed import WrongJobError

if TYPE_CHECKING:
    from support.printer import Simulator

type Dots = NDArray[np.bool_]  # (rows, dots of the head), True is black

DLE, ESC, GS, FS = 0x10, 0x1B, 0x1D, 0x1C
LINE = 30  # dots of one line feed: 1/6 inch at 180 dpi
LONGEST_FEED = 8128  # dots: 40 inches
LETTER, LETTER_ROWS = 12, 24  # dots: font A
LARGEST_BAND = 2303  # maximum rows of GS v 0 in Epson's documentation: yH <= 8
ONE_BYTE_BAND = 255  # maximum rows of firmware that reads only yL
# Commands that draw nothing, with the number of bytes after their name.
ESC_SKIPS = (
    dict.fromkeys(b"SLim", 0) | dict.fromkeys(b"!EGMtR -{=Vru", 1) | {0x63: 2, 0x70: 3, 0x24: 2, 0x5C: 2}
)
GS_SKIPS = dict.fromkeys(b"!BHhwf/b", 1) | {0x50: 2, 0x24: 2, 0x5C: 2, 0x5E: 3, 0x3A: 0}
FS_SKIPS = dict.fromkeys(b".&", 0) | dict.fromkeys(b"!C-W", 1) | {0x53: 2, 0x70: 2}


@dataclass
class Settings:
    """Printer settings that persist across jobs and connections until ESC @; lengths in dots."""

    align: int = 0  # ESC a: 0 left, 1 middle, 2 right
    left: int = 0  # GS L
    area: int | None = None  # GS W; None: up to the end of the head
    line: int = LINE  # ESC 3


def status(printer: "Simulator", kind: int) -> bytes:
    """Return the byte of DLE EOT ``kind`` (1 printer, 2 off-line cause, 3 error, 4 paper); bits 1 and 4 are set."""
    out, error = printer.paper == 0, printer.cutter_stuck or printer.head_hot
    bits = {
        1: 0x04 * printer.drawer_pin | 0x08 * printer.offline,
        2: 0x04 * printer.head_open | 0x20 * out | 0x40 * error,
        3: 0x08 * printer.cutter_stuck | 0x40 * printer.head_hot,
        4: 0x0C * (printer.near_end or out) | 0x60 * out,
    }
    return bytes([0x12 | bits[kind]])


class Incomplete(Exception):  # noqa: N818 - not an error: more data is needed
    """The rest of a command has not arrived yet."""


class Reader:
    """Reads bytes from the start of the received data; nothing is consumed until ``rest`` is read."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, count: int) -> bytes:
        if self._at + count > len(self._data):
            raise Incomplete
        self._at += count
        return self._data[self._at - count : self._at]

    def byte(self) -> int:
        return self.take(1)[0]

    def word(self) -> int:
        return int.from_bytes(self.take(2), "little")

    def until_nul(self) -> None:
        while self.byte():
            pass

    @property
    def rest(self) -> bytes:
        return self._data[self._at :]


class Parser:
    """Parses the stream of one connection: real-time requests at once, all other commands in order."""

    def __init__(self, printer: "Simulator", connection: socket.socket) -> None:
        self._printer, self._connection = printer, connection
        self._buffer = b""
        self._tail = b""  # the last two bytes: a request may arrive in two pieces
        self._rows: list[Dots] = []
        self._letters = 0
        self._stored: Dots | None = None
        self._queue: queue.SimpleQueue[bytes] | None = None

    def feed(self, piece: bytes) -> None:
        self._real_time(piece)
        if not self._printer.speed:
            self._work(piece)
            return
        if self._queue is None:  # a slow printer prints while it receives data
            self._queue = queue.SimpleQueue()
            threading.Thread(target=self._later, args=(self._queue,), daemon=True).start()
        self._queue.put(piece)

    def close(self) -> None:
        """End the connection; rows printed so far do not form a label."""
        if self._rows:
            self._printer.scraps.append(image(np.vstack(self._rows)))

    def _later(self, pieces: "queue.SimpleQueue[bytes]") -> None:
        while True:
            try:
                self._work(pieces.get())
            except (WrongJobError, OSError) as error:
                self._printer.faults.append(f"{type(error).__name__}: {error}")
                return

    def _real_time(self, piece: bytes) -> None:
        """Answer DLE EOT 1 to 4 anywhere in the stream, even within graphic data, of which they remain a part."""
        seen = self._tail + piece
        at = seen.find(b"\x10\x04")
        while 0 <= at < len(seen) - 2:
            if 1 <= seen[at + 2] <= 4:
                self._printer.reply(self._connection, status(self._printer, seen[at + 2]))
            at = seen.find(b"\x10\x04", at + 1)
        self._tail = seen[-2:]

    def _work(self, piece: bytes) -> None:
        self._buffer += piece
        while self._buffer:
            reader = Reader(self._buffer)
            try:
                self._command(reader)
            except Incomplete:
                return
            self._buffer = reader.rest

    # --- commands -----------------------------------------------------------------------------------

    def _command(self, reader: Reader) -> None:
        first = reader.byte()
        if first == DLE:
            self._skip_real_time(reader)
        elif first == ESC:
            self._escape(reader)
        elif first == GS:
            self._group(reader)
        elif first == FS:
            self._kanji(reader)
        elif first == 0x0A:
            self._feed(self._printer.settings.line)
        elif first == 0x0C:
            self._form_feed(blank=True)
        elif first >= 0x20:
            self._letter(first)

    def _skip_real_time(self, reader: Reader) -> None:
        """Skip a real-time command, because it was executed on arrival."""
        kind = reader.byte()
        if kind == 0x14:
            reader.take({1: 2, 2: 2, 8: 7}.get(reader.byte(), 0))
        elif kind in {0x04, 0x05} and reader.byte() in {7, 8, 18}:
            reader.byte()

    def _kanji(self, reader: Reader) -> None:
        name = reader.byte()
        if name == ord("("):
            self._long(reader, wide=False, family="FS")
        else:
            self._skip(reader, "FS", FS_SKIPS, name)

    def _escape(self, reader: Reader) -> None:
        name, settings = chr(reader.byte()), self._printer.settings
        if name == "@":
            self._printer.settings = Settings()
            self._letters, self._stored = 0, None
        elif name == "d":
            self._feed(reader.byte() * settings.line)
        elif name == "J":
            self._feed(reader.byte())
        elif name == "3":
            settings.line = reader.byte()
        elif name == "2":
            settings.line = LINE
        elif name == "a":
            settings.align = min(2, reader.byte() % 48)
        elif name == "*":
            mode, columns = reader.byte(), reader.word()
            reader.take(columns * (3 if mode in {32, 33} else 1))
            self._printer.ignored.append("ESC *")
        elif name == "D":
            reader.until_nul()
        elif name == "L":
            raise WrongJobError("page mode: draw the label in standard mode")
        else:
            self._skip(reader, "ESC", ESC_SKIPS, ord(name))

    def _group(self, reader: Reader) -> None:
        name, settings = chr(reader.byte()), self._printer.settings
        if name == "v":
            self._raster(reader)
        elif name in "(8":
            self._long(reader, wide=name == "8")
        elif name == "\x0c":
            self._form_feed(blank=False)
        elif name == "V":
            if (how := reader.byte()) not in {0, 1, 48, 49}:
                self._feed(reader.byte() if how in {65, 66, 97, 98, 103, 104} else 0)
            self._cut()
        elif name in "LW":
            setattr(settings, "left" if name == "L" else "area", reader.word())
        else:
            self._ask(reader, name)

    def _ask(self, reader: Reader, name: str) -> None:
        if name == "r":
            self._in_turn(b"\x00" if reader.byte() in {2, 50} else bytes([0x03 * self._printer.near_end]))
        elif name == "a":
            if reader.byte():
                raise WrongJobError("automatic status would mix with the answers that are asked for")
        elif name == "k":
            self._bars(reader)
        else:
            self._skip(reader, "GS", GS_SKIPS, ord(name))

    def _skip(self, reader: Reader, family: str, table: dict[int, int], name: int) -> None:
        if name not in table:  # an undefined command is ignored; the bytes after it are text
            self._printer.ignored.append(f"{family} {name:02X}")
        else:
            reader.take(table[name])

    def _bars(self, reader: Reader) -> None:
        if reader.byte() <= 6:
            reader.until_nul()
        else:
            reader.take(reader.byte())
        self._printer.ignored.append("GS k")

    def _long(self, reader: Reader, *, wide: bool, family: str = "GS") -> None:
        """Handle GS ( x, GS 8 x and FS ( x: a length, then that many bytes."""
        name = reader.byte()
        data = reader.take(int.from_bytes(reader.take(4 if wide else 2), "little"))
        if family == "FS":
            self._printer.ignored.append(f"FS ( {chr(name)}")
        elif name == ord("L") and data[1:2] == b"p":  # function 112: store
            self._store(data)
        elif name == ord("L") and data[1:2] in {b"2", b"\x02"}:
            if self._stored is not None:
                self._print_rows(self._stored)
            self._stored = None
        elif name == ord("H") and data[:2] == b"00":
            self._in_turn(b"\x37\x22" + data[2:6] + b"\x00")
        elif name != ord("D"):
            self._printer.ignored.append(f"GS ( {chr(name)}")

    def _store(self, data: bytes) -> None:
        bx, by = data[3:5]
        width, height = int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
        dots = data[10:]
        if not {bx, by} <= {1, 2} or not width or len(dots) != -(-width // 8) * height:
            raise WrongJobError(f"GS ( L: {len(dots)} bytes for {width} by {height} dots")
        self._stored = unpacked(dots, height, bx, by)[:, : width * bx]

    def _in_turn(self, answer: bytes) -> None:
        """Answer a request in the stream after everything before it is printed."""
        if not self._printer.waiting and not self._printer.offline:
            self._printer.reply(self._connection, answer)

    # --- dots ---------------------------------------------------------------------------------------

    def _raster(self, reader: Reader) -> None:
        zero, mode, row, height = reader.byte(), reader.byte() % 48, reader.word(), reader.word()
        if zero != 0x30 or mode > 3 or not row or not height:
            self._printer.ignored.append("GS v out of range")
            return  # its data is then printed as text
        limit = self._printer.band_rows
        if height > limit:
            self._printer.ignored.append(f"GS v 0 of {height} rows, {limit} at most")
            height = height & 0xFF if limit == ONE_BYTE_BAND else 0
        data = reader.take(row * height)
        if self._letters:
            self._printer.ignored.append("GS v 0 in a line that holds text")
        elif height:
            self._print_rows(unpacked(data, height, 1 + (mode & 1), 1 + (mode >> 1)))

    def _print_rows(self, dots: Dots) -> None:
        """Print from the left margin; dots beyond the print area are cut off."""
        settings, head = self._printer.settings, self._printer.head
        left = min(settings.left, head)
        area = min(head - left if settings.area is None else settings.area, head - left)
        start = left + max(0, area - dots.shape[1]) * settings.align // 2
        kept = dots[:, : left + area - start]
        self._printer.lost += int(dots[:, kept.shape[1] :].sum())
        rows = np.zeros((len(dots), head), dtype=np.bool_)
        rows[:, start : start + kept.shape[1]] = kept
        self._rows.append(rows)

    def _letter(self, code: int) -> None:
        self._printer.text_printed += bytes([code]).decode("latin-1")
        self._letters += 1
        if self._letters * LETTER >= self._printer.head:
            self._feed(self._printer.settings.line)

    def _feed(self, rows: int) -> None:
        """Print the current line, with each letter as a black box, and feed the paper."""
        rows = min(rows, LONGEST_FEED)
        made = np.zeros((max(rows, LETTER_ROWS if self._letters else 0), self._printer.head), dtype=np.bool_)
        for index in range(self._letters):
            made[: LETTER_ROWS - 4, index * LETTER : index * LETTER + LETTER - 2] = True
        self._letters = 0
        self._rows.append(made)

    def _form_feed(self, *, blank: bool) -> None:
        """Feed to the next label; at the top of a label, GS FF does nothing and FF ejects a blank label."""
        if not self._printer.label_paper:
            self._printer.ignored.append("form feed on a continuous roll")
            return
        self._feed(0)
        if blank and not any(len(rows) for rows in self._rows):
            self._printer.ignored.append("form feed of a blank label")
        self._page()

    def _cut(self) -> None:
        self._feed(0)
        self._page()

    def _page(self) -> None:
        """Turn the printed rows into labels; rows beyond one label continue on the next."""
        rows, self._rows = [part for part in self._rows if len(part)], []
        if not rows:
            return
        page = np.vstack(rows)
        length = self._printer.label_rows or len(page)
        for top in range(0, len(page), length):
            self._printer.take(image(page[top : top + length]))


def unpacked(data: bytes, height: int, across: int, down: int) -> Dots:
    """Return the dots of rows of whole bytes, repeated ``across`` and ``down`` times."""
    bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8).reshape(height, -1), axis=1).astype(np.bool_)
    return bits.repeat(across, axis=1).repeat(down, axis=0)


def image(dots: Dots) -> Image.Image:
    return Image.fromarray(~dots).convert("1")
