"""Finding out what the lines of somebody's label are: whose, and which field (收件人, 寄件人)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from waybillguard.label.check.fold import HAN, fold, tight
from waybillguard.label.check.names import is_organisation
from waybillguard.label.check.values import Party, TextLine, Zone

_MARKER: Final = re.compile(
    r"(?P<receiver>收|收件|收件人|收方|收货人?|收件方|到)|(?P<sender>寄|寄件|寄件人|寄方|发|发件人?|发货人?|寄件方)"
)
_PREFIX: Final = re.compile(
    r"(?:(?P<receiver>收件人?|收货人?|收方|收)|(?P<sender>寄件人?|寄方|发件人?|发货人?|寄))(?:信息|姓名|地址|电话|手机)?\s*(?:[:\]】)]\s*|\s+)(?=\S)"
)
_GLUED: Final = re.compile(
    rf"(?:(?P<receiver>收)|(?P<sender>寄))(?=[{HAN}A-Za-z*]{{1,6}}\*[^{HAN}]|\S{{1,6}}[ *]*[\d*+]{{7}})"
)
_NOTICE: Final = re.compile(
    r"96110|诈骗|退款|扫码|真伪|隐私面单|虚拟号，|热线|客服|投诉|微信|App|APP|http|www\.|官网|签收栏|签名|签字|已验视|已安检|电子面单|快递员$"
)
_TRACE: Final = re.compile(r"20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}:\d\d|票据|打印|工位|第\d+次")
_GOODS: Final = re.compile(r"^(?:内件|物品|品名|商品|托寄物|货品)")
_REMARK: Final = re.compile(r"^(?:备注|留言|买家留言|卖家备注|附言)")
_VIRTUAL: Final = re.compile(r"(?:虚拟|隐私|安全)(?:手机)?号|有效期|失效")
_PHONE: Final = re.compile(
    r"(?<![0-9A-Za-z*])(?:(?:\+|00)?(?:86|85[23]|886)[ -]?)?"
    r"(?:1[3-9][\d*xX](?:[ -]?[\d*xX]){6,9}"
    r"|(?<![\u3400-\u9fffA-Za-z])\*{2,}[ ]?[\d*]{0,7}\d{2,4}|\(?0\d{2,3}\)?[ -]?[\d*]{6,8}"
    r"|[48]00-?[\d*]{3}-?[\d*]{3,4}|(?<![\u3400-\u9fffA-Za-z])\*{5,})"
    r"(?:[-转]\d{1,6}|-\*{2,4})?(?![0-9A-Za-z])"
)
_WAYBILL: Final = re.compile(r"(?:运单号?|单号|No\.?|快递单号)?[: ]*[A-Z]{0,5}[0-9](?:[ -]?[0-9A-Z]){8,24}")
# A reader drops the space between a masked name and the phone: 王*******5678, 王**138******78.
_NAME_AND_STARS: Final = re.compile(
    rf"(?<=[{HAN}A-Za-z])(\*{{1,3}}?)(?=\*{{6,}}\d|1[3-9][\d*]{{9}}|0\d{{2,3}}-?[\d*]{{6}})"
)
_LEAST_WAYBILL: Final = 10
_SORT: Final = re.compile(r"[0-9A-Z]{1,5}(?:[- ][0-9A-Z]{1,6}){0,4}")
_ADDRESS_SIGNS: Final = re.compile(
    r"省|自治区|市|区|县|镇|乡|街道|[路街巷道弄]\d|大道|村|小区|花园|[幢栋座]|单元|\d室|\d号|号楼|公寓|大厦|广场|\d{1,2}-\d{1,2}-\d{3}"
)
_NAME_LIKE: Final = re.compile(rf"[{HAN}A-Za-z*·• ()]{{1,24}}")
_NOT_NAMES: Final = re.compile(
    r"速运|快递|速递|物流|标准|隐私|面单|集散|转运|分拨|中心|样张|代收|到付|月结|普通|特快|集包|打包|次日|目的地|内件"
)
_LONGEST_NAME: Final = 16
_LINE_GAP: Final = 2.2


def assign(lines: Sequence[TextLine]) -> list[TextLine]:
    """Give each line its zone and party; a line with name, phone or address in one is split into those.

    Parties are told by markers (收, 寄, 收件人：…) beside or in the lines, else by order: the first block
    with a contact in it is the consignee's. What is recognised as nothing keeps ``Zone.UNKNOWN``.
    """
    markers: list[tuple[Party, TextLine]] = []
    contact: list[tuple[Party | None, TextLine]] = []
    others: list[TextLine] = []
    for line in lines:
        text = _NAME_AND_STARS.sub(r"\1 ", fold(line.text).strip())
        marker = _MARKER.fullmatch(tight(text))
        if marker is not None:
            markers.append((_party(marker), line))
            continue
        party, rest = _without_prefix(text)
        pieces = list(_pieces(replace(line, text=rest), forced=party is not None))
        if any(piece.zone in (Zone.NAME, Zone.PHONE, Zone.ADDRESS) for piece in pieces):
            contact.extend((party, piece) for piece in pieces)
        else:
            others.extend(pieces)
    others, tails = _tails_beside(others, [line for _, line in contact])
    contact.extend((None, line) for line in tails)
    others, names = _names_beside(others, [line for _, line in contact])
    contact.extend((None, line) for line in names)
    contact = _stars_of_addresses(contact)
    others, names = _before_stars(others, [line for _, line in contact])
    contact.extend((None, line) for line in names)
    placed: list[TextLine] = []
    for party, block in _blocks(contact, markers):
        placed.extend(replace(line, party=party) for line in _joined_rows(block))
    return [*placed, *(replace(line, party=Party.RECEIVER) for line in others)]


def _party(match: re.Match[str]) -> Party:
    return Party.RECEIVER if match["receiver"] else Party.SENDER


def _without_prefix(text: str) -> tuple[Party | None, str]:
    found = _PREFIX.match(text) or _GLUED.match(text)
    if found is None:
        return None, text
    return _party(found), text[found.end() :].strip()


def _pieces(  # noqa: C901 - one branch a kind of line
    line: TextLine, *, forced: bool
) -> Iterable[TextLine]:
    """Split a line into fields by what it looks like."""
    text = line.text
    compact = tight(text)
    if _REMARK.match(compact):
        yield replace(line, zone=Zone.REMARK, text=re.sub(r"^[^:]{2,4}:", "", compact) or compact)
    elif _GOODS.match(compact):
        yield replace(line, zone=Zone.GOODS)
    elif _VIRTUAL.search(compact) and re.search(r"\d{7}", compact):
        yield replace(line, zone=Zone.PHONE)
    elif _NOTICE.search(compact) and not (forced and _PHONE.search(text)):
        yield replace(line, zone=Zone.NOTICE)
    elif (
        _WAYBILL.fullmatch(text)
        and not _PHONE.fullmatch(text)
        and sum(c.isdigit() for c in text) >= _LEAST_WAYBILL
    ):
        yield replace(line, zone=Zone.WAYBILL_NO)
    elif _TRACE.search(text) and not forced:
        yield replace(line, zone=Zone.TRACE)
    elif (phone := _PHONE.search(text)) is not None and not _is_hidden_tail(text, phone):
        yield replace(line, zone=Zone.PHONE, text=phone[0])
        before, after = text[: phone.start()].strip(" ,，;:"), text[phone.end() :].strip(" ,，;:")
        before = re.sub(r"(?:联系)?(?:电话|手机号?)$", "", before.rstrip(": ")).strip()
        for part in (before, after):
            if part:
                yield from _words(replace(line, text=part), beside_phone=True)
    elif _SORT.fullmatch(text) and len(compact) > 1:
        yield replace(line, zone=Zone.SORT_CODE)
    else:
        yield from _words(line, beside_phone=forced)


def _is_hidden_tail(text: str, phone: re.Match[str]) -> bool:
    """Whether stars belong to an address or a name (3幢****, 王*****) and are no phone of their own."""
    return (
        not any(c.isdigit() for c in phone[0])
        and re.search(rf"[{HAN}A-Za-z\-]$", text[: phone.start()]) is not None
    )


def _words(line: TextLine, *, beside_phone: bool) -> Iterable[TextLine]:
    compact = tight(line.text)
    signs = len(_ADDRESS_SIGNS.findall(compact))
    if is_organisation(line.text) and beside_phone:
        yield replace(line, zone=Zone.NAME)
    elif signs >= 2 or (signs == 1 and (len(compact) > _LONGEST_NAME // 2 or re.search(r"\d", compact))):  # noqa: PLR2004
        yield replace(line, zone=Zone.ADDRESS)
    elif beside_phone and _NAME_LIKE.fullmatch(line.text) and len(compact) <= _LONGEST_NAME:
        yield from _named(line)
    elif (
        "*" in compact
        and _NAME_LIKE.fullmatch(line.text)
        and len(compact) <= _LONGEST_NAME // 2
        and signs == 0
    ):
        yield replace(line, zone=Zone.NAME)
    elif re.fullmatch(rf"[{HAN}\d\-]*\d{{3,4}}室?[*]*|[-*\d]*\*[-*\d]*", compact) and signs <= 1:
        # The tail of an address that was broken over two lines.
        yield replace(line, zone=Zone.ADDRESS)
    else:
        yield replace(line, zone=Zone.UNKNOWN)


def _named(line: TextLine) -> Iterable[TextLine]:
    """A name beside a phone; one that was guessed and of one character has lost its stars: no name at all."""
    if line.exact or len(tight(line.text)) > 1:
        yield replace(line, zone=Zone.NAME)


def _names_beside(others: list[TextLine], contact: list[TextLine]) -> tuple[list[TextLine], list[TextLine]]:
    """Take the short lines that stand beside or directly over a phone without a name: they are names."""
    phones = [line for line in contact if line.zone is Zone.PHONE]
    named_rows = [line.y for line in contact if line.zone is Zone.NAME]
    names: list[TextLine] = []
    for phone in phones:
        if any(abs(y - phone.y) < phone.size * _LINE_GAP for y in named_rows):
            continue
        near = [
            line
            for line in others
            if _may_be_name(line)
            and -1.8 * phone.size < line.y - phone.y < 0.8 * phone.size
            and abs(line.x - phone.x) < 14 * phone.size
        ]
        if near:
            best = min(near, key=lambda line: abs(line.y - phone.y))
            names.append(best)
            others = [line for line in others if line is not best]
    renamed = [named for line in names for named in _named(line)]
    return others, renamed


def _stars_of_addresses(contact: list[tuple[Party | None, TextLine]]) -> list[tuple[Party | None, TextLine]]:
    """Give stars that were read as a line of their own, behind or below an address, to that address."""
    found = [line for _, line in contact if line.zone is Zone.ADDRESS]
    result = []
    for party, line in contact:
        belongs = (
            line.zone in (Zone.NAME, Zone.PHONE)
            and not line.text.strip("* ")
            and any(
                (_same_row(line, other) and other.x < line.x)
                or (0 < line.y - other.y < _LINE_GAP * other.size and line.x - other.x < other.size)
                for other in found
            )
        )
        result.append((party, replace(line, zone=Zone.ADDRESS) if belongs else line))
    return result


def _before_stars(others: list[TextLine], contact: list[TextLine]) -> tuple[list[TextLine], list[TextLine]]:
    """Take one or two characters that stand before stars read as a line of their own: a name."""
    stars = [line for line in contact if line.zone is Zone.NAME and not line.text.strip("* ")]
    names = [
        line
        for line in others
        if line.zone is Zone.UNKNOWN
        and re.fullmatch(rf"[{HAN}A-Za-z]{{1,2}}", line.text)
        and any(_same_row(line, other) and 0 < other.x - line.x < 4 * other.size for other in stars)
    ]
    return [line for line in others if line not in names], [replace(line, zone=Zone.NAME) for line in names]


def _tails_beside(others: list[TextLine], contact: list[TextLine]) -> tuple[list[TextLine], list[TextLine]]:
    """Take four digits in big type that stand in the row of a name or of stars: the tail of a phone."""
    tails = [
        line
        for line in others
        if re.fullmatch(r"\d{4}", line.text)
        and (
            any(other.zone in (Zone.NAME, Zone.PHONE) and _same_row(line, other) for other in contact)
            or any(_may_be_name(other) and _same_row(line, other) and other.x < line.x for other in others)
        )
    ]
    return [line for line in others if line not in tails], [replace(line, zone=Zone.PHONE) for line in tails]


def _same_row(first: TextLine, second: TextLine) -> bool:
    """Whether two lines overlap in height by half of the lower one (a reader's boxes are never level)."""
    shared = min(first.y + first.size, second.y + second.size) - max(first.y, second.y)
    return shared >= min(first.size, second.size) / 2


def _joined_rows(block: list[TextLine]) -> list[TextLine]:
    """Join the pieces of one field that stand in one row, from left to right."""
    joined: list[TextLine] = []
    for zone in (Zone.NAME, Zone.PHONE, Zone.ADDRESS):
        rows: list[list[TextLine]] = []
        for line in sorted((line for line in block if line.zone is zone), key=lambda line: line.y):
            if rows and line.width != 0 and _same_row(rows[-1][0], line):
                rows[-1].append(line)
            else:
                rows.append([line])
        for row in rows:
            row.sort(key=lambda line: line.x)
            first = min(row, key=lambda line: line.y)
            right = max(line.x + line.width for line in row)
            joined.append(
                replace(
                    first, text="".join(line.text for line in row), x=row[0].x, width=max(0, right - row[0].x)
                )
            )
    return [*joined, *(line for line in block if line.zone not in (Zone.NAME, Zone.PHONE, Zone.ADDRESS))]


def _may_be_name(line: TextLine) -> bool:
    return (
        line.zone is Zone.UNKNOWN
        and _NAME_LIKE.fullmatch(line.text.strip()) is not None
        and _NOT_NAMES.search(line.text) is None
        and len(tight(line.text)) <= _LONGEST_NAME // 2
    )


def _blocks(
    contact: list[tuple[Party | None, TextLine]], markers: list[tuple[Party, TextLine]]
) -> list[tuple[Party, list[TextLine]]]:
    """Group contact lines into one block a party."""
    ordered = sorted(contact, key=lambda item: (item[1].y, item[1].x))
    blocks: list[tuple[Party | None, list[TextLine]]] = []
    for party, line in ordered:
        if not blocks or _starts_block(blocks[-1], party, line):
            blocks.append((party, [line]))
        else:
            known, members = blocks[-1]
            members.append(line)
            blocks[-1] = (known or party, members)
    result: list[tuple[Party, list[TextLine]]] = []
    free = list(markers)
    for party, members in blocks:
        found = party
        if found is None and free:
            distance, nearest = min(
                ((_distance(marker, members), i) for i, (_, marker) in enumerate(free)), default=(0.0, 0)
            )
            if distance <= 4 * max(line.size for line in members):
                found = free.pop(nearest)[0]
        if found is None:
            taken = {known for known, _ in result}
            found = Party.RECEIVER if Party.RECEIVER not in taken or not _is_whole(members) else Party.SENDER
        result.append((found, members))
    return result


def _is_whole(members: list[TextLine]) -> bool:
    """Whether a block looks like a party (a name or an address and something more), not a stray number."""
    return len({line.zone for line in members}) > 1


def _starts_block(block: tuple[Party | None, list[TextLine]], party: Party | None, line: TextLine) -> bool:
    known, members = block
    if party is not None and known is not None:
        return party is not known
    same_row = any(abs(line.y - other.y) < 0.6 * max(line.size, other.size) for other in members)
    if same_row:
        return False
    zones = {other.zone for other in members}
    if line.y - max(other.y + other.size for other in members) > 3 * line.size:
        return True
    if line.zone in (Zone.NAME, Zone.PHONE):
        return Zone.ADDRESS in zones or (line.zone in zones and party is None)
    return False


def _distance(marker: TextLine, members: list[TextLine]) -> float:
    middle = marker.y + marker.size / 2
    top, bottom = min(line.y for line in members), max(line.y + line.size for line in members)
    if top <= middle <= bottom:
        return 0.0
    return min(abs(middle - top), abs(middle - bottom))
