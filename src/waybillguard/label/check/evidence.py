"""Judging what was read from a photo: a field fails only by what is certainly seen.

A reader loses and invents stars, and takes a character for another. So nothing is judged by the count of stars or by
one character: a phone fails by the digits that show, a name by whole characters without a mark between or behind, an
address by a room that was read with confidence (``law.md``, masking table, column ``min``).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from statistics import median
from typing import Final

from waybillguard.label.check.elsewhere import ROOM_SHOWN, judge_elsewhere
from waybillguard.label.check.fold import HAN, LIKE_STARS, digits_of, fold, tight
from waybillguard.label.check.names import (
    COMPOUND,
    SURNAME,
    contact_of,
    is_organisation,
    may_be_shop,
)
from waybillguard.label.check.phones import FEW, HIDDEN, VIRTUAL, whole_number_in
from waybillguard.label.check.values import Glyph, Party, Reason, TextLine, Zone

_SURE: Final = 0.6
_LEAST_ADDRESS, _SHORT_ADDRESS = 8, 5
"""Characters that must be read with certainty; the lower where a name or a phone stands with them."""
_SURE_DIGIT: Final = 0.55
_SHOWN_MOBILE: Final = 5
_SHOWN_LANDLINE: Final = 6
_LOW: Final = 0.62
"""Of the height of its neighbours: what is lower is a mark that was taken for a character."""
_ABROAD: Final = re.compile(r"(?:\+|00)(?:85[23]|886|[1-9]\d?)-?([\d*-]+)$")
_BEHIND_WHOLE: Final = re.compile(r"^(\(?(?:[\d*][()-]*){10,12})(?:-|转|分机)[\d*]{1,5}$")
_TWO: Final = re.compile(r"[\d*]{20,24}")
_ODD: Final = 0.15
"""Of the height of the digits: a zero that differs by more is a circle."""
_SURE_BESIDE: Final = 0.9
_ZEROS: Final = re.compile(r"[0*][0* ]*")
_APART: Final = 1.55
"""Of the usual distance: characters further apart have something between them."""
_UNSURE: Final = "\ufffc"

NAME_SHOWN: Final = Reason("NAM-01", "姓名至少应隐藏一个汉字", "a name must hide at least one character")
NUMBER_IN_ADDRESS: Final = Reason("ADR-07", "地址栏里有电话", "there is a phone in the address")

_Z: Final = "〇零一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾"
_BUILDING: Final = r"(?:幢|栋|座|号楼|\#楼?|单元|号院|楼|层|[公]寓|大厦|中心|广场|小区|花园|[苑园城庭府])"
_ROOM: Final = re.compile(
    rf"""
    (?<=[楼层座幢栋])[A-Z]\d{{0,2}}室
    |(?:Room|ROOM|R[mM]|Apt|APT|Unit|UNIT|Suite|Flat|FLAT)\.?(?:No\.?)?[A-Za-z]?-?\d{{1,4}}[A-Z]?(?!\*)
    |[\dA-Za-z{_Z}甲乙丙丁东西南北中]单元(?!门)
    |\d[A-Za-z]?号?(?:室|房(?![山县屋产])|寝室?|宿舍(?!楼)|户|铺|档(?!口)|商位|摊位|铺位)
    |(?<![{HAN}])[A-Z]室|[{_Z}]{{2,}}号?(?:室|房(?![山县屋产])|户)
    |(?:商位|摊位|铺位|档口|商铺|店铺|门面|卡位|宿舍|寝室|房间)[-号:]*[A-Za-z]?\d{{1,5}}
    |(?<=[幢栋座楼层元])[东西南北中][边]?户|[东西][边]?户(?![{HAN}])
    |{_BUILDING}-?[A-Za-z]?-?\d{{3,4}}(?![\d号弄路街幢栋区楼层米期巷*%年元])
    |(?:幢|栋|座|号楼|\#楼?|单元)\d{{1,2}}-\d{{3,4}}(?![\d号])
    |(?<![\d*-])\d{{1,3}}-\d{{1,2}}-\d{{3,4}}(?!\d)
    |(?<![路街道巷弄段线\d*-])(?<=[{HAN}])\d{{1,2}}-\d{{3,4}}(?![\d号弄])
    |(?<=[村屯庄寨])\d{{1,3}}号(?![楼院馆店库仓路街])
    |(?<=[村屯庄寨])[\d{_Z}]{{1,3}}组\d{{1,3}}号(?![楼院])|(?<=\d组)\d{{1,3}}号(?![楼院])
    """,
    re.VERBOSE,
)
_DATE: Final = re.compile(r"(?<!\d)(?:(20\d\d)[-/.年])?(0?[1-9]|1[0-2])[-/.月]([0-3]\d|\d)")
_EXPIRY: Final = re.compile(r"有效|失效|到期|截止|过期")
_VIRTUAL_MARK: Final = re.compile(r"(?:虚拟|隐私|安全|中间)(?:手机)?号?|有效|失效")
_VIRTUAL_NUMBER: Final = re.compile(
    r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|[48]00-?\d{3}-?\d{4})(?:(?:-|转|,|分机)\d{1,6})?"
)
_TOLL: Final = re.compile(r"(?<!\d)[48]00-?\d{3,4}-?\d{3,4}(?!\d)")
_TITLE: Final = re.compile(r"[(（]?(?:先生|女士|小姐|老师|师傅|经理|老板|阿姨|同学)[)）]?$")
_NAME_LABEL: Final = re.compile(
    r"(?:收件人|寄件人|收货人|发货人|发件人|联系人|姓名|收方|寄方|收件|寄件|收|寄|发)[:\s]+"
)
_SURNAMED: Final = re.compile(rf"(?:{COMPOUND}|[{SURNAME}])")
_LATIN_WHOLE: Final = re.compile(r"[A-Z][A-Za-z]+(?:[ ·-][A-Z][A-Za-z]+){1,3}")
_DOTTED: Final = re.compile(rf"([{HAN}]{{2,8}})[·•・.][{HAN}·•・.]{{2,12}}")
_NUMBERED: Final = re.compile("[一二三四五六七八九十]号")
"""A store or a counter (冷仓一号): no person is numbered."""
_LONGEST_NAME: Final = 4
_SHOP: Final = re.compile("..[坊铺斋阁庄]$|.[味果花茶]园$")
_LEAP_YEAR: Final = 2024
_HALF_YEAR: Final = 183
_YEAR: Final = 366


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else on the label decides about a field."""

    organisation: bool = False
    """The name beside is an organisation's."""
    dates: str = ""
    """The lines with the dates of printing and of expiry."""


def judge_read(zone: Zone, lines: Sequence[TextLine], near: Surroundings) -> Reason | None:
    """Return the rule that a field read from a photo certainly breaks, None if it is not seen to break one."""
    if zone is Zone.NAME:
        shown = [line for line in lines if not (near.organisation and may_be_shop(tight(fold(line.text))))]
        return next((NAME_SHOWN for line in shown if _whole_name(line)), None)
    if zone is Zone.PHONE:
        return _judge_phone(lines, near)
    if zone is Zone.ADDRESS:
        return _judge_address("".join(_certain_address(line) for line in lines))
    return judge_elsewhere(zone, _certain(lines, _SURE), _ROOM)


def _certain(lines: Sequence[TextLine], least: float) -> str:
    """The text with a sign that no rule knows in place of every unsure character."""
    parts = []
    for line in lines:
        if len(line.glyphs) == len(line.text):
            parts.append(
                "".join(
                    sign if glyph.score >= least or sign in "* " else _UNSURE
                    for sign, glyph in zip(line.text, line.glyphs, strict=True)
                )
            )
        else:
            parts.append(line.text)
    return "".join(parts)


def _certain_address(line: TextLine) -> str:
    text = _certain([line], _SURE)
    return _circles_as_stars(text, line.glyphs) if len(line.glyphs) == len(text) else text


def _certain_length(line: TextLine) -> int:
    """How many characters of a line are certain, stars not counted."""
    return len(tight(_certain([line], _SURE)).replace("*", "").replace(_UNSURE, ""))


def is_enough(lines: Sequence[TextLine]) -> bool:
    """Whether an address was read, at least a short one beside a name or phone."""
    address = sum(_certain_length(line) for line in lines if line.zone is Zone.ADDRESS)
    beside = {Zone.NAME, Zone.PHONE} & {line.zone for line in lines}
    return address >= (_SHORT_ADDRESS if beside else _LEAST_ADDRESS)


# ------------------------------------------------------------------ names
def _whole_name(line: TextLine) -> bool:
    """Whether a whole name stands there: two characters or more and no mark among or behind them."""
    text, glyphs = _with_marks(line)
    label = _NAME_LABEL.match(text)
    if label is not None:
        text, glyphs = text[label.end() :], glyphs[label.end() :]
    compact = tight(text).strip("()-.,:;·|'")
    if (
        is_organisation(compact)
        or is_organisation(text)
        or _NUMBERED.search(compact)
        or any(sign.isdigit() for sign in compact)
    ):
        return False
    behind = re.split(r"[ )]", text)[-1]
    if behind != text and contact_of(compact) == behind and _SURNAMED.match(behind):
        # A gap or a bracket parts the person from the company.
        compact, glyphs = behind, glyphs[-len(behind) :]
    title = _TITLE.search(compact)
    bare = compact[: title.start()] if title else compact
    if "*" in bare or _UNSURE in bare or "某" in bare:
        # Stars behind a whole name hide nothing, if they do not stand for the last of four characters.
        return re.fullmatch(rf"[{SURNAME}][{HAN}]{{2}}\*+", bare) is not None and not re.match(COMPOUND, bare)
    han = re.fullmatch(rf"[{HAN}]+", bare) is not None
    if title is not None and han:
        return True
    # Four characters are a name with a surname of two, or a nickname; a sender's are a shop's (三味书屋).
    longest = _LONGEST_NAME - (line.party is Party.SENDER and re.match(COMPOUND, bare) is None)
    shop = line.party is Party.SENDER and (_SURNAMED.match(bare) is None or _SHOP.search(bare) is not None)
    sure = not glyphs or median(glyph.score for glyph in glyphs) >= _SURE
    return sure and (
        _LATIN_WHOLE.fullmatch(text.strip()) is not None
        or (han and 1 < len(bare) <= longest and not shop)
        # 司马·磊 is a star read as a dot.
        or ((found := _DOTTED.fullmatch(bare)) is not None and re.fullmatch(COMPOUND, found[1]) is None)
    )


def _with_marks(line: TextLine) -> tuple[str, list[Glyph]]:
    """The text with a star for each mark that the picture shows and the reader did not name."""
    text, glyphs = line.text, list(line.glyphs)
    if len(glyphs) != len(text) or not text:
        return text, []
    tall = [glyph.height for sign, glyph in zip(text, glyphs, strict=True) if "\u3400" <= sign <= "\u9fff"]
    full = median(tall) if tall else 0.0
    # The highest of a few; of many what most reach: ink beside the line may make one higher.
    top = sorted(tall)[ceil(0.75 * (len(tall) - 1))] if tall else 0.0
    signs = []
    for sign, glyph in zip(text, glyphs, strict=True):
        flat = glyph.height < _LOW * top and sign not in "一二三丁"
        weak = (glyph.score < _SURE and len(tall) > 1) or (sign in LIKE_STARS and glyph.score < _SURE_BESIDE)
        signs.append("*" if "\u3400" <= sign <= "\u9fff" and (flat or weak) else sign)
    out: list[str] = []
    for i, sign in enumerate(signs):
        out.append(sign)
        if i + 1 == len(signs):
            gap = any(place > glyphs[i].x for place in line.loose)
        else:
            between = [place for place in line.loose if glyphs[i].x < place < glyphs[i + 1].x]
            wide = glyphs[i + 1].x - glyphs[i].x > _APART * 1.05 * full > 0
            gap = bool(between) and wide
        if gap and "\u3400" <= sign <= "\u9fff":
            out.append("*")
    marked = "".join(out)
    return (marked, glyphs if marked == text else [])


# ------------------------------------------------------------------ phones
def _judge_phone(lines: Sequence[TextLine], near: Surroundings) -> Reason | None:
    text = _certain(lines, _SURE_DIGIT)
    plain = digits_of(tight(fold(text)))
    if _VIRTUAL_MARK.search(plain):
        number = _VIRTUAL_NUMBER.search(plain)
        if number is not None:
            rest = plain.replace(number[0], "", 1)
            expiry = rest if _EXPIRY.search(rest) else ""
            return None if _in_time(expiry, near.dates) else VIRTUAL
    for line in lines:
        if reason := _judge_digits(line, organisation=near.organisation):
            return reason
    return None


def _judge_digits(line: TextLine, *, organisation: bool) -> Reason | None:
    if organisation and is_service_number(line):
        return None
    text = _certain([line], _SURE_DIGIT)
    if len(line.glyphs) == len(line.text):
        digits = [g.height for s, g in zip(line.text, line.glyphs, strict=True) if s.isdigit()]
        full = median(digits) if digits else 0.0
        text = "".join(
            "*" if sign.isdigit() and glyph.height < _LOW * full else sign
            for sign, glyph in zip(text, line.glyphs, strict=True)
        )
        text = _circles_as_stars(text, line.glyphs)
    plain = digits_of(tight(fold(text)))
    plain = re.sub(r"(?:(?:\+|00)86-?|(?<!\d)86(?=[- ]|1[\d*]{10}))", "", plain)
    for piece in _numbers(plain):
        number = _BEHIND_WHOLE.sub(r"\1", piece)
        if organisation and (_TOLL.search(number) or len(number) <= 6):  # noqa: PLR2004 - a service number
            continue
        foreign = _ABROAD.match(number)
        if foreign is not None:
            if sum(sign.isdigit() for sign in foreign[1]) > max(2, len(foreign[1]) - HIDDEN):
                return FEW
            continue
        shown = sum(sign.isdigit() for sign in number)
        landline = re.match(r"\(?0\d", number) is not None
        if shown > (_SHOWN_LANDLINE if landline else _SHOWN_MOBILE):
            return FEW
    return None


def is_service_number(line: TextLine) -> bool:
    """Whether a number is shown that no person has: 400-820-7716, 95338."""
    number = digits_of(tight(fold(line.text)))
    return _TOLL.fullmatch(number) is not None or re.fullmatch(r"9\d{4,5}", number) is not None


def _numbers(plain: str) -> list[str]:
    """Part a text into its numbers; two of one row that were read as one are parted in the middle."""
    pieces = re.split(r"[/,;、|]", plain)
    halves = [
        (piece[: len(piece) // 2], piece[len(piece) // 2 :]) for piece in pieces if _TWO.fullmatch(piece)
    ]
    return [
        *(piece for piece in pieces if not _TWO.fullmatch(piece)),
        *(half for pair in halves for half in pair),
    ]


def _circles_as_stars(text: str, glyphs: Sequence[Glyph]) -> str:
    """Read zeros as marks that stand beside marks, or three in a row, and are of another height than the digits."""
    others = [
        glyph.height for sign, glyph in zip(text, glyphs, strict=True) if sign.isdigit() and sign != "0"
    ]
    han = [
        0.8 * glyph.height for sign, glyph in zip(text, glyphs, strict=True) if "\u3400" <= sign <= "\u9fff"
    ]
    full = median(others or han or [0.0])
    out = list(text)
    for run in _ZEROS.finditer(text):
        zeros = [i for i in range(run.start(), run.end()) if text[i] == "0"]
        beside = "*" in run[0] or len(zeros) >= 3  # noqa: PLR2004
        odd = [abs(glyphs[i].height - full) > _ODD * full or glyphs[i].score < _SURE_BESIDE for i in zeros]
        if beside and full and sum(odd) > len(odd) / 2:
            for i in zeros:
                out[i] = "*"
    return "".join(out)


def _in_time(expiry: str, printed_on: str) -> bool:
    """Whether an expiry lies after the printed date; without a year, within half a year after."""
    end, printed = _DATE.search(expiry), _DATE.search(printed_on)
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


# ------------------------------------------------------------------ addresses
def _judge_address(text: str) -> Reason | None:
    address = tight(fold(text))
    if whole_number_in(address) is not None:
        return NUMBER_IN_ADDRESS
    if _ROOM.search(address) is not None:
        return ROOM_SHOWN
    return None


__all__ = ["ROOM_SHOWN", "Surroundings", "is_enough", "is_service_number", "judge_read"]
