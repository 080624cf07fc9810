"""Splits lines at the columns of a label: OCR may read across the edge of a column."""

import re
from itertools import pairwise
from typing import Final

from waybillguard.label.check.headings import heading_alone
from waybillguard.label.check.kinds import headed
from waybillguard.label.check.lines import cut, right_of, same_row
from waybillguard.label.check.values import Party, TextLine
from waybillguard.on_demand import pattern_on_use

PROVINCE: Final = pattern_on_use(
    r"(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾)省"
    r"|(?:内蒙古|广西|西藏|宁夏|新疆)\S{0,3}自治区|(?:北京|上海|天津|重庆)市"
)
_LEAST_BEFORE: Final = 5
type Fence = tuple[float, float, float]
"""The beginning of a column: its left edge, top and bottom."""


def in_columns(lines: list[TextLine]) -> list[TextLine]:
    """Split lines that cross an edge at which other lines begin, and lines in which an address begins."""
    out: list[TextLine] = []
    for line in lines:
        rest = line
        while (at := _column_cut(rest, lines)) is not None:
            out.append(cut(rest, rest.text[:at].rstrip()))
            rest = cut(rest, rest.text[at:].lstrip(), after=at)
        out.append(rest)
    return out


def find_fences(lines: list[TextLine]) -> list[Fence]:
    """Return left edges at which lines of three rows or more begin, each with other text to the left in its row."""
    found: list[Fence] = []
    for line in lines:
        column = [
            other for other in lines
            if abs(other.x - line.x) < 0.6 * line.size and abs(other.y - line.y) < 9 * line.size
        ]  # fmt: skip
        behind = [
            other for other in column
            if any(same_row(before, other) and right_of(before) < other.x + other.size / 2 and before.x < other.x - other.size
                   and heading_alone(before.text) is None for before in lines)
        ]  # fmt: skip
        heads = [
            other for other in lines
            if other.x < line.x - line.size and same_row(other, line) and _party(other) not in (None, _party(line))
        ]  # fmt: skip
        if heads and _party(line) is not None:  # 寄件信息 | 收件信息
            found.append((line.x, line.y, line.y + 9 * line.size))
        elif len(behind) >= 3:  # noqa: PLR2004 - two rows may align by chance: name and phone of both parties
            found.append((line.x, min(o.y for o in column), max(o.y + o.size for o in column)))
    return found


def _party(line: TextLine) -> Party | None:
    """Return the party of a line that is a tag or begins with one."""
    heading = heading_alone(line.text)
    return headed(line)[0] if heading is None else heading.party


def fenced_off(left: TextLine, right: TextLine, fence: Fence) -> bool:
    """Return whether a fence separates two lines."""
    edge, top, bottom = fence
    size = max(left.size, right.size)
    within = top - size < left.y < bottom + size and top - size < right.y < bottom + size
    return within and left.x < edge - size and right_of(left) < edge + size and right.x > edge - 0.7 * size


def _column_cut(line: TextLine, lines: list[TextLine]) -> int | None:
    """Return the position in a line where another column begins; None if there is none."""
    if len(line.glyphs) != len(line.text):
        return None
    for found in PROVINCE.finditer(line.text):
        if found.start() >= _LEAST_BEFORE and not re.search(r"址:?\s*$|:\s*$", line.text[: found.start()]):
            return found.start()
    gaps = [b.x - a.x for a, b in pairwise(line.glyphs)]
    if len(gaps) < _LEAST_BEFORE:
        return None
    # A digit is half as wide as a Chinese character.
    rooms = [(2 + (a > "\u2e80") + (b > "\u2e80")) / 4 for a, b in pairwise(line.text)]
    usual = sorted(gaps)[len(gaps) // 2]
    wide = sorted(gap / room for gap, room in zip(gaps, rooms, strict=True))[len(gaps) // 2]
    for i, (gap, room) in enumerate(zip(gaps, rooms, strict=True), start=1):
        if gap < 1.5 * max(usual, wide * room, 0.5 * line.size) or i < 2:  # noqa: PLR2004 - a name has two signs
            continue
        edge = line.glyphs[i].x - 0.35 * line.size
        starts = [
            other for other in lines
            if other is not line and abs(other.x - edge) < 0.6 * line.size and abs(other.y - line.y) < 9 * line.size
            and not same_row(other, line)
        ]  # fmt: skip
        if len(starts) >= 2:  # noqa: PLR2004 - one may begin there by chance
            return i
    return None
