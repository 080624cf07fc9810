"""Split an address into province, city, district, town and the rest.

Promise: a level is filled in only if the text (or the region columns) determines it. A name inside a road's name
is never taken for a region. The rest is kept completely, except a repeated region and a postcode.

How: one pass of an automaton over all names of divisions, then a walk over its matches. A state is the set of
divisions that the text may still mean. State transitions are cached, so a row costs a few look-ups.
"""

import re
from functools import cache

import msgspec

from waybillguard.orders.address_columns import ColumnReading, read_columns, simplify
from waybillguard.orders.address_states import States
from waybillguard.orders.address_words import (
    AFTER_STRANGER,
    FULL_ROAD_AFTER,
    LABEL,
    NOT_AFTER_TOWN,
    NOT_REGION_AFTER,
    PLACE_AFTER,
    POSTCODE,
    PSEUDO_TOWN,
    REGION_IN,
    REST_OF_REGION,
    ROAD_BEGINS,
    SEPARATORS,
    SIX,
    STREET_AFTER,
    STRIP,
    TOWN,
)
from waybillguard.orders.divisions import DivisionTree, division_tree

#: Number of characters at the beginning of a text that are parsed as an address.
LONGEST = 240
#: A name of this length or shorter may also begin a road's name (鄞县大道).
SHORT_NAME = 3


class Address(msgspec.Struct, frozen=True):
    """A parsed address: official names, or '' for levels that the text does not determine.

    ``detail`` is everything after the district, including town and street; ``town`` repeats its beginning.
    ``conflict`` is True if two parts of the input name different divisions.
    """

    province: str = ""
    city: str = ""
    district: str = ""
    town: str = ""
    detail: str = ""
    conflict: bool = False


def parse_address(
    text: str,
    *,
    province: str = "",
    city: str = "",
    district: str = "",
    town: str = "",
    successors: bool = True,
) -> Address:
    """Parse an address; the region columns (``province`` … ``town``) take precedence over ``text``.

    With ``successors=False``, an abolished district keeps its written name.

    >>> parse_address("浙江义乌北苑街道机场路88号").city
    '金华市'
    """
    parser = _parser()
    if province or city or district or town:
        return parser.with_columns(text, (province, city, district), town, successors=successors)
    return parser.parse(text, successors=successors)


def parse_addresses(texts: list[str], *, successors: bool = True) -> list[Address]:
    """Parse many addresses that have no region columns."""
    parse = _parser().parse
    return [parse(text, successors=successors) for text in texts]


@cache
def _parser() -> "_Parser":
    return _Parser(division_tree())


