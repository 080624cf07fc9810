"""Find the part of an address that a label must hide.

Promise (GB/T 41833-2022: "地址应隐藏单元户室号"): everything from the first unit, floor, room or household on
is hidden, and so is all text that the grammar below does not understand. The grammar is an allow-list of text
that may be printed. Text after a building is hidden unless it is a locker, a station or a counter.
"""

import re
from functools import cache

from waybillguard.on_demand import pattern_on_use
from waybillguard.orders.names import compound_surnames, data_lines, single_surnames

#: Numerals used in house numbers.
_NUMERAL = "一二三四五六七八九十百零〇两"
#: Words that follow a building's number, or begin a part that must be hidden.
_UNIT = (
    r"单元|单位|楼|层|室|户|号(?!大街|路|街|公路)|幢|栋|撞|座|门|铺|档|排|房|梯|间|寝|窒|桌|柜|单|F|f"
    r"|\#|[-—–－~]"
)
_HAZARD = (
    rf"(?:[{_NUMERAL}]{{10}}|[{_NUMERAL}负底顶首]{{1,9}}(?:{_UNIT})"
    rf"|(?<=[区场城])[{_NUMERAL}]{{1,2}}[街排]"
    r"|[东西南北中左右](?:边)?(?:户|单元|室|梯)|[甲乙丙丁](?:单元|室|户|座|幢|栋|楼)"
    r"|[负底顶首][层楼]|[一二两]楼|单元|室|房间|房号|号房|宿舍|寝室?|商位|摊位|铺位|档口|店面|商铺|门面|车位|"
    r"车库|储藏|地下|阁楼|办公室|工位|柜台"
    r"|户|门牌|楼层|第[一二三四五六七八九十]|密码|门禁|按?门铃|电话|手机|联系|收件|收货|微信|姓名|电联)"
)
#: First characters of words that must be hidden; all other Han characters pass without a further check.
_HAZARD_FIRST = frozenset(
    f"{_NUMERAL}负底顶首东西南北中左右甲乙丙丁单室房号宿寝商摊铺档店门车储地阁办工柜户楼第密按电手联收微姓"
)
_HAN = r"\u3400-\u9fff\U00020000-\U000323af〇"
_PLAIN = "".join(
    f"{chr(low)}-{chr(high)}"
    for low, high in zip(
        [0x3400, *(ord(c) + 1 for c in sorted(_HAZARD_FIRST) if 0x3400 <= ord(c) <= 0x9FFF)],  # noqa: PLR2004
        [*(ord(c) - 1 for c in sorted(_HAZARD_FIRST) if 0x3400 <= ord(c) <= 0x9FFF), 0x9FFF],  # noqa: PLR2004
        strict=True,
    )
    if low <= high
)
_SEP = r"[\s,，.。·、;；:：_/|()（）\[\]【】<>《》“”\"'+&-]"
#: Latin words that may be part of a building's name.
_LATIN = (
    r"(?:SOHO|soho|Soho|MALL|Mall|mall|CBD|cbd|LOFT|Loft|loft|KTV|ktv|IFC|ICC|WFC|CITY|City|IT|VIP|MAX|TOP|PARK|Park|"
    r"HOUSE|House|ONE|BOX|4S|4s)"
)

_ROAD_END = "路街道巷弄里线衖段坊"
_DASH = "[-—–－~至]"
_NOT_AFTER_NUMBER = "楼|房|室|店面|店铺|商铺|铺|档|摊|网点|门店|单元|柜"
#: A number that belongs to a road, a lane, an area or a group, and may be printed.
_NUMBER = rf"""
    (?: (?<!街道)(?:(?<=[{_ROAD_END}])|(?<=胡同)|(?<=[路街道][东西南北中]))
            [甲乙丙丁]? (?:[0-9]{{1,5}}|[{_NUMERAL}]{{1,4}}) 号 (?:院|大院)?
            (?!{_NOT_AFTER_NUMBER}|{_DASH}[0-9]{{1,3}}号)
      | (?<!街道)(?<=[路街道]) [0-9]{{1,4}} {_DASH} [0-9]{{1,3}} 号 (?!{_NOT_AFTER_NUMBER})
      | (?<!街道)(?<=[路街道线段]) [0-9]{{1,4}}
            (?![0-9A-Za-z{_NUMERAL}\#号室房单楼层栋幢座户店铺档间排梯窒单街]|{_DASH}) (?!{_SEP}+[0-9A-Za-z])
      | [0-9]{{1,5}} (?: 弄 | 支弄 | 号大街 | 号路 | 号街 | 号公路 | 号线 | 号地块 | 号地
            | 号院 | 号码头 | 号桥
            | 大街 | 大道 | [东西南北]?路 | 道(?=[0-9]) | 巷 | 国道 | 省道 | 县道 | 公里 | 期 | 组团 | 区块
            | 区(?!{_DASH}) | 片区 | 村 | 社区 | 小区 | 大队 | 中队 | 分队 | 团 | 连 | 师 | 公馆 | 天桥)
      | [0-9]{{1,3}} (?:组|队|社|小组|生产队)
      | (?<![区场城]) [0-9]{{1,2}} 街 (?=[0-9]{{1,4}}号)
      | [A-Za-z] [0-9]{{0,2}} (?:区|馆|地块|园|组团|期|段)
      | [GgSsXx] [0-9]{{1,4}} (?:国道|省道|高速|线)
      | (?<![0-9A-Za-z]) [TtKk] [0-9] (?:航站楼)
      | [0-9]{{1,3}} [一二三四五六七八九十]? (?:中(?=[^0-9]|$)|医院|厂|局|院)
    )"""
