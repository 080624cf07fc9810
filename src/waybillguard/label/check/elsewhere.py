"""Judges text outside names, phones and addresses: remarks, goods, notices, and lines that belong to no field."""

import re
from typing import Final

from waybillguard.label.check import remarks
from waybillguard.label.check.addresses import UNIT, door_code_in
from waybillguard.label.check.fold import HAN, digits_of, fold, tight
from waybillguard.label.check.judge_addresses import ROOM
from waybillguard.label.check.kinds import ORDER_NUMBER
from waybillguard.label.check.lines import right_of, same_row
from waybillguard.label.check.names import IN_TEXT, name_in
from waybillguard.label.check.persons import is_at_work, is_of_work, person_in
from waybillguard.label.check.phones import FEW, whole_number_in
from waybillguard.label.check.values import Reason, TextLine, Zone
from waybillguard.on_demand import pattern_on_use

IDENTITY_SHOWN: Final = Reason("TXT-03", "身份证号可见", "an identity number shows")
DOOR_CODE_SHOWN: Final = remarks.CODE
ACCOUNT_SHOWN: Final = Reason("TXT-04", "个人邮箱可见", "a person's e-mail address shows")

_HOME: Final = pattern_on_use(
    r"[\d一二三四五六七八九]单元\d|[幢栋座楼]\d{3,4}室|\d{3,4}室(?:$|[^内外])|\d{3,4}号?房[门间客]|\d楼\d{3,4}房"
    rf"|(?:\d(?:[幢栋座]|号楼)|[A-Z][幢栋座])\d{{3,4}}(?![\d*号件个元年弄])|[\d一二三四五六七八九十]楼[东西南北中][边]?户(?![{HAN}])|(?i:room|apt|flat)\.?\d{{2,4}}(?![\d*])|\d{{3,4}}门[口把]|(?:隔壁|对门)\d{{3,4}}(?!\d)|(?:楼[上下]|送[到至])\d{{3,4}}(?![\d号米元点:件个平年./-])"
)
_ROOM_CODE: Final = pattern_on_use(r"(?<![\dA-Z])\d{1,2}-[A-Z]\d{3,4}(?!\d)")
"""A room code in a remark; elsewhere it is a sorting code or a route: 20-B012."""
_MOBILE: Final = pattern_on_use(
    r"(?<![0-9A-Za-z*./_-])(?:(?:\+|00)?86[ -]?)?1[3-9]\d(?:\d{8}|(?P<gap>[ -])\d{4}(?P=gap)\d{4})(?![0-9A-Za-z*]|[ -]\d)"
)
_LANDLINE: Final = pattern_on_use(
    r"(?<![0-9A-Za-z*./_-])\(?0[1-9]\d{1,2}\)?[ -]?[2-9]\d{6,7}(?![0-9A-Za-z*]|[ -]\d)"
)
_ORDER_NUMBER: Final = pattern_on_use(rf"{ORDER_NUMBER}[0-9A-Z][0-9A-Z -]*", re.IGNORECASE)
_COUNTED: Final = pattern_on_use(
    r"(?:[号码单次票券扣批箱编签卡筐桶袋盒包笼柜位架仓库班期序页册款型品料案章证牌磅封]|(?<![收寄取派送发退到])[件货]|月结|[A-Z]{2,})[: #]*$"
)
"""Words directly before an item number: 场次 15920260307."""
_OF_THING: Final = "(?:[箱桶筐批件袋柜缸板图货款编序色罐盘包]|机身|机器|出厂|押金|合同|发票|生产|设备)号"
"""Words that certainly announce an item number; a 会员号 or an 账号 may be a phone."""
_COUNTED_NUMBER: Final = pattern_on_use(rf"{_OF_THING}[: ]?(?:1[3-9]\d{{9}}|0\d{{2,3}}-?\d{{7,8}})(?!\d)")
"""A number announced as an item number: 箱号 15118700321."""
_LEADING_NUMBER: Final = pattern_on_use(r"^\W*\d[\d -]{5,}")
_CALLED: Final = pattern_on_use(
    r"[停挪移]车[^\d]{0,12}$|(?:电话|手机|微信|联系|同号|TEL|PHONE|MOB|VX|WX|QQ)[号码:: ]*$", re.IGNORECASE
)
_OFFICE: Final = pattern_on_use(
    r"网点|公司|[店站仓厂部局院社行所]|中心|热线|客服|投诉|查询|监督|咨询|服务|快递|物流|售后|总机|传真|值班"
)
_IDENTITY: Final = pattern_on_use(
    r"(?<![0-9A-Za-z])(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])\d{4}(?:19[3-9]\d|20[01]\d)(?:0[1-9]|1[0-2])"
    r"(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])"
)
_PARTY: Final = pattern_on_use("[收寄客买找交给转请让替]|用户|业主|学|患|联系|to|from", re.IGNORECASE)
_PAPER: Final = pattern_on_use(r"身份证|证件|清关|实名|核验|取件人")
_DOOR: Final = pattern_on_use(
    r"(?:门禁|[元楼下开大房]门|门锁|密码锁|锁|[按摁输])(?:密码|码)?[按摁输是: ]?[#*]?\d{3,8}[#*]?(?![\d号型款室楼元])"
)
_PARTS: Final = pattern_on_use(r"前[7七]位[: ]?(1[3-9]\d{5})(?!\d)")
"""The greater part of a mobile number that is split over two places."""
_LOCAL: Final = pattern_on_use(r"(?:电话|打(?![印单包折])|拨|联系)[^\d*,。]{0,6}[2-9]\d{6,7}(?![\d*-])")
"""A landline without its area code: 打办公室2123307."""
_ACCOUNT: Final = pattern_on_use(
    r"(?:微信|加V|VX?|WX|QQ|[买卖]家|用户|会员|昵称)[名号:： ]*[A-Z_-]{1,12}1[3-9]\d{9}(?!\d)", re.IGNORECASE
)
"""An account name that contains a mobile number."""
_FACTORY_CODE: Final = pattern_on_use(
    r"(?:初始|默认|出厂)密码[: 为是]{0,2}\d+|密码(?=(?:行李|拉杆|旅行|登机)箱|(?:日记|笔记)本)"
)
_EMAIL: Final = pattern_on_use(
    r"(?<![\w.+-])(?!(?:service|support|info|kefu|cs|sales|help|contact|admin|shop|office)[\d._-]*@)[A-Za-z0-9][\w.+-]*@[\w-]+\.[A-Za-z]",
    re.IGNORECASE,
)
_ATTESTS: Final = pattern_on_use(
    r"(?:虚拟|隐私|安全|中间)(?:手机)?号|^[(]?(?:有效|失效|到期|过期|截止)|\d日?前?(?:止|有效|失效|到期|过期|作废)"
)
_ROAD: Final = pattern_on_use("[省市县镇乡路街巷区苑园村]")
_COLUMN_OF_NUMBERS: Final = pattern_on_use(
    r"(?:ORDER|TRACKING|WAYBILL|REF|P/?O|[订运面货]?单号|流水号|编号|[货款箱批机件]号|条码|编码)(?: ?(?:NO|ID))?[.:#]*"
)
_NUMBER_ALONE: Final = pattern_on_use(r"[\dA-Z -]{6,}")
_ASKING: Final = 6
"""How many characters before a part are searched for words that announce a name in it."""
_BELOW: Final = 3.0
"""Largest distance from a number to the date below it, in type sizes."""


