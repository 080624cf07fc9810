"""What a line read from a photo says of itself: a tag (收, 寄), a name, a phone, an address, a waybill number, a notice."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from waybillguard.label.check.fold import HAN, fold, tight
from waybillguard.label.check.lines import cut, glued, right_of, same_row
from waybillguard.label.check.names import COMPOUND, SURNAME, is_organisation
from waybillguard.label.check.values import Party, TextLine, Zone

_RECEIVER: Final = r"收[件货]?[人方]?|(?:[Ss]hip|[Dd]eliver)?\s?[Tt][Oo]|[Rr]eceiver|[Cc]onsignee|[Rr]ecipient|RECEIVER|CONSIGNEE|[Cc]nee|CNEE"
_SENDER: Final = r"[寄发][件货]?[人方]?|[Ff]rom|FROM|[Ss]ender|[Ss]hipper|SENDER|SHIPPER|[Ss]hpr|SHPR"
_MARKER: Final = re.compile(
    # once, or in two languages: TO 收件
    rf"(?:(?P<receiver>(?:{_RECEIVER}|到|送)(?:[/·|]?(?:{_RECEIVER}))?)|(?P<sender>(?:{_SENDER})(?:[/·|]?(?:{_SENDER}))?))"
    r"(?:信息|资料|栏|联|姓名|(?:联系)?电话|手机号?|(?:详细)?地址)?(?:[/·|][A-Za-z]{2,9})?"
)
_ASIDE: Final = re.compile(r"\((?:请|须|必填|正楷|[Pp]lease|PLEASE)[^()]*\)?$")
"""How a form asks for a field to be filled in: 寄件人信息（请用力填写）."""
_PREFIX: Final = re.compile(
    rf"[\[(【<]?(?:(?P<receiver>(?:{_RECEIVER})(?:[ /·|]?(?:{_RECEIVER}))?)|(?P<sender>(?:{_SENDER})(?:[ /·|]?(?:{_SENDER}))?))(?:信息|姓名|地址|电话|手机)?\s*(?:[:\]】)]\s*|\s+)(?=\S)"
)
_HEADING: Final = re.compile(rf"[A-Za-z]+ [{HAN}]{{2,4}}")
"""A heading in two languages (To 目的站), unless a name stands behind the tag."""
_GLUED: Final = re.compile(
    rf"(?:(?P<receiver>收)|(?P<sender>寄))(?=[{HAN}A-Za-z*]{{1,6}}\*[^{HAN}]|\S{{1,6}}[ *]*[\d*+]{{7}})"
)
_FIELD_LABEL: Final = re.compile(
    r"(?:姓名|联系人|联系电话|电话|手机号?|(?:详细)?地?\s*址|[Tt]el|TEL|[Pp]hone|[Mm]obile|[Aa]dd(?:ress|r)?|ADD|[Nn]ame)\.?\s*(?::\s*|(?=[*\d]))"
)
_NOTICE: Final = re.compile(
    r"96110|诈骗|退款|扫码|凭.{0,4}取件|尾号取件|真伪|隐私面单|虚拟号，|热线|客服|咨询|详询|订购|加盟|投诉|微信|App|APP|http|www\.|官网|签收栏|签名|签字|已验视|已安检|电子面单|快递员$"
)
_TRACE: Final = re.compile(r"20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}:\d\d|票据|打印|工位|第\d+次")
_GOODS: Final = re.compile(r"^(?:内件|物品|品名|商品|托寄物|货品|货物)")
_REMARK: Final = re.compile(r"^(?:备注|留言|买家留言|卖家备注|附言)")
_ASKED: Final = re.compile(
    r"打不通|没人(?:接|在)|联系我|(?:请|可|先|再|直接)(?:放|联系|电话|打)|(?:放|送到)(?:家?门口|前台|驿站|门卫)"
)
"""What a customer asks for, where nothing says that it is a remark."""
_LABEL_ALONE: Final = re.compile(r"(?:备注|留言|买家留言|卖家备注|附言|内件|物品|品名|商品|托寄物|货品):")
VIRTUAL: Final = re.compile(r"(?:虚拟|隐私|安全|中间)(?:手机)?号|有效期|失效|有效")
ORDER_NUMBER: Final = r"(?:(?:订单|运单|面单|快递单|客户|单|编|序|流水|批次|波次|货|条码|拣货)号?码?|No\.?|Ref\.?|Order|SKU)\s*[::#]?\s*"
"""What stands before a number that is no phone's."""
_ORDER: Final = re.compile(rf"{ORDER_NUMBER}$", re.IGNORECASE)
_PHONE: Final = re.compile(
    r"(?<![0-9A-Za-z*])(?:(?:\+|00)?(?:86|85[23]|886)[ -]?)?"
    r"(?:1[3-9][\d*xX](?:[ -]?[\d*xX]){6,9}"
    r"|1(?=[\d -]*\*)[\d*]{2}[ -][\d*]{3,5}[ -][\d*]{2,4}"
    r"|1[3-9]\d ?\*{2,}(?:[ -]?[\d*])*|1\d{0,2}\*{3,}\d{0,6}|尾号:?\d{4}"
    r"|(?<![\u3400-\u9fffA-Za-z])\*{2,}[ ]?[\d*]{0,7}\d{2,4}|\(?0\d{2,3}\)?[ -]?(?:[\d*]{6,8}|[\d*]{3,4}[ -][\d*]{4})"
    r"|(?:\+|00)(?:85[23]|886|[1-9]\d?)[ -]?\(?[\d*](?:[ -]?[\d*]){6,10}|[48]00-?[\d*]{3}-?[\d*]{3,4}|(?<![\u3400-\u9fffA-Za-z])\*{5,})"
    r"(?:[-转]\d{1,6}|-\*{2,4})?(?![0-9A-Za-z])"
)
_MEASURE: Final = re.compile(r"(?!1[3-9]\d\*\d{4}$)\d{2,4}(?:[*xX]\d{2,4}){1,2}")
"""What measures in millimetres look like (1800*2000), and no phone whose stars were lost."""
_WAYBILL: Final = re.compile(
    r"(?:[\u4e00-\u9fff]{0,4}(?:单号?|编号|流水号)|No\.?|Ref)?[: ]*[A-Z]{0,5}[0-9](?:[ -]?[0-9A-Z]){8,24}"
)
# A reader drops the space between a masked name and the phone: 王*******5678, 王**138******78.
_NAME_AND_STARS: Final = re.compile(
    rf"(?<=[{HAN}A-Za-z])(\*{{1,3}}?)(?=\*{{6,}}\d|1[3-9][\d*]{{9}}|0\d{{2,3}}-?[\d*]{{6}})"
)
_LEAST_WAYBILL: Final = 10
_SORT: Final = re.compile(rf"[0-9A-Z]{{1,5}}(?:[- ][0-9A-Z]{{1,6}}){{0,4}}|[{HAN}]{{2,4}}-\d{{1,2}}")
_ADDRESS_SIGNS: Final = re.compile(
    r"省|自治区|市|区|县|镇|乡|街道|[路街巷道弄]\d|大道|村|小区|花园|(?<=[\dA-Za-z一二三四五六七八九十甲乙丙丁东西南北中主#*])[幢栋座]|单元|\d室|\d号|号楼|公寓|大厦|广场|\d{1,2}-\d{1,2}-\d{3}"
    r"|(?:Province|District|County|Town|Village|Road|Street|Avenue|Lane|Building|Tower|Garden|Room|Floor)(?![a-z])"
    r"|(?<=[a-z,.\d])(?:Rd|St|Ave|Bldg|Blk)(?![a-z])|(?:Rd|Ave|Bldg|Blk|Rm|Apt|Unit|Flat|Suite)(?=[.,*\d]|No)"
)
_SERVED: Final = re.compile(rf"([{HAN}()]{{4,}}?)(?<!快递|速运|物流|速递|快运) ?(9[56]\d{{3,4}})")
"""A shop and its short number."""
_SENTENCE: Final = re.compile(r"^[一二三四五六七八九十\d]{1,2}、|[。!?]$")
"""An item of a list, the end of a sentence: no address."""
_DOTTED_NAME: Final = re.compile(rf"[{HAN}]{{2,8}}[·•・][{HAN}*·•・]{{1,12}}")
_LATIN_NAME: Final = re.compile(r"[A-Z][A-Za-z]*(?:\*+|\.)?(?:[ ·-][A-Z*][A-Za-z]*\**){1,3}|[A-Z][a-z]*\*+")
_NAME_LIKE: Final = re.compile(rf"[{HAN}A-Za-z*·•. ()]{{1,30}}")
NOT_NAMES: Final = re.compile(
    r"速运|快递|速递|快运|物流|标准|隐私|面单|集散|转运|分拨|中心|样张|代收|到付|月结|普通|特快|集包|打包|次日|目的地|内件|签收|已|"
    r"存根|寄付|现付|保价|重量|件数|合计|备注|扫|请|^[件人方货收寄]$|派件|发件|客户|标快|电商|易碎|生鲜|加急"
)
LONGEST_NAME: Final = 16
_LONGEST_LATIN: Final = 30
_HAN_NAME: Final = re.compile(rf"[{HAN}]{{1,4}}")
_NAME_STARS: Final = 3  # more of them after a whole name are those of the phone beside it
_MARKS: Final = re.compile(r"\*[\d* -]*|\d{1,4}")
_CIRCLES: Final = re.compile(
    r"(?<=[\d*])[O〇○o0 ]*[O〇○o][O〇○o0]*(?=[\d*\s]|$)|[O〇○o]{2,}(?=[\dO〇○o\s*-]|$)|[〇○]{2,}|^0{2,}$"
)
# Stars out of focus: dots behind digits, a quotation mark behind the one character of a name.
_BLURRED: Final = re.compile(rf"(?<=[\d*-])[.·•]{{3,}}|(?<=^[{HAN}])[\"”“'’]{{1,3}}$")
_BUILDING_MISREAD: Final = re.compile(r"(?<=\d)[童撞憧瞳](?=\*|$)")
_SURNAMED: Final = re.compile(rf"(?:{COMPOUND}|[{SURNAME}])")


