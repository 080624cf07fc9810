"""Phones and numbers are normalised before they are hashed for searches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.seal.normal import normalise_number, normalise_phone, number_bytes


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13800000001", "13800000001"),
        (" 138 0000 0001\t", "13800000001"),
        ("138-0000-0001", "13800000001"),
        ("１３８００００００01", "13800000001"),
        ("+8613800000001", "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("0086-13800000001", "13800000001"),
        ("008613800000001", "13800000001"),
        ("86 13800000001", "13800000001"),
        ("18877771111-123", "18877771111"),
        ("18877771111转123", "18877771111"),
        ("0571-00000001", "057100000001"),
        ("（0571）00000001", "057100000001"),
        ("057100000001", "057100000001"),
        ("0571-00000001-801", "057100000001"),
        ("010-00000001", "01000000001"),
        ("+86 571 00000001", "057100000001"),
        ("+86-10-00000001", "01000000001"),
        ("400-000-0001", "4000000001"),
        ("+86 400 000 0001", "4000000001"),
        ("", ""),
        ("无", ""),
    ],
)
def test_a_phone_has_one_spelling(typed: str, normal: str) -> None:
    assert normalise_phone(typed) == normal


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", "+86", "+86 ", "0086-", "86 "]))
def test_a_mobile_is_the_same_however_it_is_prefixed_and_grouped(mobile: str, prefix: str) -> None:
    assert normalise_phone(f"{prefix}{mobile[:3]}-{mobile[3:7]} {mobile[7:]}") == mobile


@given(st.text())
def test_a_normal_phone_is_ascii_digits_alone(text: str) -> None:
    normal = normalise_phone(text)
    assert normal == "" or (normal.isascii() and normal.isdigit())


@pytest.mark.parametrize(
    ("typed", "normal"),
    [("sf1234", "SF1234"), (" ＳＦ１２ａｂ　", "SF12AB"), ("订单ａ-1\t", "订单A-1"), ("ß", "ß"), ("", "")],
)
def test_a_number_has_one_spelling(typed: str, normal: str) -> None:
    assert normalise_number(typed) == normal


@given(st.text())
def test_normalising_a_number_twice_changes_nothing(text: str) -> None:
    assert normalise_number(normalise_number(text)) == normalise_number(text)


@given(st.text(st.characters(exclude_categories=[])))
def test_the_bytes_of_a_number_are_those_of_its_normal_spelling(text: str) -> None:
    assert number_bytes(text) == normalise_number(text).encode("utf-8", "surrogatepass")