def judge_elsewhere(zone: Zone, text: str, before: str = "") -> Reason | None:
    """Return the rule that a text outside the parties' fields certainly breaks; None if there is none.

    A remark must not hold a phone, name, door code or room. A notice may hold a hotline. Any other line must not hold
    a person's phone, name, home, identity number or e-mail. ``before`` is the text to the left of it.
    """
    folded = fold(text)
    if zone is Zone.WAYBILL_NO or (
        zone is Zone.STAFF and (is_numbered(before) or _is_of_work(folded, before))
    ):
        return None
    if _IDENTITY.search(folded) is not None and (zone is Zone.REMARK or _PAPER.search(before + folded)):
        return IDENTITY_SHOWN
    if _EMAIL.search(folded) is not None:
        return ACCOUNT_SHOWN
    if zone in (Zone.REMARK, Zone.GOODS):
        if _is_of_thing(before):
            folded = _LEADING_NUMBER.sub(" ", folded)
        return _judge_remark(zone, text, folded, before)
    return _judge_line(zone, folded, before)


def _is_of_work(folded: str, before: str) -> bool:
    """Return whether a part tagged as staff's may show: by a word for non-shop work, or as a name behind a heading."""
    if is_of_work(folded, before):
        return True
    return _MOBILE.search(folded) is None and before != "" and _PARTY.search(before) is None


def _judge_line(zone: Zone, folded: str, before: str) -> Reason | None:
    if zone is not Zone.NOTICE:  # a hotline is not a person's number
        joined = tight(_ORDER_NUMBER.sub(" ", folded))
        if _HOME.search(joined) is not None:
            return UNIT
        if _DOOR.search(joined) is not None:
            return DOOR_CODE_SHOWN
    number = (
        _ACCOUNT.search(folded)
        or _is_mobile(folded, before)
        or (zone is not Zone.NOTICE and _is_landline(folded, before))
    )
    if number:
        return FEW
    return IN_TEXT if person_in(folded, before) else None


def _is_mobile(folded: str, before: str) -> bool:
    """Return whether a mobile number shows that is not an order number, an item number or a staff number."""
    # The unfolded text is searched too: a Chinese numeral behind the number (…93一起拿) is not a digit of it.
    return any(
        not _is_of_thing(plain[: found.start()].strip() or before.strip())
        for plain in (folded, digits_of(folded))
        for found in _MOBILE.finditer(plain)
    ) and not is_at_work(folded, before)


