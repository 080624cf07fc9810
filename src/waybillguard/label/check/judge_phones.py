"""Judges a phone read from a photo: it fails by the digits that show, never by the count of its stars."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from statistics import median
from typing import Final

from waybillguard.label.check.certain import LOW, UNSURE, certain, circles_as_stars
from waybillguard.label.check.fold import HAN, digits_of, fold, tight
from waybillguard.label.check.phones import FEW, VIRTUAL, whole_number_in
from waybillguard.label.check.values import Party, Reason, TextLine
from waybillguard.on_demand import pattern_on_use

_SURE_DIGIT: Final = 0.55
_SHOWN: Final = 5
_SHOWN_LANDLINE: Final = 6
"""Most visible digits of a landline: four of the area code and two of eight; five with a three-digit area code."""
_STRAY: Final = pattern_on_use(r"(?<=[\d*])\s+\d$")
"""A single digit behind a masked number, which is a misread sign."""
_HIDDEN_ABROAD: Final = 5
"""Hidden digits required in shorter foreign numbers: +852 9*****28."""
_ABROAD: Final = pattern_on_use(r"(?:\+|00)(?:85[23]|886|[17]|[2-69]\d|8\d)-?([\d*-]+)$")
_LANDLINE: Final = pattern_on_use(r"\(?0(?!10|2\d|9\d\d-[\d*]{3}-[\d*]{3}$)[\d*]")
_BEHIND_WHOLE: Final = pattern_on_use(r"^(\(?(?:[\d*][()-]*){10,12})(?:-|转)[\d*]{1,5}$")
_SQUARES: Final = pattern_on_use(rf"[0{UNSURE}]{{6,}}")
"""Marks that were read as zeros; no number has so many."""
_BOXES: Final = pattern_on_use(rf"[\d*OQCDJ口回日工一二三{UNSURE}]{{7,}}")
_LIKE_BOXES: Final = pattern_on_use("[OQCDJ口回日工一二三]")
"""Characters that OCR reads for a square, beside zeros."""
_NO_NUMBER: Final = pattern_on_use(r"1[0-2]\d{5,10}|[1-9]\d{8}")
"""An impossible prefix, or too short by two: OCR dropped or invented digits."""
_MASKED_MOBILE: Final = pattern_on_use(r"1[\d*]*\*[\d*]*")
_MOBILE_SIGNS: Final = 11
"""Length of a masked mobile number; a longer or shorter one was misread: 188******6*63, 186***131."""
_TWO: Final = pattern_on_use(r"[\d*]{20,24}")
_LONG: Final = 7
_APART: Final = pattern_on_use(rf"[/,;、|]|(?:(?!转)[{HAN}:])+")
_ONE_RUN: Final = pattern_on_use(r"\d+\*+\d*")
_DATE: Final = pattern_on_use(r"(?<!\d)(?:(20\d\d)[-/.年])?(0?[1-9]|1[0-2])[-/.月]([0-3]\d|\d)")
_WHEN: Final = rf"{_DATE.pattern}日?(?:\d\d?:\d\d(?::\d\d)?)?"
_PRINTING: Final = r"(?:打印|[打制下开]单|印于)(?:于|时间|日期)?"
_OF_PRINTING: Final = pattern_on_use(rf"{_PRINTING}:?{_WHEN}|{_WHEN}{_PRINTING}")
_FROM_DAY: Final = pattern_on_use(rf"{_WHEN}(?:[至到]|-{{1,2}}(?=20))(?=\d)")
"""The first day of a range; the last day counts."""
_DAY_OF_DIGITS: Final = pattern_on_use(r"(?<=[期至止到效])(:?20\d\d)(0[1-9]|1[0-2])([0-3]\d)(?!\d{3})")
"""有效期至20261231, an hour may follow."""
_VIRTUAL_MARK: Final = pattern_on_use(
    r"(?:虚拟|隐私|安全|中间)(?:手机)?号?|有效|失效|到期|过期|至20\d\d[-/.年]"
)
_VIRTUAL_NUMBER: Final = pattern_on_use(
    r"(?<!\d)(?P<own>1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|[48]00-?\d{3}-?\d{4})(?P<extension>(?:-|转|,|分机)\d{1,6})?"
)
_TOLL: Final = pattern_on_use(r"(?<!\d)[48]00(?:-?\d{3,4}-?\d{3,4}|\d-\d{3}-\d{3})(?!\d)")
_TOLL_DIGITS: Final = pattern_on_use(r"[48]00\d{7}")
_POSTCODE: Final = pattern_on_use(r"\d{6}")
_SERVICE: Final = pattern_on_use(r"(?:0\d{2,3}-?)?9\d{4,5}|95\d{6}")
_EXTENSION: Final = pattern_on_use(r"(?:-|转|分机)\d{1,6}$")
_SWITCHBOARD: Final = pattern_on_use(
    r"(?:总机|总台|服务台)(?:电话)?[: ]*(\(?0\d{2,3}[) -]*(?:[\d*]{3,4}[ -]?[\d*]{4}|[\d*]{7,8})(?![\d*])(?: ?(?:-|转|分机) ?\d{1,6}(?!\d))?)"
)
"""A landline that belongs to no person."""
_LEAP_YEAR: Final = 2024
_HALF_YEAR: Final = 183
_YEAR: Final = 366


def judge_phone(lines: Sequence[TextLine], *, organisation: bool, dates: str) -> Reason | None:
    """Return the rule that the lines of a phone certainly break; None if there is none.

    ``organisation``: the name beside it is an organisation's; ``dates``: the lines with the date of printing.
    """
    plain = digits_of(tight(fold(certain(lines, _SURE_DIGIT))))
    if _VIRTUAL_MARK.search(plain):
        virtual, others = _virtual_and_others(lines, plain)
        if virtual is not None:
            if not _in_time(_OF_PRINTING.sub(" ", plain.replace(virtual, "", 1)), dates):
                return VIRTUAL
            return FEW if whole_number_in(others) is not None else None
    return next((FEW for line in lines if _shows_too_much(line, organisation=organisation)), None)


def is_service_number(line: TextLine) -> bool:
    """Return whether a line shows a service number, which belongs to no person: 400-820-7716, 95338."""
    whole = digits_of(tight(fold(line.text)))
    return _TOLL_DIGITS.fullmatch(whole.replace("-", "")) is not None or any(
        _TOLL.fullmatch(number) or _SERVICE.fullmatch(number) for number in (whole, _EXTENSION.sub("", whole))
    )


def without_switchboard(line: TextLine, before: str) -> TextLine:
    """Remove the number of an organisation's switchboard; ``before`` is the text left of the line."""
    text = fold(line.text)
    told = _SWITCHBOARD.search(before + text)
    if told is None:
        return line
    start, end = max(0, told.start(1) - len(before)), told.end() - len(before)
    blank = text[:start] + " " * (end - start) + text[end:]
    return replace(line, text=blank, glyphs=line.glyphs if len(line.glyphs) == len(blank) else ())


