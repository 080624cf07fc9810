"""Rules for free text: remarks, goods, and other lines that must not hold personal data."""

import re
from functools import cache
from typing import Final

from waybillguard.label.check.addresses import UNIT, door_code_in, room_in
from waybillguard.label.check.fold import HAN, digits_of, fold, tight
from waybillguard.label.check.names import IN_TEXT, name_in
from waybillguard.label.check.phones import FEW, LOOSE, long_digits_in, toll_free_in, whole_number_in
from waybillguard.label.check.values import Reason, Standard, Zone
from waybillguard.label.goods import classes
from waybillguard.on_demand import pattern_on_use

CODE: Final = Reason("RMK-01", "门禁、密码可见", "a door code shows")
_DIGITS: Final = Reason("RMK-02", "出现可能是房号或密码的数字", "digits that may be a room or a code")
_TITLE: Final = Reason(
    "GDS-01", "只许印物品类别，不印标题", "only the class of goods is printed, never the title"
)
_LONG: Final = Reason("TXT-01", "栏位内容超出应有的格式", "the field holds more than belongs there")
_UNKNOWN: Final = Reason("TXT-02", "栏位之外有文字", "there is text where none belongs")

_KEY: Final = pattern_on_use(r"按\*?[0-9A-Z#]{2,}|(?:密|锁|门禁|开门)码?[^,。;，；*]{0,6}?\d{2,}")
_RUN: Final = pattern_on_use(r"(?<![0-9*:./-])\d{3,6}")
_HARMLESS: Final = pattern_on_use(
    r"\d{1,2}[:点]\d{0,2}|20\d\d[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?|(?<!\d)(?:96110|12305|12315|110)(?!\d)"
    r"|满\d{2,4}减\d{1,3}|(?:身高|体重|净高)\d{2,3}|尾号\d{4}|(?<!\d)1[4-9]\d/\d{2,3}[A-D]?|\*{6,7}\d{0,4}|\d+(?:件|元|个|只|套|箱|包|袋|瓶|双|克|斤|公斤|千克|kg|g|ml|毫升|cm|mm|厘米|点|分钟?|天|日|月|年|号前|次|折|%)"
)
_GOODS_CODE: Final = pattern_on_use(
    r"(?:货号|款号|款式号|型号|色号|批号|批次号|商家编码|(?:商品|规格|货品)编[码号]|条形?码|SKU)[: 是为]{0,3}"
    r"[A-Z]{0,4}-?\d[0-9A-Z]{0,14}(?:[-/][0-9A-Z]{1,8}){0,2}(?![0-9A-Z])",
    re.IGNORECASE,
)
_GOODS_LABEL: Final = pattern_on_use(r"^(?:内件|物品|品名|商品|托寄物|货品)[::]?")
_COUNT: Final = pattern_on_use(r"[x*×X]\d{1,4}$|\d{1,4}[件个套箱包]$")
_HOME: Final = pattern_on_use(r"单元|\d(?:室|户|房)")
_SORT: Final = pattern_on_use(rf"[0-9A-Za-z\-/ {HAN}()#]{{1,28}}")
_MANY_DIGITS: Final = pattern_on_use(r"\d{7,}")
_WAYBILL: Final = pattern_on_use(r"(?:运单号|单号|No\.?)?[:： ]*([A-Za-z]{0,6}\d[0-9A-Za-z-]{5,24})")
_MOBILE: Final = pattern_on_use(r"(?:86)?1[3-9]\d{9}")
_MAX = {Zone.HUB: 24, Zone.CARRIER: 24, Zone.TRACE: 70}
_HIDDEN: Final = 6


def judge_remark(text: str) -> Reason | None:
    """Return the rule that a remark breaks by a phone, a name, a door code, a room, or digits like these."""
    folded = fold(text)
    joined = tight(folded)
    if (problem := _personal(folded, joined)) is not None:
        return problem
    if door_code_in(joined) is not None or _KEY.search(digits_of(joined)):
        return CODE
    if long_digits_in(_GOODS_CODE.sub(" ", folded)) is not None:
        return LOOSE
    if _RUN.search(_HARMLESS.sub(" ", _GOODS_CODE.sub(" ", joined))):
        return _DIGITS
    return None


def judge_goods(text: str, standard: Standard) -> Reason | None:
    """Return the rule that a goods line breaks. The standard allows a title; our own labels must show a class."""
    folded = fold(text)
    joined = tight(folded)
    if (problem := _personal(folded, joined)) is not None:
        return problem
    if standard is Standard.MIN:
        return None
    goods = _COUNT.sub("", _GOODS_LABEL.sub("", joined))
    return None if goods in _classes() else _TITLE


def judge_other(  # noqa: PLR0911 - one answer a zone
    zone: Zone, text: str, standard: Standard
) -> Reason | None:
    """Return the rule that a line outside the parties' fields breaks."""
    if zone is Zone.WAYBILL_NO:
        return _judge_waybill(text)
    folded = fold(text)
    if zone is Zone.TRACE:
        # A station may be called 打包室2 or 3号工位, so only unambiguous homes count here.
        problem = FEW if whole_number_in(folded) is not None else UNIT if _HOME.search(folded) else None
    else:
        problem = _personal(folded, tight(folded))
    if problem is not None:
        return problem
    if standard is Standard.MIN:
        return None
    if zone is Zone.SORT_CODE:
        return None if _SORT.fullmatch(folded) and not _MANY_DIGITS.search(folded) else _LONG
    if zone is Zone.NOTICE:
        return LOOSE if toll_free_in(folded) is not None or long_digits_in(folded) is not None else None
    if zone is Zone.UNKNOWN:
        return _UNKNOWN
    if zone is not Zone.TRACE and long_digits_in(folded) is not None:
        return LOOSE
    return _LONG if len(folded) > _MAX.get(zone, 0) else None


def _judge_waybill(text: str) -> Reason | None:
    joined = tight(fold(text))
    found = _WAYBILL.fullmatch(joined)
    if found is None:
        return _LONG
    return LOOSE if _MOBILE.fullmatch(found[1]) else None


def _personal(folded: str, joined: str) -> Reason | None:
    """Judge content that is forbidden everywhere: a phone, a person's name behind a label or a verb, a room."""
    if whole_number_in(folded) is not None:
        return FEW
    if room_in(joined) is not None:
        return UNIT
    if name_in(folded) is not None:
        return IN_TEXT
    return None


@cache
def _classes() -> frozenset[str]:
    return frozenset(classes())