def _is_landline(folded: str, before: str) -> bool:
    found = _LANDLINE.search(folded)
    if found is None or _OFFICE.search(f"{before} {folded}"):
        return False
    return not _is_of_thing(folded[: found.start()].strip() or before.strip())


def _is_of_thing(head: str) -> bool:
    """Return whether the text before a number says that it counts or names a thing."""
    return (_COUNTED.search(head) is not None or is_numbered(head)) and _CALLED.search(head) is None


def is_numbered(head: str) -> bool:
    """Return whether the text before or above a number says that it is an item number (货号, 机身号)."""
    return (
        _COLUMN_OF_NUMBERS.fullmatch(head) is not None
        or re.search(rf"(?:{_OF_THING}|[取提]件码|提货码|货架)[: ]*$", head) is not None
    )


def _judge_remark(zone: Zone, text: str, folded: str, before: str) -> Reason | None:
    ordered = _ORDER_NUMBER.sub(" ", folded)
    joined, plain = tight(ordered), _COUNTED_NUMBER.sub(" ", ordered)
    if any(one.search(plain) for one in (_PARTS, _ACCOUNT, _LOCAL)) or whole_number_in(plain) is not None:
        return FEW
    room = zone is Zone.REMARK and (ROOM.search(joined) or _ROOM_CODE.search(joined))
    if room or _HOME.search(joined) is not None:
        return UNIT
    # The words that refer to a person may have been split off as another part: 打不通请联系我 | 同事李国栋.
    tail = before[-_ASKING:]
    asked = name_in(tail) is None and name_in(tail + plain) is not None
    if asked or name_in(plain) is not None or person_in(plain):
        return IN_TEXT
    if zone is Zone.REMARK and _DOOR.search(joined) is not None:
        return DOOR_CODE_SHOWN
    if zone is Zone.REMARK and door_code_in(_FACTORY_CODE.sub(" ", joined)) is not None:
        return remarks.judge_remark(text)
    return None


def left_of(line: TextLine, lines: list[TextLine]) -> str:
    """Return the nearest text to the left in a line's row (序列号), or the heading of its column of numbers (ORDER).

    For staff, return all text to the left, because their job comes before the name and the name before the number.
    """
    top = line
    while True:
        above = [
            other for other in lines
            if 0 < top.y - other.y < _BELOW * top.size and abs(line.x - other.x) < 2 * line.size
        ]  # fmt: skip
        heads = [fold(other.text).strip().upper() for other in above]
        head = next((text for text in heads if _COLUMN_OF_NUMBERS.fullmatch(text)), None)
        if head is not None:
            return head
        top = next(
            (other for other, text in zip(above, heads, strict=True) if _NUMBER_ALONE.fullmatch(text)), line
        )
        if top is line:
            break
    if line.zone is Zone.STAFF:
        row = [other for other in lines if same_row(other, line) and other.x < line.x]
        return " ".join(fold(other.text) for other in sorted(row, key=lambda other: other.x))
    left = [other for other in lines if same_row(other, line) and right_of(other) <= line.x + line.size / 2]
    return fold(max(left, key=lambda other: other.x).text) if left and line not in left else ""


def place_of(reason: Reason, text: str) -> Zone:
    """Return the zone to report for an offence outside the fields: a remark, or an address not recognised as one."""
    return Zone.ADDRESS if reason is UNIT and _ROAD.search(text) is not None else Zone.REMARK


def attesting_lines(members: list[TextLine], lines: list[TextLine]) -> list[TextLine]:
    """Return the lines that mark the unmasked numbers of a field as virtual, with an expiry date.

    They must be behind or below these numbers or a repetition of them. If the label shows no other unmasked number,
    they may be anywhere.
    """
    numbers = [line for line in members if whole_number_in(fold(line.text)) is not None]
    if not numbers or any(_ATTESTS.search(tight(fold(line.text))) for line in members):
        return []
    shown = {digits_of(tight(fold(line.text))) for line in numbers}
    numbers += [line for line in lines if line not in members and digits_of(tight(fold(line.text))) in shown]
    notes = [
        line
        for line in lines
        if line.zone not in (Zone.NAME, Zone.ADDRESS, Zone.REMARK, Zone.GOODS)
        and _ATTESTS.search(tight(fold(line.text))) is not None
        and whole_number_in(fold(line.text)) is None
    ]
    others = [
        line for line in lines
        if line.zone is Zone.PHONE and line not in numbers and _MOBILE.search(fold(line.text)) is not None
    ]  # fmt: skip
    near = [line for line in notes if any(_behind_or_below(line, number) for number in numbers)]
    return near or ([] if others else notes)


def _behind_or_below(line: TextLine, number: TextLine) -> bool:
    if same_row(line, number):
        return line.x > number.x
    near = 0 < line.y - number.y < _BELOW * number.size
    return near and line.x < right_of(number) and right_of(line) > number.x
