"""Finds names without stars: names of organisations, and whole names beside a phone or above an address."""

import re
from dataclasses import replace
from typing import Final

from waybillguard.label.check.fold import tight
from waybillguard.label.check.kinds import ADDRESS_SIGNS, as_name, may_be_name
from waybillguard.label.check.lines import right_of, same_row
from waybillguard.label.check.names import is_organisation
from waybillguard.label.check.phones import toll_free_in
from waybillguard.label.check.values import Party, TextLine, Zone

_SAME_TYPE: Final = 1.15


def organisations(
    contact: list[tuple[Party | None, TextLine]], tags: list[tuple[Party, TextLine]]
) -> list[tuple[Party | None, TextLine]]:
    """Take an organisation before a phone in its row as a name, unless an address continues there under the same tag.

    A 400 number belongs to an organisation, never to a person.
    """

    def goes_on(line: TextLine, other: TextLine) -> bool:
        return (
            other.zone is Zone.ADDRESS
            and -0.5 * line.size < line.y - (other.y + other.size) < line.size
            and other.size < _SAME_TYPE * line.size
            and abs(line.x - other.x) < line.size
        )

    def is_name(line: TextLine) -> bool:
        if line.zone is not Zone.ADDRESS or not is_organisation(line.text) or re.search(r"\d", line.text):
            return False
        lines = [other for _, other in contact if other is not line]
        tagged = any(same_row(tag, line) and 0 < line.x - right_of(tag) < 2 * line.size for _, tag in tags)
        behind = [
            other for other in lines
            if other.zone is Zone.PHONE and same_row(line, other) and 0 < other.x - right_of(line) < 4 * line.size
        ]  # fmt: skip
        own = tagged or any(toll_free_in(other.text) is not None for other in behind)
        alone = tagged and len(ADDRESS_SIGNS.findall(line.text)) == 1
        return (alone or bool(behind)) and (own or not any(goes_on(line, other) for other in lines))

    return [(party, replace(line, zone=Zone.NAME) if is_name(line) else line) for party, line in contact]


def move_unmarked_names(
    contact: list[tuple[Party | None, TextLine]], tags: list[tuple[Party, TextLine]], others: list[TextLine]
) -> list[TextLine]:
    """Move names without stars (behind 收件人, beside a phone, right above a contact) to ``contact``; return the rest."""
    rest = []
    for line in others:
        if may_be_name(line) and (
            any(_is_beside(line, other) for _, other in contact)
            or any(_announces_person(tag, line) for _, tag in tags)
        ):
            contact.extend((None, name) for name in as_name(line))
        else:
            rest.append(line)
    return rest


def _announces_person(tag: TextLine, line: TextLine) -> bool:
    """Return whether a tag that announces a person (收件人, 发货, TO 收件) is before a line in its row."""
    return (
        re.search("[人名件货方户家]$", tight(tag.text).strip(":")) is not None
        and same_row(tag, line)
        and 0 < line.x - right_of(tag) < 3 * line.size
    )


def _is_beside(line: TextLine, other: TextLine) -> bool:
    if not 0.75 < line.size / other.size < 1.35:  # noqa: PLR2004 - the same type
        return False
    if same_row(line, other):
        gap = max(other.x - right_of(line), line.x - right_of(other))
        return other.zone is Zone.PHONE and gap < 4 * line.size
    below = other.y - (line.y + line.size)
    level = abs(line.x - other.x) < line.size / 2
    return level and other.zone in (Zone.PHONE, Zone.ADDRESS) and -0.3 * line.size < below < 0.6 * line.size
