"""Recognises the kind of a line read from a photo: tag (收, 寄), name, phone, address, waybill number or notice."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from waybillguard.label.check.fold import HAN, tight
from waybillguard.label.check.headings import Heading, heading_alone, heading_before, headings_within
from waybillguard.label.check.lines import cut, glued, right_of, same_row
from waybillguard.label.check.names import COMPOUND, SURNAME, contact_of, is_organisation
from waybillguard.label.check.values import Party, TextLine, Zone
from waybillguard.on_demand import pattern_on_use

_NOTICE: Final = pattern_on_use(
    r"96110|诈骗|退款|扫码|凭.{0,4}取件|尾号取件|真伪|隐私面单|虚拟号，|热线|客服|咨询|详询|订购|加盟|投诉|微信|App|APP|http|www\.|官网|签收栏|签名|签字|已验视|已安检|电子面单|快递员$"
)
_TRACE: Final = pattern_on_use(r"20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}:\d\d|票据|打印|工位|第\d+次")
_ASKED: Final = pattern_on_use(
    r"密码|门禁|开锁|打不通|没人(?:接|在)|联系我|(?:请|可|先|再|直接)(?:放|联系|电话|打)|(?:放|转|交)给|(?:放|送到)(?:家?门口|前台|驿站|门卫)"
)
"""A customer's request without a heading that marks it as a remark."""
_CALL: Final = pattern_on_use(rf"(?:请|先|可|直接)*(?:打|拨打?|致电|联系|找|转?交给?)[{HAN}]{{0,4}}\s*:?\s*")
VIRTUAL: Final = pattern_on_use(r"(?:虚拟|隐私|安全|中间)(?:手机)?号|有效期|失效|有效")
ORDER_NUMBER: Final = r"(?:(?:订单|运单|面单|快递单|客户|单|编|序列?|流水|批次?|波次|货|款|型|条码|拣货|取件|提货|货位|库位)号?码?|No\.?|Ref\.?|Order|SKU|S/?N|IMEI)\s*[::#]?\s*"
"""Words before a number that is not a phone."""
_ORDER: Final = pattern_on_use(rf"{ORDER_NUMBER}$", re.IGNORECASE)
_PHONE: Final = pattern_on_use(
    r"(?:(?<=\*)(?=尾号)|(?<![0-9A-Za-z*]))(?:(?:\+|00)?(?:86|85[23]|886)[ -]?)?"
    r"(?:1[3-9][\d*xX](?:[ -]?[\d*xX]){6,9}"
    r"|1(?=[\d -]*\*)[\d*]{2}[ -][\d*]{3,5}[ -][\d*]{2,4}"
    r"|1[3-9]\d ?\*{2,}(?:[ -]?[\d*])*|1\d{0,2}\*{3,}\d{0,6}|尾号[: ]?\d{4}"
    r"|(?<![\u3400-\u9fffA-Za-z])\*{2,}[ ]?[\d*]{0,7}\d{2,4}|\(?0\d{2,3}\)?[ -]?(?:[\d*]{6,8}|[\d*]{3,4}[ -][\d*]{4})"
    r"|(?:\+|00)(?:85[23]|886|[1-9]\d?)[ -]?\(?[\d*](?:[ -]?[\d*]){6,10}|[48]00-?[\d*]{3}-?[\d*]{3,4}|(?<![\u3400-\u9fffA-Za-z])\*{5,})"
    r"(?:[-转]\d{1,6}|-\*{2,4})?(?![0-9A-Za-z])"
)
_MEASURE: Final = pattern_on_use(r"(?!1[3-9]\d\*\d{4}$)\d{2,4}(?:[*xX]\d{2,4}){1,2}")
"""Measures in millimetres (1800*2000), as opposed to a phone whose stars were lost."""
_WAYBILL: Final = pattern_on_use(
    r"(?:[\u4e00-\u9fff]{0,4}(?:单号?|编号|流水号)|No\.?|Ref)?[: ]*[A-Z]{0,5}[0-9](?:[ -]?[0-9A-Z]){8,24}"
)
_LEAST_WAYBILL: Final = 10
_SORT: Final = pattern_on_use(rf"[0-9A-Z]{{1,5}}(?:[- ][0-9A-Z]{{1,6}}){{0,4}}|[{HAN}]{{2,4}}-\d{{1,2}}")
_PLACE: Final = (
    r"省|自治区|市|区|县|镇|乡|街道|[路街巷道弄][\d*]|大道|村|小区|花园|公寓|大厦|广场"
    r"|(?:Province|District|County|Town|Village|Road|Street|Avenue|Lane|Garden)(?![a-z])|(?<=[a-z,.\d])(?:Rd|St|Ave)(?![a-z])|(?:Rd|Ave)(?=[.,*\d]|No)"
)
_HOUSE: Final = (
    r"(?<=[\dA-Za-z一二三四五六七八九十甲乙丙丁东西南北中主#*])[幢栋座]|单元|\d室|[\d*]号|号楼|(?<!\d)\d{1,2}-\d{1,2}-\d{3}"
    r"|(?:Building|Tower|Room|Floor)(?![a-z])|(?<=[a-z,.\d])(?:Bldg|Blk)(?![a-z])|(?:Bldg|Blk|Rm|Apt|Unit|Flat|Suite)(?=[.,*\d]|No)"
)
ADDRESS_SIGNS: Final = pattern_on_use(rf"{_PLACE}|{_HOUSE}")
_STOCK: Final = pattern_on_use(
    rf"[{HAN}]*(?:[库货储拣]?货?位|货架|[架格柜箱]号?|[次单号码])[: ]*[A-Z]?\d+(?:-[A-Z]?\d+)+"
)
"""Storage places in a warehouse (拣货位 3-12-0405), and other numbers in groups."""
_SERVED: Final = pattern_on_use(rf"([{HAN}()]{{4,}}?)(?<!快递|速运|物流|速递|快运) ?(9[56]\d{{3,4}})")
"""A shop and its short number."""
_SENTENCE: Final = pattern_on_use(r"^[一二三四五六七八九十\d]{1,2}、|[。!?]$")
"""An item of a list or the end of a sentence, which is not an address."""
_DOTTED_NAME: Final = pattern_on_use(rf"[{HAN}]{{2,8}}[·•・][{HAN}*·•・]{{1,12}}")
_LATIN_NAME: Final = pattern_on_use(
    r"[A-Z][A-Za-z]*(?:\*+|\.)?(?:[ ·-][A-Z*][A-Za-z]*\**){1,3}|[A-Z][a-z]*\*+"
)
_NAME_LIKE: Final = pattern_on_use(rf"[{HAN}A-Za-z*·•. ()]{{1,30}}")
NOT_NAMES: Final = pattern_on_use(
    r"速运|快递|速递|快运|物流|标准|隐私|面单|集散|转运|分拨|中心|样张|代收|到付|月结|普通|特快|集包|打包|次日|目的地|内件|签收|已|"
    r"[单编]号|[快小大]件|[客货]运|专线|班次|存根|寄付|现付|保价|重量|件数|合计|备注|扫|请|^[件人方货收寄]$|派件|发件|客户|标快|电商|易碎|生鲜|加急"
)
LONGEST_NAME: Final = 16
_LONGEST_LATIN: Final = 30
_LONGEST_HAN: Final = 4
SURNAMED: Final = pattern_on_use(rf"(?:{COMPOUND}|[{SURNAME}])")