def tidied(line: TextLine) -> TextLine:
    """Fold a line, circles as stars; part a masked name from the phone that a reader glued to it."""
    text = line.text if line.glyphs else fold(line.text).strip()
    text = _CIRCLES.sub(lambda found: "".join(" " if sign == " " else "*" for sign in found[0]), text)
    text = _BLURRED.sub(lambda found: "*" * len(found[0]), text)
    text = _BUILDING_MISREAD.sub("幢", text)
    line = replace(line, text=text)
    found = _NAME_AND_STARS.search(text)
    at = found.end(1) if found is not None else _name_end(line)
    if at is None:
        return line
    glyphs = (*line.glyphs[:at], line.glyphs[at - 1], *line.glyphs[at:]) if line.glyphs else ()
    return replace(line, text=f"{text[:at]} {text[at:]}", glyphs=glyphs)


def _name_end(line: TextLine) -> int | None:
    """Where a name ends that stands before a phone of stars alone: behind its last character, or at the gap between them."""
    hidden_within = re.match(rf"[{HAN}]\*{{1,2}}[{HAN}]{{1,2}}(?=\*{{6,}}\d*$)", line.text)
    if hidden_within is not None:
        return hidden_within.end()
    found = re.match(rf"([{HAN}]{{2,4}})\*{{6,}}\d*$", line.text)
    if found is None or not line.glyphs or _SURNAMED.match(line.text) is None:
        return None
    at, glyphs = found.end(1), line.glyphs
    han, star = glyphs[1].x - glyphs[0].x, glyphs[at + 1].x - glyphs[at].x
    return at if glyphs[at].x - glyphs[at - 1].x > 0.7 * han + 0.5 * star else None


