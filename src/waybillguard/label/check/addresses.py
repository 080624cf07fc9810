"""Rule for addresses: unit, room and household must be hidden (地址应隐藏单元户室号).

The default is to refuse: a number in an address counts as a room unless a word behind it makes it a house, a
building, a road or a district.
"""

import re
from enum import IntEnum
from typing import Final

from waybillguard.label.check.fold import HAN, fold, tight
from waybillguard.label.check.names import IN_TEXT, name_in
from waybillguard.label.check.phones import whole_number_in
from waybillguard.label.check.values import Reason, Standard
from waybillguard.on_demand import pattern_on_use

UNIT: Final = Reason("ADR-01", "单元、户、室号可见", "a unit, household or room number shows")
_NUMBER: Final = Reason(
    "ADR-02", "楼栋之后还有可能是户室号的数字", "digits that may be a room stand behind the building"
)
_PART: Final = Reason("ADR-03", "户室号只隐藏了一部分", "a room number is hidden only in part")
_VILLAGE: Final = Reason(
    "ADR-04", "村组门牌即户号，应隐藏", "the number behind a village or group is the household"
)
_FLOOR: Final = Reason("ADR-05", "楼层应与户室号一并隐藏", "the floor is hidden with the room")
_FORM: Final = Reason("ADR-06", "隐藏部分应为末尾一段星号", "what is hidden is one block of stars at the end")
_PHONE: Final = Reason("ADR-07", "地址栏里有电话", "there is a phone in the address")
_CODE: Final = Reason("ADR-08", "地址栏里有门禁或密码", "there is a door code in the address")
_LONG: Final = Reason(
    "ADR-09", "楼栋之后有无法识别的文字", "text that is not understood stands behind the building"
)