def with_labels(lines: list[TextLine]) -> list[TextLine]:
    """Join a heading that is a line of its own (备注：, a cell 电话) with the text behind it in its row."""
    out = list(lines)
    for label in lines:
        heading = heading_alone(label.text)
        if heading is None or heading.zone is None or heading.party is not None:
            continue
        behind = [
            line for line in out
            if line is not label and same_row(line, label) and 0 <= line.x - right_of(label) + label.size / 2 < 4 * label.size
            and heading_alone(line.text) is None
        ]  # fmt: skip
        if not behind:
            _head_below(label, heading.zone, out)
        elif label in out:
            first = min(behind, key=lambda line: line.x)
            colon = replace(label, text=f"{label.text}:", glyphs=(*label.glyphs, *label.glyphs[-1:]))
            out[out.index(first)] = glued(colon, first)
            out.remove(label)
    return out


def _head_below(label: TextLine, zone: Zone, lines: list[TextLine]) -> None:
    """Put a heading that is above its field before the field."""
    below = [
        line for line in lines
        if abs(line.x - label.x) < label.size and -0.5 * label.size < line.y - label.y - label.size < 0.5 * label.size
        and heading_alone(line.text) is None and heading_before(line.text) is None
    ]  # fmt: skip
    if len(below) == 1 and zone in (Zone.PHONE, Zone.NAME) and below[0].text:
        colon, line = f"{tight(label.text)}:", below[0]
        glyphs = (*line.glyphs[:1] * len(colon), *line.glyphs) if line.glyphs else ()
        lines[lines.index(line)] = replace(line, text=colon + line.text, glyphs=glyphs)
        lines.remove(label)


