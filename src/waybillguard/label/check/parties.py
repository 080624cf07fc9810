"""Finding out what the lines of somebody's label are: whose, and which field (收件人, 寄件人).

Lines are told apart by where they stand before by what they say: tags (收, 寄) and headings open a block, a gap or
another column ends it, and lines of two blocks are never joined.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from waybillguard.label.check.fold import HAN, fold, tight
from waybillguard.label.check.names import COMPOUND, SURNAME, is_organisation
from waybillguard.label.check.values import Party, TextLine, Zone

_RECEIVER: Final = r"收[件货]?[人方]?|(?:[Ss]hip|[Dd]eliver)?\s?[Tt][Oo]|[Rr]eceiver|[Cc]onsignee|[Rr]ecipient|RECEIVER|CONSIGNEE"
_SENDER: Final = r"[寄发][件货]?[人方]?|[Ff]rom|FROM|[Ss]ender|[Ss]hipper|SENDER|SHIPPER"
_MARKER: Final = re.compile(
    rf"(?:(?P<receiver>{_RECEIVER}|到|送)|(?P<sender>{_SENDER}))"
    r"(?:信息|资料|栏|联|姓名|(?:联系)?电话|手机号?|(?:详细)?地址)?(?:[/·|][A-Za-z]{2,9})?"
)
_PREFIX: Final = re.compile(
    rf"(?:(?P<receiver>{_RECEIVER})|(?P<sender>{_SENDER}))(?:信息|姓名|地址|电话|手机)?\s*(?:[:\]】)]\s*|\s+)(?=\S)"
)
_GLUED: Final = re.compile(
    rf"(?:(?P<receiver>收)|(?P<sender>寄))(?=[{HAN}A-Za-z*]{{1,6}}\*[^{HAN}]|\S{{1,6}}[ *]*[\d*+]{{7}})"
)
_FIELD_LABEL: Final = re.compile(
    r"(?:姓名|联系人|联系电话|电话|手机号?|(?:详细)?地?\s*址|[Tt]el|TEL|[Pp]hone|[Mm]obile|[Aa]dd(?:ress|r)?|ADD|[Nn]ame)\.?\s*(?::\s*|(?=[*\d]))"
)
_NOTICE: Final = re.compile(
    r"96110|诈骗|退款|扫码|真伪|隐私面单|虚拟号，|热线|客服|投诉|微信|App|APP|http|www\.|官网|签收栏|签名|签字|已验视|已安检|电子面单|快递员$"
)
_TRACE: Final = re.compile(r"20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}:\d\d|票据|打印|工位|第\d+次")
_GOODS: Final = re.compile(r"^(?:内件|物品|品名|商品|托寄物|货品)")
_REMARK: Final = re.compile(r"^(?:备注|留言|买家留言|卖家备注|附言)")
_VIRTUAL: Final = re.compile(r"(?:虚拟|隐私|安全|中间)(?:手机)?号|有效期|失效|有效")
_ORDER: Final = re.compile(
    r"(?:订单|运单|面单|快递单|单|编|序|流水|批次)号?码?\s*[::]?\s*$|No\.?\s*:?\s*$", re.IGNORECASE
)
_PHONE: Final = re.compile(
    r"(?<![0-9A-Za-z*])(?:(?:\+|00)?(?:86|85[23]|886)[ -]?)?"
    r"(?:1[3-9][\d*xX](?:[ -]?[\d*xX]){6,9}"
    r"|1[3-9]\d ?\*{2,}(?:[ -]?[\d*])*|1\d{0,2}\*{3,}\d{0,6}|尾号:?\d{4}"
    r"|(?<![\u3400-\u9fffA-Za-z])\*{2,}[ ]?[\d*]{0,7}\d{2,4}|\(?0\d{2,3}\)?[ -]?[\d*]{6,8}"
    r"|[48]00-?[\d*]{3}-?[\d*]{3,4}|(?<![\u3400-\u9fffA-Za-z])\*{5,})"
    r"(?:[-转]\d{1,6}|-\*{2,4})?(?![0-9A-Za-z])"
)
_WAYBILL: Final = re.compile(
    r"(?:[\u4e00-\u9fff]{0,4}(?:单号?|编号|流水号)|No\.?|Ref)?[: ]*[A-Z]{0,5}[0-9](?:[ -]?[0-9A-Z]){8,24}"
)
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
    r"速运|快递|速递|快运|物流|标准|隐私|面单|集散|转运|分拨|中心|样张|代收|到付|月结|普通|特快|集包|打包|次日|目的地|内件|签收|已|"
    r"存根|寄付|现付|保价|重量|件数|合计|备注|扫|请|^[件人方货收寄]$|派件|发件|客户|标快|电商|易碎|生鲜|加急"
)
_LONGEST_NAME: Final = 16
_MARKS: Final = re.compile(r"\*[\d* -]*|\d{1,4}")
_CIRCLES: Final = re.compile(
    r"(?<=[\d*])[O〇○o0 ]*[O〇○o][O〇○o0]*(?=[\d*\s]|$)|[O〇○o]{2,}(?=[\dO〇○o\s*-]|$)|[〇○]{2,}"
)
_PROVINCE: Final = re.compile(
    r"(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾)省"
    r"|(?:内蒙古|广西|西藏|宁夏|新疆)\S{0,3}自治区|(?:北京|上海|天津|重庆)市"
)
_LEAST_BEFORE: Final = 5
_BUILDING_MISREAD: Final = re.compile(r"(?<=\d)[童撞憧瞳](?=\*|$)")
_LINE_GAP: Final = 2.2
_CONTACT: Final = (Zone.NAME, Zone.PHONE, Zone.ADDRESS)
_SURNAMED: Final = re.compile(rf"(?:{COMPOUND}|[{SURNAME}])")


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
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right, bottom."""
        return (
            min(line.x for line in self.lines), min(line.y for line in self.lines),
            max(_right(line) for line in self.lines), max(line.y + line.size for line in self.lines),
        )  # fmt: skip


