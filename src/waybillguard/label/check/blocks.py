"""Groups the lines of a label into blocks, one per party, and finds the party of each block."""

import re
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Final

from waybillguard.label.check.fold import tight
from waybillguard.label.check.kinds import LONGEST_NAME, VIRTUAL
from waybillguard.label.check.lines import right_of, same_row
from waybillguard.label.check.values import Party, TextLine, Zone
from waybillguard.on_demand import pattern_on_use

_EXTENDED: Final = pattern_on_use(r"\d{11}(?:-|转|分机)\d{1,6}")
_LARGER: Final = 1.15


@dataclass(slots=True)
class Block:
    """Neighbouring lines that appear to belong to one party."""

    lines: list[TextLine] = field(default_factory=list)
    party: Party | None = None

    @property
    def zones(self) -> set[Zone | None]:
        """The fields of the block."""
        return {line.zone for line in self.lines}

    @property
    def tails(self) -> set[str]:
        """The last four digits of the block's phones."""
        phones = (tight(line.text) for line in self.lines if line.zone is Zone.PHONE)
        return {phone[-4:] for phone in phones if re.search(r"\d{4}$", phone)}

    @property
    def size(self) -> int:
        """The type size of the largest line."""
        return max(line.size for line in self.lines)

    @property
    def type_size(self) -> float:
        """The typical type size of the lines."""
        return float(median(line.size for line in self.lines))

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The bounding box: left, top, right, bottom."""
        return (
            min(line.x for line in self.lines), min(line.y for line in self.lines),
            max(right_of(line) for line in self.lines), max(line.y + line.size for line in self.lines),
        )  # fmt: skip


def virtual_notes(blocks: list[Block], others: list[TextLine]) -> list[TextLine]:
    """Assign a line that marks a number as virtual, with its expiry date, to the block above or around it."""
    left = []
    for line in others:
        text = tight(line.text)
        begun = [block for block in blocks if any(_goes_on(line, other) for other in block.lines)]
        if begun:
            begun[0].lines.append(replace(line, zone=Zone.PHONE))
            continue
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


def _goes_on(line: TextLine, phone: TextLine) -> bool:
    """Return whether a line continues the date of a virtual number that was broken at the edge of its column."""
    return (
        phone.zone is Zone.PHONE
        and VIRTUAL.search(phone.text) is not None
        and re.match(r"[\d-]", line.text) is not None
        and re.search(r"[\d年月日(:-]$", phone.text) is not None
        and abs(line.x - phone.x) < phone.size / 2
        and -0.5 * phone.size < line.y - phone.y - phone.size < 0.6 * phone.size
    )


def tails(blocks: list[Block], others: list[TextLine]) -> None:
    """Assign four digits behind a name or stars in a row to the nearest block: they are the last digits of a phone."""
    for line in list(others):
        before = [
            (line.x - right_of(other), i) for i, block in enumerate(blocks) for other in block.lines
            if other.zone in (Zone.NAME, Zone.PHONE) and same_row(line, other) and other.x < line.x
        ]  # fmt: skip
        if before and re.fullmatch(r"\**\d{4}", line.text):
            blocks[min(before)[1]].lines.append(replace(line, zone=Zone.PHONE))
            others.remove(line)


def default_parties(blocks: list[Block], tags: list[tuple[Party, TextLine]]) -> None:
    """Set the party of blocks without a tag: the larger of two blocks is the consignee's, else the first one.

    Fragments get the party of the block above them. A block above a consignee's tag is the sender's if the tag has no
    block of its own because that was not read.
    """
    named = {block.party for block in blocks}
    full = [block for block in blocks if {Zone.ADDRESS, Zone.PHONE} <= block.zones]
    if named == {None} and len(full) == 1 and not tags:
        full[0].party = Party.RECEIVER
    if named == {None} and len(full) == 2:  # noqa: PLR2004
        small, large = sorted(full, key=lambda block: block.type_size)
        if large.type_size > _LARGER * small.type_size:
            large.party, small.party = Party.RECEIVER, Party.SENDER
    _second_plies(blocks)
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


def _second_plies(blocks: list[Block]) -> None:
    """Give a block without a tag the party of a block with the same phone: it is the second ply of the same label."""
    for block in blocks:
        twins = [other.party for other in blocks if other.party is not None and block.tails & other.tails]
        if block.party is None and twins:
            block.party = twins[0]