def _virtual_and_others(lines: Sequence[TextLine], plain: str) -> tuple[str | None, str]:
    """Return the number marked as virtual, and the text without it and without other numbers that have an extension."""
    apart = "/".join(digits_of(tight(fold(certain([line], _SURE_DIGIT)))) for line in lines)
    if _VIRTUAL_NUMBER.search(apart) is None:
        apart = plain  # the number was broken over two lines
    found = list(_VIRTUAL_NUMBER.finditer(apart))
    virtual = [number for number in found if number["extension"]] or [
        number for number in found if not _TOLL.match(number[0])
    ]
    if not found:
        return None, apart
    first = (virtual or found)[0]
    own = {number["own"] for number in virtual if number["extension"]} or {first["own"]}
    others = _VIRTUAL_NUMBER.sub(lambda number: "/" if number["own"] in own else number[0], apart)
    return first[0], re.sub(_WHEN, "/", others)


def _as_digits(line: TextLine) -> str:
    """Return the digits and stars of a phone, with a star for every character that is not certainly a digit."""
    text = certain([line], _SURE_DIGIT)
    if len(line.glyphs) == len(line.text):
        digits = [g.height for s, g in zip(line.text, line.glyphs, strict=True) if s.isdigit()]
        full = median(digits) if digits else 0.0
        text = "".join(
            "*" if sign.isdigit() and glyph.height < LOW * full else sign
            for sign, glyph in zip(text, line.glyphs, strict=True)
        )
        text = circles_as_stars(text, line.glyphs)
    if "*" in text:
        text = _STRAY.sub("", text)
    text = _BOXES.sub(_without_boxes, text)
    plain = digits_of(_parted(fold(text))).replace("某", "*").replace("分机", "转")
    plain = re.sub(r"(?:(?:\+|(?<![\d*])00)86-?|(?<!\d)86(?=[- ]|1[\d*]{10}))", "", plain)
    return _SQUARES.sub(lambda found: "*" * len(found[0]), plain)