_Z: Final = "〇零一二三四五六七八九十百壹贰叁肆伍陆柒捌玖拾佰两"
_PLACE: Final = "村屯寨路苗镇乡街营巷沟塘庄县区湾峡市"
_SIDE: Final = "东西南北中左右前后"
_STALLS: Final = "商位|摊位|铺位|档口|商铺|店铺|店面|铺面|门面|柜台|卡位|工位|床位|包间|车位|车库|储藏室"
# Expressions that name a unit, a room or a household at any position.
_ROOM: Final = pattern_on_use(
    rf"""
    (?<![*])单元(?!门)|[\dA-Za-z{_Z}{_SIDE}甲乙丙丁]单元                        # 2单元, 东单元; *单元 is hidden
    |\d号?门(?!诊)|[幢栋楼座院区号#][{_Z}]{{1,2}}号?门(?![{_PLACE}诊])         # 2门, 3幢二门
    |\d梯|[幢栋楼座号#][{_Z}]梯
    |(?:\d|[A-Z])户|[{_Z}]户(?![{_PLACE}])|[{_SIDE}]边?户(?![{_PLACE}])
    |(?<![一-龥])[一-龥]?家住
    |\d[A-Za-z]?号?(?:室|房(?![山县])|寝|宿舍|间|铺|档|{_STALLS}|商户|办公室|床|仓位)
    |(?:(?<![A-Za-z])[A-Z]|[甲乙丙丁])室
    |[{_Z}]{{2,}}号?(?:室|房(?![山县]))|[幢栋楼座层号#][{_Z}]+(?:室|房)
    |(?:{_STALLS}|宿舍|寝室|铺|摊|档|室|房间?)[-号:]*[A-Za-z]?\d
    |(?:{_STALLS})[-号:]*[{_Z}]{{2,}}
    |\d排|(?<=[幢栋楼座层号#])[{_Z}]+排
    |\d(?:左|右|[东西中](?:$|[^{HAN}]|[边户侧]))
    """,
    re.VERBOSE,
)
_DOOR_CODE: Final = pattern_on_use(
    rf"(?:门禁|密码|开锁码|门锁|口令|暗号)[^,。;，；]{{0,4}}?[0-9A-Za-z#{_Z}]{{2,}}"
)
_HIDDEN_TAIL: Final = pattern_on_use(
    r"[-*,()（）. ]*(?:(?:单元|室|号|户|房|楼|层|幢|栋|座|组|门|铺|商位|档口)[-*,()（）. ]*)*"
)
_PRINT_TAIL: Final = pattern_on_use(r"\*{3,4}|-\*(?:-\*{3})?|-\*{3,4}")
# A number with the letters and signs attached to it: 88, A08, 3-2-501, G320, 3#, 12B.
_TOKEN: Final = pattern_on_use(
    rf"[A-Za-z]{{0,2}}-?\d+(?:[-./~#、&]+[A-Za-z]?\d+)*[A-Za-z]?#?|[{_Z}]+(?=号|幢|栋|座|楼(?!兰)|层)|(?<=[幢栋座层楼#])[{_Z}A-Za-z甲乙丙丁]+"
    rf"|[〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺]{{3,}}|[叁壹贰肆伍陆柒捌玖][{_Z}]*|[A-Za-z](?=座|幢|栋)"
)
_SUB_NUMBER: Final = pattern_on_use(r"(\d+)-(\d{1,4})")
_LEAST_ROOM: Final = 100
_NEIGHBOURS: Final = 60
_HASH: Final = pattern_on_use(r"[A-Za-z]?\d+#")
_AFTER_NUMBER: Final = pattern_on_use(
    r"(?P<building>号楼|号公寓|号厂房|号馆|号宿舍楼|幢|栋|座|馆|号仓库|号库|号仓|#楼|楼栋)"
    r"|(?P<street>号路|号大?街|号线|号桥|路|街|弄|巷|里(?!边|面)|胡同|大道|道|国道|省道|县道|乡道|环|公里|线|大街|支路)"
    r"|(?P<area>号院|号地块?|号区|期|区|组|队|社|连|团|师|营|村|院|大队|小组|居民小组|生产队|校区|号门诊|工区|厂|标段|农场|分场)"
    r"|(?P<house>号)"
    r"|(?P<floor>楼|层|F(?![A-Za-z]))"
    rf"|(?P<place>[{HAN}]?(?:艺术区|文创园|创意园|产业园|科技园|小区|广场|酒店|大厦|公寓|宾馆|花园|便利店|超市|公园|仓库|工厂|基地|部队|医院|学校"
    r"|中学|小学|幼儿园|车站|高地|天酒店))"
)
_VILLAGE_END: Final = pattern_on_use(
    rf"(?:村|屯|庄|寨|湾|组|队|社)(?:[{HAN}]{{0,2}}?[{_Z}\d]*(?:组|队|区|排|社|门牌))*(?:门牌)?$"
)
# Inside a market or a tower, a number with 号 is a stall or an office.
_MARKET_END: Final = pattern_on_use(
    r"(?:市场|商城|商厦|商场|大厦|写字楼|商业街|[革品料贸装材配饰]城)(?:[A-Za-z\d一二三四五六七八九十东西南北]+[区街])*$"
)
# A house number behind a road may lack 号: 鹿城路333, 中兴路1000宁兴大厦.
_ROAD_BEFORE: Final = pattern_on_use(r"(?:[路道巷]|(?<![商业\d])街)$")
_ROAD_NUMBER: Final = pattern_on_use(r"[路道巷]\d{1,4}$")
_BARE_HOUSE: Final = pattern_on_use(r"\d{1,4}")
_STREET_END: Final = pattern_on_use(r"(?:路|街|巷|道|大道|胡同|段|线|里|支路|环|桥|坊|甲|乙|弄)$")
_LOCKER_END: Final = pattern_on_use(r"(?:丰巢|快递|智能|自提|寄存)?柜$")
_FLOOR_WORD: Final = pattern_on_use(
    rf"负[{_Z}\d]+楼|负[{_Z}\d]+层|顶楼|地下室|阁楼|地下[{_Z}\d]+层|[bB][1-4](?:[层楼F]|(?![-\d座幢栋区号A-Za-z]))"
)
_BARE_LETTER_END: Final = pattern_on_use(r"(?<=[幢栋座楼层#])[A-Z甲乙丙丁]$")
_AFTER_BUILDING: Final = pattern_on_use(
    rf"[()（）,，.*\-]*(?:[{HAN}A-Za-z()]{{0,12}}(?:柜|驿站|代收点|网点|超市|便利店|店|公司|门口|楼下|大堂|前台|物业|门卫室?|保安室|传达室|收发室|大厦|中心|广场|"
    r"小区|苑|园|城|院|校|厂|仓库?|学校|旁|边|侧|对面|后面|前面)[旁边侧内]?)?[*\-]*"
)
_LABEL: Final = pattern_on_use(
    r"^(?:收件|寄件|收货|发货|详细|联系)?(?:人)?地址[:：]|^(?:收|寄|收件人?|寄件人?)[:：]"
)
_MAX_CLEAN_TAIL: Final = 24


