"""Rule for phones: at least six digits must be hidden (联系电话应隐藏6位以上)."""

import re
from datetime import date
from typing import Final

from waybillguard.label.check.fold import digits_of, fold, tight
from waybillguard.label.check.values import Reason, Standard
from waybillguard.on_demand import pattern_on_use

HIDDEN: Final = 6
"""Least number of digits that a phone must hide."""
_MOBILE: Final = 11
_SHORT: Final = 6
_TAIL: Final = 4
_LEAST_FOREIGN_SHOWN: Final = 2

FEW: Final = Reason("PHN-01", "电话至少应隐藏六位", "a phone must hide at least six digits")
_WHOLE: Final = Reason("PHN-02", "电话完整可见", "a phone is shown whole")
_FORM: Final = Reason("PHN-03", "电话露出的位数多于本系统的印法", "more of the phone shows than we print")
_TEXT: Final = Reason(
    "PHN-04", "电话栏里有无法识别的文字", "there is text in the field of the phone that is not understood"
)
VIRTUAL: Final = Reason(
    "PHN-05",
    "虚拟号没有标明有效期，或打印时已过期，按真实号码判",
    "a virtual number without an expiry, or expired at printing, counts as a real one",
)
LOOSE: Final = Reason("PHN-06", "出现可能是电话的号码", "digits that may be a phone")

_PRINT: Final = pattern_on_use(
    r"(?:\+86 ?|0086|86-)?"
    r"(?:\*{7}\d{4}(?:-\*{3,4})?|0?\d{2,3}-\*{6}\d{0,2}(?:-\*{3,4})?|400-\*{3}-\*{3}\d|\*{5,6}\d{0,2}|\*{7,}\d{0,4}(?:-\*{3,4})?)"
    r"|\+\d{1,3} ?\*{6,}\d{0,2}|\*{1,4}"
)
_LABEL: Final = pattern_on_use(r"(?:联系)?(?:电话|手机号?|号码|座机|Tel|TEL|Phone)[.: ]*")
_LETTERS_AS_STARS: Final = pattern_on_use(r"(?<=[\d*])[xX]{2,}|[xX]{4,}(?=\d)")
_COUNTRY_86: Final = pattern_on_use(r"(?:\+ ?86|0086|86(?=[- ]|[1*][\d*]{10}))[- ]?")
_FOREIGN: Final = pattern_on_use(r"(?:\+|00)(\d{1,3}?)[- ]*([\d*][\d* -]*)")
_KNOWN_COUNTRIES: Final = pattern_on_use(
    r"(?:\+|00)(85[23]|886|8[12]|6[0-6]|4[0-9]|3[0-49]|7|1)[- ]*([\d*][\d* -]*)"
)
_EXTENSION: Final = pattern_on_use(r"(?:-|转|,|分机|#)(?:\d{1,5}|\*{1,5})$")
_LANDLINE: Final = pattern_on_use(r"\(?(0\d{2,3})\)?-?([\d*]{7,8})")
_TOLL_FREE: Final = pattern_on_use(r"([48]00)([\d*]{7})")
_PIECES: Final = pattern_on_use(r"[/,;、|]|(?<=[\d*]{7})\s+(?=[*]{4,}|0\d{2,3}-|1[3-9][\d*]{9}|\+)")
_ONLY: Final = pattern_on_use(r"[\d*+\-()#转分机尾号 ./,;、|]*")