def with_stars(lines: list[TextLine]) -> list[TextLine]:
    """Give marks that were read as a line of their own to the line they follow or precede in their row."""
    whole = [line for line in lines if not _MARKS.fullmatch(line.text)]
    for marks in sorted((line for line in lines if _MARKS.fullmatch(line.text)), key=lambda line: line.x):
        if _ends_address(marks, lines):
            whole.append(marks)
            continue
        before = [
            line for line in whole
            if same_row(line, marks) and -2 * line.size < marks.x - right_of(line) < 1.2 * line.size
            and line.x < marks.x and tag_in(line.text) is None
            and not (
                marks.text.count("*") > _NAME_STARS
                and (marks.text[-1].isdigit() or marks.x - right_of(line) > 0.6 * line.size or _has_tail(marks, lines))
                and (_HAN_NAME.fullmatch(without_prefix(line.text)[1].rstrip("*")) or is_organisation(line.text))
            )
            and (
                _only_marks(marks.text) or re.fullmatch(r"\*{4,}", line.text)
                or (marks.text[0] == "*" and re.search(r"[\d*]$", line.text))
            )
        ]  # fmt: skip
        begun = [
            line for line in whole
            if marks.text.isdigit() and same_row(line, marks) and 0 < marks.x - right_of(line) < 7 * line.size
            and re.search(r"(?:(?:^|\D)1[3-9]\d|\d ?\*{2,})$", line.text)
        ]  # fmt: skip
        after = [
            line for line in whole
            if _only_marks(marks.text) and same_row(line, marks)
            and -line.size < line.x - right_of(marks) < 0.8 * line.size and re.match(r"[\d*]", line.text)
        ]  # fmt: skip
        if before:
            first = max(before, key=right_of)
            whole[whole.index(first)] = glued(first, marks)
        elif begun:
            first = max(begun, key=right_of)
            whole[whole.index(first)] = glued(replace(first, text=f"{first.text}***", glyphs=()), marks)
        elif after:
            first = min(after, key=lambda line: line.x)
            whole[whole.index(first)] = glued(marks, first)
        else:
            whole.append(marks)
    return whole


