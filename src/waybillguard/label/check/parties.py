"""Finds the party (收件人, 寄件人) and the field of each line of a label.

Position takes precedence over content: tags (收, 寄) and headings open a block, a gap or another column ends it, and
lines of two blocks are never joined.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from waybillguard.label.check.blocks import Block, default_parties, tails, virtual_notes
from waybillguard.label.check.broken import continued
from waybillguard.label.check.columns import PROVINCE, Fence, fenced_off, find_fences, in_columns
from waybillguard.label.check.headings import heading_alone
from waybillguard.label.check.kinds import (
    VIRTUAL,
    as_name,
    fields_in,
    headed,
    is_phone,
    is_place,
    may_be_name,
    may_be_nickname,
    pieces_of,
    with_labels,
)
from waybillguard.label.check.lines import CONTACT, joined_rows, right_of, same_row
from waybillguard.label.check.marks import tidied, with_stars
from waybillguard.label.check.unmarked import move_unmarked_names, organisations
from waybillguard.label.check.values import Party, TextLine, Zone

_CLEAR: Final = 0.9
"""In type sizes: a gap between two lines that ends a block if a tag is beside the lower one."""
_LEVEL: Final = 0.35
"""In type sizes: largest difference between the tops of a tag and of the line beside it."""


def assign(lines: Sequence[TextLine]) -> list[TextLine]:
    """Give each line its zone, party and block; a line that combines name, phone or address is split into these.

    Parties are found by markers (收, 寄, 收件人：…) beside, above or in the lines, else by order: the first block
    with contact data is the consignee's. Unrecognised lines keep ``Zone.UNKNOWN``.
    """
    tags: list[tuple[Party, TextLine]] = []
    contact: list[tuple[Party | None, TextLine]] = []
    others: list[TextLine] = []
    parted = in_columns([tidied(line) for line in lines])
    fences = find_fences(parted)
    whole = with_labels(with_stars(parted))
    for line in whole:
        alone = heading_alone(line.text)
        if alone is not None:
            if alone.party is not None:
                tags.append((alone.party, line))
            continue
        beside = any(
            is_phone(other) and same_row(line, other) and 0 < other.x - right_of(line) < 6 * line.size
            for other in whole
        )
        party, zone, rest = headed(line, before_phone=beside)
        pieces: list[TextLine] = []
        for part in pieces_of(rest):
            whose, own, bare = headed(part)
            party, zone = party or whose, own or zone
            pieces.extend(fields_in(bare, forced=party is not None, zone=zone))
            zone = None
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
    others = _named_blocks(blocks, [*others, *_scraps(blocks)])
    tails(blocks, others)
    others = virtual_notes(blocks, others)
    default_parties(blocks, tags)
    placed: list[TextLine] = []
    for number, block in enumerate(blocks, start=1):
        placed.extend(replace(line, party=block.party, block=number) for line in joined_rows(block.lines))
    return [*placed, *(replace(line, party=Party.RECEIVER) for line in others)]


def _scraps(blocks: list[Block]) -> list[TextLine]:
    """Remove blocks of only door numbers: without a place, name, phone or tag they are not an address."""
    scraps = [
        block for block in blocks
        if block.party is None and block.zones == {Zone.ADDRESS} and not any(map(is_place, block.lines))
    ]  # fmt: skip
    blocks[:] = [block for block in blocks if not any(block is scrap for scrap in scraps)]
    return [replace(line, zone=Zone.UNKNOWN) for block in scraps for line in block.lines]


def _blocks(
    contact: list[tuple[Party | None, TextLine]], tags: list[tuple[Party, TextLine]], fences: list[Fence]
) -> list[Block]:
    """Group contact lines: first by distance, then by the usual order of a party's fields."""
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
    blocks: list[Block] = []
    for group in groups:
        own: list[Block] = []
        rows = _in_rows(group)
        name_first = rows[-1][1].zone is Zone.ADDRESS
        for (party, line), following in zip(rows, [*rows[1:], None], strict=True):
            closes = bool(own) and party is None and _closes(own[-1], line, following)
            if not own or (not closes and _starts_block(own[-1], party, line, name_first=name_first)):
                own.append(Block())
            own[-1].lines.append(line)
            own[-1].party = own[-1].party or party
        blocks.extend(own)
    return sorted(blocks, key=lambda block: (block.box[1], block.box[0]))


def _begins(first: tuple[Party | None, TextLine], second: tuple[Party | None, TextLine]) -> bool:
    """Return whether the right one of two lines in a row begins with its own tag (寄件人：…)."""
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
    """Return the tags beside the first line of their block: all tags of a column whose uppermost tag is."""
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
    """Return the largest gap, in type sizes, between two fields of one party in a row.

    It is smaller for a name behind a phone, because that is often the name of another party.
    """
    if Zone.ADDRESS in (left.zone, right.zone) or left.zone is right.zone:
        return 2
    return 4 if (left.zone, right.zone) == (Zone.PHONE, Zone.NAME) else 7