#: The number of a building.
_BUILDING = rf"""
    (?: 第? (?: [A-Za-z]{{0,2}}[0-9]{{1,4}}[A-Za-z]? | [{_NUMERAL}]{{1,4}} | [A-Za-z]
               | [甲乙丙丁东南西北主副辅] ) [ ]? (?: 号?[幢栋撞] | 号楼 | 号馆 | 号厂房 | 号库 | 号仓(?:库)? )
      | (?: [A-Za-z]{{1,2}}[0-9]{{0,2}} | [0-9]{{1,2}} | [{_NUMERAL}]{{1,3}} | [甲乙丙丁东南西北主副辅] )
            [ ]? 号? 座 )"""
#: The number of a building recognised by its position alone: 3-2-501, 3#501, 3-501.
_BARE_BUILDING = rf"""
    (?P<bare> [0-9]{{1,3}} (?=\#|{_DASH}[0-9]{{1,2}}{_DASH}[0-9])
            | (?<!公寓)(?<![厦场心楼座路街道巷弄号]) [0-9]{{1,2}}
                (?={_DASH}[0-9]{{3,4}}(?![0-9号]|{_DASH})) )"""
_STATION = (
    r"(?:菜鸟裹裹|菜鸟驿站|菜鸟|妈妈驿站|兔喜|丰巢|速递易|近邻宝|驿站|快递驿站|快递代收点|代收点|代收处|快递柜|"
    r"智能柜|自提柜|自提点|快递点|快递站|快递超市|"
    r"服务站|收发室|传达室|门卫室?|保安室|保安亭|物业|信箱|前台|服务台|总台)"
)
_STATION_TAIL = (
    rf"(?:{_SEP}{{0,9}}(?:楼下|旁边?|门口|对面|附近|东侧|西侧|南侧|北侧|内|的|一层大厅|大厅|{_STATION}){{0,9}}"
    rf"{_STATION}(?:快递柜|智能柜|柜|代收|点)?(?![0-9{_HAN}A-Za-z]))?"
)


#: The grammar of printable text: group 1 ends after the last number, group 2 after the safe run. Its match always
#: begins at 0 and may be empty.
_DETAIL = pattern_on_use(
    rf"""
    (?: [{_PLAIN}]++ | {_NUMBER} () | (?!{_HAZARD})[{_HAN}]
      | {_SEP}(?=[{_HAN}0-9A-Za-z]|{_SEP}) | {_LATIN}(?![0-9A-Za-z]) )*+
    () (?P<building> {_BARE_BUILDING} | {_BUILDING} {_STATION_TAIL} )?
    """,
    re.VERBOSE,
)


@cache
def _last_place() -> tuple[frozenset[str], re.Pattern[str]]:
    """Return the characters that end a place's name, and a pattern that matches up to the last such end."""
    words = data_lines("place-ends.tsv")
    singles = frozenset(word for word in words if len(word) == 1)
    longer = [word for word in words if len(word) > 1 and word[-1] not in singles]
    ends = f"(?:[{''.join(sorted(singles))}]|{'|'.join(map(re.escape, longer))})"
    return singles, re.compile(rf".*{ends}[)）\]】]?", re.DOTALL)


_NARROW = str.maketrans("０１２３４５６７８９＃－", "0123456789#-")
_VILLAGE = pattern_on_use(r"[村庄屯社组队][(（)）\s]*$")
_HOUSEHOLD = pattern_on_use(rf"(?:[0-9]{{1,4}}|[{_NUMERAL}]{{1,4}})(?:{_DASH}[0-9]+)?(?:号|户)|[0-9]{{1,4}}$")
_SEPARATING = frozenset(" \t\r\n,，.。·、;；:：_/|()（）[]【】<>《》“”\"'+&-!！")
_ONLY_SEPARATORS = pattern_on_use(rf"(?:{_SEP}|[。！!])*$")
_STREET = pattern_on_use(rf"[{_HAN}]{{1,10}}?(?:大道|大街|胡同|[路街巷弄村道])")

