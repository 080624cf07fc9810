"""Finding out what the lines of somebody's label are: whose, and which field (收件人, 寄件人).

Lines are told apart by where they stand before by what they say: tags (收, 寄) and headings open a block, a gap or
another column ends it, and lines of two blocks are never joined.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Final

from waybillguard.label.check.broken import continued
from waybillguard.label.check.columns import PROVINCE, Fence, fenced_off, find_fences, in_columns
from waybillguard.label.check.fold import tight
from waybillguard.label.check.kinds import (
    LONGEST_NAME,
    VIRTUAL,
    as_name,
    fields_in,
    may_be_name,
    may_be_nickname,
    party_in,
    tag_in,
    tidied,
    with_labels,
    with_stars,
    without_prefix,
)
from waybillguard.label.check.lines import CONTACT, cut, joined_rows, right_of, same_row
from waybillguard.label.check.unmarked import move_unmarked_names, organisations
from waybillguard.label.check.values import Party, TextLine, Zone

_EXTENDED: Final = re.compile(r"\d{11}(?:-|转|分机)\d{1,6}")
_LARGER: Final = 1.15
_LEVEL: Final = 0.35
"""Of the type size: how far apart the tops of a tag and of the line beside it may be."""


@dataclass(slots=True)
class _Block:
    """Lines that stand together: one party's, as far as can be seen."""

    lines: list[TextLine] = field(default_factory=list)
    party: Party | None = None

    @property
    def zones(self) -> set[Zone | None]:
        return {line.zone for line in self.lines}

    @property
    def size(self) -> int:
        return max(line.size for line in self.lines)

    @property
    def type_size(self) -> float:
        """The usual size of its lines."""
        return float(median(line.size for line in self.lines))

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom."""
        return (
            min(line.x for line in self.lines), min(line.y for line in self.lines),
            max(right_of(line) for line in self.lines), max(line.y + line.size for line in self.lines),
        )  # fmt: skip


def assign(lines: Sequence[TextLine]) -> list[TextLine]:
    """Give each line its zone, party and block; a line with name, phone or address in one is split into those.

    Parties are told by markers (收, 寄, 收件人：…) beside, above or in the lines, else by order: the first block
    with a contact in it is the consignee's. What is recognised as nothing keeps ``Zone.UNKNOWN``.
    """
    tags: list[tuple[Party, TextLine]] = []
    contact: list[tuple[Party | None, TextLine]] = []
    others: list[TextLine] = []
    parted = in_columns([tidied(line) for line in lines])
    fences = find_fences(parted)
    for line in with_labels(with_stars(parted)):
        marker = tag_in(line.text)
        if marker is not None:
            tags.append((party_in(marker), line))
            continue
        party, rest = without_prefix(line.text)
        pieces = list(fields_in(cut(line, rest), forced=party is not None))
        if party is not None and not any(piece.zone in CONTACT for piece in pieces):
            tags.append((party, line))
        for piece in pieces:
            if piece.zone in CONTACT:
                contact.append((party, piece))
            else:
                others.append(piece)
    contact = organisations(contact, tags)
    others = continued(contact, move_unmarked_names(contact, tags, others))
    blocks = _blocks(contact, tags, fences)
    blocks = _tagged(blocks, tags)
    others = _named_blocks(blocks, others)
    _tails(blocks, others)
    others = _virtual_notes(blocks, others)
    _default_parties(blocks, tags)
    placed: list[TextLine] = []
    for number, block in enumerate(blocks, start=1):
        placed.extend(replace(line, party=block.party, block=number) for line in joined_rows(block.lines))
    return [*placed, *(replace(line, party=Party.RECEIVER) for line in others)]


def _blocks(
    contact: list[tuple[Party | None, TextLine]], tags: list[tuple[Party, TextLine]], fences: list[Fence]
) -> list[_Block]:
    """Group contact lines: first by nearness, then by the order in which a party's fields come."""
    ordered = sorted(contact, key=lambda item: (item[1].y, item[1].x))
    opening = _opening(tags, contact)
    groups: list[list[tuple[Party | None, TextLine]]] = []
    for item in ordered:
        near = [
            group
            for group in groups
            if any(
                _near(other[1], item[1], tags, opening, fences) and not _begins(other, item)
                for other in group
            )
        ]
        groups = [group for group in groups if group not in near]
        groups.append([*(member for group in near for member in group), item])
    blocks: list[_Block] = []
    for group in groups:
        own: list[_Block] = []
        rows = _in_rows(group)
        name_first = rows[-1][1].zone is Zone.ADDRESS
        for party, line in rows:
            if not own or _starts_block(own[-1], party, line, name_first=name_first):
                own.append(_Block())
            own[-1].lines.append(line)
            own[-1].party = own[-1].party or party
        blocks.extend(own)
    return sorted(blocks, key=lambda block: (block.box[1], block.box[0]))