def pieces_of(line: TextLine) -> list[TextLine]:
    """Split a line where a field with its own heading begins: 王* 电话：138… ."""
    out: list[TextLine] = []
    for end in reversed([] if _NOTICE.search(tight(line.text)) else headings_within(line.text)):
        out.append(cut(line, line.text[end:], after=end))
        line = cut(line, line.text[:end].rstrip())
    return [line, *reversed(out)]


def headed(line: TextLine, *, before_phone: bool = False) -> tuple[Party | None, Zone | None, TextLine]:
    """Remove the headings of a line; return the party and field that they name, and the rest of the line."""
    party: Party | None = None
    zone: Zone | None = None
    while (found := heading_before(line.text)) is not None and _trusted(
        found, line.text, before_phone=before_phone
    ):
        party, zone = party or found.party, found.zone
        rest = cut(line, line.text[found.end :].strip(), after=found.end)
        # A field begins where its heading begins: lines below may be aligned with either.
        begun = found.zone is not None and found.party is None and rest.width
        line = replace(rest, x=line.x, width=right_of(rest) - line.x) if begun else rest
        if zone in (Zone.REMARK, Zone.GOODS):
            break
    return party, zone, line


def _trusted(heading: Heading, text: str, *, before_phone: bool = False) -> bool:
    """Return whether words that may be a heading are one, judged by the text behind them."""
    rest = text[heading.end :].strip()
    further = heading_before(rest)
    if heading.parted or heading.zone in (Zone.REMARK, Zone.GOODS):
        return True
    if further is not None and further.zone is not None and _trusted(further, rest):
        return True
    if heading.zone is Zone.PHONE:
        return re.match(r"[+(]?[\d*]|尾号", rest) is not None
    if heading.zone is Zone.ADDRESS and heading.party is None:
        return ADDRESS_SIGNS.search(rest) is not None
    return _is_contact(
        rest, short=heading.glued and heading.end == 1 and not before_phone, glued=heading.glued
    )


def _is_contact(rest: str, *, short: bool, glued: bool) -> bool:
    """Return whether a name, phone or address follows a possible heading; ``short``: a heading of one character."""
    if (_PHONE.match(rest) if glued else _PHONE.search(rest)) or re.match(rf"[{HAN}A-Za-z·]{{0,4}}\*", rest):
        return True
    if short:
        numbered = re.match(r"\S{2,6}?(?:电话|手机|[Tt]el|TEL)?[: *]*[\d*+]{7}", rest)
        return is_organisation(rest) or numbered is not None
    first = re.split(r"[\s\d(*]", rest, maxsplit=1)[0]
    person = SURNAMED.match(first) is not None and 1 < len(first) <= _LONGEST_HAN and ":" not in first
    return (
        (person and NOT_NAMES.search(first) is None)
        or is_organisation(first)
        or _DOTTED_NAME.fullmatch(first) is not None
        or len(ADDRESS_SIGNS.findall(tight(rest))) > 1
        or (not glued and _LATIN_NAME.fullmatch(rest) is not None)
    )