def assign(lines: Sequence[TextLine]) -> list[TextLine]:
    """Give each line its zone, party and block; a line with name, phone or address in one is split into those.

    Parties are told by markers (收, 寄, 收件人：…) beside, above or in the lines, else by order: the first block
    with a contact in it is the consignee's. What is recognised as nothing keeps ``Zone.UNKNOWN``.
    """
    tags: list[tuple[Party, TextLine]] = []
    contact: list[tuple[Party | None, TextLine]] = []
    others: list[TextLine] = []
    parted = _in_columns([_plain(line) for line in lines])
    fences = _fences(parted)
    for line in _with_stars(parted):
        marker = _MARKER.fullmatch(tight(line.text).strip("()[]{}【】<>:;.,。·|'-"))
        if marker is not None:
            tags.append((_party(marker), line))
            continue
        party, rest = _without_prefix(line.text)
        pieces = list(_pieces(_cut(line, rest), forced=party is not None))
        if party is not None and not any(piece.zone in _CONTACT for piece in pieces):
            tags.append((party, line))
        for piece in pieces:
            if piece.zone in _CONTACT:
                contact.append((party, piece))
            else:
                others.append(piece)
    others = _continued(contact, others)
    blocks = _blocks(contact, tags, fences)
    blocks = _tagged(blocks, tags)
    others = _named_blocks(blocks, others, tags)
    _tails(blocks, others)
    others = _virtual_notes(blocks, others)
    _default_parties(blocks)
    placed: list[TextLine] = []
    for number, block in enumerate(blocks, start=1):
        placed.extend(replace(line, party=block.party, block=number) for line in _joined_rows(block.lines))
    return [*placed, *(replace(line, party=Party.RECEIVER) for line in others)]


