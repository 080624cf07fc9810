"""Judges the lines of a label, field by field."""

from collections.abc import Sequence
from typing import Final

from waybillguard.label.check import addresses, judge_addresses, names, phones, remarks
from waybillguard.label.check.fold import fold, tight
from waybillguard.label.check.values import FieldVerdict, Party, Reason, Standard, TextLine, Zone
from waybillguard.on_demand import pattern_on_use

# Fields that may span several lines; other lines are judged one by one.
_RUNNING: Final = frozenset({Zone.PHONE, Zone.ADDRESS, Zone.NAME, Zone.REMARK, Zone.GOODS})
_NUMBER_BEFORE: Final = pattern_on_use("[A-Z]{0,2}[\\d〇零一二三四五六七八九十-]+$")
"""The beginning of a number whose end was recognised as a room."""


def check_text(lines: Sequence[TextLine], *, standard: Standard = Standard.MIN) -> list[FieldVerdict]:
    """Judge lines by the rules of masking: one verdict per field and party, in order of first appearance.

    Lines of one zone and party are read in order (top to bottom, left to right) as one text, so that a
    number broken over two lines is still recognised. Lines without a zone count as ``Zone.UNKNOWN``.
    """
    groups: dict[tuple[Zone, Party], list[int]] = {}
    for index in sorted(range(len(lines)), key=lambda i: (lines[i].y, lines[i].x)):
        line = lines[index]
        zone = line.zone or Zone.UNKNOWN
        key = (zone, line.party or Party.RECEIVER)
        groups.setdefault(key, []).append(index)
    printed_on = " ".join(
        line.text for line in lines if (line.zone or Zone.UNKNOWN) in (Zone.TRACE, Zone.UNKNOWN)
    )
    organisations = {
        party
        for (zone, party), members in groups.items()
        if zone is Zone.NAME and names.is_organisation(fold("".join(lines[i].text for i in members)))
    }

    def one(zone: Zone, party: Party, text: str, members: tuple[int, ...]) -> FieldVerdict:
        reason = judge(zone, text, standard, organisation=party in organisations, printed_on=printed_on)
        return FieldVerdict(zone, party, reason is None, redact(zone, text, reason), reason, members)

    verdicts: list[FieldVerdict] = []
    for (zone, party), members in groups.items():
        parts = [lines[i].text for i in members]
        if zone in _RUNNING:
            verdicts.append(one(zone, party, "".join(parts), tuple(members)))
        else:
            verdicts.extend(
                one(zone, party, part, (index,)) for part, index in zip(parts, members, strict=True)
            )
    return verdicts


def judge(
    zone: Zone,
    text: str,
    standard: Standard,
    *,
    organisation: bool = False,
    printed_on: str = "",
) -> Reason | None:
    """Return the rule that the text of one zone breaks; None if it passes."""
    if zone is Zone.NAME:
        return names.judge_name(text, standard)
    if zone is Zone.PHONE:
        return phones.judge_phone(text, standard, organisation=organisation, printed_on=printed_on)
    if zone is Zone.ADDRESS:
        return addresses.judge_address(text, standard)
    if zone is Zone.REMARK:
        return remarks.judge_remark(text)
    if zone is Zone.GOODS:
        return remarks.judge_goods(text, standard)
    return remarks.judge_other(zone, text, standard)


def redact(zone: Zone, text: str, reason: Reason | None, *, read: bool = False) -> str:
    """Return a judged text for a result: unchanged if it passed, masked if it failed.

    A phone keeps its shape (``###****####``), an address the part before the offence, a name its first
    character; any other text becomes four stars. ``read``: the text comes from a photo and is masked in any
    case, because OCR results are uncertain.
    """
    if reason is None and not read:
        return text
    if zone is Zone.PHONE:
        return phones.shape(text.strip())
    if zone is Zone.NAME:
        first = tight(fold(text))[:1]
        return "**" if not first or first == "*" or first.isdigit() else f"{first}**"
    if zone is Zone.ADDRESS:
        return _masked_address(text, failed=reason is not None, read=read)
    return "****"


def _masked_address(text: str, *, failed: bool, read: bool) -> str:
    """Return the part of an address before the offence; only stars for a failed address whose offence is not found."""
    joined, shown = tight(fold(text)), judge_addresses.shown_in(text)
    masked = _up_to_offence(joined)
    if shown is None:
        return "****" if failed and (read or masked == joined) else masked
    if masked == joined or len(masked.removesuffix("****")) >= shown[1]:
        masked = _up_to_offence(_NUMBER_BEFORE.sub("", joined[: shown[0]]) + "****")
    return masked


def _up_to_offence(joined: str) -> str:
    for _ in range(3):
        found = addresses.offence(joined, Standard.MIN)
        if found is None:
            return joined
        joined = joined[: found[1]] + "****"
    return "****"