def _near(
    first: TextLine,
    second: TextLine,
    tags: list[tuple[Party, TextLine]],
    opening: list[TextLine],
    fences: list[Fence],
) -> bool:
    """Return whether two lines are in one row, or one below the other in one column, with no tag between them."""
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
    if gap > 1.3 * size or (gap > _CLEAR * size and any(_begins_lower(tag, upper, lower) for _, tag in tags)):
        return False
    shared = min(right_of(first), right_of(second)) - max(first.x, second.x)
    if shared <= 0 and abs(first.x - second.x) > 2 * size:
        return False
    return not any(
        (
            _level(tag, lower)
            if tag in opening
            # A tag on the left may be beside the middle of its block.
            else right_of(tag) > min(upper.x, lower.x) + size / 2
            and upper.y + upper.size * 0.7 < tag.y + tag.size / 2 < lower.y + lower.size * 0.3
        )
        and tag.x < min(right_of(upper), right_of(lower))
        and right_of(tag) > min(upper.x, lower.x) - 3 * size
        for _, tag in tags
    )


def _begins_lower(tag: TextLine, upper: TextLine, lower: TextLine) -> bool:
    """Return whether a tag on the left is entirely below the upper of two lines, and not below the lower."""
    left = min(upper.x, lower.x)
    return (
        -tag.size < left - right_of(tag) < 5 * tag.size
        and tag.y > upper.y + 0.9 * upper.size
        and tag.y + tag.size / 2 < lower.y + lower.size
    )


def _closes(block: Block, line: TextLine, following: tuple[Party | None, TextLine] | None) -> bool:
    """Return whether a field that a block lacks is closer to the block than to the following line."""
    above = line.y - block.box[3]
    below = following[1].y - line.y - line.size if following is not None else 2 * line.size
    return (
        line.zone not in block.zones
        and Zone.ADDRESS in block.zones
        and above < 0.75 * below - 0.1 * line.size
    )


def _starts_block(block: Block, party: Party | None, line: TextLine, *, name_first: bool) -> bool:
    if party is not None and block.party is not None and party is not block.party:
        return True
    last = block.lines[-1]
    if any(same_row(line, other) for other in block.lines):
        return False
    if line.zone is Zone.ADDRESS:
        second = PROVINCE.match(line.text) and any(PROVINCE.match(other.text) for other in block.lines)
        return bool(second) or (last.zone is not Zone.ADDRESS and Zone.ADDRESS in block.zones)
    if line.zone is Zone.PHONE and VIRTUAL.search(line.text) and last.zone is Zone.PHONE:
        return False
    whole = Zone.ADDRESS in block.zones and (len(block.zones) > 1 or name_first)
    return whole or (line.zone in block.zones and party is None)


def _tagged(blocks: list[Block], tags: list[tuple[Party, TextLine]]) -> list[Block]:
    """Give blocks the party of the tag beside or above them; merge blocks of one party under one tag."""
    offers = []
    for i, block in enumerate(blocks):
        if block.party is not None:
            continue
        for j, (_, tag) in enumerate(tags):
            cost = _tag_distance(tag, block)
            if cost is not None:
                offers.append((cost, i, j))
    owners: dict[int, list[Block]] = {}
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


def _tag_distance(tag: TextLine, block: Block) -> float | None:
    """Return the distance of a tag from a block, in the tag's type sizes; None if it cannot be the block's tag."""
    left, top, right, bottom = block.box
    size = float(block.size)
    middle = tag.y + tag.size / 2
    row = [line.x for line in block.lines if same_row(tag, line) and line.x + size / 2 >= right_of(tag)]
    beside = min(row, default=left) - right_of(tag)
    if top - 0.8 * size <= middle <= bottom + 0.8 * size and -size <= beside <= 5 * size:
        return (max(0.0, beside) + 2 * max(0.0, top - middle, middle - bottom)) / size
    above = top - (tag.y + tag.size)
    if -0.6 * size <= above <= 2.5 * size and left - 4 * size <= tag.x <= right:
        return 1 + max(0.0, above) / size + abs(tag.x - left) / size / 4
    return None


def _named_blocks(blocks: list[Block], others: list[TextLine]) -> list[TextLine]:
    """Take short lines in the row of a phone, or above a block, as names if a name is missing there."""
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


def _leads(line: TextLine, block: Block) -> bool:
    """Return whether a line is where a name is expected: before the phone, above the beginning of the address."""
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