def _plain(line: TextLine) -> TextLine:
    """Fold a line, circles as stars; part a masked name from the phone that a reader glued to it."""
    text = line.text if line.glyphs else fold(line.text).strip()
    if not line.exact:
        text = _CIRCLES.sub(lambda found: "".join(" " if sign == " " else "*" for sign in found[0]), text)
        text = _BUILDING_MISREAD.sub("幢", text)
    line = replace(line, text=text)
    found = _NAME_AND_STARS.search(text)
    at = found.end(1) if found is not None else _name_end(line)
    if at is None:
        return line
    glyphs = (*line.glyphs[:at], line.glyphs[at - 1], *line.glyphs[at:]) if line.glyphs else ()
    return replace(line, text=f"{text[:at]} {text[at:]}", glyphs=glyphs)


def _name_end(line: TextLine) -> int | None:
    """Where a name ends that stands before a phone of stars alone: at the gap between them."""
    found = re.match(rf"([{HAN}]{{2,4}})\*{{6,}}\d*$", line.text)
    if found is None or not line.glyphs:
        return None
    at, glyphs = found.end(1), line.glyphs
    han, star = glyphs[1].x - glyphs[0].x, glyphs[at + 1].x - glyphs[at].x
    return at if glyphs[at].x - glyphs[at - 1].x > 0.7 * han + 0.5 * star else None


def _in_columns(lines: list[TextLine]) -> list[TextLine]:
    """Part lines that run over the edge at which other lines begin, and addresses that begin in mid-line."""
    out: list[TextLine] = []
    for line in lines:
        rest = line
        while (at := _column_cut(rest, lines)) is not None:
            out.append(_cut(rest, rest.text[:at].rstrip()))
            rest = _cut(rest, rest.text[at:].lstrip(), after=at)
        out.append(rest)
    return out


type _Fence = tuple[float, float, float]
"""Where a column begins: its left edge, and from where to where it reaches."""


def _fences(lines: list[TextLine]) -> list[_Fence]:
    """Left edges at which lines of three rows or more begin, each with something before it in its row."""
    found: list[_Fence] = []
    for line in lines:
        column = [
            other for other in lines
            if abs(other.x - line.x) < 0.6 * line.size and abs(other.y - line.y) < 9 * line.size
        ]  # fmt: skip
        behind = [
            other for other in column
            if any(_same_row(before, other) and _right(before) < other.x + other.size / 2 and before.x < other.x - other.size
                   and _MARKER.fullmatch(tight(before.text)) is None for before in lines)
        ]  # fmt: skip
        if len(behind) >= 3:  # noqa: PLR2004 - two rows may do so by chance: name and phone of both parties
            found.append((line.x, min(o.y for o in column), max(o.y + o.size for o in column)))
    return found


def _parted(left: TextLine, right: TextLine, fence: _Fence) -> bool:
    edge, top, bottom = fence
    size = max(left.size, right.size)
    within = top - size < left.y < bottom + size and top - size < right.y < bottom + size
    return within and left.x < edge - size and _right(left) < edge + size and right.x > edge - 0.7 * size