# ------------------------------------------------------------------ numbers anywhere on a label
_STRONG: Final = pattern_on_use(
    r"""
    (?<![0-9A-Za-z*])(?:(?:\+|00)?86[- ]?)?1[3-9](?:[ .-]?[0-9]){9}(?![0-9])   # a whole mobile number
    |(?<![0-9])1[3-9][0-9*](?:[ -]?[0-9*]){7}[0-9*](?![0-9*])  # the same with stars, counted below
    |(?<![0-9])\(?0[1-9][0-9]{1,2}\)?[ -]?[2-9][0-9]{6,7}(?![0-9])               # a landline
    """,
    re.VERBOSE,
)
_STARRED_LANDLINE: Final = pattern_on_use(r"(?<![0-9])0[1-9]\d{1,2}-[\d*]{7,8}(?![\d*])")
# Every number above has seven digits or stars with at most two other characters between them.
_SEVEN: Final = pattern_on_use(r"(?:[0-9*][) .-]{0,2}){7}")
_TOLL: Final = pattern_on_use(r"(?<![0-9A-Za-z])[48]00(?:-?[0-9]{3}-?[0-9]{4}|-[0-9]{4}-[0-9]{3})(?![0-9])")
_LONG_RUN: Final = pattern_on_use(r"(?<![A-Za-z0-9])[0-9](?:[ .-]?[0-9]){6,}")
_DATE: Final = pattern_on_use(
    r"(?<!\d)20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?: *\d{1,2}:\d\d(?::\d\d)?)?"
    r"|(?<!\d)\d{1,2}-\d{1,2} \d{1,2}:\d\d(?::\d\d)?"
)


def whole_number_in(text: str) -> int | None:
    """Return the position in a folded text of a phone that hides too few digits; None if there is none.

    Finds mobile numbers and landlines, whole or masked with fewer than six hidden digits, also with
    spaces or hyphens and in Chinese digits. Numbers of 12 digits and more are not phones but waybills.
    """
    plain = digits_of(text)
    if _SEVEN.search(plain) is None:
        return None
    for found in _STRONG.finditer(plain):
        if found[0].count("*") < HIDDEN:
            return found.start()
    starred = _STARRED_LANDLINE.search(plain)
    if starred is not None and starred[0].count("*") < HIDDEN:
        return starred.start()
    return None


def toll_free_in(text: str) -> int | None:
    """Return the position of a whole 400 or 800 number in a folded text; None if there is none."""
    found = _TOLL.search(text)
    return None if found is None else found.start()


def long_digits_in(text: str) -> int | None:
    """Return the position of seven consecutive digits or more, ignoring spaces, hyphens and dates; else None."""
    found = _LONG_RUN.search(digits_of(_DATE.sub(lambda m: " " + ":" * (len(m[0]) - 1), text)))
    return None if found is None else found.start()


def judge_phone(
    text: str, standard: Standard, *, organisation: bool = False, printed_on: str = ""
) -> Reason | None:
    """Return the rule that a phone field breaks; None if it passes.

    ``organisation`` says that the name beside it is an organisation's, whose 400, 800 and short numbers may
    show. ``printed_on`` is a text with the date on which the label was printed. A number counts as virtual
    only if it is marked as such and had not expired by then.
    """
    if standard is Standard.PRINT and _PRINT.fullmatch(text):
        return None
    phone = _LETTERS_AS_STARS.sub(lambda m: "*" * len(m[0]), fold(text).strip())
    phone = _LABEL.sub("", phone)
    phone, virtual = _without_virtual(phone, printed_on)
    if virtual is not None:
        return virtual
    phone = digits_of(phone).strip()
    if not _ONLY.fullmatch(phone):
        return whole_or_text(phone)
    for piece in _PIECES.split(phone):
        if reason := _judge_number(piece.strip(), standard, organisation=organisation):
            return reason
    return None


def whole_or_text(phone: str) -> Reason:
    """Return the more specific of two rules for a field that contains words."""
    return _WHOLE if whole_number_in(phone) is not None else _TEXT


def _judge_number(number: str, standard: Standard, *, organisation: bool) -> Reason | None:
    if not number:
        return None
    bare = _COUNTRY_86.sub("", number, count=1) if _COUNTRY_86.match(number) else number
    if organisation and "*" not in bare and (_TOLL.fullmatch(bare) or len(bare) < _SHORT):
        return None
    reason = _judge_min(bare)
    if reason is None and standard is Standard.PRINT and not _PRINT.fullmatch(number):
        return _FORM
    return reason


