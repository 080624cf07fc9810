"""PINs: six digits, and easily guessed ones are refused."""

from itertools import product

import pytest

from waybillguard.access.errors import WeakPinError
from waybillguard.access.pins import check_pin
from waybillguard.access.vocabulary import data_rows


@pytest.mark.parametrize(
    "pin",
    ["", "12345", "1234567", "12a456", "１２３４５６", "111111", "121212", "112212", "123456", "987654", "890123",
     "135791", "123123", "112233", "520131", "147258", "246802"],
)  # fmt: skip
def test_a_pin_that_others_would_try_first_is_refused(pin: str) -> None:
    with pytest.raises(WeakPinError) as error:
        check_pin(pin)
    assert not pin or pin not in error.value.zh + error.value.en, "the message never names it"


@pytest.mark.parametrize("pin", ["830417", "719358", "402968", "095173"])
def test_an_ordinary_pin_is_taken(pin: str) -> None:
    check_pin(pin)


def test_a_former_number_is_refused() -> None:
    with pytest.raises(WeakPinError):
        check_pin("830417", former=("830417",))


def test_every_row_of_the_list_is_a_number_of_six_digits_with_a_reason() -> None:
    rows = list(data_rows("weak_pins.csv"))
    assert len({row["pin"] for row in rows}) == len(rows) > 40
    assert all(len(row["pin"]) == 6 and row["pin"].isdigit() and row["why"] for row in rows)


def test_few_numbers_are_refused_so_guessing_stays_hard() -> None:
    refused = 0
    for digits in product("0123456789", repeat=6):
        try:
            check_pin("".join(digits))
        except WeakPinError:
            refused += 1
    assert 3_000 < refused < 20_000, "a hundredth or so of a million"