_TITLE = "(?:先生|女士|小姐|太太|老师|阿姨|师傅|同学)"
#: 收 as "received by"; it also begins 收费站, 收银台 and similar words.
_TAKES = "(?:[亲签]?收(?:货|件|启)?(?![费发购容割集纳藏复缩益成入支音站点]|银[台处员])|亲启|敬启)"
_FULL_NAME = pattern_on_use(
    rf"[{_HAN}]{{2,4}}|[{_HAN}]{{1,8}}[·•・][{_HAN}]{{1,10}}|[A-Za-z][A-Za-z.' -]{{3,40}}"
)
_NAMES_A_PLACE = pattern_on_use(
    "(?:广场|小区|大厦|花园|公寓|中心|酒店|超市|驿站|市场|公司|学校|医院|[店厂馆])$"
)
_PAIR = 2


@cache
def _received() -> re.Pattern[str]:
    """Return the pattern of a person's name followed by a word for "received by" (王小明收)."""
    singles, compounds = "".join(sorted(single_surnames())), "|".join(sorted(compound_surnames()))
    return _in_brackets_or_bare(
        rf"(?:{compounds}|[{singles}])[{_HAN}]{{1,2}}?{_TITLE}?{_TAKES}",
    )


def _in_brackets_or_bare(what: str, *, alone: bool = False) -> re.Pattern[str]:
    bare = rf"(?<![{_HAN}])(?:{what})(?![{_HAN}])" if alone else what
    return re.compile(rf"[(（\[【]\s*(?:{what})\s*[)）\]】]|{bare}")


def without_names(detail: str, name: str = "") -> str:
    """Return ``detail`` without the consignee's name and other named recipients (王小明收).

    The grammar would take Chinese characters between two numbers for a place. A space is left in place of a name, so
    that a number does not move next to another road. A name of two characters is removed only if just a title or a
    sign is beside it, because it may also be part of a road's name.

    >>> without_names("机场路88号(王小明收)福田小区3幢"), without_names("王小明家机场路88号", "王小明")
    ('机场路88号 福田小区3幢', '机场路88号')
    """
    name = name.strip()
    if name and name in detail and _FULL_NAME.fullmatch(name) and not _NAMES_A_PLACE.search(name):
        pair = len(name) == _PAIR
        more = f"{_TITLE}?{_TAKES}|{_TITLE}" if pair else f"{_TITLE}?(?:{_TAKES}|家|转)?"
        named = _in_brackets_or_bare(f"{re.escape(name)}(?:{more}){'?' if pair else ''}", alone=pair)
        detail = named.sub(" ", detail).strip()
    if "收" in detail or "启" in detail:
        detail = _received().sub(" ", detail).strip()
    return detail


HIDDEN = "****"
HOUSEHOLD = "***"


def split_detail(detail: str) -> tuple[int, str]:  # noqa: PLR0911  one return per kind of ending
    """Return how many characters of ``detail`` may be printed, and the replacement for the rest.

    >>> split_detail("北苑街道机场路88号福田小区3幢2单元501室")
    (16, '****')
    >>> split_detail("后宅村5组12号")
    (5, '***')
    """
    match = _DETAIL.match(detail)
    if match is None:  # unreachable: the grammar also matches the empty string
        return 0, HIDDEN
    end = match.end()
    size = len(detail)
    if match.end(3) < 0:
        # No building: the words after the last number must end with a place's name.
        anchor = max(match.end(1), 0)
        if end > anchor:
            singles, last_place = _last_place()
            if detail[end - 1] not in singles:
                found = last_place.match(detail, anchor, end)
                end = found.end() if found else anchor
    elif match.end(4) >= 0:
        return end, "幢" + HIDDEN
    if end == size:
        return end, ""
    if detail[end] in _SEPARATING and _ONLY_SEPARATORS.match(detail, end):
        return size, ""
    if "０" <= detail[end] <= "９":
        return split_detail(detail.translate(_NARROW))
    if (
        detail[end] in _HOUSEHOLD_FIRST
        and end
        and _VILLAGE.search(detail, 0, end)
        and _HOUSEHOLD.match(detail, end)
    ):
        return end, HOUSEHOLD
    return end, HIDDEN


_HOUSEHOLD_FIRST = frozenset("0123456789" + _NUMERAL)


def street_end(detail: str, town: str) -> int:
    """Return where the street or town ends, for masks that stop there (``strict``)."""
    if town and detail.startswith(town):
        return len(town)
    match = _STREET.match(detail)
    return match.end() if match else 0