def _begins(first: tuple[Party | None, TextLine], second: tuple[Party | None, TextLine]) -> bool:
    """Whether the right one of two lines of a row begins with a tag of its own (寄件人：…)."""
    left, right = sorted((first, second), key=lambda item: item[1].x)
    return right[0] is not None and right[0] is not left[0] and same_row(left[1], right[1])


def _in_rows(group: list[tuple[Party | None, TextLine]]) -> list[tuple[Party | None, TextLine]]:
    """Order lines by rows from top to bottom, each row from left to right."""
    rows: list[list[tuple[Party | None, TextLine]]] = []
    for item in sorted(group, key=lambda item: item[1].y + item[1].size / 2):
        if rows and any(same_row(other, item[1]) for _, other in rows[-1]):
            rows[-1].append(item)
        else:
            rows.append([item])
    return [item for row in rows for item in sorted(row, key=lambda item: item[1].x)]


def _opening(
    tags: list[tuple[Party, TextLine]], contact: list[tuple[Party | None, TextLine]]
) -> list[TextLine]:
    """Tags that stand beside the first line of their block: those of a column whose uppermost does."""
    out: list[TextLine] = []
    for _, tag in tags:
        column = [other for _, other in tags if abs(other.x - tag.x) < tag.size]
        first = min(column, key=lambda other: other.y)
        beside = [line for _, line in contact if _level(first, line)]
        if len(column) > 1 and any(
            not any(
                0 < line.y - other.y < 2 * line.size and right_of(first) <= other.x + other.size
                for _, other in contact
            )
            for line in beside
        ):
            out.append(tag)
    return out


def _level(tag: TextLine, line: TextLine) -> bool:
    return abs(tag.y - line.y) < _LEVEL * line.size and right_of(tag) <= line.x + line.size / 2


def _reach(left: TextLine, right: TextLine) -> int:
    """How far apart, in type sizes, two fields of one party may stand in a row; a name behind a phone is often another's."""
    if Zone.ADDRESS in (left.zone, right.zone):
        return 2
    return 4 if (left.zone, right.zone) == (Zone.PHONE, Zone.NAME) else 7


def _near(
    first: TextLine,
    second: TextLine,
    tags: list[tuple[Party, TextLine]],
    opening: list[TextLine],
    fences: list[Fence],
) -> bool:
    """Whether two lines stand in one row or one below the other, in one column, without a tag between."""
    size = max(first.size, second.size)
    left, right = (first, second) if first.x <= second.x else (second, first)
    two_addresses = left.zone is right.zone is Zone.ADDRESS and PROVINCE.match(right.text) is not None
    if any(fenced_off(left, right, fence) for fence in fences) or (same_row(first, second) and two_addresses):
        return False
    if same_row(first, second):
        if right.x - right_of(left) > _reach(left, right) * size:
            return False
        return not any(
            same_row(tag, right) and right_of(left) - size / 2 < tag.x < right.x + size / 2 for _, tag in tags
        )
    upper, lower = (first, second) if first.y <= second.y else (second, first)
    gap = lower.y - (upper.y + upper.size)
    if gap > 1.3 * size:
        return False
    shared = min(right_of(first), right_of(second)) - max(first.x, second.x)
    if shared <= 0 and abs(first.x - second.x) > 2 * size:
        return False
    return not any(
        (
            _level(tag, lower)
            if tag in opening
            # A tag on the left may stand beside the middle of its block.
            else right_of(tag) > min(upper.x, lower.x) + size / 2
            and upper.y + upper.size * 0.7 < tag.y + tag.size / 2 < lower.y + lower.size * 0.3
        )
        and tag.x < min(right_of(upper), right_of(lower))
        and right_of(tag) > min(upper.x, lower.x) - 3 * size
        for _, tag in tags
    )