def fields_in(  # noqa: C901, PLR0912 - one branch a kind of line
    line: TextLine, *, forced: bool, zone: Zone | None = None
) -> Iterable[TextLine]:
    """Split a line into fields by their form, or by its heading unless the form contradicts it."""
    text = line.text
    compact = tight(text)
    forced = forced or zone in (Zone.NAME, Zone.PHONE)
    if not compact:
        return
    phone = _PHONE.search(text)
    if zone in (Zone.REMARK, Zone.GOODS) or (
        zone is Zone.ADDRESS and phone is None and ADDRESS_SIGNS.search(text)
    ):
        yield replace(line, zone=zone)
    elif zone is Zone.NAME and phone is None and _NAME_LIKE.fullmatch(text):
        yield from as_name(line)
    elif zone is Zone.PHONE and phone is None and re.fullmatch(r"[\d*+()转 -]{3,}", text):
        yield replace(line, zone=zone)
    elif zone is None and phone is not None and _CALL.fullmatch(text[: phone.start()]):
        yield replace(line, zone=Zone.REMARK)
    elif VIRTUAL.search(compact) and re.search(r"\d{7}", compact):
        yield from _virtual(line)
    elif _NOTICE.search(compact) and not (forced and _PHONE.search(text)):
        yield replace(line, zone=Zone.NOTICE)
    elif (
        _WAYBILL.fullmatch(text)
        and not _PHONE.fullmatch(text)
        and sum(c.isdigit() for c in text) >= _LEAST_WAYBILL
    ):
        yield replace(line, zone=Zone.WAYBILL_NO)
    elif (served := _SERVED.fullmatch(text)) is not None and is_organisation(served[1]):
        yield cut(line, served[1], zone=Zone.NAME)
        yield cut(line, served[2], zone=Zone.PHONE)
    elif _TRACE.search(text) and not forced:
        yield replace(line, zone=Zone.TRACE)
    elif phone is not None and not _is_hidden_tail(text, phone) and not _MEASURE.fullmatch(phone[0]):
        if _ORDER.search(text[: phone.start()]):
            yield replace(line, zone=Zone.WAYBILL_NO)
            return
        yield cut(line, phone[0], zone=Zone.PHONE)
        before, after = text[: phone.start()].strip(" ,，;:()/|"), text[phone.end() :].strip(" ,，;:()/|")
        before = re.sub(r"(?:联系)?(?:电话|手机号?)$", "", before.rstrip(": ")).strip()
        for part in (before, after):
            if part:
                yield from _words(cut(line, part), beside_phone=True)
    elif not forced and _ASKED.search(compact):
        yield replace(line, zone=Zone.REMARK)
    elif _SORT.fullmatch(text) and len(compact) > 1:
        yield replace(line, zone=Zone.SORT_CODE)
    else:
        yield from _words(line, beside_phone=forced)


def _virtual(line: TextLine) -> Iterator[TextLine]:
    """Yield a virtual number with its mark and date as one phone, and the name before it if there is one."""
    found = re.match(rf"([{HAN}A-Za-z·]{{0,4}}\*+[{HAN}]{{0,2}}|[{HAN}]{{2,4}}(?=\s))\s*(?=\S)", line.text)
    if found is not None and not VIRTUAL.search(found[0]):
        yield cut(line, found[1], zone=Zone.NAME)
        line = cut(line, line.text[found.end() :])
    yield replace(line, zone=Zone.PHONE)


