"""Parse the telephone numbers of a consignee from the cells of an export.

Promise: a number is either read completely or refused with a reason; digits are never guessed. Masked or encrypted
values are kept unchanged and never completed.
"""

import re

import msgspec

from waybillguard.on_demand import pattern_on_use
from waybillguard.orders.names import looks_ciphertext

#: Digits of a mobile number; a spreadsheet's form such as 1.38123E+10 has fewer, so digits are lost.
_MOBILE_DIGITS = 11

_TO_ASCII = str.maketrans(
    "０１２３４５６７８９＋－—–―‐‑−（）／；：，＃＊？．　\u00a0\u200b\ufeff",
    "0123456789+-------()/;:,#*?.  \u200b\ufeff",
)
_INVISIBLE = pattern_on_use(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0b-\x1f]")
_PLAIN_MOBILE = pattern_on_use(r"1[3-9][0-9]{9}", re.ASCII)
_SCIENTIFIC = pattern_on_use(r"([0-9])(?:\.([0-9]+))?[eE]\+?([0-9]{1,2})", re.ASCII)
_EMPTY = frozenset(
    {"", "-", "--", "/", "\\", "0", "无", "暂无", "空", "null", "NULL", "None", "none", "nan", "N/A"}
)
_EXTENSION = r"(?:\s*(?:-|,|\#|x|X|转|分机|ext\.?|\[)\s*([0-9]{1,6})(?![0-9])\]?)"
#: Country calling codes of one and two digits (ITU-T E.164); every other code has three.
_SHORT_CODES = frozenset(
    [
        "1",
        "7",
        "20",
        "27",
        "30",
        "31",
        "32",
        "33",
        "34",
        "36",
        "39",
        "40",
        "41",
        "43",
        "44",
        "45",
        "46",
        "47",
        "48",
        "49",
        "51",
        "52",
        "53",
        "54",
        "55",
        "56",
        "57",
        "58",
        "60",
        "61",
        "62",
        "63",
        "64",
        "65",
        "66",
        "81",
        "82",
        "84",
        "86",
        "90",
        "91",
        "92",
        "93",
        "94",
        "95",
        "98",
    ]
)

_NUMBER = pattern_on_use(
    rf"""
    (?<![0-9])(?:\(?(?:\+|00)?\s*86\)?[-\s]*)?                         # China, however written
    (?: \(? 0?(?P<mobile>1[3-9][0-9]([-\s]?)[0-9]{{4}}\2[0-9]{{4}}) (?![0-9]) \)? (?:{_EXTENSION})?
      | (?P<virtual>1[0-9]{{10}}) (?![0-9]) {_EXTENSION}               # only its extension shows it is one
      | (?P<toll>[48]00)[-\s]?(?P<toll1>[0-9]{{3,4}})[-\s]?(?P<toll2>[0-9]{{3,4}}) (?![0-9]) (?:{_EXTENSION})?
      | \(?(?P<area>0?(?:10|2[0-9])|0?[3-9][0-9]{{2}})\)?[-\s]*
        (?P<local>[1-9][0-9]{{2,3}}[-\s]?[0-9]{{4}}) (?![0-9]) (?:{_EXTENSION})?
    )
    """,
    re.VERBOSE | re.ASCII,
)
_ABROAD = pattern_on_use(
    r"(?<![0-9])(?<![0-9][-\s])(?:\+|00)\s*\(?([1-9][0-9]{0,2})\)?[-\s]*([0-9(][0-9()\s-]{4,14}[0-9])(?![0-9])",
    re.ASCII,
)
_GREATER_CHINA = pattern_on_use(r"(?<![0-9])(852|853|886)[-\s]+0?([0-9]{8,9})(?![0-9])", re.ASCII)
_TAIWAN_MOBILE = pattern_on_use(r"(?<![0-9])0(9[0-9]{2})[-\s]?([0-9]{3})[-\s]?([0-9]{3})(?![0-9])", re.ASCII)
_SHORT = pattern_on_use(r"(?<![0-9-])(?:9[56][0-9]{3,4}|1[02][0-9]{3})(?![0-9-])", re.ASCII)
_MASKED = pattern_on_use(r"[0-9]{0,12}[-\s]?[0-9]{0,12}(?:[*•●×]{2,}|[xX#?]{3,})[0-9*•●×xX#?-]*")
_DIGIT = pattern_on_use(r"[0-9]")


class PhoneReading(msgspec.Struct, frozen=True):
    """The telephone numbers in the cells of one row.

    ``phone`` is a mobile of 11 digits, ``area-number``, ``400-858-2020``, ``+852 91234567`` or a short
    number. Of several numbers it is the mobile, otherwise the first. For a masked or encrypted cell, ``phone`` is
    the unchanged cell. ``problem`` is empty, ``no_phone``, ``bad_phone``, ``phone_precision_lost``,
    ``masked_phone`` or ``ciphertext``.
    """

    phone: str = ""
    phones: tuple[str, ...] = ()
    extension: str = ""
    problem: str = ""


def normalise_cell(text: str) -> str:
    """Return ``text`` with ASCII digits and signs, without invisible characters and spreadsheet marks."""
    if not text.isascii():
        text = text.translate(_TO_ASCII)
    text = _INVISIBLE.sub("", text).strip()
    if text[:1] in {"'", "\u2019", "`"}:
        text = text[1:].strip()
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    if text.endswith((".0", ".00")) and text[: text.rindex(".")].isdigit():
        text = text[: text.rindex(".")]
    return text


