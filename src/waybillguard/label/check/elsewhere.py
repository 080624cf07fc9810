"""Judging what stands outside names, phones and addresses: remarks, goods, notices, and lines of no field."""

import re
from typing import Final

from waybillguard.label.check import remarks
from waybillguard.label.check.addresses import UNIT, door_code_in
from waybillguard.label.check.fold import digits_of, fold, tight
from waybillguard.label.check.kinds import ORDER_NUMBER
from waybillguard.label.check.names import IN_TEXT, name_in
from waybillguard.label.check.phones import FEW, whole_number_in
from waybillguard.label.check.values import Reason, Zone

ROOM_SHOWN: Final = UNIT

_HOME: Final = re.compile(r"[\d一二三四五六七八九]单元\d|[幢栋座楼]\d{3,4}室|\d{3,4}室(?:$|[^内外])")
_MOBILE: Final = re.compile(r"(?<![\d*])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\d*])")
_ORDER_NUMBER: Final = re.compile(rf"{ORDER_NUMBER}[0-9A-Z][0-9A-Z -]*", re.IGNORECASE)


def judge_elsewhere(zone: Zone, text: str, room: re.Pattern[str]) -> Reason | None:
    """Return the rule that a text outside the fields of the parties breaks, None if it is not seen to break one.

    A remark may hold no phone, name, door code, nor what ``room`` finds; a notice may hold a hotline; any
    other line no phone and no home.
    """
    if zone in (Zone.REMARK, Zone.GOODS):
        return _judge_remark(text, _HOME if zone is Zone.GOODS else room)
    folded = fold(text)
    if zone is Zone.NOTICE:  # a hotline is no person's
        return FEW if _MOBILE.search(digits_of(folded)) is not None else None
    folded = _ORDER_NUMBER.sub(" ", folded)
    if _HOME.search(tight(folded)) is not None:
        return ROOM_SHOWN
    return FEW if whole_number_in(folded) is not None and "*" not in folded else None


def _judge_remark(text: str, room: re.Pattern[str]) -> Reason | None:
    folded = _ORDER_NUMBER.sub(" ", fold(text))
    joined = tight(folded)
    if whole_number_in(folded) is not None:
        return FEW
    if room.search(joined) is not None:
        return ROOM_SHOWN
    if name_in(folded) is not None:
        return IN_TEXT
    if door_code_in(joined) is not None:
        return remarks.judge_remark(text)
    return None
