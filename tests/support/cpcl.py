"""A simulated CPCL parser of a mobile label printer.

From Zebra's CPCL programming manual (PROMAN-CPCL; sessions ch. 2, BARCODE ch. 4 and 5, graphics ch. 7, FORM, PW,
TONE, SPEED ch. 8, LT ch. 10, escape commands ch. 11), independently of the code under test.
"""

import re
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import zxingcpp
from PIL import Image

from support.printed import Page, WrongJobError, modules

if TYPE_CHECKING:
    from support.printer import Simulator

ESC = b"\x1b"
LINE_ENDS = {
    "CR": rb"\r",
    "LF": rb"\n",
    "CR-LF": rb"\r\n",
    "CR-X-LF": rb"\r[^\n]*\n",
    "ANY": rb"\r?\n",  # the manual's default; many clones accept only CR-LF
}
SESSION = re.compile(r"! (-?\d+(?:\.\d+)?) (\d+) (\d+) (\d+(?:\.\d+)?) (\d+) *")
NUMBER = rb"-?\d+(?:\.\d+)?"
GRAPHIC = re.compile(
    rb"(CG|COMPRESSED-GRAPHICS|EG|EXPANDED-GRAPHICS) +(\d+) +(\d+) +("
    + NUMBER
    + rb") +("
    + NUMBER
    + rb")(.)",
    re.DOTALL,
)
STARTS_GRAPHIC = re.compile(rb"(CG|COMPRESSED-GRAPHICS|EG|EXPANDED-GRAPHICS)(?![A-Z-])")
TALLEST = 30_000  # dots: the limit of printer memory
RANGES = {"SPEED": (0, 5), "TONE": (-99, 200), "CONTRAST": (0, 3)}
QR = re.compile(r"QR (\d+) (\d+)((?: [MU] \d+)*) *")
CODE128 = re.compile(r"128 (\d+) \d+ (\d+) (\d+) (\d+) (.+)")
WITHOUT_DOTS = {"GAP-SENSE", "BAR-SENSE", "LEFT", "PREFEED", "POSTFEED", "JOURNAL", "SETFF", "FORM"}
UNITS = {"IN-DOTS": 0.0, "IN-INCHES": 1.0, "IN-CENTIMETERS": 2.54, "IN-MILLIMETERS": 25.4}


def status(printer: "Simulator") -> bytes:
    """Return the status byte of ESC h, the combined bits of all conditions."""
    return bytes(
        [
            0x01 * (printer.printing or bool(printer.waiting))
            | 0x02 * (printer.paper == 0)
            | 0x04 * printer.head_open
            | 0x08 * printer.battery_low
            | 0x10 * printer.was_reset  # set from power-on until ESC N
        ]
    )


@dataclass
class Session:
    """A session (``! offset hres vres height qty``) that draws one label; lengths in dots."""

    offset: int
    dpi: int
    height: int
    copies: int
    width: int
    unit: float = 0.0  # units per inch; 0: dots
    page: Page = field(init=False)
    formed: bool = False
    lost: int = 0  # black dots outside the label
    symbol: tuple[str, str, int] | None = None  # the open QR code: x, y, dots per module
    symbol_lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = Page(self.width, self.height)

    def dots(self, value: str) -> int:
        return round(float(value) * self.dpi / self.unit if self.unit else float(value))

    def put(self, image: Image.Image, x: str, y: str) -> None:
        left, top = self.dots(x) + self.offset, self.dots(y)
        black = ~np.asarray(image.convert("1"))
        page = self.page
        kept = black[max(0, -top) : max(0, page.height - top), max(0, -left) : max(0, page.width - left)]
        self.lost += int(black.sum() - kept.sum())
        page.put(image, left, top)

    def narrow(self, width: int) -> None:
        """Set the page width; content beyond it is cut off."""
        page = Page(min(width, self.width), self.height)
        page.dots.paste(self.page.dots, (0, 0))
        self.lost += int((~np.asarray(self.page.dots)).sum() - (~np.asarray(page.dots)).sum())
        self.page = page


