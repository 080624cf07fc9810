"""Every leak that can be put on a passing label is refused, and the refusal does not repeat it."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.label.check import LabelRefusedError, check_drawn, require
from waybillguard.label.model import CodeBox, CodeKind, Drawn, LabelSize

sys.path.insert(0, str(Path(__file__).parent))
from check_labels import GOOD, REFERENCE, drawn_label, end_of, with_text

GOOD_CHANGES = [
    {},
    {"phone": "0579-******34"},
    {"phone": "0579-******34-***"},
    {"phone": "+86 *******5678", "attempt": 3},
    {"name": "某某贸易有限公司", "phone": "400-858-2020"},
    {"phone": "**********", "name": "J**"},
    {"name": "欧阳**", "remark": ""},
    {"name": "**", "sample": True},
    {"address": "浙江省金华市义乌市北苑街道机场路"},
    {"address": "上海市浦东新区张杨路500弄12号****"},
    {"sort_code": "010 A12-3", "hub": "北京顺义", "carrier": "模拟快递"},
]


@pytest.mark.parametrize("changes", GOOD_CHANGES, ids=str)
@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("size", LabelSize)
def test_a_masked_label_passes(size: LabelSize, dpi: int, changes: dict[str, object]) -> None:
    verdict = check_drawn(drawn_label(size, dpi, **changes))
    assert verdict.passed, verdict.reason_en
    require(drawn_label(size, dpi, **changes))


LEAKING_CONTENT = [
    ("name", "王小明"), ("name", "王*明"), ("name", "王小明**"), ("name", "王先生"), ("name", "John Smith"),
    ("phone", "13812345678"), ("phone", "138****5678"), ("phone", "138******78"), ("phone", "******45678"),
    ("phone", "0579-85551234"), ("phone", "0579-****1234"), ("phone", "+86 138****5678"), ("phone", "400-858-2020"),
    ("address", GOOD.address.replace("****", "501室")), ("address", GOOD.address.replace("****", "2单元****")),
    ("address", GOOD.address.replace("****", "501")), ("address", GOOD.address + "1"),
    ("address", GOOD.address.replace("****", "5楼")), ("address", GOOD.address.replace("3幢****", "3-2-501")),
    ("address", GOOD.address.replace("3幢****", "1801")), ("address", "浙江省义乌市后宅街道后宅村5组12号"),
    ("remark", "门禁1234#"), ("remark", "联系张三13812345678"), ("remark", "送到501室"), ("remark", "张三收"),
    ("hub", "义乌13812345678"), ("carrier", "示例138****5678"), ("station", "13812345678"),
    ("sort_code", "138-1234-5678"), ("waybill_no", "13812345678"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "text"), LEAKING_CONTENT)
def test_a_leak_in_one_field_is_refused(field: str, text: str) -> None:
    drawn = drawn_label(**{field: text})
    assert not check_drawn(drawn).passed
    with pytest.raises(LabelRefusedError):
        require(drawn)


@pytest.mark.parametrize("text", ["1", "13812345678", "王小明", "501室", "A", "*"])
@pytest.mark.parametrize("place", [(345, 800), (420, 615), (14, 858), (300, 310)])
def test_text_outside_every_field_is_refused(text: str, place: tuple[int, int]) -> None:
    assert not check_drawn(with_text(drawn_label(), text, *place)).passed


@pytest.mark.parametrize("text", ["13812345678", "138****5678", "0579-85551234", "3幢501室", "2单元"])
@pytest.mark.parametrize(
    "place", [(14, 150), (300, 20), (14, 690), (100, 690), (14, 1010), (84, 440), (300, 182)]
)
def test_a_phone_or_a_room_in_any_field_is_refused(text: str, place: tuple[int, int]) -> None:
    assert not check_drawn(with_text(drawn_label(remark=""), text, *place, size=22)).passed


@pytest.mark.parametrize("digit", "0123456789")
def test_one_more_digit_of_the_phone_is_refused(digit: str) -> None:
    drawn = drawn_label()
    x, y, size = end_of(drawn, "5678")
    for right, down, dots in (
        (-8 * size // 2, size // 2, 28),
        (-5 * size // 2, 0, size),
        (-size // 2, 0, size),
    ):
        assert not check_drawn(with_text(drawn, digit, x + right, y + down, dots)).passed


@pytest.mark.parametrize("more", ["5", "501", "室501", "2单元", "东户", "五零一", "A"])
def test_more_behind_the_address_is_refused(more: str) -> None:
    drawn = drawn_label()
    x, y, size = end_of(drawn, "****")
    assert not check_drawn(with_text(drawn, more, x, y, size)).passed


def test_a_star_printed_over_a_digit_is_refused() -> None:
    drawn = drawn_label(phone="13812345678")
    x, y, size = end_of(drawn, "345678")
    covered = with_text(drawn, "******", x - 6 * size // 2, y, size)
    assert not check_drawn(covered).passed


def test_a_phone_drawn_in_scrambled_order_is_still_read() -> None:
    drawn = drawn_label(remark="")
    shuffled = with_text(drawn, "13812345678", 14, 690)
    order = np.random.default_rng(1).permutation(len(shuffled.glyphs))
    assert not check_drawn(replace(shuffled, glyphs=shuffled.glyphs[order])).passed


def test_the_order_of_glyph_records_does_not_matter() -> None:
    drawn = drawn_label()
    order = np.random.default_rng(2).permutation(len(drawn.glyphs))
    assert check_drawn(replace(drawn, glyphs=drawn.glyphs[order])).passed


def test_a_glyph_that_no_character_has_is_refused() -> None:
    drawn = drawn_label()
    glyphs = drawn.glyphs.copy()
    glyphs["gid"][3] = 65535
    assert not check_drawn(replace(drawn, glyphs=glyphs)).passed


@pytest.mark.parametrize(
    "codes",
    [
        lambda bars, _square: (bars,),
        lambda _bars, square: (square,),
        lambda bars, square: (bars, square, square),
        lambda bars, square: (replace(bars, text="13812345678"), square),
        lambda bars, square: (replace(bars, text="SX720000000021"), square),
        lambda bars, square: (bars, replace(square, text="https://example.com/t/773012345678901")),
        lambda bars, square: (bars, replace(square, text="王小明,13812345678")),
        lambda bars, square: (bars, replace(square, text=REFERENCE[:-3])),
    ],
)
def test_other_codes_than_waybill_and_sealed_reference_are_refused(codes: object) -> None:
    drawn = drawn_label()
    bars = next(code for code in drawn.codes if code.kind is CodeKind.CODE128)
    square = next(code for code in drawn.codes if code.kind is CodeKind.QR)
    changed: tuple[CodeBox, ...] = codes(bars, square)  # type: ignore[operator]
    assert not check_drawn(replace(drawn, codes=changed)).passed


@pytest.mark.parametrize(("field", "text"), LEAKING_CONTENT)
def test_a_refusal_names_field_and_rule_and_never_the_text(field: str, text: str) -> None:
    with pytest.raises(LabelRefusedError) as caught:
        require(drawn_label(**{field: text}))
    error = caught.value
    assert error.rule in error.zh
    assert error.rule in error.en
    assert error.field in error.en
    said = f"{error!r} {error.zh} {error.en} {error.args}"
    for part in (text, text[-4:] if text[-4:] != "****" else text, "12345678", "小明", "501"):
        assert part not in said


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from([(14, 690), (14, 560), (84, 440), (300, 1000)]),
)
def test_any_mobile_number_anywhere_is_refused(number: str, place: tuple[int, int]) -> None:
    assert not check_drawn(with_text(_plain(), number, *place)).passed


@given(st.integers(1, 40), st.integers(101, 3999), st.sampled_from(["", "室", "房", "号", "户"]))
def test_any_room_behind_a_building_is_refused(building: int, room: int, word: str) -> None:
    address = f"浙江省金华市义乌市北苑街道机场路88号福田小区{building}幢{room}{word}"
    assert not check_drawn(drawn_label(address=address)).passed


def _plain() -> Drawn:
    return drawn_label(remark="")
