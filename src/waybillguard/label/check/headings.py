"""Recognises headings on a label (收件人：, 寄, 姓名, Tel.) and the party and field that they announce.

A heading combines words for the party (收件, 寄, To), a noun (人, 方, 信息) and the field (姓名, 电话, 地址).
"""

import re
from typing import Final, NamedTuple

from waybillguard.label.check.fold import HAN, tight
from waybillguard.label.check.values import Party, Zone
from waybillguard.on_demand import pattern_on_use

_RECEIVER: Final = (
    r"收(?:件|货)?|派(?:件|送)?|送(?:达|至|到|货)?|到(?:件|货)?|至|领取?|退[至回往]|取件(?!地)|提货|客户|顾客|买[家方]|配送[给至]?"
    r"|(?:ship|deliver|sold)?\s?to|receiver|consignee|recipient|cnee"
)
_SENDER: Final = r"交?寄(?:件|货)?|发(?:件|货|自|出)?|托运|退[件货](?!地)|取(?:货)?(?!件)|自|商[家户]|卖[家方]|店家|(?:ship\s?)?from|sender|shipper|shpr"
_ROLE: Final = r"(?:人|方|者|客户|单位|公司)?(?:信息|资料|栏|联(?!系))?"
_NAME: Final = r"(?:姓\s?名|名称|联系人)(?:/(?:单位|公司|名称))?|name|attn"
_PHONE: Final = r"(?:联系)?(?:电\s?话|手\s?机)(?:号码?)?|联系方式|座机|tel(?:ephone)?|phone|mobile"
_ADDRESS: Final = r"(?:详细|联系|所在|退货|取件)?地\s*[址点]|取件地|楼栋|住址|add(?:ress|r)?"
_REMARK: Final = (
    rf"(?:[{HAN}]{{2}}|原因/)?(?:备注|留言|附言|嘱咐|叮嘱|要求)(?:信息)?|(?:说明|嘱|注)(?=\s*:|\s)"
)
_GOODS: Final = (
    r"内件(?:品名)?|物品(?:名称|信息)?|品名|商品(?:名称|信息)?|托寄物|货品|货物(?:名称)?|物(?=\s*:)"
)
_FIELD: Final = rf"(?:(?P<name>{_NAME})|(?P<phone>{_PHONE})|(?P<address>{_ADDRESS})|(?P<remark>{_REMARK})|(?P<goods>{_GOODS}))\.?"
_SIGNS: Final = r"()\[\]{}【】<>:;.,。·|'\-* "
_ASIDE: Final = r"(?:\((?:请|须|必填|正楷|please)[^()]*\)?)?"
"""Instructions on a form behind a heading: 寄件人信息（请用力填写）."""
_LATIN: Final = r"(?:[/·|][A-Za-z]{2,9})?"


def _whose(name: str, words: str) -> str:
    """Return an expression for a party's words, once or in two languages (TO 收件)."""
    return rf"(?P<{name}>(?:{words}){_ROLE}(?:\s?[/·|]?\s?(?:{words}){_ROLE})?)"


_PARTY: Final = rf"(?:{_whose('receiver', _RECEIVER)}|{_whose('sender', _SENDER)})"
_ALONE: Final = pattern_on_use(rf"(?:{_PARTY}{_LATIN}/?)?(?:{_FIELD})?{_LATIN}{_ASIDE}", re.IGNORECASE)
_BEFORE: Final = pattern_on_use(
    rf"[\[(【<]?(?:{_PARTY})?(?:{_FIELD})?{_ASIDE}(?P<end>\s*[:\]】)>]+\s*|\s+|(?=\S))", re.IGNORECASE
)
_WITHIN: Final = pattern_on_use(
    rf"(?<=[^\s(:])\s*(?=(?:[收寄发退][件货]?人?)?(?:{_NAME}|{_PHONE}|{_ADDRESS}|{_GOODS}|{_REMARK})\.?\s*:)"
    rf"|(?<=[^\s(:])\s*(?=(?:{_PHONE})\s*[\d*+]{{4}})",
    re.IGNORECASE,
)


class Heading(NamedTuple):
    """A heading: its party and field if given, the position where the field begins, and how certain that is."""

    party: Party | None
    zone: Zone | None
    end: int
    parted: bool
    """Whether a colon separates heading and field."""
    glued: bool
    """Whether the field follows without even a space."""


def heading_alone(text: str) -> Heading | None:
    """Return the heading if a text consists of one, ignoring signs around it; else None."""
    bare = tight(text).strip(_SIGNS)
    found = _ALONE.fullmatch(bare) if bare else None
    return None if found is None else _heading(found, len(text), parted=True, glued=False)


def heading_before(text: str) -> Heading | None:
    """Return the heading at the beginning of a text; None if there is none."""
    found = _BEFORE.match(text)
    if found is None or not text[found.end() :].strip() or not found[0].strip("[(【< "):
        return None
    if not (found["receiver"] or found["sender"] or _zone(found)):
        return None
    sign = found["end"].strip()
    # A Latin word ends where a Chinese one begins: FROM蓝鸟服饰, 送Li Na.
    last, first = found[0][-1], text[found.end()]
    glued = not found["end"] and not (first.isalpha() and last.isascii() is not first.isascii())
    return _heading(found, found.end(), parted=bool(sign), glued=glued)


def headings_within(text: str) -> list[int]:
    """Return the positions within a text where fields with their own heading begin (王* 电话：…)."""
    first = heading_before(text)
    covered = first.end if first is not None else 0
    out = []
    for found in _WITHIN.finditer(text):
        if found.end() >= covered:
            out.append(found.end())
            heading = heading_before(text[found.end() :])
            covered = found.end() + (heading.end if heading is not None else 1)
    return out


def _heading(found: re.Match[str], end: int, *, parted: bool, glued: bool) -> Heading:
    party = Party.RECEIVER if found["receiver"] else Party.SENDER if found["sender"] else None
    return Heading(party, _zone(found), end, parted, glued)


def _zone(found: re.Match[str]) -> Zone | None:
    return next((Zone(name) for name in ("name", "phone", "address", "remark", "goods") if found[name]), None)
