"""Normalises phones and numbers before they are hashed for searches.

These rules are part of the index format (docs/formats.md): after a change, old tokens would not be found. They use
fixed tables instead of Unicode data, which changes with the Python version.
"""

import re
from typing import Final

_HALF: Final = {0x3000: " ", **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}}
_HALF_UPPER: Final = (
    {code: chr(code - 32) for code in range(ord("a"), ord("z") + 1)}
    | _HALF
    | {code: chr(code - 0xFEE0 - 32) for code in range(0xFF41, 0xFF5B)}
)
_DIGITS: Final = re.compile(r"[0-9]+")
MOBILE_DIGITS: Final = 11
LAST4: Final = 4
_SERVICE_DIGITS: Final = 10
MIN_FOR_LAST4: Final = 7


def normalise_number(text: str) -> str:
    """Normalise an order or waybill number: stripped, ASCII upper case, full-width characters as ASCII.

    >>> normalise_number(" ＳＦ12ab ")
    'SF12AB'
    """
    if text.isascii():
        return text.strip().upper()
    return text.translate(_HALF_UPPER).strip()


def normalise_phone(text: str) -> str:
    """Normalise a phone to digits: 11 of a mobile, area and number of a landline; drops +86 and an extension.

    >>> [normalise_phone(t) for t in ("+86 138-0000-0000", "0571-88886666", "18877771111-123")]
    ['13800000000', '057188886666', '18877771111']
    """
    if len(text) == MOBILE_DIGITS and text.isascii() and text.isdigit():
        return text
    groups = _DIGITS.findall(text.translate(_HALF))
    if not groups:
        return ""
    if groups[0] in {"86", "0086"} and len(groups) > 1:
        return _domestic(_without_extension(groups[1:]))
    digits = _without_extension(groups)
    if digits.startswith("0086"):
        return _domestic(digits[4:])
    if digits.startswith("86") and len(digits) > MOBILE_DIGITS:
        return _domestic(digits[2:])
    return digits


def number_bytes(text: str) -> bytes:
    """Return the bytes to hash for a normalised number."""
    return text.strip().upper().encode() if text.isascii() else to_utf8(normalise_number(text))


def to_utf8(text: str) -> bytes:
    """Return the bytes to hash; a lone surrogate is kept, so encoding never fails."""
    return text.encode("utf-8", "surrogatepass")


def _domestic(digits: str) -> str:
    mobile = len(digits) == MOBILE_DIGITS and digits.startswith("1")
    service = len(digits) == _SERVICE_DIGITS and digits.startswith(("400", "800"))
    return digits if mobile or service or digits.startswith("0") else "0" + digits


def _without_extension(groups: list[str]) -> str:
    first = groups[0]
    if len(first) == MOBILE_DIGITS and first.startswith("1"):
        return first
    area_and_number = first.startswith("0") and len(first) in {3, 4} and len(groups) > 1
    if area_and_number and len(groups[1]) in {7, 8}:
        return first + groups[1]
    return "".join(groups)