def _ends_address(marks: TextLine, lines: list[TextLine]) -> bool:
    """Whether stars stand alone below the beginning of an address that was broken there."""
    return _only_marks(marks.text) and any(
        len(_ADDRESS_SIGNS.findall(line.text)) > 1 and abs(line.x - marks.x) < 0.3 * line.size
        and -0.3 * line.size < marks.y - line.y - line.size < 0.6 * line.size
        for line in lines
    )  # fmt: skip


def _has_tail(marks: TextLine, lines: list[TextLine]) -> bool:
    """Whether the last digits of a phone stand right behind stars."""
    return any(
        re.fullmatch(r"\**\d{1,4}", line.text) is not None and same_row(marks, line)
        and -line.size < line.x - right_of(marks) < line.size
        for line in lines
    )  # fmt: skip


def with_labels(lines: list[TextLine]) -> list[TextLine]:
    """Join 备注: and 物品: with what stands behind them in their row."""
    out = list(lines)
    for label in lines:
        if _LABEL_ALONE.fullmatch(tight(label.text)) is None:
            continue
        behind = [
            line for line in out
            if line is not label and same_row(line, label) and 0 <= line.x - right_of(label) + label.size / 2 < 4 * label.size
        ]  # fmt: skip
        if behind:
            first = min(behind, key=lambda line: line.x)
            out[out.index(first)] = glued(label, first)
            out.remove(label)
    return out


def _only_marks(text: str) -> bool:
    return bool(text) and not text.strip("* -")


def tag_in(text: str) -> re.Match[str] | None:
    """Return the match of a text that is a tag and nothing else, whatever stands around it; None if it is no tag."""
    return _MARKER.fullmatch(_ASIDE.sub("", tight(text)).strip("()[]{}【】<>:;.,。·|'-*"))


def party_in(match: re.Match[str]) -> Party:
    """Whose a tag or prefix is."""
    return Party.RECEIVER if match["receiver"] else Party.SENDER