def _judge_min(bare: str) -> Reason | None:  # noqa: PLR0911 - one answer a kind of number
    foreign = _KNOWN_COUNTRIES.fullmatch(bare) or (
        _FOREIGN.fullmatch(bare) if bare.startswith(("+", "00")) else None
    )
    if foreign is not None:
        rest = tight(foreign[2]).replace("-", "")
        return _count(rest, shown=_LEAST_FOREIGN_SHOWN)
    compact = tight(bare).replace("(", "").replace(")", "").replace(".", "")
    if compact.startswith("尾号"):
        tail = compact.removeprefix("尾号")
        return None if tail.isdigit() and len(tail) <= _TAIL else FEW
    main = _EXTENSION.sub("", compact, count=1) if len(compact.replace("-", "")) > _SHORT else compact
    landline = _LANDLINE.fullmatch(main) or _LANDLINE.fullmatch(compact)
    if landline is not None:
        return _count(landline[2], shown=len(landline[2]) - HIDDEN)
    joined = compact.replace("-", "")
    toll_free = _TOLL_FREE.fullmatch(joined)
    if toll_free is not None:
        return _count(toll_free[2], shown=len(toll_free[2]) - HIDDEN)
    joined = main.replace("-", "") if len(main.replace("-", "")) >= _MOBILE else joined
    shown = sum(character.isdigit() for character in joined)
    if shown == 0:
        return None if "*" in joined else _TEXT
    if len(joined) <= _SHORT:
        return _WHOLE if "*" not in joined else FEW
    return _count(joined, shown=_MOBILE - HIDDEN)


def _count(number: str, *, shown: int) -> Reason | None:
    stars = number.count("*")
    visible = sum(character.isdigit() for character in number)
    if stars == 0:
        return _WHOLE
    if visible > shown or stars < HIDDEN:
        return FEW
    return None


# ------------------------------------------------------------------ virtual numbers
_VIRTUAL_MARK: Final = pattern_on_use(r"(?:虚拟|隐私|安全|中间)(?:手机)?号码?[: ]*")
_VIRTUAL_NUMBER: Final = pattern_on_use(
    r"(?<![\d*])(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?:-|转|,|分机)(\d{1,6})(?!\d)"
)
_EXPIRY: Final = pattern_on_use(
    r"[(（]?(?:有效期|有效|失效|到期|截止|至)[^\d]{0,4}"
    r"(?:(20\d\d)[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?(?: *\d{1,2}:\d\d)?[)）]?"
)
_PRINTED: Final = pattern_on_use(r"(?<!\d)(?:(20\d\d)[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?(?!\d)")
_LEAP_YEAR: Final = 2024
_HALF_YEAR: Final = 183
_YEAR: Final = 366


def _without_virtual(phone: str, printed_on: str) -> tuple[str, Reason | None]:
    """Remove a marked, unexpired virtual number from a field; return the broken rule if one has expired."""
    if not _VIRTUAL_MARK.search(phone):
        return phone, None
    number, expiry = _VIRTUAL_NUMBER.search(phone), _EXPIRY.search(phone)
    if number is None:
        return _VIRTUAL_MARK.sub("", _EXPIRY.sub("", phone)), None
    if expiry is None or not _still_valid(expiry, _PRINTED.search(fold(printed_on))):
        return phone, VIRTUAL
    rest = _EXPIRY.sub("", phone.replace(number[0], "", 1))
    return _VIRTUAL_MARK.sub("", rest).strip(" ,;()（）"), None


def _still_valid(expiry: re.Match[str], printed: re.Match[str] | None) -> bool:
    """Return whether an expiry is not before the printed date; if one has no year, within half a year after it."""
    if printed is None:
        return False
    years = expiry[1] and printed[1]
    try:
        end = date(int(expiry[1]) if years else _LEAP_YEAR, int(expiry[2]), int(expiry[3]))
        day = date(int(printed[1]) if years else _LEAP_YEAR, int(printed[2]), int(printed[3]))
    except ValueError:
        return False
    return end >= day if years else (end - day).days % _YEAR <= _HALF_YEAR


def shape(text: str) -> str:
    """Return a phone with each digit replaced by ``#``; stars are kept.

    >>> shape("138****5678")
    '###****####'
    """
    return "".join(
        "#" if character.isdigit() else character if character in "*+-() " else ""
        for character in digits_of(fold(text))
    )
