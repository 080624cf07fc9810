"""Rejoins addresses that were broken at the edge of their column and continue in the line below."""

import re
from dataclasses import replace
from typing import Final

from waybillguard.label.check.fold import HAN, tight
from waybillguard.label.check.kinds import NOT_NAMES, may_be_name
from waybillguard.label.check.lines import right_of, same_row
from waybillguard.label.check.values import Party, TextLine, Zone
from waybillguard.on_demand import pattern_on_use

_REST: Final = pattern_on_use(r"[\dA-Za-z]{1,4}(?:-\d{1,4}){0,2}[室号户]?")
_HIDDEN_REST: Final = pattern_on_use(r"(?:单元|[号幢栋座楼室层元弄])\*[-*室户]*")
_HIDDEN_END: Final = pattern_on_use(rf"[{HAN}]{{1,8}}\*{{3,}}")
_BROKEN: Final = pattern_on_use(r"(?:-|\d|[幢栋座楼元层号#园苑区])$")


def continued(contact: list[tuple[Party | None, TextLine]], others: list[TextLine]) -> list[TextLine]:
    """Take the lines that continue an address: directly below a longer line of it, in the same type size."""
    _hidden_rests(contact)
    left = []
    for line in sorted(others, key=lambda line: line.y):
        above = [
            (party, other) for party, other in contact
            if other.zone is Zone.ADDRESS and (line.zone is Zone.UNKNOWN or _is_rest(line, other))
            and 0.75 < line.size / other.size < 1.35  # noqa: PLR2004 - the same type
            and -0.5 * other.size < line.y - other.y - other.size < 0.6 * other.size
            and other.x - 1.2 * other.size < line.x < other.x + 6 * other.size
            and right_of(line) < right_of(other) + other.size
        ]  # fmt: skip
        if (
            above
            and (not may_be_name(line) or _ends_bracket(line.text))
            and NOT_NAMES.search(line.text) is None
            and not line.text.endswith(":")
        ):
            party, _ = above[0]
            contact.append((party, replace(line, zone=Zone.ADDRESS)))
        else:
            left.append(line)
    return left


def _ends_bracket(text: str) -> bool:
    return text.count(")") > text.count("(")


def _hidden_rests(contact: list[tuple[Party | None, TextLine]]) -> None:
    """Assign 号**** and 元*** to the address whose line ends with the number before them: they are not names."""
    for i, (party, line) in enumerate(contact):
        stars = not tight(line.text).strip("*-")
        alone = not any(
            same_row(line, other) and -line.size < other.x - right_of(line) < 4 * line.size
            for _, other in contact
            if other is not line
        )
        ends = alone and _HIDDEN_END.fullmatch(tight(line.text)) is not None
        if line.zone is Zone.NAME and ((stars and alone) or ends or _HIDDEN_REST.fullmatch(tight(line.text))):
            above = [
                other for _, other in contact
                if other.zone is Zone.ADDRESS and (stars or (ends and "*" not in other.text) or re.search(r"[\dA-Za-z一二三四五六七八九十单]$", other.text))
                and -other.size < line.x - other.x < 6 * other.size and right_of(line) < right_of(other) + other.size
                and -0.5 * other.size < line.y - other.y - other.size < 0.8 * other.size
            ]  # fmt: skip
            if above:
                contact[i] = (party, replace(line, zone=Zone.ADDRESS))


def _is_rest(line: TextLine, above: TextLine) -> bool:
    """Return whether a line of digits and hyphens is the end of a room number broken at the edge of its column."""
    return (
        line.zone is Zone.SORT_CODE
        and _REST.fullmatch(line.text) is not None
        and _BROKEN.search(above.text) is not None
        and -above.size < line.x - above.x < 6 * above.size
        and right_of(line) < right_of(above) - above.size
    )