def _is_hidden_tail(text: str, phone: re.Match[str]) -> bool:
    """Return whether stars belong to an address or a name (3幢****, 王*****) and are not a phone."""
    return (
        not any(c.isdigit() for c in phone[0])
        and re.search(rf"[{HAN}A-Za-z\-]$", text[: phone.start()]) is not None
    )


def _words(line: TextLine, *, beside_phone: bool) -> Iterable[TextLine]:
    compact = tight(line.text)
    signs = (
        0 if _SENTENCE.search(compact) or _STOCK.fullmatch(compact) else len(ADDRESS_SIGNS.findall(compact))
    )
    company = line.text.rpartition(" ")[0]  # a person may be named behind it
    contact = contact_of(line.text.strip())
    if (
        contact
        and signs <= 1
        and SURNAMED.match(contact) is not None
        and NOT_NAMES.search(contact) is None
        and re.fullmatch(rf"[{HAN}]{{2,4}}", contact) is not None
    ) or (
        beside_phone
        and (is_organisation(line.text) or is_organisation(company))
        and not re.search(r"\d", compact)
    ):
        yield replace(line, zone=Zone.NAME)
    elif signs >= 2 or (signs == 1 and (len(compact) > LONGEST_NAME // 2 or re.search(r"\d", compact))):  # noqa: PLR2004
        yield replace(line, zone=Zone.ADDRESS)
    elif beside_phone and _NAME_LIKE.fullmatch(line.text) and len(compact) <= LONGEST_NAME:
        yield from as_name(line)
    elif (
        "*" in compact
        and _NAME_LIKE.fullmatch(line.text)
        and len(compact) <= LONGEST_NAME // 2
        and (len(re.findall(f"[{HAN}]", compact)) <= _LONGEST_HAN or _DOTTED_NAME.fullmatch(compact))
        and signs == 0
    ):
        yield replace(line, zone=Zone.NAME)
    elif re.fullmatch(r"[\d\-]*\d{3,4}室?[*]*|[-*\d]*\*[-*\d]*\*[-*\d]*", compact) and signs <= 1:
        # The second part of an address that was broken over two lines.
        yield replace(line, zone=Zone.ADDRESS)
    else:
        yield replace(line, zone=Zone.UNKNOWN)


def as_name(line: TextLine) -> Iterable[TextLine]:
    """Yield a line beside a phone as a name; a single character is not a name, because its stars were lost."""
    if len(tight(line.text)) > 1:
        yield replace(line, zone=Zone.NAME)


def is_place(line: TextLine) -> bool:
    """Return whether a part of an address says where the house is, not only which door."""
    return re.search(_PLACE, tight(line.text)) is not None


def is_phone(line: TextLine) -> bool:
    """Return whether a line begins with a phone."""
    return _PHONE.match(line.text) is not None


def may_be_nickname(line: TextLine) -> bool:
    """Return whether a line could be a name by its position: two to six characters that are not a word of a label."""
    return (
        line.zone is Zone.UNKNOWN
        and re.fullmatch(rf"[{HAN}]{{2,6}}", tight(line.text)) is not None
        and NOT_NAMES.search(line.text) is None
    )


def may_be_name(line: TextLine) -> bool:
    """Return whether an unrecognised line could be a name: short, no word of a label, a surname or organisation."""
    text = tight(line.text)
    return (
        line.zone is Zone.UNKNOWN
        and _NAME_LIKE.fullmatch(line.text.strip().replace("-", " ")) is not None
        and (
            is_organisation(text)
            or (_DOTTED_NAME.fullmatch(text) is not None and NOT_NAMES.search(text) is None)
            or (
                NOT_NAMES.search(line.text) is None
                and len(text) <= LONGEST_NAME // 2
                and SURNAMED.match(text) is not None
            )
            or (_LATIN_NAME.fullmatch(line.text.strip()) is not None and len(text) <= _LONGEST_LATIN)
        )
    )
