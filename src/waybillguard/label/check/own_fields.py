"""Rules for the non-contact fields of our own labels: no person, no home, no phone and no identity number.

Sort code, hub, carrier and station name places and firms; the bar code holds a number. A given name cannot always be
told from a place. So a short word counts as a person's name if it is neither a place nor a carrier and begins with the
surname that the label shows, or if it is the whole text and is a surname with two characters of given names.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Final

from waybillguard.label.check.addresses import UNIT
from waybillguard.label.check.codes import PERSONAL
from waybillguard.label.check.elsewhere import ACCOUNT_SHOWN, IDENTITY_SHOWN
from waybillguard.label.check.fold import HAN, digits_of, fold, tight
from waybillguard.label.check.names import COMPOUND, RARE, SURNAME
from waybillguard.label.check.persons import GIVEN
from waybillguard.label.check.values import Reason, Zone
from waybillguard.on_demand import pattern_on_use

PERSON: Final = Reason(
    "TXT-05",
    "有像人名的文字；网点、快递公司、工位请写全名（如“谢岗网点”“打包台1”）",
    "there is what reads as a person's name; write a site, carrier or station in full (such as Packing bench 1)",
)
ADDRESS: Final = Reason(
    "TXT-06", "有门牌号，地址只许写在地址栏", "a house number shows; an address stands in its own field"
)

_FIELDS: Final = frozenset({Zone.SORT_CODE, Zone.HUB, Zone.CARRIER, Zone.TRACE})
_SURNAME_SHOWN: Final = pattern_on_use(rf"({COMPOUND}|[{SURNAME}{RARE}])\*+")
_TITLE: Final = pattern_on_use("(?:收|亲启|女士|先生|小姐)$")
_WORDS: Final = pattern_on_use(f"[{HAN}]+")
_NAME: Final = pattern_on_use(rf"(?!第五)(?:(?:{COMPOUND})[{GIVEN}]{{1,2}}|[{SURNAME}{RARE}][{GIVEN}]{{2}})")
_GIVEN: Final = pattern_on_use(f"[{GIVEN}]{{1,2}}")
_LONGEST_GIVEN: Final = 2
_ENDS_PLACE: Final = frozenset(
    "桥港湾塘浦村庄屯店站部点仓库区县市路街道口门岭坪坝坡洲岛寨堡营集铺渡关坊楼台寺庙庵院头转包洞井窑沟坑岗埠滩圩垭墩河溪湖"
    "室线组班机司递运输送流达位台号间楼脑件类型单"
)
_MAY_END_PLACE: Final = frozenset("城园场东西南北中山江海州岸泉林家")
"""Last characters of a place, a bench or a firm, which also end names behind another character of given names."""
_CARRIERS: Final = pattern_on_use(
    "顺丰|[圆中申国全]通|韵达|极兔|[百永]世|汇通|[新德]邦|京东|邮政|丹鸟|菜鸟|丰网|天天|优速|速尔|安[能迅捷得]|苏宁|宅急送|全[峰一]|跨越|信丰|快捷"
    "|龙邦|众邮|承诺达|万[象家]|佳[吉怡]|盛[辉丰]|(?:天地)?华宇|能达|联昊通|晋越|黄马甲|京广|中铁|民航|壹米滴答|顺心捷达|日日顺|如风达|尚橙|飞康达"
    "|云鸟|康力|程光|全日通|秦远|成安"
)
"""Carriers by the short names that exports use."""
_OTHER_WORDS: Final = pattern_on_use(
    "华[东南北中西]|常[温规]|易[碎]|包[邮装裹]|时[效间达]|单[号件]|全[国部]|方便|安[全心]|温[控]|万[能]|项目|广[东西]|江[东南西北中]|关[内外东]|向[上下左右]"
)
"""Regions, kinds of service and the like that begin with a surname."""

_STREET: Final = "[路街巷弄里村屯庄园苑坊城墅府邸组队]|大道|胡同|小区|公寓|花园|家园"
_NO_WORK: Final = "(?!线|库|仓|门|口|店|站|台|点|部|车|柜|场|机|位|工|分|集|转|中)"
_HOUSE: Final = pattern_on_use(
    rf"(?:{_STREET})\d{{1,5}}(?:-\d{{1,4}})?号{_NO_WORK}|(?:[路街巷弄]|大道|胡同)\d{{1,5}}(?:-\d{{1,4}})?(?:\.\.\.|$)"
)
_HOME: Final = pattern_on_use(
    rf"\d(?:幢|栋|号楼|座|弄|单元|号)[-#]?[A-Z]?\d{{3,4}}(?!\d)(?![{HAN}]*(?:打包|工位|仓|库|台|站|点|部|室))"
)
_STATION: Final = pattern_on_use(
    r"工位(.*?)(?:(?:\d{4}-)?\d{2}-\d{2} ?\d{2}:\d{2}(?::\d{2})?)? *第\d+次$", re.DOTALL
)

_IDENTITY: Final = pattern_on_use(
    r"(?<!\d)[1-6]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX](?!\d)"
)
_IDENTITY_LENGTH: Final = 18
_MOBILE: Final = pattern_on_use(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_OWN_NUMBERS: Final = pattern_on_use(r"(?:JD[A-Z]{0,4}|V[A-Z])\d{11}(?:-\d{1,3})*-?|1Z[0-9A-Z]{16}")
"""Waybill numbers of carriers with eleven digits in a row: Jingdong, UPS."""
_POST: Final = pattern_on_use(r"[A-Z]{2}(\d{8})(\d)\d{2}")
"""China Post within the country: eight digits, the check digit of UPU S10, the number of the province."""
_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)
_TAIL: Final = pattern_on_use(r"\d{4}$")


def judge_own(zone: Zone, text: str, name: str) -> Reason | None:
    """Return the rule that a field of places and firms breaks; None if it passes. ``name``: the label's masked name."""
    if zone not in _FIELDS:
        return None
    folded = fold(text)
    if zone is Zone.TRACE:
        found = _STATION.search(folded)
        folded = folded if found is None else found[1]
    joined = tight(folded)
    if "@" in folded:
        return ACCOUNT_SHOWN
    if len(joined) >= _IDENTITY_LENGTH and _IDENTITY.search(joined.replace("-", "").upper()) is not None:
        return IDENTITY_SHOWN
    if joined.isascii():
        return None
    return _judge_home(zone, digits_of(joined)) or _judge_person(folded, joined, name)


