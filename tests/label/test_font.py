"""The label font: every character has one glyph, and every glyph keeps its ink in its cell."""

import io
import lzma
from importlib.resources import files

import numpy as np
import pytest
from fontTools.ttLib import TTFont

from waybillguard.label.errors import MissingGlyphError
from waybillguard.label.font import BOLD, REGULAR, _character_map, baseline, face, line_height

DATA = files("waybillguard.label").joinpath("data")


@pytest.fixture(scope="module", params=["label-regular.ttf.xz", "label-bold.ttf.xz"])
def font_file(request: pytest.FixtureRequest) -> TTFont:
    return TTFont(io.BytesIO(lzma.decompress(DATA.joinpath(request.param).read_bytes())))


@pytest.mark.parametrize("face_id", [REGULAR, BOLD])
def test_the_character_map_is_the_one_that_fonttools_reads(font_file: TTFont, face_id: int) -> None:
    order = {name: number for number, name in enumerate(font_file.getGlyphOrder())}
    assert _character_map(face_id)[0] == {
        point: order[name] for point, name in font_file.getBestCmap().items()
    }


def test_the_fonts_keep_their_licence_in_the_name_table(font_file: TTFont) -> None:
    assert "SIL Open Font License" in font_file["name"].getDebugName(13)


def test_the_licence_text_lies_beside_the_fonts() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in DATA.joinpath("OFL.txt").read_text(encoding="utf-8")


def test_the_fonts_stay_under_ten_megabytes() -> None:
    total = sum(
        len(DATA.joinpath(name).read_bytes()) for name in ("label-regular.ttf.xz", "label-bold.ttf.xz")
    )
    assert total < 10_000_000


def test_every_gbk_character_has_a_glyph() -> None:
    missing = []
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                character = bytes((lead, trail)).decode("gbk")
            except UnicodeDecodeError:
                continue
            if "\u4e00" <= character <= "\u9fff" and not face(BOLD).has(character):
                missing.append(character)
    assert missing == []


@pytest.mark.parametrize("character", "䶮㛃𬭚𠅤㙍㵆䢺𬍛𬜬𫵷")
def test_name_characters_outside_gbk_are_drawn(character: str) -> None:
    assert face(BOLD).cell(character, 40).bits.any()


def test_a_glyph_reads_back_as_its_character() -> None:
    text = "王欧阳浙江省88号Kjf*-，…"
    bold = face(BOLD)
    assert "".join(bold.char_of(bold.gid_of(character)) for character in text) == text


def test_a_compatibility_form_reads_back_as_the_unified_ideograph() -> None:
    assert face(BOLD).char_of(face(BOLD).gid_of("\uf967")) == "不"
    assert face(BOLD).char_of(face(BOLD).gid_of("㬵")) == "胶"


@pytest.mark.parametrize("character", ["😀", "\ue000", "\n", "\x00", "\u202e"])
def test_a_character_without_a_glyph_is_refused_by_name(character: str) -> None:
    with pytest.raises(MissingGlyphError) as caught:
        face(BOLD).cell(character, 40)
    assert f"U+{ord(character):04X}" in caught.value.zh
    assert f"U+{ord(character):04X}" in caught.value.en


def near_the_edge(face_id: int, size: int) -> list[int]:
    """Characters whose outline comes within two and a half dots of the cell's edge; the others cannot leave it.

    FreeType draws at most two dots beyond an outline. Source: OpenType specification, chapters "glyf" and "loca".
    """
    name = ("label-regular.ttf.xz", "label-bold.ttf.xz")[face_id]
    font = TTFont(io.BytesIO(lzma.decompress(DATA.joinpath(name).read_bytes())))
    glyphs = np.frombuffer(font.reader["glyf"], np.uint8)
    starts = np.asarray(font["loca"].locations, dtype=np.int64)
    points = np.array([(point, gid) for point, gid in _character_map(face_id)[0].items()])
    points = points[starts[points[:, 1]] < starts[points[:, 1] + 1]]  # a blank has no outline
    heads = np.ascontiguousarray(glyphs[starts[points[:, 1], None] + np.arange(10)]).view(">i2")
    low, high = heads[:, 2], heads[:, 4]
    dots = size / font["head"].unitsPerEm
    near = (baseline(size) - high * dots < 2.5) | (baseline(size) - low * dots > line_height(size) - 2.5)
    return [int(point) for point in points[near, 0]]


@pytest.mark.slow
@pytest.mark.parametrize("size", [18, 43])
@pytest.mark.parametrize("face_id", [REGULAR, BOLD])
def test_no_glyph_of_the_font_leaves_its_cell(face_id: int, size: int) -> None:
    font = face(face_id)._font(size)
    for point in near_the_edge(face_id, size):
        mask, (_, top) = font.getmask2(chr(point), mode="L", anchor="ls")
        assert baseline(size) + top >= 0, hex(point)
        assert baseline(size) + top + mask.size[1] <= line_height(size), hex(point)


def test_dense_characters_keep_white_between_their_strokes_at_203_dpi() -> None:
    # 3.5 mm is the smallest address; a blob would be black all over.
    for character in "囊鬱藏疆瑟璎馨":
        ink = face(BOLD).cell(character, 28).bits
        rows = np.flatnonzero(ink.any(axis=1))
        body = ink[rows[0] : rows[-1] + 1]
        assert 0.3 < body.mean() < 0.75, character