def _column_cut(line: TextLine, lines: list[TextLine]) -> int | None:
    """Where in a line another column begins, None if nowhere."""
    if len(line.glyphs) != len(line.text):
        return None
    for found in _PROVINCE.finditer(line.text):
        if found.start() >= _LEAST_BEFORE and not re.search(r"址:?\s*$|:\s*$", line.text[: found.start()]):
            return found.start()
    gaps = [b.x - a.x for a, b in pairwise(line.glyphs)]
    if len(gaps) < _LEAST_BEFORE:
        return None
    usual = sorted(gaps)[len(gaps) // 2]
    for i, gap in enumerate(gaps, start=1):
        if gap < 1.5 * max(usual, 0.5 * line.size) or i < 2:  # noqa: PLR2004 - a name has two signs
            continue
        edge = line.glyphs[i].x - 0.35 * line.size
        starts = [
            other for other in lines
            if other is not line and abs(other.x - edge) < 0.6 * line.size and abs(other.y - line.y) < 9 * line.size
            and not _same_row(other, line)
        ]  # fmt: skip
        if len(starts) >= 2:  # noqa: PLR2004 - one may stand there by chance
            return i
    return None


def _right(line: TextLine) -> int:
    width = sum(line.size if sign > "\u2e80" else line.size / 2 for sign in line.text)
    return line.x + (line.width or round(width))


def _cut(line: TextLine, text: str, *, after: int = 0, zone: Zone | None = None) -> TextLine:
    """Return the part of a line that says ``text``, with the place of that part."""
    zone = zone or line.zone
    at = line.text.find(text, after)
    if at < 0 or not text or len(line.glyphs) != len(line.text):
        return replace(line, text=text, glyphs=(), zone=zone)
    if text == line.text:
        return replace(line, zone=zone)
    glyphs, end = line.glyphs[at : at + len(text)], at + len(text)
    left = line.x if at == 0 else (line.glyphs[at - 1].x + glyphs[0].x) / 2
    right = _right(line) if end == len(line.text) else (glyphs[-1].x + line.glyphs[end].x) / 2
    loose = tuple(place for place in line.loose if left <= place <= right)
    width = max(1, round(right - left))
    return replace(line, text=text, glyphs=glyphs, loose=loose, x=round(left), width=width, zone=zone)


def _with_stars(lines: list[TextLine]) -> list[TextLine]:
    """Give marks that were read as a line of their own to the line they follow or precede in their row."""
    whole = [line for line in lines if not _MARKS.fullmatch(line.text)]
    for marks in sorted((line for line in lines if _MARKS.fullmatch(line.text)), key=lambda line: line.x):
        before = [
            line for line in whole
            if _same_row(line, marks) and -2 * line.size < marks.x - _right(line) < 1.2 * line.size
            and line.x < marks.x and _MARKER.fullmatch(tight(line.text)) is None
            and (_only_marks(marks.text) or (marks.text[0] == "*" and re.search(r"[\d*]$", line.text)))
        ]  # fmt: skip
        begun = [
            line for line in whole
            if marks.text.isdigit() and _same_row(line, marks) and 0 < marks.x - _right(line) < 7 * line.size
            and re.search(r"(?:(?:^|\D)1[3-9]\d|\d ?\*{2,})$", line.text)
        ]  # fmt: skip
        after = [
            line for line in whole
            if _only_marks(marks.text) and _same_row(line, marks)
            and -line.size < line.x - _right(marks) < 0.8 * line.size and re.match(r"[\d*]", line.text)
        ]  # fmt: skip
        if before:
            first = max(before, key=_right)
            whole[whole.index(first)] = _glued(first, marks)
        elif begun:
            first = max(begun, key=_right)
            whole[whole.index(first)] = _glued(replace(first, text=f"{first.text}***", glyphs=()), marks)
        elif after:
            first = min(after, key=lambda line: line.x)
            whole[whole.index(first)] = _glued(marks, first)
        else:
            whole.append(marks)
    return whole


def _only_marks(text: str) -> bool:
    return bool(text) and not text.strip("* -")


def _glued(first: TextLine, second: TextLine) -> TextLine:
    both = bool(first.glyphs) and bool(second.glyphs)
    return replace(
        first, text=first.text + second.text, width=max(1, _right(second) - first.x),
        glyphs=first.glyphs + second.glyphs if both else (), loose=first.loose + second.loose,
    )  # fmt: skip


def _party(match: re.Match[str]) -> Party:
    return Party.RECEIVER if match["receiver"] else Party.SENDER


def _without_prefix(text: str) -> tuple[Party | None, str]:
    found = _PREFIX.match(text) or _GLUED.match(text)
    if found is None:
        return None, text
    return _party(found), text[found.end() :].strip()


def _pieces(  # noqa: C901, PLR0912 - one branch a kind of line
    line: TextLine, *, forced: bool
) -> Iterable[TextLine]:
    """Split a line into fields by what it looks like."""
    label = _FIELD_LABEL.match(line.text)
    if label is not None:
        line, forced = (
            _cut(line, line.text[label.end() :]),
            forced or re.search("址|[Aa]dd|ADD", label[0]) is None,
        )
    text = line.text
    compact = tight(text)
    if not compact:
        return
    if _REMARK.match(compact):
        yield replace(line, zone=Zone.REMARK, text=re.sub(r"^[^:]{2,4}:", "", compact) or compact, glyphs=())
    elif _GOODS.match(compact):
        yield replace(line, zone=Zone.GOODS)
    elif _VIRTUAL.search(compact) and re.search(r"\d{7}", compact):
        yield from _virtual(line)
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
        if _ORDER.search(text[: phone.start()]):
            yield replace(line, zone=Zone.WAYBILL_NO)
            return
        yield _cut(line, phone[0], zone=Zone.PHONE)
        before, after = text[: phone.start()].strip(" ,，;:()"), text[phone.end() :].strip(" ,，;:()")
        before = re.sub(r"(?:联系)?(?:电话|手机号?)$", "", before.rstrip(": ")).strip()
        for part in (before, after):
            if part:
                yield from _words(_cut(line, part), beside_phone=True)
    elif _SORT.fullmatch(text) and len(compact) > 1:
        yield replace(line, zone=Zone.SORT_CODE)
    else:
        yield from _words(line, beside_phone=forced)


def _virtual(line: TextLine) -> Iterator[TextLine]:
    """A virtual number with its mark and date is one phone; a name may stand before it."""
    found = re.match(rf"([{HAN}A-Za-z·]{{0,4}}\*+[{HAN}]{{0,2}}|[{HAN}]{{2,4}}(?=\s))\s*(?=\S)", line.text)
    if found is not None and not _VIRTUAL.search(found[0]):
        yield _cut(line, found[1], zone=Zone.NAME)
        line = _cut(line, line.text[found.end() :])
    yield replace(line, zone=Zone.PHONE)


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
    elif (
        re.fullmatch(
            rf"{f'[{HAN}]*' if line.exact else ''}[\d\-]*\d{{3,4}}室?[*]*|[-*\d]*\*[-*\d]*\*[-*\d]*", compact
        )
        and signs <= 1
    ):
        # The tail of an address that was broken over two lines.
        yield replace(line, zone=Zone.ADDRESS)
    else:
        yield replace(line, zone=Zone.UNKNOWN)


def _named(line: TextLine) -> Iterable[TextLine]:
    """A name beside a phone; one that was guessed and of one character has lost its stars: no name at all."""
    if line.exact or len(tight(line.text)) > 1:
        yield replace(line, zone=Zone.NAME)


# ------------------------------------------------------------------ blocks
def _blocks(
    contact: list[tuple[Party | None, TextLine]], tags: list[tuple[Party, TextLine]], fences: list["_Fence"]
) -> list[_Block]:
    """Group contact lines: first by nearness, then by the order in which a party's fields come."""
    ordered = sorted(contact, key=lambda item: (item[1].y, item[1].x))
    groups: list[list[tuple[Party | None, TextLine]]] = []
    for item in ordered:
        near = [group for group in groups if any(_near(other, item[1], tags, fences) for _, other in group)]
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


def _in_rows(group: list[tuple[Party | None, TextLine]]) -> list[tuple[Party | None, TextLine]]:
    """Order lines by rows from top to bottom, each row from left to right."""
    rows: list[list[tuple[Party | None, TextLine]]] = []
    for item in sorted(group, key=lambda item: item[1].y + item[1].size / 2):
        if rows and any(_same_row(other, item[1]) for _, other in rows[-1]):
            rows[-1].append(item)
        else:
            rows.append([item])
    return [item for row in rows for item in sorted(row, key=lambda item: item[1].x)]


def _near(
    first: TextLine, second: TextLine, tags: list[tuple[Party, TextLine]], fences: list["_Fence"]
) -> bool:
    """Whether two lines stand in one row or one below the other, in one column, without a tag between."""
    size = max(first.size, second.size)
    left, right = (first, second) if first.x <= second.x else (second, first)
    if any(_parted(left, right, fence) for fence in fences):
        return False
    if _same_row(first, second):
        gap = right.x - _right(left)
        if gap > (2 if Zone.ADDRESS in (first.zone, second.zone) else 7) * size:
            return False
        return not any(
            _same_row(tag, right) and _right(left) - size / 2 < tag.x < right.x + size / 2 for _, tag in tags
        )
    upper, lower = (first, second) if first.y <= second.y else (second, first)
    gap = lower.y - (upper.y + upper.size)
    if gap > 1.3 * size:
        return False
    shared = min(_right(first), _right(second)) - max(first.x, second.x)
    if shared <= 0 and abs(first.x - second.x) > 2 * size:
        return False
    return not any(
        upper.y + upper.size * 0.7 < tag.y + tag.size / 2 < lower.y + lower.size * 0.3
        and tag.x < min(_right(upper), _right(lower))
        and _right(tag) > min(upper.x, lower.x) - 3 * size
        for _, tag in tags
    )


def _starts_block(block: _Block, party: Party | None, line: TextLine, *, name_first: bool) -> bool:
    if party is not None and block.party is not None and party is not block.party:
        return True
    last = block.lines[-1]
    if any(_same_row(line, other) for other in block.lines):
        return False
    if line.zone is Zone.ADDRESS:
        return last.zone is not Zone.ADDRESS and Zone.ADDRESS in block.zones
    if line.zone is Zone.PHONE and _VIRTUAL.search(line.text) and last.zone is Zone.PHONE:
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
        if any((block.zones & other.zones) & set(_CONTACT) for other in known):
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
    beside = left - _right(tag)
    if top - 0.8 * size <= middle <= bottom + 0.8 * size and -size <= beside <= 5 * size:
        return max(0.0, beside) / size
    above = top - (tag.y + tag.size)
    if -0.6 * size <= above <= 2.5 * size and left - 4 * size <= tag.x <= right:
        return 1 + max(0.0, above) / size + abs(tag.x - left) / size / 4
    return None


def _named_blocks(
    blocks: list[_Block], others: list[TextLine], tags: list[tuple[Party, TextLine]]
) -> list[TextLine]:
    """Take the short lines in the row of a phone, or over a block, that lacks a name: they are names."""
    del tags
    for block in blocks:
        if Zone.NAME in block.zones:
            continue
        best: tuple[float, TextLine] | None = None
        for line in others:
            if not _may_be_name(line):
                continue
            for other in block.lines:
                distance = _name_distance(line, other)
                if distance is not None and (best is None or distance < best[0]):
                    best = (distance, line)
        if best is not None:
            chosen = best[1]
            others = [line for line in others if line is not chosen]
            block.lines.extend(_named(chosen))
    return others


def _name_distance(line: TextLine, other: TextLine) -> float | None:
    size = max(line.size, other.size)
    if not 0.5 < line.size / other.size < 2.2:  # noqa: PLR2004 - type of one field
        return None
    if _same_row(line, other):
        gap = other.x - _right(line) if line.x < other.x else line.x - _right(other)
        return gap / size if other.zone is Zone.PHONE and gap < 8 * size else None
    above = other.y - (line.y + line.size)
    if -0.5 * size <= above < 1.3 * size and abs(line.x - other.x) < 2 * size:
        return 8 + above / size
    return None


def _may_be_name(line: TextLine) -> bool:
    text = tight(line.text)
    return (
        line.zone is Zone.UNKNOWN
        and _NAME_LIKE.fullmatch(line.text.strip()) is not None
        and _NOT_NAMES.search(line.text) is None
        and len(text) <= _LONGEST_NAME // 2
        and (line.exact or _SURNAMED.match(text) is not None or is_organisation(text))
    )


def _continued(contact: list[tuple[Party | None, TextLine]], others: list[TextLine]) -> list[TextLine]:
    """Take the lines on which an address goes on: directly below a longer line of it, in the same type."""
    left = []
    for line in sorted(others, key=lambda line: line.y):
        above = [
            (party, other) for party, other in contact
            if other.zone is Zone.ADDRESS and line.zone is Zone.UNKNOWN and not line.exact
            and 0.75 < line.size / other.size < 1.35  # noqa: PLR2004 - the same type
            and -0.5 * other.size < line.y - other.y - other.size < 0.6 * other.size
            and other.x - 1.2 * other.size < line.x < other.x + 6 * other.size
            and _right(line) < _right(other) + other.size
        ]  # fmt: skip
        if (
            above
            and not _may_be_name(line)
            and _NOT_NAMES.search(line.text) is None
            and not line.text.endswith(":")
        ):
            party, _ = above[0]
            contact.append((party, replace(line, zone=Zone.ADDRESS)))
        else:
            left.append(line)
    return left


def _virtual_notes(blocks: list[_Block], others: list[TextLine]) -> list[TextLine]:
    """Give a line that says of a number that it is virtual, and until when, to the block over or about it."""
    left = []
    for line in others:
        text = tight(line.text)
        note = _VIRTUAL.search(text) and (re.search(r"\d[-/.月]\d", text) or len(text) <= _LONGEST_NAME // 2)
        near = [
            (max(0, line.y - block.box[3], block.box[1] - line.y), block)
            for block in blocks
            if Zone.PHONE in block.zones
            and block.box[0] - 4 * line.size < line.x < block.box[2] + 4 * line.size
        ]
        best = min(near, key=lambda item: item[0], default=None)
        if note and best is not None and best[0] < 4 * line.size:
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
                other.zone in (Zone.NAME, Zone.PHONE) and _same_row(line, other) and other.x < line.x
                for other in block.lines
            ):
                block.lines.append(replace(line, zone=Zone.PHONE))
                others.remove(line)
                break


def _default_parties(blocks: list[_Block]) -> None:
    """Without a tag the first block is the consignee's, and the next the sender's; scraps go with what is above."""
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
            block.party = Party.RECEIVER
        else:
            block.party = Party.SENDER if above is Party.RECEIVER or above is None else Party.RECEIVER
    for i, block in enumerate(blocks):
        if block.party is None:
            above = next((other.party for other in reversed(blocks[:i]) if other.party is not None), None)
            block.party = above or Party.RECEIVER


def _same_row(first: TextLine, second: TextLine) -> bool:
    """Whether two lines overlap in height by half of the lower one (a reader's boxes are never level)."""
    shared = min(first.y + first.size, second.y + second.size) - max(first.y, second.y)
    return shared >= min(first.size, second.size) / 2


def _joined_rows(block: list[TextLine]) -> list[TextLine]:
    """Join the pieces of one field that stand in one row, from left to right."""
    joined: list[TextLine] = []
    for zone in _CONTACT:
        rows: list[list[TextLine]] = []
        for line in sorted((line for line in block if line.zone is zone), key=lambda line: line.y):
            if rows and line.width != 0 and _same_row(rows[-1][0], line):
                rows[-1].append(line)
            else:
                rows.append([line])
        for row in rows:
            row.sort(key=lambda line: line.x)
            whole = row[0]
            for line in row[1:]:
                whole = _glued(whole, line)
            joined.append(replace(whole, y=min(line.y for line in row)))
    return [*joined, *(line for line in block if line.zone not in _CONTACT)]
