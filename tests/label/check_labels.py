"""Labels for the tests of the check: one that passes, and helpers that add forbidden content."""

from dataclasses import replace

import msgspec
import numpy as np

from waybillguard.label.font import face
from waybillguard.label.model import GLYPH_DTYPE, Drawn, LabelContent, LabelSize
from waybillguard.label.raster import draw

REFERENCE = "GYP07FM29%DNRIDETAWISOB1/CHR1EWHSU-GU*RKI421A$X193SIBRS91$*B3OOBW3LW5:A6"
GOOD = LabelContent(
    waybill_no="SX720000000020",
    sort_code="330-ZJ08-12",
    hub="义乌集散",
    carrier="示例速运",
    name="王**",
    phone="*******5678",
    address="浙江省金华市义乌市北苑街道机场路88号福田小区3幢****",
    goods_class="日用品",
    reference=REFERENCE,
    ticket="7F3AC91E",
    station="打包台07",
    printed_at="11-24 13:05",
    remark="请放门口",
)


def drawn_label(size: LabelSize = LabelSize.S76X130, dpi: int = 203, **changes: object) -> Drawn:
    return draw(msgspec.structs.replace(GOOD, **changes), size, dpi)


def with_text(drawn: Drawn, text: str, x: int, y: int, size: int = 28) -> Drawn:
    """Return the label with a text drawn on it glyph by glyph, bypassing the layout's rules."""
    font = face(0)
    bitmap = drawn.bitmap.copy()
    rows = []
    for character in text:
        cell = font.cell(character, size)
        rows.append((cell.gid, 0, x, y, size, cell.advance))
        target = bitmap[y : y + cell.bits.shape[0], x : x + cell.advance]
        target |= cell.bits[: target.shape[0], : target.shape[1]]
        x += cell.advance
    return replace(
        drawn, bitmap=bitmap, glyphs=np.concatenate([drawn.glyphs, np.array(rows, dtype=GLYPH_DTYPE)])
    )


def end_of(drawn: Drawn, text: str) -> tuple[int, int, int]:
    """Where the run of a text on the label ends: x, y and type size."""
    characters = "".join(face(0).char_of(int(gid)) for gid in drawn.glyphs["gid"])
    last = drawn.glyphs[characters.rindex(text) + len(text) - 1]
    return int(last["x"]) + int(last["advance"]), int(last["y"]), int(last["size"])