def _shows_too_much(line: TextLine, *, organisation: bool) -> bool:
    plain = _as_digits(line)
    if _POSTCODE.fullmatch(plain) or (organisation and is_service_number(line)):
        return False
    for piece in _numbers(plain):
        number = _BEHIND_WHOLE.sub(r"\1", piece)
        service = _TOLL.search(number) or _TOLL_DIGITS.fullmatch(number.replace("-", "")) or len(number) <= 6  # noqa: PLR2004
        if (organisation and service) or _NO_NUMBER.fullmatch(number):
            continue
        foreign = _ABROAD.match(number)
        if foreign is not None:
            own, most = foreign[1], min(_SHOWN, max(2, len(foreign[1]) - _HIDDEN_ABROAD))
            if organisation and line.party is Party.SENDER:  # a foreign firm
                continue
        else:
            own, most = number, _SHOWN_LANDLINE if _LANDLINE.match(number) else _SHOWN
        if sum(sign.isdigit() for sign in own) - _doubtful(own) > most:
            return True
    return False


def _doubtful(number: str) -> int:
    """Return how many digits of a masked mobile number may be misread.

    If the number is too long, digits were read twice; if too short, a mark was read as a digit. If its stars are
    adjacent, it is too long because extra stars were printed, and no digit is in doubt.
    """
    more = len(number) - _MOBILE_SIGNS if _MASKED_MOBILE.fullmatch(number) else 0
    return (max(0, more) if _ONE_RUN.fullmatch(number) is None else 0) + (more < -1)


def _without_boxes(found: re.Match[str]) -> str:
    """Replace characters that OCR reads for squares by stars, unless the number is all in Chinese digits."""
    odd = len(_LIKE_BOXES.findall(found[0]))
    if not 0 < odd < len(found[0]) / 2 + 2:
        return found[0]
    return re.sub(f"[0{UNSURE}]|{_LIKE_BOXES.pattern}", "*", found[0])


def _parted(text: str) -> str:
    """Remove spaces within numbers and replace spaces between two numbers by a comma."""
    out = ""
    for token in text.split():
        long = all(
            sum(s.isdigit() or s == "*" for s in part) >= _LONG for part in (out.rpartition(",")[2], token)
        )
        out += "," + token if long else token
    return out


def _numbers(plain: str) -> list[str]:
    """Split a text into its numbers; two numbers of one row that were read as one are split in the middle."""
    pieces = [piece for piece in _APART.split(plain) if piece]
    halves = [
        (piece[: len(piece) // 2], piece[len(piece) // 2 :]) for piece in pieces if _TWO.fullmatch(piece)
    ]
    return [
        *(piece for piece in pieces if not _TWO.fullmatch(piece)),
        *(half for pair in halves for half in pair),
    ]


def _in_time(expiry: str, printed_on: str) -> bool:
    """Return whether an expiry is after the printed date; without a year, within half a year after it."""
    end = _DATE.search(_FROM_DAY.sub("", _DAY_OF_DIGITS.sub(r"\1-\2-\3", expiry)))
    printed = _DATE.search(printed_on)
    if end is None:
        return False
    if printed is None:
        return True
    years = end[1] and printed[1]
    try:
        last = date(int(end[1]) if years else _LEAP_YEAR, int(end[2]), int(end[3]))
        day = date(int(printed[1]) if years else _LEAP_YEAR, int(printed[2]), int(printed[3]))
    except ValueError:
        return True
    return last >= day if years else (last - day).days % _YEAR <= _HALF_YEAR
