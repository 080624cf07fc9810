"""Parse the region columns of an export: province, city, district."""

import re
from functools import cache
from typing import NamedTuple, Protocol

from waybillguard.orders.address_words import DIVISION, INFORMAL, OTHER, STRIP, TOWN
from waybillguard.orders.divisions import DivisionTree, division_tree, traditional_characters


class ColumnReading(NamedTuple):
    """The parsed region columns.

    Attributes:
        state: state of the parser; 0 if no level is known.
        levels: province, city, district.
        town: town found in the district column.
        stray: text in these columns that names no division. It is moved to the rest of the address, which is
            masked, because levels are shown unmasked.
        clash: whether the columns disagree.
    """

    state: int
    levels: tuple[str, str, str]
    town: str = ""
    stray: str = ""
    clash: bool = False


class Regions(Protocol):
    """The methods of the address parser that this module uses."""

    tree: DivisionTree

    def find(self, text: str, /) -> list[tuple[int, int, int]]:
        """Return the division names in a text: pattern, start, end."""
        ...

    def regions(
        self, text: str, matches: list[tuple[int, int, int]], state: int, pos: int
    ) -> tuple[int, int, int, bool]:
        """Read region names; return state, end, index of the last name, conflict."""
        ...

    def path(self, state: int) -> tuple[str, str, str]:
        """Return the levels on which all divisions of a state agree."""
        ...

    def is_final(self, state: int) -> bool:
        """Return whether the state's divisions have no level below them."""
        ...

    def former(
        self, pattern: int, town: str, path: tuple[str, str, str], *, successors: bool
    ) -> tuple[str, str, str]:
        """Return the path of a former division."""
        ...


@cache
def _traditional() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, traditional_characters()))}]")


def simplify(text: str) -> str:
    """Replace the traditional characters of division names by simplified ones.

    The replacement is character by character, so positions are preserved. An unchanged ``text`` is returned itself.
    """
    return text.translate(traditional_characters()) if _traditional().search(text) else text


def read_columns(parser: Regions, columns: tuple[str, str, str]) -> ColumnReading:
    """Read the cells of province, city and district together."""
    cleaned = [c.strip(STRIP) for c in columns]
    cleaned = ["" if OTHER.fullmatch(c) else c for c in cleaned]
    text = " ".join(c for c in cleaned if c)
    state, pos, last, clash = parser.regions(text, parser.find(text), 0, 0)
    if state <= 0 and (plain := simplify(text)) != text:
        text = plain
        state, pos, last, clash = parser.regions(text, parser.find(text), 0, 0)
    left = text[pos:].strip(STRIP)
    if state <= 0:
        levels, stray = separate_divisions((cleaned[0], cleaned[1], cleaned[2]))
        return ColumnReading(0, levels, stray=stray)
    path = parser.path(state)
    if not left:
        if last >= 0 and parser.tree.is_former[last]:
            path = parser.former(last, "", path, successors=True)
        return ColumnReading(state, path, clash=clash)
    if TOWN.fullmatch(left):
        return ColumnReading(state, path, left, clash=clash)
    words = left.split()
    stray = " ".join(word for word in words if not is_division(word))
    left = " ".join(word for word in words if is_division(word))
    if parser.is_final(state):
        return ColumnReading(state, path, left, stray, clash)
    # An unknown district (a zone, a new district) is kept as written.
    clash = clash or (bool(left) and is_elsewhere(parser, left))
    return ColumnReading(state, (path[0], path[1], path[2] or left), "", stray, clash)


def is_division(text: str) -> bool:
    """Return whether a text looks like the name of a division, or is a known short name (浙江, 高新)."""
    return (
        DIVISION.fullmatch(text) is not None
        or f"{text}区" in INFORMAL
        or any(
            start == 0 and end == len(text)
            for _, start, end in division_tree().automaton.find_matches_as_indexes(simplify(text))
        )
    )


def separate_divisions(levels: tuple[str, str, str]) -> tuple[tuple[str, str, str], str]:
    """Return the levels that look like divisions, and the text found in place of the others.

    >>> separate_divisions(("浙江省", "王小明", "13800000000"))
    (('浙江省', '', ''), '王小明 13800000000')
    """
    strays = [level for level in levels if level and not is_division(level)]
    province, city, district = ("" if level in strays else level for level in levels)
    return (province, city, district), " ".join(strays)


def is_elsewhere(parser: Regions, name: str) -> bool:
    """Return whether a district cell holds the full name of a county that exists only in other cities.

    Informal names for a part of a town (新城区) and former divisions do not count.
    """
    tree = parser.tree
    return name not in INFORMAL and any(
        not tree.is_short[pattern]
        and not tree.is_former[pattern]
        and any(tree.name[c.node] == name and tree.kind[c.node] == "d" for c in tree.candidates[pattern])
        for pattern, start, end in parser.find(name)
        if start == 0 and end == len(name)
    )
