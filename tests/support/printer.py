"""A simulated label printer on a socket, following the manufacturers' manuals.

It accepts ZPL, TSPL, CPCL or ESC/POS, answers status requests, and draws the labels it would print.

ZPL and TSPL are here, written from the ZPL II programming guide (^XA, ^PW, ^LL, ^LH, ^FO, ^GF, ~DG, ^XG, ^BY, ^BC,
^BQ, ^FD, ^FS, ^PQ, ~HS; the :Z64: form and its CRC-16) and the TSPL2 manual (SIZE, CLS, BITMAP, PRINT, <ESC>!?),
independently of the code under test; ``cpcl`` and ``escpos`` in this folder implement the other two languages.
"""

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Self

import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from support import cpcl, escpos
from support.printed import Page, WrongJobError, graphic, modules


@dataclass
class Simulator:
    """The printer. ``paper`` is the number of labels left (None: unlimited); ``answers``: it reports its state.

    ``speaks`` is its language; "" detects the language of each connection from the first bytes.
    ``ignored`` lists the requests that the printer ignored; it stays empty for a correct job.
    """

    paper: int | None = None
    answers: bool = True
    speed: float = 0.0  # seconds per label
    cut_after: int | None = None  # close each connection after this many bytes
    labels: list[Image.Image] = field(default_factory=list)
    waiting: list[Image.Image] = field(default_factory=list)
    stored: dict[str, Image.Image] = field(default_factory=dict)
    received: int = 0
    questions: int = 0
    faults: list[str] = field(default_factory=list)
    head_open: bool = False
    on_bytes: Callable[[int], None] | None = None
    keeps_stream: bool = False
    stream: bytearray = field(default_factory=bytearray)
    speaks: Literal["", "cpcl", "escpos"] = ""
    head: int = 832  # width in dots: 832 for 104 mm, 576 for 72 mm (80 mm paper)
    dpi: int = 203
    ignored: list[str] = field(default_factory=list)
    lost: int = 0  # black dots of graphics beyond the head or the label; 0 for a correct job
    text_printed: str = ""  # bytes outside any command or session, which a real printer prints as text
    printing: bool = False
    # CPCL: how a command line ends, and the bits of ESC h
    line_end: str = "CR-LF"
    battery_low: bool = False
    was_reset: bool = True
    # ESC/POS: paper, firmware limits, rows of an interrupted job, and the bits of DLE EOT
    label_paper: bool = True
    label_rows: int | None = None  # length of a label; None: as long as its content
    band_rows: int = escpos.LARGEST_BAND
    scraps: list[Image.Image] = field(default_factory=list)
    settings: escpos.Settings = field(default_factory=escpos.Settings)
    drawer_pin: bool = True  # high if no cash drawer is connected
    near_end: bool = False
    cutter_stuck: bool = False
    head_hot: bool = False

    def __enter__(self) -> Self:
        self._lock = threading.RLock()
        self._open: list[socket.socket] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self._on = True
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.power_off()

    @property
    def uri(self) -> str:
        return f"raw://127.0.0.1:{self.port}"

    def power_off(self) -> None:
        """Switch the printer off and discard unprinted data."""
        self._on = False
        with self._lock:
            self.waiting.clear()
            with contextlib.suppress(OSError):
                self._server.shutdown(socket.SHUT_RDWR)  # wakes the accepting thread
            self._server.close()
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue

    def power_on(self) -> None:
        self._server = socket.create_server(("127.0.0.1", self.port))
        self._on = self.was_reset = True
        self.settings = escpos.Settings()
        threading.Thread(target=self._serve, daemon=True).start()

    def load(self, labels: int | None) -> None:
        """Load paper; waiting labels are printed."""
        with self._lock:
            self.paper = labels
            waiting, self.waiting = self.waiting, []
            for page in waiting:
                self._print(page)

    def wait_for(self, labels: int, seconds: float = 10.0) -> None:
        deadline = time.monotonic() + seconds
        while len(self.labels) < labels:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(self.labels)} labels instead of {labels}; faults: {self.faults}")
            time.sleep(0.01)

    def codes(self, index: int = -1) -> dict[str, str]:
        """Read the barcodes of a label: format → text."""
        found = zxingcpp.read_barcodes(self.labels[index].convert("L"))
        return {code.format.name: code.text for code in found}

    def dots(self, index: int = -1) -> NDArray[np.bool_]:
        """Return the dots of a label as an array (rows, dots of the head); True is black."""
        return ~np.asarray(self.labels[index])

    @property
    def offline(self) -> bool:
        return self.paper == 0 or self.head_open or self.cutter_stuck or self.head_hot

    # --- the wire ---------------------------------------------------------------------------------

    def _serve(self) -> None:
        server = self._server
        while self._on:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        kinds: dict[str, type[Parser | cpcl.Parser | escpos.Parser]] = {
            "": Parser,
            "cpcl": cpcl.Parser,
            "escpos": escpos.Parser,
        }
        parser, taken = kinds[self.speaks](self, connection), 0
        with connection, contextlib.closing(parser):
            while True:
                try:
                    piece = connection.recv(4096)
                except OSError:
                    return
                if not piece:
                    return
                taken += len(piece)
                self.received += len(piece)
                if self.keeps_stream:
                    self.stream += piece
                if self.on_bytes is not None:
                    self.on_bytes(taken)
                if self.cut_after is not None and taken > self.cut_after:
                    self.cut_after = None
                    return
                try:
                    parser.feed(piece)
                except (WrongJobError, ValueError, KeyError, OSError) as error:
                    self.faults.append(f"{type(error).__name__}: {error}")
                    return

    def answer(self, connection: socket.socket, language: str) -> None:
        """Return the printer's status as defined in the manual."""
        self.questions += 1
        if not self.answers:
            return
        with self._lock:
            out = self.paper == 0
            left = len(self.waiting)
        if language == "tspl":
            flags = (0x04 if out else 0) | (0x01 if self.head_open else 0)
            connection.sendall(bytes([flags or (0x20 if left else 0)]))
            return
        first = f"030,{int(out)},0,1040,000,0,0,0,000,0,0,0"
        second = f"000,0,{int(self.head_open)},0,0,2,4,0,{left:08d},1,000"
        connection.sendall("".join(f"\x02{text}\x03\r\n" for text in (first, second, "1234,0")).encode())

    def reply(self, connection: socket.socket, answer: bytes) -> None:
        """Send the response to one request, if this printer answers at all."""
        self.questions += 1
        if self.answers:
            connection.sendall(answer)

    def take(self, page: Image.Image) -> None:
        """Print a page, or hold it until there is paper."""
        self.printing = bool(self.speed)
        if self.speed:
            time.sleep(self.speed)
        with self._lock:
            self._print(page)
        self.printing = False

    def _print(self, page: Image.Image) -> None:
        if self.offline:
            self.waiting.append(page)
            return
        if self.paper is not None:
            self.paper -= 1
        self.labels.append(page)


