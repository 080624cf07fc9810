"""Badges: one code drawn twice and read back, and only valid badge codes accepted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.label.badge import CODE_DIGITS, BadgeContent, draw_badge, is_code, with_check_digit
from waybillguard.label.codes import decode
from waybillguard.label.errors import LabelContentError
from waybillguard.label.model import CodeKind

_digits = st.text("0123456789", min_size=CODE_DIGITS - 1, max_size=CODE_DIGITS - 1)


def content(code: str, name: str = "测试人甲") -> BadgeContent:
    return BadgeContent("义乌测试云仓", name, "工牌 12", ("遗失请立即告知负责人",), code)


@given(_digits)
def test_both_codes_of_a_badge_are_read_back(digits: str) -> None:
    code = with_check_digit(digits)
    found = decode(draw_badge(content(code)).bitmap)
    assert [(box.kind, box.text) for box in found] == [(CodeKind.QR, code), (CodeKind.CODE128, code)]


@given(_digits, st.integers(0, CODE_DIGITS - 1), st.integers(1, 9))
def test_one_wrong_digit_is_no_code(digits: str, place: int, step: int) -> None:
    code = with_check_digit(digits)
    assert is_code(code)
    changed = code[:place] + str((int(code[place]) + step) % 10) + code[place + 1 :]
    assert not is_code(changed)


@pytest.mark.parametrize("code", ["", "1", "1" * 39, "x" * 40, "１" * 40, "9" * 41])
def test_anything_else_is_not_drawn(code: str) -> None:
    assert not is_code(code)
    with pytest.raises(LabelContentError):
        draw_badge(content(code))


def test_a_character_the_font_lacks_does_not_stop_a_badge() -> None:
    code = with_check_digit("0" * 39)
    strange, marked = (draw_badge(content(code, name)).bitmap for name in ("A\U0001f600", "A?"))
    assert np.array_equal(strange, marked)


def test_a_name_too_long_for_the_badge_is_cut_at_the_margin() -> None:
    code = with_check_digit("0" * 39)
    drawn = draw_badge(content(code, "很" * 60))
    assert not drawn.bitmap[:, :8].any()
    assert not drawn.bitmap[:, -8:].any()


def test_a_badge_says_nothing_in_its_repr() -> None:
    assert "测试" not in repr(content(with_check_digit("0" * 39))).replace("义乌测试云仓", "")
