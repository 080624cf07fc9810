"""Judges fields read from a photo: a field fails only by what was read with certainty.

OCR drops and invents stars and misreads characters. So no verdict rests on the count of stars or on one character: a
phone fails by the digits that show, a name by complete characters without a mark among them, and an address by a
unit or room that was read with confidence. The measure is ``Standard.MIN``: what GB/T 41833-2022 allows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, repeat

from waybillguard.label.check.certain import SURE, UNSURE, certain
from waybillguard.label.check.elsewhere import is_numbered, judge_elsewhere
from waybillguard.label.check.fold import tight
from waybillguard.label.check.judge_addresses import judge_address
from waybillguard.label.check.judge_names import judge_name
from waybillguard.label.check.judge_phones import judge_phone, without_switchboard
from waybillguard.label.check.values import Reason, TextLine, Zone

_LEAST_ADDRESS, _SHORT_ADDRESS = 8, 5
"""Least number of certain characters; the lower applies beside a name or a phone."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Other content of the label that a field's verdict depends on."""

    organisation: bool = False
    """Whether the name beside it is an organisation's."""
    dates: str = ""
    """The lines with the dates of printing and of expiry."""
    before: str = ""
    """The text left of the first line."""
    before_others: tuple[str, ...] = ()
    """The text left of each further line of a phone."""


def judge_read(zone: Zone, lines: Sequence[TextLine], near: Surroundings) -> Reason | None:
    """Return the rule that a field read from a photo certainly breaks; None if there is none."""
    if zone is Zone.NAME:
        return judge_name(lines, organisation=near.organisation)
    if zone is Zone.PHONE:
        heads = chain([near.before], near.before_others, repeat(""))
        own = [
            without_switchboard(line, head)
            for line, head in zip(lines, heads, strict=False)
            if not is_numbered(head)
        ]
        return judge_phone(own, organisation=near.organisation, dates=near.dates)
    if zone is Zone.ADDRESS:
        return judge_address(lines)
    return judge_elsewhere(zone, certain(lines, SURE), near.before)


def has_address(lines: Sequence[TextLine]) -> bool:
    """Return whether an address was read, or at least a short one beside a name or phone."""
    address = sum(_certain_length(line) for line in lines if line.zone is Zone.ADDRESS)
    beside = {Zone.NAME, Zone.PHONE} & {line.zone for line in lines}
    return address >= (_SHORT_ADDRESS if beside else _LEAST_ADDRESS)


def _certain_length(line: TextLine) -> int:
    """Return the number of certain characters of a line, not counting stars."""
    return len(tight(certain([line], SURE)).replace("*", "").replace(UNSURE, ""))