def without_prefix(text: str) -> tuple[Party | None, str]:
    """Part a text from the tag before it (收件人：…): the party that it names, and the rest."""
    found = _PREFIX.match(text) or _GLUED.match(text)
    if found is None or (_HEADING.fullmatch(text) and _SURNAMED.match(text[found.end() :]) is None):
        return None, text
    return party_in(found), text[found.end() :].strip()


def fields_in(  # noqa: C901, PLR0912 - one branch a kind of line
    line: TextLine, *, forced: bool
) -> Iterable[TextLine]:
    """Split a line into fields by what it looks like."""
    label = _FIELD_LABEL.match(line.text)
    if label is not None:
        line, forced = (
            cut(line, line.text[label.end() :]),
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
    elif (
        (phone := _PHONE.search(text)) is not None
        and not _is_hidden_tail(text, phone)
        and not _MEASURE.fullmatch(phone[0])
    ):
        if _ORDER.search(text[: phone.start()]):
            yield replace(line, zone=Zone.WAYBILL_NO)
            return
        yield cut(line, phone[0], zone=Zone.PHONE)
        before, after = text[: phone.start()].strip(" ,，;:()"), text[phone.end() :].strip(" ,，;:()")
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
    """A virtual number with its mark and date is one phone; a name may stand before it."""
    found = re.match(rf"([{HAN}A-Za-z·]{{0,4}}\*+[{HAN}]{{0,2}}|[{HAN}]{{2,4}}(?=\s))\s*(?=\S)", line.text)
    if found is not None and not VIRTUAL.search(found[0]):
        yield cut(line, found[1], zone=Zone.NAME)
        line = cut(line, line.text[found.end() :])
    yield replace(line, zone=Zone.PHONE)


def _is_hidden_tail(text: str, phone: re.Match[str]) -> bool:
    """Whether stars belong to an address or a name (3幢****, 王*****) and are no phone of their own."""
    return (
        not any(c.isdigit() for c in phone[0])
        and re.search(rf"[{HAN}A-Za-z\-]$", text[: phone.start()]) is not None
    )


def _words(line: TextLine, *, beside_phone: bool) -> Iterable[TextLine]:
    compact = tight(line.text)
    signs = 0 if _SENTENCE.search(compact) else len(_ADDRESS_SIGNS.findall(compact))
    company = line.text.rpartition(" ")[0]  # a person may stand behind it
    if (
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
        and signs == 0
    ):
        yield replace(line, zone=Zone.NAME)
    elif re.fullmatch(r"[\d\-]*\d{3,4}室?[*]*|[-*\d]*\*[-*\d]*\*[-*\d]*", compact) and signs <= 1:
        # The tail of an address that was broken over two lines.
        yield replace(line, zone=Zone.ADDRESS)
    else:
        yield replace(line, zone=Zone.UNKNOWN)


def as_name(line: TextLine) -> Iterable[TextLine]:
    """A name beside a phone; one of one character has lost its stars: no name at all."""
    if len(tight(line.text)) > 1:
        yield replace(line, zone=Zone.NAME)


def may_be_nickname(line: TextLine) -> bool:
    """Whether a line could be a name by its place alone: two to six characters that are no word of a label."""
    return (
        line.zone is Zone.UNKNOWN
        and re.fullmatch(rf"[{HAN}]{{2,6}}", tight(line.text)) is not None
        and NOT_NAMES.search(line.text) is None
    )


def may_be_name(line: TextLine) -> bool:
    """Whether a line of no known kind could be a name: short, no word of a label, with a surname or an organisation's."""
    text = tight(line.text)
    return (
        line.zone is Zone.UNKNOWN
        and _NAME_LIKE.fullmatch(line.text.strip().replace("-", " ")) is not None
        and (
            is_organisation(text)
            or _DOTTED_NAME.fullmatch(text) is not None
            or (
                NOT_NAMES.search(line.text) is None
                and len(text) <= LONGEST_NAME // 2
                and _SURNAMED.match(text) is not None
            )
            or (_LATIN_NAME.fullmatch(line.text.strip()) is not None and len(text) <= _LONGEST_LATIN)
        )
    )