def find_numbers(text: str) -> list[tuple[int, int, str, str, bool]]:
    """Find the telephone numbers in free ``text``.

    Returns (start, end, number, extension, is_mobile) in order of position. The text is not normalised; apply
    :func:`normalise_cell` first if it may contain full-width digits.
    """
    found: list[tuple[int, int, str, str, bool]] = []
    taken: list[tuple[int, int]] = []

    def add(start: int, end: int, number: str, extension: str, *, mobile: bool) -> None:
        if all(end <= a or start >= b for a, b in taken):
            taken.append((start, end))
            found.append((start, end, number, extension, mobile))

    for match in _GREATER_CHINA.finditer(text):
        add(match.start(), match.end(), f"+{match[1]} {match[2]}", "", mobile=False)
    for match in _ABROAD.finditer(text):
        number = _abroad(match[1], match[2])
        if number:
            add(match.start(), match.end(), number, "", mobile=False)
    for match in _NUMBER.finditer(text):
        number, extension, mobile = _domestic(match)
        if number:
            add(match.start(), match.end(), number, extension, mobile=mobile)
    for match in _TAIWAN_MOBILE.finditer(text):
        add(match.start(), match.end(), f"+886 {match[1]}{match[2]}{match[3]}", "", mobile=False)
    found.sort()
    return found


def read_phone(*cells: str) -> PhoneReading:
    """Read the consignee's number from one or more ``cells`` (mobile and landline columns).

    >>> read_phone("+86 138-1234-5678").phone
    '13812345678'
    >>> read_phone("1.38123E+10").problem
    'phone_precision_lost'
    """
    if len(cells) == 1 and _PLAIN_MOBILE.fullmatch(cells[0]):
        return PhoneReading(cells[0], (cells[0],))
    numbers: dict[str, str] = {}
    mobiles: list[str] = []
    problem, kept = "no_phone", ""
    for raw in cells:
        cell_problem, cell_kept = _read_cell(raw, numbers, mobiles)
        if _RANK[cell_problem] > _RANK[problem]:
            problem, kept = cell_problem, cell_kept
    if problem in {"masked_phone", "ciphertext"}:
        return PhoneReading(kept, (), "", problem)
    if not numbers:
        return PhoneReading("", (), "", problem)
    phone = mobiles[0] if mobiles else next(iter(numbers))
    return PhoneReading(phone, tuple(numbers), numbers[phone])


_RANK = {"no_phone": 0, "": 0, "bad_phone": 1, "phone_precision_lost": 2, "ciphertext": 3, "masked_phone": 4}


def _read_cell(  # noqa: C901, PLR0911  one branch per kind of cell
    raw: str, numbers: dict[str, str], mobiles: list[str]
) -> tuple[str, str]:
    """Add the numbers of one cell; return its problem and, if masked or encrypted, the cell itself."""
    text = normalise_cell(raw)
    if text in _EMPTY:
        return "no_phone", ""
    if _MASKED.search(text):
        return "masked_phone", raw.strip()
    if looks_ciphertext(raw):
        return "ciphertext", raw.strip()
    scientific = _SCIENTIFIC.fullmatch(text)
    if scientific:
        whole, fraction, power = scientific[1], scientific[2] or "", int(scientific[3])
        if len(fraction) != power:
            return "phone_precision_lost", ""
        text = whole + fraction
    found = find_numbers(text)
    for _, _, number, extension, mobile in found:
        if number not in numbers:
            numbers[number] = extension
            if mobile:
                mobiles.append(number)
    if found:
        return "", ""
    short = _SHORT.fullmatch(text)
    if short:
        numbers.setdefault(text, "")
        return "", ""
    return "bad_phone", ""


def _domestic(match: re.Match[str]) -> tuple[str, str, bool]:
    """Return number, extension and whether it is a mobile, for a match of ``_NUMBER``."""
    extension = next((match[i] for i in _EXTENSION_GROUPS if match[i]), "")
    if match["mobile"]:
        return re.sub(r"[-\s]", "", match["mobile"]), extension, True
    if match["virtual"]:
        return match["virtual"], extension, True
    if match["toll"]:
        rest = match["toll1"] + match["toll2"]
        return (f"{match['toll']}-{rest[:3]}-{rest[3:]}" if len(rest) == 7 else ""), extension, False  # noqa: PLR2004
    area, local = match["area"], re.sub(r"[-\s]", "", match["local"])
    written_out = match[0].lstrip("(").startswith(("+", "00", "86"))
    if not area.startswith("0"):
        # An area code without its leading 0 counts only after a country code: 10 digits alone are ambiguous.
        if not written_out:
            return "", "", False
        area = "0" + area
    return f"{area}-{local}", extension, False


#: Unnamed groups of ``_NUMBER`` that hold an extension.
_EXTENSION_GROUPS = tuple(
    i
    for i in range(1, _NUMBER.groups + 1)
    if i not in _NUMBER.groupindex.values() and i != _NUMBER.groupindex["mobile"] + 1
)


def _abroad(code: str, rest: str) -> str:
    """Format a number with a country code; returns '' for China, whose numbers are read as domestic."""
    digits = code + re.sub(r"\D", "", rest)
    if digits.startswith("86"):
        return (digits[:3] == "886" and f"+886 {digits[3:].lstrip('0')}") or ""
    for size in (1, 2):
        if digits[:size] in _SHORT_CODES:
            return f"+{digits[:size]} {digits[size:]}"
    return f"+{digits[:3]} {digits[3:].lstrip('0') if digits[:3] == '886' else digits[3:]}"
