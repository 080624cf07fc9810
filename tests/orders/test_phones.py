"""Telephone numbers in the cells of an export."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.orders.phones import PhoneReading, find_numbers, read_phone


@pytest.mark.parametrize(
    "cell",
    [
        "13800001234",
        "+8613800001234",
        "+86 138 0000 1234",
        "0086-138-0000-1234",
        "8613800001234",
        "(+86)13800001234",
        "'13800001234",
        "13800001234\t",
        "13800001234.0",
        "１３８００００１２３４",
        '="13800001234"',
        "1.3800001234E+10",
        "013800001234",
        "\u202a13800001234\u202c",
        "测试人 13800001234",
    ],
)
def test_a_mobile_is_read_however_it_is_written(cell: str) -> None:
    assert read_phone(cell) == PhoneReading("13800001234", ("13800001234",))


@pytest.mark.parametrize("cell", ["1.38E+10", "1.38123E+10", "1.38123e10"])
def test_digits_lost_by_a_spreadsheet_are_never_guessed(cell: str) -> None:
    assert read_phone(cell) == PhoneReading(problem="phone_precision_lost")


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("0579-85551234", "0579-85551234"),
        ("057985551234", "0579-85551234"),
        ("（0579）85551234", "0579-85551234"),
        ("+86 579 85551234", "0579-85551234"),
        ("0579-8555123", "0579-8555123"),
        ("010 6123 4567", "010-61234567"),
        ("400-858-2020", "400-858-2020"),
        ("4008582020", "400-858-2020"),
        ("95338", "95338"),
        ("+852 91234567", "+852 91234567"),
        ("00852-91234567", "+852 91234567"),
        ("+853 61234567", "+853 61234567"),
        ("+886 0912345678", "+886 912345678"),
        ("0912345678", "+886 912345678"),
        ("+1 (212) 555-1234", "+1 2125551234"),
    ],
)
def test_other_numbers_have_one_form_each(cell: str, phone: str) -> None:
    reading = read_phone(cell)
    assert (reading.phone, reading.problem) == (phone, "")


@pytest.mark.parametrize(
    "cell",
    [
        "12345678901-1234",
        "12345678901转1234",
        "12345678901,1234",
        "12345678901 转 1234",
        "12345678901[1234]",
        "12345678901#1234",
    ],
)
def test_a_virtual_number_is_known_by_its_extension(cell: str) -> None:
    assert read_phone(cell) == PhoneReading("12345678901", ("12345678901",), "1234")


def test_an_extension_of_a_landline_stands_apart() -> None:
    assert read_phone("0579-85551234-802").extension == "802"


@pytest.mark.parametrize("gap", ["/", ";", "；", "、", " ", ",", "\n"])
def test_two_numbers_in_a_cell_are_both_kept(gap: str) -> None:
    assert read_phone(f"13800001234{gap}13900001234").phones == ("13800001234", "13900001234")


def test_of_a_landline_and_a_mobile_the_mobile_is_the_phone() -> None:
    reading = read_phone("0579-85551234", "13800001234")
    assert (reading.phone, reading.phones) == ("13800001234", ("0579-85551234", "13800001234"))


@pytest.mark.parametrize("cell", ["", " ", "无", "-", "0", "null"])
def test_an_empty_cell_is_no_phone(cell: str) -> None:
    assert read_phone(cell) == PhoneReading(problem="no_phone")


@pytest.mark.parametrize("cell", ["1380000123", "138000012345", "12345678901", "abc", "85551234"])
def test_what_is_no_number_is_a_bad_phone(cell: str) -> None:
    assert read_phone(cell) == PhoneReading(problem="bad_phone")


@pytest.mark.parametrize("cell", ["138****1234", "*******1234", "138xxxx1234", "0579-****1234"])
def test_a_masked_number_stays_as_it_came(cell: str) -> None:
    assert read_phone(cell) == PhoneReading(cell, (), "", "masked_phone")


@pytest.mark.parametrize(
    "cell", ["~AeUMxyz123456789012~CZLI~1~", "#abcDEF123456789#x1*##", "$abcDEF123456789xyz==$"]
)
def test_an_encrypted_number_stays_as_it_came(cell: str) -> None:
    assert read_phone(cell) == PhoneReading(cell, (), "", "ciphertext")


def test_a_masked_mobile_beside_a_landline_makes_the_row_masked() -> None:
    assert read_phone("138****1234", "0579-85551234").problem == "masked_phone"


@given(st.text(max_size=40))
def test_any_text_gives_a_reading(text: str) -> None:
    reading = read_phone(text)
    assert bool(reading.problem) or reading.phone in reading.phones


@given(st.integers(3, 9), st.integers(0, 10**9 - 1), st.sampled_from(["", "+86", "86-", "0086 "]))
def test_every_mobile_is_found_again(second: int, rest: int, prefix: str) -> None:
    number = f"1{second}{rest:09}"
    assert read_phone(prefix + number).phone == number


@given(st.text(alphabet="0123456789-+ 转,()", max_size=30))
def test_a_number_found_lies_inside_the_text(text: str) -> None:
    assert all(0 <= start < end <= len(text) for start, end, *_ in find_numbers(text))
