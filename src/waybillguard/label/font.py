"""The two font faces of labels: maps characters to glyph ids and back, and draws glyphs as dots.

Glyph ids are those of the shipped font files (``data/label-*.ttf.xz``), and are the same in both faces. Results
depend only on those files. Caches hold single characters, never texts.
"""

import contextlib
import io
import lzma
import os
import struct
import sys
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont

from waybillguard.label.errors import LabelError, MissingGlyphError

REGULAR: Final = 0
BOLD: Final = 1
_FILES: Final = {REGULAR: "label-regular.ttf.xz", BOLD: "label-bold.ttf.xz"}
# A cell is one line high, which fits every glyph of the fonts above and below the baseline (tested on all glyphs).
ASCENT: Final = 1.06
DESCENT: Final = 0.30
# Share of a dot's area that ink must cover for the dot to be black. It is below one half so that dense characters
# keep their thin strokes at 203 dpi; a broken stroke harms legibility more than the bleeding of a thermal head.
_THRESHOLD: Final = 118
# Each open size may use 10 MB (`_font_file`). Reopening one takes at most two milliseconds, and only happens for a
# character that has not been drawn yet.
_OPEN_SIZES: Final = 3
_FULL_UNICODE: Final = (3, 10)
_FORMAT_12: Final = 12
_FIRST_IDEOGRAPH, _LAST_IDEOGRAPH = 0x4E00, 0x9FFF


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One glyph at one size: ``bits`` is bool (line height, advance) in dots and holds all its ink."""

    gid: int
    advance: int
    bits: NDArray[np.bool_]


@cache
def _font_file(face_id: int) -> Path | bytes:
    """Return a face as TrueType: the path of an in-memory file, or its bytes. Takes 0.3 seconds, once per process.

    On Linux FreeType maps an in-memory file, so all open sizes share its pages. Given bytes, each size holds a copy of
    10 MB.
    """
    content = lzma.decompress(files("waybillguard.label").joinpath("data", _FILES[face_id]).read_bytes())
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # a sandboxed process may not be allowed to
            mapped = Path(f"/proc/self/fd/{os.memfd_create(_FILES[face_id])}")
            mapped.write_bytes(content)
            return mapped
    return content


@cache
def _character_map(face_id: int) -> tuple[dict[int, int], dict[int, str]]:
    """Glyph id of each code point, and the character of each glyph id, from the face's own ``cmap`` table."""
    file = _font_file(face_id)
    return _maps_of(_groups(file if isinstance(file, bytes) else file.read_bytes()))


@cache
def _maps_of(groups: bytes) -> tuple[dict[int, int], dict[int, str]]:
    """Return both maps of a table. Cached, because the two faces have the same table."""
    gids: dict[int, int] = {}
    characters: dict[int, str] = {}
    for first, last, start in struct.iter_unpack(">III", groups):
        for point, gid in enumerate(range(start, start + last - first + 1), first):
            gids[point] = gid
            # A compatibility form shares its glyph with the unified ideograph; reading back returns the unified one.
            if gid not in characters or (
                _FIRST_IDEOGRAPH <= point <= _LAST_IDEOGRAPH and not _is_ideograph(characters[gid])
            ):
                characters[gid] = chr(point)
    return gids, characters


def _groups(font: bytes) -> bytes:
    """Return the groups of a TrueType file's full-Unicode subtable (platform 3, encoding 10), by code point.

    A group holds the first and last code point and the glyph id of the first. Source: OpenType specification, chapters
    "The OpenType font file" and "cmap", format 12.
    """
    (tables,) = struct.unpack_from(">H", font, 4)
    for number in range(tables):
        tag, _, start, _ = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if tag == b"cmap":
            break
    else:
        raise _broken_font()
    (subtables,) = struct.unpack_from(">H", font, start + 2)
    for number in range(subtables):
        platform, encoding, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * number)
        if (platform, encoding) == _FULL_UNICODE:
            break
    else:
        raise _broken_font()
    kind, _, _, _, count = struct.unpack_from(">HHIII", font, start + offset)
    if kind != _FORMAT_12:
        raise _broken_font()
    return font[start + offset + 16 : start + offset + 16 + 12 * count]


def _broken_font() -> LabelError:
    return LabelError(
        zh="面单字库文件损坏，请重新安装本软件。",
        en="the label's font file is damaged; install the program again.",
    )


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
        """Return the glyph id of a character. Raises ``MissingGlyphError`` if the font has none."""
        gid = _character_map(self.face_id)[0].get(ord(character))
        if gid is None:
            raise MissingGlyphError.of(character)
        return gid

    def char_of(self, gid: int) -> str:
        """Return the character of a glyph. Raises ``KeyError`` for a glyph without a character."""
        return _character_map(self.face_id)[1][gid]

    def has(self, character: str) -> bool:
        """Return whether the font has a glyph for this character."""
        return ord(character) in _character_map(self.face_id)[0]

    def cells(self, size: int) -> dict[str, Cell]:
        """Return the cells drawn so far at a type size in dots; ``cell`` draws missing ones."""
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
        # Ink beyond the advance would be cut by the neighbouring cell, so the glyph is moved or the cell widened.
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
            file = _font_file(self.face_id)
            font = ImageFont.truetype(
                io.BytesIO(file) if isinstance(file, bytes) else file,
                size,
                layout_engine=ImageFont.Layout.BASIC,
            )
            while len(self._open) >= _OPEN_SIZES:
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
    """Return the single instance of a face, which keeps its glyph cache."""
    return FontFace(face_id)