class _Parser(States):
    """Walks over the automaton's matches. States are numbers; state 0 allows every division."""

    def __init__(self, tree: DivisionTree) -> None:
        super().__init__(tree)
        self.find = tree.automaton.find_matches_as_indexes
        self.columns: dict[tuple[str, str, str], ColumnReading] = {}
        self.town_state: dict[tuple[int, str], int] = {}

    # -- one address ----------------------------------------------------------------------------

    def parse(self, text: str, *, start: int = 0, successors: bool = True) -> Address:
        """Parse one address, starting from the state ``start`` (known from region columns).

        If no district is found, or a fragment of a region remains (南山 from 南山區), the address is parsed again with
        its characters simplified; the detail keeps the original characters.
        """
        text = text.strip(STRIP)
        found = self.parse_simplified(text, start=start, successors=successors)
        if start or (found.district and REST_OF_REGION.isdisjoint(found.detail[:5])):
            return found
        plain = simplify(text)
        if plain is text:
            return found
        again = self.parse_simplified(plain, start=start, successors=successors)
        if not again.province or len(again.detail) >= len(found.detail):
            return found
        at = plain.find(again.detail)
        written = text[at : at + len(again.detail)] if at >= 0 else again.detail
        return msgspec.structs.replace(again, detail=written)

    def parse_simplified(self, text: str, *, start: int, successors: bool) -> Address:  # noqa: C901
        """Parse a stripped address in simplified characters."""
        matches = self.find(text if len(text) < LONGEST else text[:LONGEST])
        state, pos, last, conflict = self.regions(text, matches, start, 0)
        if conflict and start:
            state, pos, last = start, 0, -1
        head = ""
        if matches and matches[-1][1] > pos and not conflict and not start and not self.is_final(state):
            state, pos, later, head = self.later(text, matches, state, pos)
            last = later if later >= 0 else last
        town, after, state = self.town(text, pos, state)
        if town and matches and matches[-1][1] >= after:
            # 西湖区 北山街道 浙江省杭州市西湖区北山街道…: the region, and sometimes the town, is repeated.
            again, pos2, other, clash = self.regions(text, matches, state, after)
            if clash and start:
                again, pos2 = state, pos
            if pos2 > after:
                state, pos, conflict = again, pos2, conflict or clash
                last = other if clash else last
                town2, _, state = self.town(text, pos, state)
                if town2 != town:
                    head, town = head + town, town2 or town
            else:
                conflict = conflict or clash
        detail = text[pos:]
        if detail and detail[0] in SEPARATORS:
            detail = detail.lstrip(STRIP)
        if head and head != town:
            detail = f"{head}{detail}"
        if len(detail) > 5 and SIX.search(detail):  # noqa: PLR2004
            detail = POSTCODE.sub("", detail).strip(STRIP)
        province, city, district = self.names.get(state) or self.path(state)
        if last >= 0 and self.tree.is_former[last]:
            province, city, district = self.former(
                last, town, (province, city, district), successors=successors
            )
        return Address(province, city, district, town, detail, conflict)

    def regions(  # noqa: C901, PLR0912  one loop, because this is the performance hot spot
        self, text: str, matches: list[tuple[int, int, int]], state: int, pos: int
    ) -> tuple[int, int, int, bool]:
        """Read region names from ``pos`` on; return state, end, index of the last name, conflict."""
        tree, separators = self.tree, SEPARATORS
        size, cursor, last = len(text), pos, -1
        for index, (pattern, start, end) in enumerate(matches):
            if start < cursor:
                continue
            while cursor < start and text[cursor] in separators:
                cursor += 1
            if cursor < start and not (cursor == 0 and self.opening(text, start)):
                break
            if tree.is_skipped[pattern]:
                cursor = end
                if pos and text[end - 1] != "国":
                    pos = end
                continue
            if end < size and not (index + 1 < len(matches) and matches[index + 1][1] == end):
                if tree.is_short[pattern]:
                    if not self.short_fits(text, pattern, end, state):
                        break
                elif (text[end] in NOT_REGION_AFTER and text[end - 1] in "市区县") or (
                    text[end] in ROAD_BEGINS
                    and end - start <= SHORT_NAME
                    and FULL_ROAD_AFTER.match(text, end)
                ):
                    break
            new = self.next.get((state, pattern))
            if new is None:
                new = self.step(state, pattern)
            if new < 0:
                if end - start < 3 or not (  # noqa: PLR2004
                    self.is_rival(state, pattern) or self.has_own_town(text, pattern, end, state)
                ):
                    break
                return self.disagree(text, matches, (state, pattern, pos, end, last))
            if new != state:
                last = pattern
            state, pos, cursor = new, end, end
        return state, pos, last, False

    def is_rival(self, state: int, pattern: int) -> bool:
        """Return whether a name that does not fit the state unambiguously names another division."""
        tree, candidates = self.tree, self.tree.candidates[pattern]
        if not state or tree.is_short[pattern]:
            return False
        if any(tree.kind[c.node] in "pc" for c in candidates):
            return True
        # 东城区 in 东莞, 新城区 anywhere: informal names for a part of a town.
        return len(candidates) == 1 and not all(
            tree.kind[n] == "c" and not tree.counties(n) for n in self.states[state]
        )

    def has_own_town(self, text: str, pattern: int, end: int, state: int) -> bool:
        """Return whether the town after a full name lies in that division and in none that the state allows."""
        town = TOWN.match(text, end)
        if town is None or not state or self.tree.is_short[pattern] or not self.follows(pattern, town):
            return False
        return self.town_step(state, town[0]) < 0

    def disagree(
        self, text: str, matches: list[tuple[int, int, int]], at: tuple[int, int, int, int, int]
    ) -> tuple[int, int, int, bool]:
        """Resolve two contradictory full names: keep the one followed by a county, and report a conflict."""
        state, pattern, pos, end, last = at
        tree = self.tree
        provinces = {tree.province_node[n] for n in self.states[state]}
        nodes = {c.node for c in tree.candidates[pattern] if not c.strict}
        near = {n for n in nodes if tree.province_node[n] in provinces}
        if not near and all(tree.kind[n] in "pc" for n in nodes):
            near = nodes
        if not near:
            return state, pos, last, True
        rest = [match for match in matches if match[1] >= end]
        other, stop, name, _ = self.regions(text, rest, self.number(near), end)
        if not self.is_final(state) or (self.is_final(other) and tree.kind[min(near)] in "pc"):
            return other, stop, name if name >= 0 else pattern, True
        return state, pos, last, True

    @staticmethod
    def opening(text: str, start: int) -> bool:
        """Return whether the text before the first region is a label or a postcode."""
        label = LABEL.match(text)
        if label and label.end() == start:
            return True
        return start in {6, 7} and text[:6].isdigit()

    def short_fits(self, text: str, pattern: int, end: int, state: int) -> bool:
        """Return whether a name without its suffix means the region at this position."""
        tree = self.tree
        candidates = tree.candidates[pattern]
        if state and len(candidates) > 1:  # 朝阳 in 北京 is no city
            within = self.next.get((state, pattern))
            within = self.step(state, pattern) if within is None else within
            if within > 0 and within != state:
                candidates = tuple(c for c in candidates if c.node in self.states[within]) or candidates
        wide = any(tree.kind[c.node] in "pc" for c in candidates)
        name = tree.name[candidates[0].node]
        lenient = wide or (name.endswith("市") and not tree.is_former[pattern])
        if end < len(text) and (STREET_AFTER if lenient else PLACE_AFTER).match(text, end):
            # 浙江杭州江北… is one, 北京路 is none; 义乌江东街道 begins a town.
            following = TOWN.match(text, end)
            if not self.follows(pattern, following):
                return False
        if self.is_final(state):
            # Repeated, and not followed by a division below it, it belongs to the next word.
            following = TOWN.match(text, end)
            return self.follows(pattern, following)
        if state or wide:
            return True
        if end == len(text):
            return False
        if not tree.is_common_word(tree.patterns[pattern]):
            return True
        following = TOWN.match(text, end)
        return self.follows(pattern, following)

    def follows(self, pattern: int, following: re.Match[str] | None) -> bool:
        """Return whether the following town lies in a division that the name may mean."""
        if following is None:
            return False
        tree, town = self.tree, following[0]
        for candidate in tree.candidates[pattern]:
            below = [candidate.node, *tree.counties(candidate.node)]
            if any(town in tree.towns(node) for node in below):
                return True
        return False

    def later(
        self, text: str, matches: list[tuple[int, int, int]], state: int, pos: int
    ) -> tuple[int, int, int, str]:
        """Find a region further on in the text, after other words; only full names count."""
        tree = self.tree
        for index, (pattern, start, end) in enumerate(matches):
            if start <= pos or tree.is_short[pattern] or tree.is_skipped[pattern] or end - start < 3:  # noqa: PLR2004
                continue
            if end < len(text) and (text[end] in NOT_REGION_AFTER or FULL_ROAD_AFTER.match(text, end)):
                continue
            candidates = tree.candidates[pattern]
            if text[end - 1] not in "省市县" and not (
                text[end - 1] == "区" and (state or text[start - 1] in AFTER_STRANGER)
            ):
                continue
            if tree.kind[candidates[0].node] in "dz" and len(candidates) > 1 and not state:
                continue
            new, stop, last, _ = self.regions(text, matches[index:], state, start)
            if new > 0 and new != state and stop > start:
                return new, stop, last, text[pos:start].strip(STRIP)
        return state, pos, -1, ""

    def town(self, text: str, pos: int, state: int) -> tuple[str, int, int]:
        """Read the town at ``pos``; it may narrow the divisions of a state."""
        size = len(text)
        while pos < size and text[pos] in SEPARATORS:
            pos += 1
        match = TOWN.match(text, pos)
        if match is None:
            return "", pos, state
        name, end = match[0], match.end()
        key = (state, name)
        new = self.town_state.get(key)
        if new is None:
            new = self.town_step(state, name)
            if len(self.town_state) < 200_000:  # noqa: PLR2004  bounds the cache against hostile files
                self.town_state[key] = new
        if new == -1:
            if end < size and text[end] in NOT_AFTER_TOWN and not name.endswith("街道"):
                return "", pos, state
            if PSEUDO_TOWN.search(name) or REGION_IN.search(name):
                return "", pos, state
            return name, end, state
        if new != state and not name.endswith("街道") and STREET_AFTER.match(text, end):
            return "", pos, state
        return name, end, new

    def town_step(self, state: int, name: str) -> int:
        """Return the state after a town's name: narrower, unchanged, or -1 if no division has this town."""
        tree = self.tree
        if state == 0:
            nodes = set(tree.town_index().get(name, ()))
            return self.number(nodes) if nodes else -1
        nodes = set()
        for held in self.states[state]:
            below = [held, *tree.counties(held)]
            nodes.update(node for node in below if name in tree.towns(node))
        return self.number(nodes) if nodes else -1

    def former(
        self, pattern: int, town: str, path: tuple[str, str, str], *, successors: bool
    ) -> tuple[str, str, str]:
        """Return the path of a former division: that of its successor, or one with the written name."""
        tree = self.tree
        if not successors:
            written = tree.patterns[pattern]
            county = any(tree.kind[c.node] in "dz" for c in tree.candidates[pattern])
            return (path[0], path[1], written) if county else path
        node = tree.split.get((pattern, town)) if town else None
        return tree.path[node] if node is not None else path

    # -- with columns ---------------------------------------------------------------------------

    def with_columns(
        self, text: str, columns: tuple[str, str, str], town: str, *, successors: bool
    ) -> Address:
        """Parse an address whose region is in separate columns of the export."""
        found = self.columns.get(columns)
        if found is None:
            found = read_columns(self, columns)
            if len(self.columns) < 100_000:  # noqa: PLR2004
                self.columns[columns] = found
        state, given, moved, stray, clash = found
        rest = self.parse(text, start=max(0, state), successors=successors)
        conflict = rest.conflict or clash
        province, city, district = (
            rest.province or given[0],
            rest.city or given[1],
            rest.district or given[2],
        )
        detail = rest.detail
        own = town.strip(STRIP) or moved
        name = rest.town
        if own and not detail.startswith(own):
            detail = own + detail
        if own:
            name = own
        if stray and stray not in detail:
            detail = f"{detail} {stray}" if detail else stray
        return Address(province, city, district, name, detail, conflict)