def _judge_home(zone: Zone, joined: str) -> Reason | None:
    if _HOME.search(joined) is not None:
        return UNIT
    # A warehouse may name its station after its own address.
    return ADDRESS if zone is not Zone.TRACE and _HOUSE.search(joined) is not None else None


def _judge_person(folded: str, joined: str, name: str) -> Reason | None:
    shown = _SURNAME_SHOWN.fullmatch(fold(name).strip())
    words = {*_WORDS.findall(folded), *_WORDS.findall(joined)}
    if shown is not None and any(_has_shown_surname(word, shown[1]) for word in words):
        return PERSON
    alone = shown is None or len(_WORDS.findall(joined)) == 1
    return PERSON if alone and any(_is_name(word) for word in words) else None


def judge_number(text: str, phone: str) -> Reason | None:
    """Return the rule that a phone or identity number in a bar code breaks; ``phone`` is the label's masked phone."""
    joined = text.replace("-", "")
    if _IDENTITY.search(joined) is not None:
        return PERSONAL
    mobile = _MOBILE.search(joined) or _MOBILE.search(text)
    if mobile is None:
        return None
    tail = _TAIL.search(tight(fold(phone)))
    is_phone = tail is not None and mobile[0].endswith(tail[0])
    return None if not is_phone and (_OWN_NUMBERS.fullmatch(text) or _is_post(text)) else PERSONAL


def _is_post(text: str) -> bool:
    found = _POST.fullmatch(text)
    if found is None:
        return False
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(found[1], _WEIGHTS, strict=True)) % 11
    return int(found[2]) == {10: 0, 11: 5}.get(rest, rest)


def _has_shown_surname(word: str, surname: str) -> bool:
    """Return whether a word is a name with the surname on the label; any two characters may be the given name."""
    word = _TITLE.sub("", word)
    given = word.removeprefix(surname)
    if given == word or not 0 < len(given) <= _LONGEST_GIVEN or _is_known(word):
        return False
    return _GIVEN.fullmatch(given) is not None or word[-1] not in _ENDS_PLACE | _MAY_END_PLACE


def _is_name(word: str) -> bool:
    """Return whether a word looks like a whole personal name."""
    word = _TITLE.sub("", word)
    return _NAME.fullmatch(word) is not None and word[-1] not in _ENDS_PLACE and not _is_known(word)


def _is_known(word: str) -> bool:
    return any(known.fullmatch(word) for known in (_CARRIERS, _OTHER_WORDS)) or word in _places()


@cache
def _places() -> frozenset[str]:
    """Return the places of China, shortened as in sort codes, that begin with a surname."""
    raw = files("waybillguard.label").joinpath("data", "places.txt").read_text(encoding="utf-8")
    return frozenset(word for line in raw.splitlines() if not line.startswith("#") for word in line.split())