class _Level(IntEnum):
    """The most detailed level of the address that was read so far."""

    ROAD = 0
    HOUSE = 1
    BUILDING = 2
    FLOOR = 3


def judge_address(text: str, standard: Standard) -> Reason | None:
    """Return the rule that an address breaks; None if it ends at the building."""
    found = offence(tight(fold(text)), standard)
    return None if found is None else found[0]


def room_in(text: str) -> int | None:
    """Return the position of a unit, room or household in a folded text without spaces; None if there is none."""
    found = _ROOM.search(text)
    return None if found is None else found.start()


def door_code_in(text: str) -> int | None:
    """Return the position of a door code in a folded text; None if there is none."""
    found = _DOOR_CODE.search(text)
    return None if found is None else found.start()


def offence(address: str, standard: Standard) -> tuple[Reason, int] | None:
    """Return the rule that a folded address without spaces breaks, and the position where the offence begins."""
    label = _LABEL.match(address)
    start = label.end() if label else 0
    if (at := whole_number_in(address)) is not None:
        return _PHONE, at
    if (at := door_code_in(address)) is not None:
        return _CODE, at
    if (at := name_in(address)) is not None:
        return IN_TEXT, at
    if (found := _ROOM.search(address)) is not None:
        return UNIT, found.start()
    star = address.find("*")
    shown = address if star < 0 else address[:star]
    if star >= 0 and (problem := _hidden_part(address, star, standard)):
        return problem
    return _scan(shown, start, standard)


def _hidden_part(address: str, star: int, standard: Standard) -> tuple[Reason, int] | None:
    """Judge the text from the first star on: no shown character may touch the star or follow it."""
    tail = address[star:]
    before = address[:star]
    touched = before and (before[-1].isdigit() or before[-1] in _Z) and not _ROAD_NUMBER.search(before)
    if not _HIDDEN_TAIL.fullmatch(tail) or touched:
        number = re.search(rf"[A-Za-z\d{_Z}]+$", before)
        return _PART, number.start() if number else star
    if standard is Standard.PRINT:
        dashed = address[len(before.rstrip("-")) :]
        if not _PRINT_TAIL.fullmatch(dashed):
            return _FORM, star
    return None


def _scan(  # noqa: PLR0911 - a ladder of rules
    shown: str, start: int, standard: Standard
) -> tuple[Reason, int] | None:
    """Judge the numbers of an address from left to right."""
    level = _Level.ROAD
    end = start
    floor = _FLOOR_WORD.search(shown)
    if floor is not None and standard is Standard.PRINT:
        return _FLOOR, floor.start()
    for token in _TOKEN.finditer(shown, start):
        at = token.start()
        if floor is not None and floor.start() <= at < floor.end():
            level, end = _Level.FLOOR, floor.end()
            continue
        step = _step(shown, token, level)
        if isinstance(step, Reason):
            return step, at
        level, end = step
        if level is _Level.FLOOR and standard is Standard.PRINT:
            return _FLOOR, at
    if letter := _BARE_LETTER_END.search(shown):
        return _NUMBER, letter.start()
    if standard is Standard.PRINT:
        rest = shown[end:]
        if level >= _Level.BUILDING and not _AFTER_BUILDING.fullmatch(rest):
            return _LONG, end
        if level is _Level.HOUSE and len(rest) > _MAX_CLEAN_TAIL:
            return _LONG, end
    return None