class Parser:
    """Parses the stream of one connection; the language is detected from its first command."""

    def __init__(self, printer: Simulator, connection: socket.socket) -> None:
        self._printer, self._connection = printer, connection
        self._buffer = b""
        self._page = Page(832, 1200)
        self._size = (832, 1200)
        self._copies = 1
        self._at = (0, 0)
        self._bar, self._height = 2, 10
        self._symbol: tuple[str, list[str]] | None = None
        self._data = ""
        self._first = True
        self._other: cpcl.Parser | escpos.Parser | None = None

    def feed(self, piece: bytes) -> None:
        self._buffer += piece
        if self._first and len(start := self._buffer.lstrip(b"\r\n ")) > 1:
            self._first = False
            if start.startswith((b"!", b"\x1bh", b"\x1bN")):
                self._other = cpcl.Parser(self._printer, self._connection)
            elif start.startswith((b"\x10", b"\x1b@", b"\x1d")):
                self._other = escpos.Parser(self._printer, self._connection)
        if self._other is not None:
            piece, self._buffer = self._buffer, b""
            self._other.feed(piece)
            return
        while self._step():
            pass

    def close(self) -> None:
        if self._other is not None:
            self._other.close()

    def _step(self) -> bool:
        self._buffer = self._buffer.lstrip(b"\r\n ")
        if not self._buffer:
            return False
        if self._buffer[:1] in b"^~":
            return self._zpl()
        return self._tspl()

    # --- TSPL -------------------------------------------------------------------------------------

    def _tspl(self) -> bool:
        if self._buffer[:1] == b"\x1b":
            if len(self._buffer) < 3:
                return False
            if self._buffer[:3] != b"\x1b!?":
                raise WrongJobError("escape")
            self._buffer = self._buffer[3:]
            self._printer.answer(self._connection, "tspl")
            return True
        if bitmap := re.match(rb"BITMAP (\d+),(\d+),(\d+),(\d+),0,", self._buffer):
            x, y, row, height = (int(number) for number in bitmap.groups())
            end = bitmap.end() + row * height
            if len(self._buffer) < end:
                return False
            dots = Image.frombytes("1", (row * 8, height), self._buffer[bitmap.end() : end])
            self._page.put(dots, x, y)
            self._buffer = self._buffer[end:]
            return True
        line, found, rest = self._buffer.partition(b"\n")
        if not found:
            return False
        self._buffer = rest
        self._tspl_line(line.rstrip(b"\r").decode("ascii"))
        return True

    def _tspl_line(self, line: str) -> None:
        word, _, values = line.partition(" ")
        if word == "SIZE":
            width, height = (float(part.replace("mm", "")) for part in values.split(","))
            self._size = (round(width * 8), round(height * 8))
        elif word == "CLS":
            self._page = Page(*self._size)
        elif word == "PRINT":
            sets, copies = (int(part) for part in values.split(","))
            for _ in range(sets * copies):
                self._printer.take(self._page.dots.copy())
        elif word not in {"GAP", "DIRECTION", "REFERENCE", "DENSITY", "SPEED"}:
            raise WrongJobError(f"TSPL {word[:10]}")

    # --- ZPL --------------------------------------------------------------------------------------

    def _zpl(self) -> bool:
        for immediate in (b"~HS", b"^XZ", b"^FS"):
            if self._buffer.startswith(immediate):
                self._buffer = self._buffer[3:]
                self._zpl_now(immediate)
                return True
        end = re.compile(rb"[\^~]").search(self._buffer, 1)
        if end is None:
            return False
        command, self._buffer = self._buffer[: end.start()], self._buffer[end.start() :]
        self._zpl_command(command[:3].decode("ascii"), command[3:].strip(b"\r\n"))
        return True

    def _zpl_now(self, command: bytes) -> None:
        if command == b"~HS":
            self._printer.answer(self._connection, "zpl")
        elif command == b"^FS":
            self._field()
        else:
            for _ in range(self._copies):
                self._printer.take(self._page.dots.copy())

    def _zpl_command(self, name: str, rest: bytes) -> None:
        values = rest.decode("ascii").split(",")
        if name in {"^XA", "^PW", "^LL", "^FO", "^PQ"}:
            self._zpl_page(name, values)
        elif name in {"^GF", "~DG", "^XG"}:
            self._zpl_graphic(name, values)
        elif name == "^BY":
            self._bar = int(values[0])
        elif name in {"^BC", "^BQ"}:
            self._symbol = (name, values)
        elif name == "^FD":
            self._data = rest.decode("ascii")
        elif name not in {"^LH", "^CI", "^FX"}:
            raise WrongJobError(f"ZPL {name}")

    def _zpl_page(self, name: str, values: list[str]) -> None:
        if name == "^XA":
            self._page, self._copies, self._width = Page(832, 1200), 1, 832
        elif name == "^PW":
            self._width = int(values[0])
        elif name == "^LL":
            self._page = Page(self._width, int(values[0]))
        elif name == "^PQ":
            self._copies = int(values[0])
        else:
            self._at = (int(values[0]), int(values[1]))

    def _zpl_graphic(self, name: str, values: list[str]) -> None:
        if name == "^XG":
            self._page.put(self._printer.stored[values[0]], *self._at)
        elif name == "~DG":
            image = graphic(",".join(values[3:]).encode(), int(values[2]), int(values[1]))
            self._printer.stored[values[0]] = image
        elif values[0] == "A" and values[1] == values[2]:
            self._page.put(graphic(",".join(values[4:]).encode(), int(values[3]), int(values[2])), *self._at)
        else:
            raise WrongJobError("^GF")

    def _field(self) -> None:
        if self._symbol is None:
            return
        (name, values), self._symbol = self._symbol, None
        x, y = self._at
        if name == "^BC":
            image = modules(
                self._data, zxingcpp.BarcodeFormat.Code128, scale=self._bar, height=int(values[1])
            )
        else:
            level, _, text = self._data.partition(",")
            if level not in {"HA", "QA", "MA", "LA"}:
                raise WrongJobError("^BQ")
            image = modules(text, zxingcpp.BarcodeFormat.QRCode, scale=int(values[2]), level=level[0])
            y += 10  # all firmware draws the symbol ten dots below its field origin
        self._page.put(image, x, y)
