"""The label's two font faces: characters to glyph ids and back, glyphs to dots.

Glyph ids are those of the shipped font files (``data/label-*.woff2``); both faces number their glyphs
alike, and ``data/glyphs.bin`` is their character map. Everything here is a pure function of those files;
caches hold single characters, never a text.
"""

from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont

from waybillguard.label.errors import MissingGlyphError

REGULAR: Final = 0
BOLD: Final = 1
_FILES: Final = {REGULAR: "label-regular.woff2", BOLD: "label-bold.woff2"}
# A cell is a line high: enough above and below the baseline for every glyph of the fonts (tested on all).
ASCENT: Final = 1.06
DESCENT: Final = 0.30
# Share of a dot that ink must cover to burn it. Below one half, because a thermal head bleeds less than
# a broken stroke costs: dense characters keep their thin strokes at 203 dpi.
_THRESHOLD: Final = 118
# An open face costs some 10 MB; labels of one paper size use about eight.
_OPEN_FACES: Final = 10
_FIRST_IDEOGRAPH, _LAST_IDEOGRAPH = 0x4E00, 0x9FFF


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One glyph at one size: ``bits`` is bool (line height, advance) in dots and holds all its ink."""

    gid: int
    advance: int
    bits: NDArray[np.bool_]


@cache
def _character_map() -> tuple[NDArray[np.uint32], NDArray[np.uint32], dict[int, str]]:
    """Code points (sorted), their glyph ids, and the character of each glyph id."""
    raw = files("waybillguard.label").joinpath("data", "glyphs.bin").read_bytes()
    table = np.frombuffer(raw, dtype="<u4").reshape(-1, 2)
    points, gids = table[:, 0].copy(), table[:, 1].copy()
    characters: dict[int, str] = {}
    for point, gid in table.tolist():
        # Compatibility forms share a glyph with the unified ideograph, which is the one to read back.
        if gid not in characters or (
            _FIRST_IDEOGRAPH <= point <= _LAST_IDEOGRAPH and not _is_ideograph(characters[gid])
        ):
            characters[gid] = chr(point)
    return points, gids, characters


def _is_ideograph(character: str) -> bool:
    return _FIRST_IDEOGRAPH <= ord(character) <= _LAST_IDEOGRAPH


class FontFace:
    """One face of the label font (0 regular, 1 bold).

    >>> bold = face(BOLD)
    >>> bold.char_of(bold.gid_of("王"))
    '王'
    """

    def __init__(self, face_id: int) -> None:
        self.face_id = face_id
        self._cells: dict[int, dict[str, Cell]] = {}
        self._open: OrderedDict[int, ImageFont.FreeTypeFont] = OrderedDict()

    def gid_of(self, character: str) -> int:
        """Return the glyph id. Raises ``MissingGlyphError`` where the font has none."""
        points, gids, _ = _character_map()
        point = ord(character)
        index = int(np.searchsorted(points, point))
        if index == len(points) or int(points[index]) != point:
            raise MissingGlyphError.of(character)
        return int(gids[index])

    def char_of(self, gid: int) -> str:
        """Return the character that a glyph shows. Raises ``KeyError`` for a glyph no character has."""
        return _character_map()[2][gid]

    def has(self, character: str) -> bool:
        """Whether the font draws this character."""
        points, _, _ = _character_map()
        index = int(np.searchsorted(points, ord(character)))
        return index < len(points) and int(points[index]) == ord(character)

    def cells(self, size: int) -> dict[str, Cell]:
        """Return the cells drawn so far at a type size in dots; ``cell`` fills what is not there."""
        return self._cells.setdefault(size, {})

    def cell(self, character: str, size: int) -> Cell:
        """Return one glyph at a type size in dots. Raises ``MissingGlyphError``."""
        known = self.cells(size)
        found = known.get(character)
        if found is None:
            found = known[character] = self._draw(character, size)
        return found

    def _draw(self, character: str, size: int) -> Cell:
        gid = self.gid_of(character)
        font = self._font(size)
        mask, (left, top) = font.getmask2(character, mode="L", anchor="ls")
        width, height = mask.size
        ink = np.array(mask, dtype=np.uint8).reshape(height, width) >= _THRESHOLD
        advance = max(1, round(font.getlength(character)))
        # Ink that leans out of its advance would be cut by the neighbour's cell: move or widen instead.
        x = max(0, int(left))
        advance = max(advance, x + width)
        bits = np.zeros((line_height(size), advance), dtype=np.bool_)
        y = baseline(size) + int(top)
        bits[y : y + height, x : x + width] = ink
        bits.setflags(write=False)
        return Cell(gid, advance, bits)

    def _font(self, size: int) -> ImageFont.FreeTypeFont:
        font = self._open.pop(size, None)
        if font is None:
            path = str(files("waybillguard.label").joinpath("data", _FILES[self.face_id]))
            font = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
            while len(self._open) >= _OPEN_FACES // len(_FILES):
                self._open.popitem(last=False)
        self._open[size] = font
        return font


def baseline(size: int) -> int:
    """Dots from the top of a cell to the baseline."""
    return round(ASCENT * size)


def line_height(size: int) -> int:
    """Height of a cell in dots."""
    return round(ASCENT * size) + round(DESCENT * size)


@cache
def face(face_id: int) -> FontFace:
    """Return the one instance of a face: its glyph cache is worth keeping."""
    return FontFace(face_id)
