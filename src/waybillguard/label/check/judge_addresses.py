"""Judges an address read from a photo: it fails by a unit, household, room or phone that was read with confidence."""

import re
from collections.abc import Sequence
from typing import Final

from waybillguard.label.check.addresses import UNIT
from waybillguard.label.check.certain import SURE, certain, circles_as_stars
from waybillguard.label.check.fold import HAN, fold, tight
from waybillguard.label.check.names import IN_TEXT, is_organisation
from waybillguard.label.check.phones import whole_number_in
from waybillguard.label.check.values import Reason, TextLine
from waybillguard.on_demand import pattern_on_use

NUMBER_IN_ADDRESS: Final = Reason("ADR-07", "地址栏里有电话", "there is a phone in the address")

_Z: Final = "〇零一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾"
_BUILDING: Final = r"(?:幢|栋|座|号楼|\#楼?|单元|号院|楼|层|[公]寓|大厦|中心|广场|小区|花园|[苑园城庭府])"
_STALL: Final = "商位|摊位|铺位|展位|展台|床位|病床|病房|客房|包间|包厢|办公室|教室|会议室|实验室"
ROOM: Final = pattern_on_use(
    rf"""
    (?<=[楼层座幢栋])[A-Z]\d{{0,2}}室
    |[\dA-Za-z{_Z}甲乙丙丁东西南北中]单元(?![门桥村屯路街])
    |\d[A-Za-z]?号?(?:室|房(?![山县屋产])|寝室?|宿舍(?!楼)|户|铺|档(?!口)|{_STALL}|床(?![上品单垫]))
    |(?:[A-Z]\d|\d\d)号?工位
    |(?<![{HAN}])[A-Z]室|[{_Z}]{{2,}}号?(?:室|房(?![山县屋产])|户)
    |(?:商位|摊位|铺位|展位|档口|商铺|店铺|门面|卡位|宿舍|寝室|房间)[-号:]*[A-Za-z]?\d{{1,5}}
    |(?<=[幢栋座楼层元])[东西南北中][边]?户|[东西][边]?户(?![{HAN}])
    |{_BUILDING}-?[A-Za-z]?-?\d{{3,4}}(?![\d号弄路街幢栋区楼层米期巷*%年元])
    |(?:号楼|[幢栋座层])[A-Z]?\d{{3,4}}\*|\d楼\d{{3,5}}(?![\d号幢栋*])
    |(?:幢|栋|座|号楼|单元)[〇零一二三四五六七八九]{{3,4}}(?![{_Z}号幢栋楼层])
    |(?:幢|栋|座|号楼|\#楼?|单元)\d{{1,2}}-(?:\d{{3,4}}(?![\d号])|\d{{1,2}}(?![\d号幢栋座楼层库仓门F*-]))
    |[幢栋座楼号]/[A-Z]?\d{{3,4}}(?![\d号幢栋])|楼道[A-Z]?\d{{3,4}}(?!\d)|[甲乙丙丁\d]门\d{{3,4}}号
    |(?<=[\d{_Z}][楼层])(?:-?[A-Z]-?\d{{2,4}}(?![\d号])|\d[A-Z]\d{{2,4}}(?!\d)|[前后]间)|[A-Z]房(?![山县屋产东])
    |(?:宾馆|酒店|旅馆|旅社|招待所)\d{{3,4}}(?![\d号弄])|宿舍[A-Z]-?\d{{3,4}}(?!\d)|第[\d{_Z}]{{1,2}}[户家](?![{HAN}])
    |(?:幢|栋|号楼)-?[\d{_Z}]{{1,2}}号?门(?![诊面头厅])|\d号?门-?\d{{3,4}}(?![\d号弄路])
    |(?<=[\d{_Z}][楼层])\d{{1,5}}号(?![楼门院厅馆库仓柜窗月店台])
    |(?<=[\d{_Z}][楼层])(?:之\d|[A-Z]{{1,2}}(?=$|[,，。()]))|\d[Ff]-?(?:\d{{2,4}}|之\d)(?![\d号])
    |(?<=\d号)\d{{3,4}}(?=$|[,，。()*])
    |(?<![\d*-])\d{{1,3}}-\d{{1,2}}-\d{{3,4}}(?!\d)
    |(?<![路街道巷弄段线\d*-])(?<=[{HAN}])\d{{1,2}}-\d{{3,4}}(?![\d号弄])
    |\d{{1,2}}[楼层][A-Z]座|(?<=[\d{_Z}][楼层])[A-Z]区\d{{1,5}}号(?![楼门])|[东西南北A-Z\d]塔-?\d{{3,4}}(?![\d号*])
    |\d梯-?\d{{3,4}}(?!\d)|\d舍-?\d{{3,4}}(?!\d)|[\dA-Z{_Z}]排\d{{1,3}}号|(?<=\*)[(][^()\d]{{0,8}}\d{{3,4}}(?=[),，])
    |(?:号楼|[幢栋座塔])\d{{1,2}}[A-Z]\d{{2}}(?!\d)|(?:(?<=[阁轩苑庭居座塔厦寓府邸幢栋])|(?<=号楼))\d{{1,2}}[A-EGH](?=$|[,，()])
    |[东西]厢房|[前后]客堂|亭子间|[东西南北正]屋(?![{HAN}])
    |(?<=[村屯庄寨])[{HAN}]{{1,3}}[厝坑坳垄塘坪岭冲坝沟洼峪埔墩畈岙圩浜]\d{{1,3}}号(?![楼院馆店库仓路街厂棚车院])
    |(?<=[村屯庄寨])(?<![新艺化创{_Z}\d]村)\d{{1,3}}号(?![楼院馆店库仓路街厂棚车院])
    |(?<=[村屯庄寨])[\d{_Z}]{{1,3}}[组社队]\d{{1,4}}号(?![楼院])|(?<=[\d{_Z}][组社队])(?:\d{{1,4}}|[{_Z}]{{1,5}})号(?![楼院])
    |(?<=[村屯庄寨])[{HAN}]{{1,4}}组\d{{1,4}}号(?![楼院])
    |(?:\d号|\#)\d{{1,2}}-\d{{1,2}}(?:-\d{{1,2}})?(?![\d号*层楼F-])|(?:房|手写:?)\d{{3,4}}(?!\d)|\d{{3,4}}门(?:把|口)|[对隔]门\d{{3,4}}
    """,
    re.VERBOSE,
)
# Matched against the text with its spaces.
_LATIN_ROOM: Final = pattern_on_use(
    r"""
    (?<![A-Za-z])(?:room|rm|apt|apartment|unit|suite|flat|ste)\.?\s*(?:no\.?|\#)?\s*(?:[a-z]?-?\d{1,4}[a-z]?(?![\d*])|[a-z](?![a-z*.]))
    |(?<![\w*])\#\d{1,2}-\d{2,4}(?![\d*])                            # Singapore: floor and unit
    |(?:phòng|căn\ hộ)\s*(?:số\s*)?[a-z]?\d{1,4}|(?:кв|квартира)\.?\s*\d{1,4}|\d{3,4}호
    |(?<![\w*/-])\d{1,4}/\d{1,4}[ ][A-Z][a-z]+[ ](?:[A-Z][a-z]+[ ])?(?:street|st|road|rd|avenue|ave|drive|lane|place|parade|crescent)(?-i:(?![a-z]))
    """,
    re.VERBOSE | re.IGNORECASE,
)
# A room code; outside addresses such a code names a thing.
_CODED_ROOM: Final = pattern_on_use(
    rf"(?<=[{HAN}])[A-Z]\d?-\d{{1,2}}-\d{{2,4}}(?![\d号])|(?<=[{HAN}])[A-Z]\d{{1,2}}-\d{{3,5}}(?![\d号弄仓库门-])"
)
_PLACE_OF_THINGS: Final = pattern_on_use("(?:货架|货位|取件|提货|柜门|格口)[号码]?:?[A-Z]?\\d[\\dA-Z-]*")
"""The storage place of a parcel: 货架号3-2-0817."""
_SHELF: Final = pattern_on_use("柜|驿站|自提|代收|货架|货位")
_LETTERS_AS_STARS: Final = pattern_on_use(r"(?<![A-Za-z])[xX]{2,}(?![A-Za-z])")
_CARE_OF: Final = pattern_on_use(r"[cC]/[oO][ :]*([A-Z][a-z]+(?: [A-Z][a-z]+)+)")
_GAP_ROOM: Final = pattern_on_use(
    r"(?:楼|栋|幢|座|塔|馆|公寓|大厦)[ ]?[A-Z]?\d{0,2}[ ]+[A-Z]?\d{3,4}(?=$|[ ,，(])"
)