def _step(  # noqa: PLR0911 - a ladder of rules
    shown: str, token: re.Match[str], level: _Level
) -> Reason | tuple[_Level, int]:
    """Judge one number: return the rule it breaks, or the level reached and the end of its expression."""
    text, end = token[0], token.end()
    after = _AFTER_NUMBER.match(shown, end)
    if not any(character.isdigit() for character in text) and after is None and level < _Level.BUILDING:
        # Chinese digits inside a name (三元里) and letters count as numbers only after a building.
        # A single formal digit may be a surname or a place (陆埠镇, 伍家岗).
        digitwise = len(text) > 1 and any(character in "〇零壹贰叁肆伍陆柒捌玖" for character in text)
        return _NUMBER if digitwise else (level, end)
    if text in ("4S", "4s"):
        return level, end
    if _HASH.fullmatch(text):
        return _Level.BUILDING, end + (1 if shown[end : end + 1] in "楼幢栋" else 0)
    if text.startswith("-") and text[1:].isdigit() and after is not None and after["building"]:
        text = text[1:]
    compound = any(sign in text.strip("-") for sign in "-./~#、&") or text.startswith("-")
    if compound:
        letters = re.fullmatch(r"[A-Za-z]{1,2}-?\d+", text)
        if after is not None and after["house"] and level is _Level.ROAD and _is_house_range(text):
            return (_Level.HOUSE, after.end()) if _STREET_END.search(shown[: token.start()]) else _NUMBER
        if not (letters and after is not None and after["building"]):
            return _NUMBER
    bare = _BARE_HOUSE.fullmatch(text) and (after is None or after["place"])
    if bare and level is _Level.ROAD and _ROAD_BEFORE.search(shown[: token.start()]):
        return _Level.HOUSE, end
    if after is None:
        # A compact masked form such as 3-*-***; the caller has cut the text at the first star.
        return (_Level.BUILDING, end) if shown[end:] == "-" and level < _Level.BUILDING else _NUMBER
    return _classified(shown, token, after, level)


def _is_house_range(text: str) -> bool:
    """Return whether two numbers are a sub-number (88-1) or adjacent houses (183-185), not house and room (88-501)."""
    found = _SUB_NUMBER.fullmatch(text)
    if found is None:
        return False
    first, second = int(found[1]), int(found[2])
    return second < _LEAST_ROOM or 0 < second - first <= _NEIGHBOURS


def _classified(  # noqa: PLR0911 - one answer a kind
    shown: str, token: re.Match[str], after: re.Match[str], level: _Level
) -> Reason | tuple[_Level, int]:
    kind, end, before = after.lastgroup, after.end(), shown[: token.start()]
    if kind == "building":
        return (_Level.BUILDING, end) if level < _Level.FLOOR else _NUMBER
    if kind == "floor":
        return (_Level.FLOOR, end) if level < _Level.FLOOR else _NUMBER
    if kind in ("street", "area"):
        return (
            (_Level.ROAD if kind == "street" else max(level, _Level.ROAD), end)
            if level < _Level.BUILDING
            else _NUMBER
        )
    if kind == "place":
        return (level, end) if level < _Level.BUILDING else _NUMBER
    if _LOCKER_END.search(before):
        return level, end
    if level is not _Level.ROAD:
        return _NUMBER
    if _VILLAGE_END.search(before):
        return _VILLAGE
    if _MARKET_END.search(before):
        return _NUMBER
    return _Level.HOUSE, end
