"""Draws a layout as dots, and records every glyph drawn. All labels are drawn here.

All printer languages, PDF and PNG use the value that ``draw`` returns; the check reads the same value.
"""

from dataclasses import dataclass
from functools import cache
from struct import Struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

from waybillguard.label import codes
from waybillguard.label.layout import Bars, Layout, Run, Square, lay, lay_static
from waybillguard.label.model import GLYPH_DTYPE, CodeBox, CodeKind, Drawn, LabelContent, LabelSize
from waybillguard.label.templates import Plan, plan

_ROW: Final = Struct("<HBhhHH")  # one row of GLYPH_DTYPE


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """The parts that all labels of one size and resolution share, drawn once: read-only bitmap and glyph rows."""

    plan: Plan
    bitmap: NDArray[np.bool_]
    glyph_rows: bytes


@cache
def template(size: LabelSize, dpi: int) -> Template:
    """Return the drawn template. Raises ``LabelError``."""
    wanted = plan(size, dpi)
    bitmap = np.zeros((wanted.height, wanted.width), dtype=np.bool_)
    rows = _Canvas(bitmap).paint(lay_static(wanted))
    bitmap.setflags(write=False)
    return Template(wanted, bitmap, b"".join(rows))


def draw(content: LabelContent, size: LabelSize, dpi: int) -> Drawn:
    """Draw one label.

    Raises ``MissingGlyphError``, ``TextTooLongError``, ``LabelContentError`` (see ``layout.lay``) and
    ``LabelError``. No partly drawn label is returned.
    """
    base = template(size, dpi)
    layout = lay(content, base.plan)
    bitmap = base.bitmap.copy()
    canvas = _Canvas(bitmap)
    rows = canvas.paint(layout)
    glyphs = np.frombuffer(base.glyph_rows + b"".join(rows), dtype=GLYPH_DTYPE)
    return Drawn(size, dpi, bitmap, glyphs, tuple(canvas.codes))


def _strip_of(run: Run) -> tuple[NDArray[np.bool_], bytes]:
    """Return the dots of a run and one packed row per glyph."""
    bits, rows, x, pack = [], [], run.x, _ROW.pack
    face, y, size = run.face, run.y, run.size
    for cell in run.cells:
        bits.append(cell.bits)
        rows.append(pack(cell.gid, face, x, y, size, cell.advance))
        x += cell.advance
    return np.concatenate(bits, axis=1), b"".join(rows)


class _Canvas:
    """The bitmap to draw on."""

    def __init__(self, bitmap: NDArray[np.bool_]) -> None:
        self._bitmap = bitmap
        self.codes: list[CodeBox] = []

    def paint(self, layout: Layout) -> list[bytes]:
        """Draw a layout; return packed ``GLYPH_DTYPE`` rows, one for each glyph, in the order of blits."""
        for box in layout.boxes:
            self._bitmap[box.y : box.y + box.height, box.x : box.x + box.width] = True
        rows: list[bytes] = []
        for run in layout.runs:
            self._blit(run, rows)
        if layout.bars is not None:
            self._bars(layout.bars)
        if layout.square is not None:
            self._square(layout.square)
        return rows

    def _blit(self, run: Run, rows: list[bytes]) -> None:
        if run.kept:
            strip, row = run.kept[0]
        else:
            strip, row = _strip_of(run)
            if run.kept is not None:
                run.kept.append((strip, row))
        rows.append(row)
        height, width = strip.shape
        target = self._bitmap[run.y : run.y + height, run.x : run.x + width]
        if run.reverse:
            np.greater(target, strip, out=target)  # white glyphs: black box minus ink
        else:
            np.logical_or(target, strip, out=target)

    def _bars(self, bars: Bars) -> None:
        row = np.repeat(bars.modules, bars.module)
        self._bitmap[bars.y : bars.y + bars.height, bars.x : bars.x + len(row)] = row
        self.codes.append(CodeBox(CodeKind.CODE128, bars.text, bars.x, bars.y, len(row), bars.height))

    def _square(self, square: Square) -> None:
        side = codes.QR_MODULES * square.module
        dots = np.repeat(np.repeat(square.modules, square.module, axis=1), square.module, axis=0)
        self._bitmap[square.y : square.y + side, square.x : square.x + side] = dots
        self.codes.append(CodeBox(CodeKind.QR, square.text, square.x, square.y, side, side))
