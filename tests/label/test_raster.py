"""The raster's glyph records match exactly what is drawn."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from waybillguard.label.errors import LabelError
from waybillguard.label.font import face, line_height
from waybillguard.label.model import GLYPH_DTYPE, CodeKind, Drawn, LabelContent, LabelSize
from waybillguard.label.raster import draw, template
from waybillguard.label.templates import plan

FORMATS = list(product(LabelSize, (203, 300)))


def text_of(drawn: Drawn) -> str:
    return "".join(face(int(row["face"])).char_of(int(row["gid"])) for row in drawn.glyphs)


@pytest.mark.parametrize(("size", "dpi"), FORMATS)
def test_a_label_has_the_dots_of_its_paper(content: LabelContent, size: LabelSize, dpi: int) -> None:
    drawn = draw(content, size, dpi)
    height, width = drawn.bitmap.shape
    across, down = size.millimetres
    scale = {203: 8.0, 300: 300 / 25.4}[dpi]
    assert across * scale - 8 < width <= across * scale
    assert height == int(down * scale)
    assert width % 8 == 0
    assert drawn.bitmap.dtype == np.bool_
    assert drawn.glyphs.dtype == GLYPH_DTYPE


@pytest.mark.parametrize(("size", "dpi"), FORMATS)
def test_glyph_rows_rebuild_every_dot_that_is_neither_box_nor_code(
    long_content: LabelContent, size: LabelSize, dpi: int
) -> None:
    drawn = draw(long_content, size, dpi)
    wanted = plan(size, dpi)
    rebuilt = np.zeros_like(drawn.bitmap)
    boxes = [*wanted.rules, *(zone.box for _, zone in wanted.texts if zone.reverse)]
    boxes += [wanted.fields[name].box for name in ("sample", "attempt")]
    for box in boxes:
        rebuilt[box.y : box.y + box.height, box.x : box.x + box.width] = True
    black = rebuilt.copy()
    for row in drawn.glyphs:
        one = face(int(row["face"]))
        cell = one.cell(one.char_of(int(row["gid"])), int(row["size"]))
        assert cell.advance == row["advance"]
        x, y = int(row["x"]), int(row["y"])
        rebuilt[y : y + line_height(int(row["size"])), x : x + cell.advance] ^= cell.bits
    for code in drawn.codes:
        area = np.s_[code.y : code.y + code.height, code.x : code.x + code.width]
        rebuilt[area] = drawn.bitmap[area]
    assert np.array_equal(rebuilt, drawn.bitmap)
    assert black.any()


def test_the_rows_hold_the_template_first_and_then_the_content(content: LabelContent) -> None:
    drawn = draw(content, LabelSize.S76X130, 203)
    shared = template(LabelSize.S76X130, 203)
    assert drawn.glyphs.tobytes().startswith(shared.glyph_rows)
    own = text_of(drawn)[len(shared.glyph_rows) // GLYPH_DTYPE.itemsize :]
    assert content.address in own
    assert "96110" in text_of(drawn)
    assert "96110" not in own


def test_a_changed_glyph_would_show(content: LabelContent, make_content: Callable[..., LabelContent]) -> None:
    first = draw(content, LabelSize.S76X130, 203)
    second = draw(make_content(address=content.address.replace("3幢", "8幢")), LabelSize.S76X130, 203)
    changed = first.glyphs != second.glyphs
    assert changed.sum() == 1
    assert not np.array_equal(first.bitmap, second.bitmap)


def test_drawing_again_gives_the_same_label_and_leaves_the_template_alone(
    content: LabelContent, long_content: LabelContent
) -> None:
    before = template(LabelSize.S76X130, 203).bitmap.copy()
    first = draw(content, LabelSize.S76X130, 203)
    draw(long_content, LabelSize.S76X130, 203)
    second = draw(content, LabelSize.S76X130, 203)
    assert np.array_equal(first.bitmap, second.bitmap)
    assert first.glyphs.tobytes() == second.glyphs.tobytes()
    assert np.array_equal(before, template(LabelSize.S76X130, 203).bitmap)


def test_content_only_adds_black_to_the_template(content: LabelContent, long_content: LabelContent) -> None:
    for one, (size, dpi) in product((content, long_content), FORMATS):
        assert not (template(size, dpi).bitmap & ~draw(one, size, dpi).bitmap).any()


def test_both_codes_are_listed_with_what_they_carry(content: LabelContent) -> None:
    drawn = draw(content, LabelSize.S76X130, 203)
    assert {box.kind: box.text for box in drawn.codes} == {
        CodeKind.CODE128: content.waybill_no,
        CodeKind.QR: content.reference,
    }


@pytest.mark.parametrize("name", ["䶮**", "㛃**", "𬭚**", "𠅤**"])
def test_a_rare_surname_is_drawn(make_content: Callable[..., LabelContent], name: str) -> None:
    assert name in text_of(draw(make_content(name=name), LabelSize.S76X130, 203))


def test_glyphs_of_different_characters_look_different(make_content: Callable[..., LabelContent]) -> None:
    pictures = {
        draw(make_content(name=f"{one}**"), LabelSize.S76X130, 203).bitmap.tobytes()
        for one in "王玉主己已巳未末土士"
    }
    assert len(pictures) == 10


def test_an_error_of_a_label_says_nothing_of_the_person(make_content: Callable[..., LabelContent]) -> None:
    with pytest.raises(LabelError) as caught:
        draw(make_content(waybill_no="测试人甲的单号"), LabelSize.S76X130, 203)
    assert "测试人甲" not in caught.value.zh + caught.value.en
