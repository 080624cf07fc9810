"""Rules for the six-digit PIN that people choose for their badge.

A PIN protects only masked data at an enrolled station, which limits the number of attempts. Six digits are therefore
enough if commonly chosen numbers are excluded. Source of the excluded patterns: P. Markert et al., "This PIN Can Be
Easily Guessed", IEEE Symposium on Security and Privacy 2020 (repetition, sequences, pairs, keypad walks); the Chinese
lucky numbers in ``data/weak_pins.csv`` are our own choice.
"""

from functools import cache
from itertools import pairwise
from typing import Final

from waybillguard.access.errors import WeakPinError
from waybillguard.access.vocabulary import data_rows

DIGITS: Final = 6
_FEWEST_DIFFERENT: Final = 3
_BLOCKS: Final = (1, 2, 3)


def check_pin(pin: str, former: tuple[str, ...] = ()) -> None:
    """Check a chosen PIN.

    ``former``: PINs that are not allowed, such as the initial PIN of the badge.

    Raises:
        WeakPinError: not six digits, easily guessed, or one of ``former``.
    """
    if len(pin) != DIGITS or not (pin.isascii() and pin.isdigit()):
        raise _weak("PIN 码须为 6 位数字", "a PIN has six digits")
    if pin in former:
        raise _weak("请换一个与原来不同的 PIN 码", "choose another PIN than the one before")
    if _easily_guessed(pin):
        raise _weak("该 PIN 码太容易被猜到", "this PIN is easily guessed")


def _easily_guessed(pin: str) -> bool:
    if len(set(pin)) < _FEWEST_DIFFERENT or pin in _list():
        return True
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if len(steps) == 1:  # 123456, 987654, 135791; digits wrap around after 9
        return True
    if any(pin == pin[:size] * (DIGITS // size) for size in _BLOCKS):
        return True
    return all(a == b for a, b in zip(pin[::2], pin[1::2], strict=True))  # 112233


@cache
def _list() -> frozenset[str]:
    return frozenset(row["pin"] for row in data_rows("weak_pins.csv"))


def _weak(zh: str, en: str) -> WeakPinError:
    return WeakPinError(
        zh=f"{zh}。请另选 6 位数字，不要用连号、重复数字或生日。",
        en=f"{en}. Choose six other digits: no sequence, no repetition, no birthday.",
    )
