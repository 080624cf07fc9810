"""The region that an export gives in columns of its own: province, city, district."""

import re
from functools import cache
from typing import NamedTuple, Protocol

from waybillguard.orders.address_words import DIVISION, INFORMAL, OTHER, STRIP, TOWN
from waybillguard.orders.divisions import DivisionTree, division_tree, traditional_characters


class ColumnReading(NamedTuple):
    """What the columns say.

    Attributes:
        state: of the parser; 0 where no list knows a level.
        levels: province, city, district.
        town: that stood in the district's column.
        stray: what stood in these columns and names no division; it belongs to the rest of the address, where the
            masks hide it: levels are shown as they are.
        clash: whether the columns disagree.
    """

    state: int
    levels: tuple[str, str, str]
    town: str = ""
    stray: str = ""
    clash: bool = False


class Regions(Protocol):
    """What of the address parser is needed here."""

    tree: DivisionTree

    def find(self, text: str, /) -> list[tuple[int, int, int]]:
        """Return the names in a text: pattern, start, end."""
        ...

    def regions(
        self, text: str, matches: list[tuple[int, int, int]], state: int, pos: int
    ) -> tuple[int, int, int, bool]:
        """Read region names; return state, end, the last name's number, conflict."""
        ...

    def path(self, state: int) -> tuple[str, str, str]:
        """Return the levels on which all divisions of a state agree."""
        ...

    def is_final(self, state: int) -> bool:
        """Say whether nothing below a state's divisions is still to come."""
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
    """Return ``text`` with the traditional characters of division names in their simplified form.

    Character for character: a place in the result is the same place in ``text``, which comes back itself where
    nothing is to be changed.
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
        levels, stray = sorted_out((cleaned[0], cleaned[1], cleaned[2]))
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
    # A district that no list knows (a zone, a new one) stands as it was given.
    clash = clash or (bool(left) and is_elsewhere(parser, left))
    return ColumnReading(state, (path[0], path[1], path[2] or left), "", stray, clash)


def is_division(text: str) -> bool:
    """Say whether a text is written like the name of a division, or is a short one that the lists know (浙江, 高新)."""
    return (
        DIVISION.fullmatch(text) is not None
        or f"{text}区" in INFORMAL
        or any(
            start == 0 and end == len(text)
            for _, start, end in division_tree().automaton.find_matches_as_indexes(simplify(text))
        )
    )


def sorted_out(levels: tuple[str, str, str]) -> tuple[tuple[str, str, str], str]:
    """Return the levels that are written like divisions, and what stood in the place of the others.

    >>> sorted_out(("浙江省", "王小明", "13800000000"))
    (('浙江省', '', ''), '王小明 13800000000')
    """
    strays = [level for level in levels if level and not is_division(level)]
    province, city, district = ("" if level in strays else level for level in levels)
    return (province, city, district), " ".join(strays)


def is_elsewhere(parser: Regions, name: str) -> bool:
    """Say whether a district's cell holds the full name of a county that lies in other cities only.

    What people call a part of any town (新城区) is none, nor is a former division.
    """
    tree = parser.tree
    return name not in INFORMAL and any(
        not tree.is_short[pattern]
        and not tree.is_former[pattern]
        and any(tree.name[c.node] == name and tree.kind[c.node] == "d" for c in tree.candidates[pattern])
        for pattern, start, end in parser.find(name)
        if start == 0 and end == len(name)
    )