def judge_address(lines: Sequence[TextLine]) -> Reason | None:
    """Return the rule that the lines of an address certainly break; None if there is none."""
    text = fold("".join(_certain(line) for line in lines))
    found = _offence(text)
    return None if found is None else found[0]


def shown_in(text: str) -> tuple[int, int] | None:
    """Return start and end of the first offence in a folded address without spaces; None if there is none.

    A room counts as hidden if the text is cut before the end (3幢****). For names and phones the two are equal.
    """
    found = _offence(fold(text))
    return None if found is None else found[1]


def _offence(text: str) -> tuple[Reason, tuple[int, int]] | None:
    """Return the rule that a folded address breaks and the first position of the offence, not counting spaces."""
    text = _LETTERS_AS_STARS.sub(lambda found: "*" * len(found[0]), text)
    address = _PLACE_OF_THINGS.sub(lambda found: " " * len(found[0]), tight(text))
    number, care = whole_number_in(address), _CARE_OF.search(text)
    found = [(NUMBER_IN_ADDRESS, (number, number))] if number is not None else []
    if care is not None and not is_organisation(care[1]):
        found.append((IN_TEXT, _without_spaces(text, (care.start(1), care.start(1)))))
    coded = None if _SHELF.search(address) else _CODED_ROOM.search(address)
    found += [(UNIT, room.span()) for room in (ROOM.search(address), coded) if room is not None]
    found += [
        (UNIT, _without_spaces(text, room.span()))
        for room in (_LATIN_ROOM.search(text), _GAP_ROOM.search(text))
        if room is not None
    ]
    return (found[0][0], min(place for _, place in found)) if found else None


def _without_spaces(text: str, place: tuple[int, int]) -> tuple[int, int]:
    return len(tight(text[: place[0]])), len(tight(text[: place[1]]))


def _certain(line: TextLine) -> str:
    text = certain([line], SURE)
    return circles_as_stars(text, line.glyphs) if len(line.glyphs) == len(text) else text