class Parser:
    """Parses the stream of one connection."""

    def __init__(self, printer: "Simulator", connection: socket.socket) -> None:
        self._printer, self._connection = printer, connection
        self._buffer = b""
        self._session: Session | None = None
        self._utilities = False

    def feed(self, piece: bytes) -> None:
        self._buffer += piece
        while self._buffer and self._step():
            pass

    def close(self) -> None:
        """End the connection; a label without PRINT is discarded."""

    def _step(self) -> bool:
        if self._session is not None:
            if STARTS_GRAPHIC.match(self._buffer):
                return self._graphic(self._session)
            line = self._line()
            if line is not None:
                self._command(self._session, line)
            return line is not None
        if not self._utilities:
            if self._buffer.startswith(ESC):
                return self._escape()
            before, found, after = self._buffer.partition(ESC)
            if found and not re.search(LINE_ENDS[self._printer.line_end], before):
                self._outside(before)
                self._buffer = found + after
                return True
        line = self._line()
        if line is None:
            return False
        if self._utilities:
            self._utility(line.decode("latin-1"))
        else:
            self._outside(line)
        return True

    def _line(self) -> bytes | None:
        """Remove one line from the buffer; return None until it is complete."""
        end = re.search(LINE_ENDS[self._printer.line_end], self._buffer)
        if end is None:
            return None
        line, self._buffer = self._buffer[: end.start()], self._buffer[end.end() :]
        return line

    # --- between labels -----------------------------------------------------------------------------

    def _escape(self) -> bool:
        if len(self._buffer) < 2:
            return False
        name, self._buffer = self._buffer[1:2], self._buffer[2:]
        if name == b"h":
            self._printer.reply(self._connection, status(self._printer))
        elif name == b"N":
            self._printer.was_reset = False
        elif name == b"v":
            self._printer.reply(self._connection, b"SIMULATED 1.0\x00")
        elif name == b"i":
            self._printer.reply(self._connection, b"\x00")
        else:
            self._printer.ignored.append(f"ESC {name!r}")
        return True

    def _outside(self, line: bytes) -> None:
        """Handle a line outside a session: it starts a session, changes a setting, or is printed (line mode)."""
        text = line.decode("latin-1")
        if begun := SESSION.fullmatch(text):
            offset, across, down, height, copies = begun.groups()
            if {across, down} != {"200"}:  # the manual requires the constant 200, also for 300 dpi heads
                self._printer.ignored.append(f"resolution {across} {down}")
            if not 1 <= int(copies) <= 1024:
                raise WrongJobError(f"{copies} labels")
            if float(height) > TALLEST:
                raise WrongJobError(f"a label of {height} dots")
            self._session = Session(
                round(float(offset)),
                self._printer.dpi,
                round(float(height)),
                int(copies),
                self._printer.head,
            )
        elif text.startswith("! U1 "):
            self._utility(text[5:])
        elif text.rstrip() in {"! U", "! UTILITIES"}:
            self._utilities = True
        elif text.strip():
            self._printer.text_printed += text

    def _utility(self, text: str) -> None:
        word, _, values = text.strip().partition(" ")
        if word == "LT" and values in LINE_ENDS:
            self._printer.line_end = values
        elif word == "getvar":
            self._printer.reply(self._connection, b'"?"')
        elif word in {"PRINT", "END"}:
            self._utilities = False
        elif word not in {"", "setvar", *RANGES, *WITHOUT_DOTS}:
            self._printer.ignored.append(f"! U1 {word}")

    # --- a label ------------------------------------------------------------------------------------

    def _graphic(self, session: Session) -> bool:
        head = GRAPHIC.match(self._buffer)
        if head is None:
            if len(self._buffer) > 80 or b"\n" in self._buffer:
                raise WrongJobError("graphic without its five values and one space before its data")
            return False
        name, width, height, x, y, space = (part.decode("latin-1") for part in head.groups())
        if space != " ":
            if space in "0123456789.":
                return False  # the rest of a number may still arrive
            raise WrongJobError("one space stands before the data of a graphic")
        size = int(width) * int(height)
        coded = size * 2 if name.startswith("E") else size
        end = head.end() + coded
        if len(self._buffer) < end:
            return False
        data, self._buffer = self._buffer[head.end() : end], self._buffer[end:]
        dots = bytes.fromhex(data.decode("latin-1")) if coded != size else data
        if len(dots) != size:
            raise WrongJobError("white space in hex graphic data")
        white_is_one = bytes(byte ^ 0xFF for byte in dots)
        session.put(Image.frombytes("1", (int(width) * 8, int(height)), white_is_one), x, y)
        return True

    def _command(self, session: Session, line: bytes) -> None:
        text = line.decode("latin-1")
        word, _, values = text.partition(" ")
        if session.symbol is not None:
            self._qr_line(session, text)
        elif word == "PRINT":
            self._print(session)
        elif word in {"ABORT", "END"}:
            self._session = None
        elif word in {"BARCODE", "B"}:
            self._barcode(session, values)
        elif not text.startswith(";"):
            self._setting(session, text, word, values)

    def _print(self, session: Session) -> None:
        self._session = None
        self._printer.lost += session.lost
        if not session.formed:
            self._printer.ignored.append("PRINT without FORM: the next label begins where this one ended")
        for _ in range(session.copies):
            self._printer.take(session.page.dots.copy())

    def _setting(self, session: Session, text: str, word: str, values: str) -> None:
        if word in {"PAGE-WIDTH", "PW"}:
            session.narrow(session.dots(values))
        elif word in UNITS:
            session.unit = UNITS[word]
        elif word in WITHOUT_DOTS:
            session.formed |= word == "FORM"
        elif text.strip() and not (word in RANGES and self._within(word, values)):
            self._printer.ignored.append(text[:40])

    def _within(self, word: str, value: str) -> bool:
        low, high = RANGES[word]
        return re.fullmatch(r"-?\d+ *", value) is not None and low <= int(value) <= high

    def _barcode(self, session: Session, values: str) -> None:
        if qr := QR.fullmatch(values):
            x, y, more = qr.groups()
            scale = re.search(r" U (\d+)", more)
            session.symbol = (x, y, int(scale[1]) if scale else 6)
        elif code := CODE128.fullmatch(values):
            narrow, height, x, y, text = code.groups()
            dots = session.dots(height)
            bars = modules(text, zxingcpp.BarcodeFormat.Code128, scale=int(narrow), height=dots)
            session.put(bars, x, y)
        else:
            self._printer.ignored.append(f"BARCODE {values[:20]}")

    def _qr_line(self, session: Session, text: str) -> None:
        if text != "ENDQR":
            session.symbol_lines.append(text)
            return
        assert session.symbol is not None
        (x, y, scale), session.symbol = session.symbol, None
        level, _, data = "".join(session.symbol_lines).partition(",")
        session.symbol_lines.clear()
        if level not in {"HA", "QA", "MA", "LA"}:
            raise WrongJobError("BARCODE QR: level and A, then a comma, before the data")
        code = modules(data, zxingcpp.BarcodeFormat.QRCode, scale=scale, level=level[0])
        session.put(code, x, y)