def _starts_block(block: _Block, party: Party | None, line: TextLine, *, name_first: bool) -> bool:
    if party is not None and block.party is not None and party is not block.party:
        return True
    last = block.lines[-1]
    if any(same_row(line, other) for other in block.lines):
        return False
    if line.zone is Zone.ADDRESS:
        return last.zone is not Zone.ADDRESS and Zone.ADDRESS in block.zones
    if line.zone is Zone.PHONE and VIRTUAL.search(line.text) and last.zone is Zone.PHONE:
        return False
    whole = Zone.ADDRESS in block.zones and (len(block.zones) > 1 or name_first)
    return whole or (line.zone in block.zones and party is None)


def _tagged(blocks: list[_Block], tags: list[tuple[Party, TextLine]]) -> list[_Block]:
    """Give blocks the party of the tag beside or above them; parts of one party under one tag become one."""
    offers = []
    for i, block in enumerate(blocks):
        if block.party is not None:
            continue
        for j, (_, tag) in enumerate(tags):
            cost = _tag_distance(tag, block)
            if cost is not None:
                offers.append((cost, i, j))
    owners: dict[int, list[_Block]] = {}
    for _, i, j in sorted(offers):
        block = blocks[i]
        if block.party is not None:
            continue
        known = owners.setdefault(j, [])
        if any((block.zones & other.zones) & set(CONTACT) for other in known):
            continue
        block.party = tags[j][0]
        known.append(block)
    merged = [other for known in owners.values() for other in known[1:]]
    for known in owners.values():
        for other in known[1:]:
            known[0].lines.extend(other.lines)
    return [block for block in blocks if not any(block is other for other in merged)]


def _tag_distance(tag: TextLine, block: _Block) -> float | None:
    """How far a tag stands from its block, in its type sizes; None where it cannot be its tag."""
    left, top, right, bottom = block.box
    size = float(block.size)
    middle = tag.y + tag.size / 2
    beside = left - right_of(tag)
    if top - 0.8 * size <= middle <= bottom + 0.8 * size and -size <= beside <= 5 * size:
        return max(0.0, beside) / size
    above = top - (tag.y + tag.size)
    if -0.6 * size <= above <= 2.5 * size and left - 4 * size <= tag.x <= right:
        return 1 + max(0.0, above) / size + abs(tag.x - left) / size / 4
    return None


def _named_blocks(blocks: list[_Block], others: list[TextLine]) -> list[TextLine]:
    """Take the short lines in the row of a phone, or over a block, that lacks a name: they are names."""
    for block in blocks:
        if Zone.NAME in block.zones:
            continue
        best: tuple[float, TextLine] | None = None
        for line in others:
            if not (may_be_name(line) or (may_be_nickname(line) and _leads(line, block))):
                continue
            for other in block.lines:
                distance = _name_distance(line, other)
                if distance is not None and (best is None or distance < best[0]):
                    best = (distance, line)
        if best is not None:
            chosen = best[1]
            others = [line for line in others if line is not chosen]
            block.lines.extend(as_name(chosen))
    return others


def _leads(line: TextLine, block: _Block) -> bool:
    """Whether a line stands where a name does: before the phone, above the beginning of the address."""
    return any(
        other.zone is Zone.PHONE and same_row(line, other) and 0 < other.x - right_of(line) < 3 * other.size
        for other in block.lines
    ) and any(other.zone is Zone.ADDRESS and abs(line.x - other.x) < line.size / 2 for other in block.lines)


