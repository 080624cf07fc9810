"""Draws a badge for the print room: name, number, and one code as QR (for cameras) and as Code128 (for laser guns).

The code is 40 decimal digits: 39 random digits (129 bits) and a Luhn check digit. It holds only digits because a scan
gun types like a keyboard, and no input method, caps lock or keyboard layout changes digits. Code128 packs two digits
into one symbol, so the bars fit the width of label paper. The badge is drawn on label paper (76 x 130 mm) with the
fonts, raster and writers of the labels.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from waybillguard.label.codes import modules_of
from waybillguard.label.errors import LabelContentError
from waybillguard.label.font import BOLD, REGULAR, Cell, face, line_height
from waybillguard.label.model import GLYPH_DTYPE, CodeBox, CodeKind, Drawn, LabelSize
from waybillguard.label.templates import DOTS_PER_MM

CODE_DIGITS: Final = 40
_SIZE: Final = LabelSize.S76X130
_DPI: Final = 203
_MARGIN_MM: Final = 5
_QR_MM: Final = 34
_BARS_MM: Final = 16
_BAR_DOTS: Final = 2
_QUIET: Final = 4
# zxing-cpp 3.1 drops the first option, hence the stand-in.
_QR_OPTIONS: Final = "first=dropped,ecLevel=M"
_UNKNOWN: Final = "?"
_BIG, _MIDDLE, _SMALL = 64, 36, 22


@dataclass(frozen=True, slots=True)
class BadgeContent:
    """The content of a badge: warehouse, name that colleagues use, badge number to quote, small print."""

    warehouse: str
    name: str = field(repr=False)
    number: str
    lines: tuple[str, ...]
    code: str = field(repr=False)


def with_check_digit(digits: str) -> str:
    """Return the digits followed by their check digit (Luhn, ISO/IEC 7812-1 annex B).

    >>> with_check_digit("7992739871")
    '79927398713'
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 - place % 2)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - one digit
    return digits + str(-total % 10)


def is_code(text: str) -> bool:
    """Return whether a text can be a badge code: 40 digits with a valid check digit."""
    return (
        len(text) == CODE_DIGITS and text.isascii() and text.isdigit() and with_check_digit(text[:-1]) == text
    )


def draw_badge(content: BadgeContent) -> Drawn:
    """Draw a badge at 203 dpi; characters missing from the label font become question marks.

    Raises:
        LabelContentError: the code is not a valid badge code.
    """
    if not is_code(content.code):
        raise LabelContentError.of("code", "不是工牌码", "it is no badge code")
    width, height = (int(mm * DOTS_PER_MM[_DPI]) for mm in _SIZE.millimetres)
    page = _Page(np.zeros((height, width), dtype=np.bool_))
    page.text(content.warehouse, _MIDDLE, REGULAR)
    page.text(content.name, _BIG, BOLD)
    page.text(content.number, _MIDDLE, REGULAR)
    page.square(content.code)
    page.bars(content.code)
    for line in content.lines:
        page.text(line, _SMALL, REGULAR)
    return Drawn(_SIZE, _DPI, page.bitmap, np.array([], dtype=GLYPH_DTYPE), tuple(page.codes))


class _Page:
    """The bitmap of a badge, filled from top to bottom with every element centred."""

    def __init__(self, bitmap: NDArray[np.bool_]) -> None:
        self.bitmap = bitmap
        self.codes: list[CodeBox] = []
        self._y = int(_MARGIN_MM * DOTS_PER_MM[_DPI])

    def text(self, text: str, size: int, face_id: int) -> None:
        room = self.bitmap.shape[1] - 2 * int(_MARGIN_MM * DOTS_PER_MM[_DPI])
        cells, wide = [], 0
        for cell in self._cells(text, size, face_id):
            if wide + cell.advance > room:
                break
            cells.append(cell)
            wide += cell.advance
        if cells:
            self._put(np.concatenate([cell.bits for cell in cells], axis=1), line_height(size))

    @staticmethod
    def _cells(text: str, size: int, face_id: int) -> list[Cell]:
        chosen = face(face_id)
        return [chosen.cell(letter if chosen.has(letter) else _UNKNOWN, size) for letter in text]

    def square(self, code: str) -> None:
        modules = modules_of(
            zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode, options=_QR_OPTIONS)
        )
        scale = int(_QR_MM * DOTS_PER_MM[_DPI]) // modules.shape[0]
        dots = np.kron(modules, np.ones((scale, scale), dtype=np.bool_))
        self._y += _QUIET * scale
        self._code(CodeKind.QR, code, dots, _QUIET * scale)

    def bars(self, code: str) -> None:
        modules = modules_of(zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.Code128))[0]
        tall = int(_BARS_MM * DOTS_PER_MM[_DPI])
        dots = np.tile(np.repeat(modules, _BAR_DOTS), (tall, 1))
        self._code(CodeKind.CODE128, code, dots, int(_MARGIN_MM * DOTS_PER_MM[_DPI]))

    def _code(self, kind: CodeKind, code: str, dots: NDArray[np.bool_], below: int) -> None:
        tall, wide = dots.shape
        left = (self.bitmap.shape[1] - wide) // 2
        self.codes.append(CodeBox(kind, code, left, self._y, wide, tall))
        self._put(dots, tall + below)

    def _put(self, dots: NDArray[np.bool_], advance: int) -> None:
        tall, wide = dots.shape
        left = (self.bitmap.shape[1] - wide) // 2
        self.bitmap[self._y : self._y + tall, left : left + wide] |= dots
        self._y += advance