def _name_distance(line: TextLine, other: TextLine) -> float | None:
    size = max(line.size, other.size)
    if not 0.5 < line.size / other.size < 2.2:  # noqa: PLR2004 - type of one field
        return None
    if same_row(line, other):
        gap = other.x - right_of(line) if line.x < other.x else line.x - right_of(other)
        return gap / size if other.zone is Zone.PHONE and gap < 8 * size else None
    above = other.y - (line.y + line.size)
    if -0.5 * size <= above < 1.3 * size and abs(line.x - other.x) < 2 * size:
        return 8 + above / size
    if -0.5 * size <= above < 0.5 * size and other.x < line.x and right_of(line) < right_of(other) + size:
        return 16 + above / size  # the phone before it was not read
    return None


def _virtual_notes(blocks: list[_Block], others: list[TextLine]) -> list[TextLine]:
    """Give a line that says of a number that it is virtual, and until when, to the block over or about it."""
    left = []
    for line in others:
        text = tight(line.text)
        note = VIRTUAL.search(text) and (re.search(r"\d[-/.月]\d", text) or len(text) <= LONGEST_NAME // 2)
        near = [
            (max(0, line.y - block.box[3], block.box[1] - line.y), block)
            for block in blocks
            if Zone.PHONE in block.zones
            and block.box[0] - 4 * line.size < line.x < block.box[2] + 4 * line.size
        ]
        virtual = [
            block for block in blocks
            if any(other.zone is Zone.PHONE and _EXTENDED.search(tight(other.text)) for other in block.lines)
        ]  # fmt: skip
        near = [item for item in near if item[0] < 4 * line.size]
        best = min(near, key=lambda item: item[0], default=(0, virtual[0]) if len(virtual) == 1 else None)
        if note and best is not None:
            best[1].lines.append(replace(line, zone=Zone.PHONE, y=max(line.y, best[1].box[1])))
        else:
            left.append(line)
    return left


def _tails(blocks: list[_Block], others: list[TextLine]) -> None:
    """Take four digits in the row of a name or of stars: the tail of a phone."""
    for line in list(others):
        if not re.fullmatch(r"\d{4}", line.text):
            continue
        for block in blocks:
            if any(
                other.zone in (Zone.NAME, Zone.PHONE) and same_row(line, other) and other.x < line.x
                for other in block.lines
            ):
                block.lines.append(replace(line, zone=Zone.PHONE))
                others.remove(line)
                break


def _default_parties(blocks: list[_Block], tags: list[tuple[Party, TextLine]]) -> None:
    """Without a tag the larger of two blocks is the consignee's, else the first; scraps go with what is above.

    What stands above a consignee's tag that has no block of its own (it was not read) is the sender's.
    """
    named = {block.party for block in blocks}
    full = [block for block in blocks if {Zone.ADDRESS, Zone.PHONE} <= block.zones]
    if named == {None} and len(full) == 2:  # noqa: PLR2004
        small, large = sorted(full, key=lambda block: block.type_size)
        if large.type_size > _LARGER * small.type_size:
            large.party, small.party = Party.RECEIVER, Party.SENDER
    lost = [tag for party, tag in tags if party is Party.RECEIVER and Party.RECEIVER not in named]
    for i, block in enumerate(blocks):
        if block.party is not None or not (len(block.zones) > 1 or Zone.ADDRESS in block.zones):
            continue
        known = {other.party for other in blocks if other.party is not None}
        above = next((other.party for other in reversed(blocks[:i]) if other.party is not None), None)
        column = [
            other for other in blocks
            if other.party is not None and len(other.zones) > 1 and abs(other.box[0] - block.box[0]) < 3 * block.size
        ]  # fmt: skip
        if column:
            beside = min(column, key=lambda other: abs(other.box[1] - block.box[1]))
            block.party = Party.SENDER if beside.party is Party.RECEIVER else Party.RECEIVER
        elif Party.RECEIVER not in known:
            above_tag = any(tag.y > block.box[3] + 2 * block.size for tag in lost)
            block.party = Party.SENDER if above_tag else Party.RECEIVER
        else:
            block.party = Party.SENDER if above is Party.RECEIVER or above is None else Party.RECEIVER
    for i, block in enumerate(blocks):
        if block.party is None:
            above = next((other.party for other in reversed(blocks[:i]) if other.party is not None), None)
            block.party = above or Party.RECEIVER
