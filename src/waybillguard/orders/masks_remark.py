"""Mask free remarks: only words about delivery, picking and goods are shown.

Promise: a remark is masked by an allow-list (``data/remark-words.tsv`` and the number patterns below). All other
text, such as names, numbers, door codes, rooms and accounts, becomes ``****``. Personal data need not be recognised
to be hidden. Viewing the whole remark counts as a look.

Grammar, within a clause (text between punctuation or spaces):

- the clause is split into known words and number patterns as far as possible;
- a word of two or more characters, or a pattern, is shown;
- a word of one character is shown only within a run of known text that contains a longer word, never beside unknown
  text, and at most two in a row; if it is also a surname, only after a longer word; if it is a verb that does not
  occur in names (category "verb"), before or after any longer word;
- text after a word that announces a secret (密码, 微信, 姓名 …) is hidden to the end of the clause;
- a code after a word that announces a goods code (货号, 款号, SKU, 条码 …) is shown, unless it has the shape of a
  telephone, identity or card number. Waybill and order numbers stay hidden, because scam callers quote them.
"""

import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

from waybillguard.on_demand import pattern_on_use
from waybillguard.orders.divisions import traditional_characters
from waybillguard.orders.names import single_surnames

HIDDEN: Final = "****"
_MAX_WORD = 10
_MAX_SHOWN = 2_000
_MAX_SINGLES = 2
_UNKNOWN, _SINGLE, _WORD, _SPACE, _EDGE = range(5)
_COUNT = "一二两三四五六七八九十半几"
_UNIT = "件个双套盒包箱份袋瓶条只把张本斤次支根朵束片块颗粒组对款样种顶罐桶卷枚台串提打公斤"
_SIDE = r"(?:\.[0-9]{1,2})?(?:cm|mm|厘米|毫米|米)?"
_PATTERNS = (
    # 2件, 两盒, 3双; not 楼, 层, 室, 号, 单元
    rf"(?:[0-9]{{1,3}}|[{_COUNT}]{{1,3}})\s?(?:[{_UNIT}]|公斤|千克)(?:装)?",
    # dimensions of two or three sides, too short for a telephone number: 1.5米×2米, 140x80x75cm
    rf"[0-9]{{1,4}}{_SIDE}\s?[x×]\s?[0-9]{{1,4}}{_SIDE}(?<=[m米])(?![0-9a-z])",
    rf"[0-9]{{1,3}}{_SIDE}(?:\s?[x×]\s?[0-9]{{1,3}}{_SIDE}){{2}}(?<=[m米])(?![0-9a-z])",
    # a measure word without number: 写张贺卡, 贴个标签; English quantities, but not spelt-out telephone numbers
    r"[张份个](?=(?:生日|手写|空白|祝福)?(?:贺卡|卡片|标签|发票|收据|照片|清单|说明书))",
    r"(?:one|two|three|four|five|six|ten)\s(?:pieces?|pcs|box(?:es)?|bags?|sets?|pairs?|cards?|days?|of each)(?![a-z])",
    r"(?:多|轻|再)?[敲按][几0-9一二两三](?:下|声|遍|次)门?铃?",
    # sizes: L码, XXL, 3XL, 42码, 170/92A, 36-37码, 1.8米, 500ml
    r"(?<![a-z])(?:[sml]|x{1,5}[ls]|[2-9]xl)\s?(?:[码号]|(?![0-9a-z]))",
    r"[1-5][0-9](?:\.5)?(?:[-~到至][1-5][0-9])?码",
    r"1[0-9]{2}/[0-9]{2,3}[a-c]?(?![0-9a-z])",
    r"[0-9]{1,4}(?:\.[0-9]{1,2})?(?:ml|毫升|升|kg|g|克|cm|mm|厘米|毫米|米|寸|英寸|w|度)(?![0-9a-z])",
    # body: 身高170, 体重65公斤, 身高一米六; 220V
    r"(?:身高|体重|净高)\s?(?:[0-9]{2,3}(?:\.[0-9])?|[一二][米零一二三四五六七八九]{1,4})(?:cm|厘米|kg|公斤|斤)?(?![0-9a-z])",
    r"(?:110|220|380)v(?![0-9a-z])",
    r"(?:[1-9]|1[0-2])(?::[0-5][0-9])?\s?[ap]m(?![a-z])",
    r"保价\s?[0-9]{2,5}元?(?![0-9])",
    # money: 138元, 15.80 元, 5块, 满199减20
    r"[0-9]{1,5}(?:\.[0-9]{1,2})?\s?(?:元|块钱|块|毛)",
    r"满[0-9]{2,4}减[0-9]{1,3}(?![0-9])",
    # days of sales: 11.11, 6.18
    r"(?:11\.11|12\.12|6\.18)(?![0-9.])",
    # time: 12:00前, 下午3点半, 十点, 3-5点, 2小时, 3天
    r"(?:[01]?[0-9]|2[0-4])[:：][0-5][0-9](?![0-9:：])(?:[-~到至](?:[01]?[0-9]|2[0-4])[:：][0-5][0-9](?![0-9]))?",
    rf"(?:(?:[01]?[0-9]|2[0-4])|[{_COUNT}]{{1,2}})(?:[-~到至](?:[0-9]{{1,2}}|[{_COUNT}]{{1,2}}))?点(?:半|钟|整)?",
    rf"(?:[0-9]{{1,2}}|[{_COUNT}]{{1,2}})(?:个)?(?:小时|分钟|天|日内|周内|星期内|月内|个月内)",
    # date: 11月30日, 2026-11-24, 28号前, 5号发货
    r"(?:20[0-9]{2}年)?(?:1[0-2]|0?[1-9])月(?:[0-3]?[0-9](?:日|号)?|底|初|中旬|上旬|下旬)?(?![0-9])",
    r"20[0-9]{2}[-/.](?:1[0-2]|0?[1-9])[-/.][0-3]?[0-9](?![0-9])",
    r"(?:[12]?[0-9]|3[01])[号日](?=之?前|以?后|发|到货|送达|再发|左右)",
    r"[0-9]{1,2}(?:折|%)",
    r"第[0-9一二三四五六七八九十]{1,2}(?:个|件|款|张|种|次)",
)
_PATTERN: Final = pattern_on_use("|".join(f"(?:{p})" for p in _PATTERNS))
_EDGE_DIGIT = pattern_on_use(r"[0-9A-Za-z一二三四五六七八九十百零〇]")
_LATIN = pattern_on_use(r"[a-z']+")
#: Punctuation that ends a clause; between digits it may be part of a time, a date or a size.
_PIECES: Final = pattern_on_use(
    r"(?:(?![-:/.~](?<=[0-9].)[0-9a-z])[\n\r\t,，。.!！?？;；、~～()（）\[\]【】{}\"“”‘’《》…|/\\+*_=:：—-])+"
)
_GOODS_CODE: Final = pattern_on_use(
    r"(?:(?<![取提送收发寄])(?:货号|款号|款式号|型号|色号|批号|批次号|商家编码|商品编[码号]|规格编[码号]|货品编[码号])"
    r"|(?<![取提收送件货验])(?:商品)?条形?码|(?<![a-z])sku)\s?[:：是为]?\s?"
    r"(?P<code>[a-z]{0,4}-?[0-9][0-9a-z]{0,14}(?:[-/][0-9a-z]{1,8}){0,2})(?!\s?[-/]?[0-9a-z]|\s?[室号房栋幢楼户层单门座#*])"
)
#: Telephones with or without a country code, landlines, identity cards of 18 and 15 digits, bank cards.
_NUMBER_OF_A_PERSON: Final = pattern_on_use(
    r"(?:(?:00)?86)?1[3-9][0-9]{9}[0-9]{0,4}|0[0-9]{9,14}|[0-9]{16,}"
    r"|[1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}"
)
_SMILES: Final = frozenset("🙏❤😊😄😀😁😃😆😘🥰😍☺🙂👍👌🌹💐🎁🎂✨💕💖🤝🎉\ufe0f")
_AGAIN: Final = pattern_on_use(r"\*{4}(?:[\s,，。.!！?？;；、~～()（）\[\]【】\"“”|/\\+*_=:：—-]*\*{4})+")


@cache
def _categories() -> dict[str, frozenset[str]]:
    raw = files("waybillguard.orders").joinpath("data", "remark-words.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in raw.splitlines() if line and not line.startswith("#")]
    return {category: frozenset(words.split()) for category, words in rows}


@cache
def _words() -> frozenset[str]:
    """Return every Chinese word that may be shown."""
    hidden = {"english", "secret"}
    return frozenset().union(*(words for category, words in _categories().items() if category not in hidden))


@cache
def _secret() -> re.Pattern[str]:
    words = sorted(_categories()["secret"], key=len, reverse=True)
    return re.compile("|".join(rf"(?<![a-z]){w}(?![a-z])" if w.isascii() else w for w in words))


def mask_remark(text: str) -> str:
    """Hide everything in ``text`` except words about delivery, picking and goods.

    >>> mask_remark("易碎，请放门口"), mask_remark("门禁1234#，张三13812345678，放门口")
    ('易碎，请放门口', '****，放门口')
    """
    if not text or text.isspace():
        return text
    folded = "".join(_fold(c) for c in text)
    out: list[str] = []
    codes = [m for m in _GOODS_CODE.finditer(folded) if _is_of_goods(m["code"])]
    inside = {at for m in codes for at in range(*m.span())}
    gaps = [m for m in _PIECES.finditer(folded) if m.start() not in inside]
    start = shown = 0
    secret = False
    for gap in [*sorted((*gaps, *codes), key=re.Match.start), None]:
        end = gap.start() if gap else len(folded)
        clause = folded[start:end]
        if shown > _MAX_SHOWN:
            out.append(HIDDEN)
            break
        if clause:
            piece, secret = _clause(text[start:end], clause, secret=secret)
            out.append(piece)
            shown += len(piece)
        if gap and gap.lastgroup == "code":
            out.append(HIDDEN if secret else text[gap.start() : gap.end()])
            start = gap.end()
        elif gap:
            out.append(text[gap.start() : gap.end()])
            secret = secret and not re.search(r"[,，。.!！?？;；、]", gap[0])
            start = gap.end()
    return _AGAIN.sub(HIDDEN, "".join(out))


def _is_of_goods(code: str) -> bool:
    """Return whether neither a code nor a run of digits in it has the shape of a personal number."""
    runs = [re.sub(r"[^0-9]", "", code), *re.findall(r"[0-9]+", code)]
    return not any(_NUMBER_OF_A_PERSON.fullmatch(run) for run in runs)


def _fold(char: str) -> str:
    """Normalise one character to half width, lower case and simplified; positions are preserved."""
    narrow = unicodedata.normalize("NFKC", char).translate(traditional_characters())
    narrow = narrow if len(narrow) == 1 else char
    low = narrow.lower()
    return low if len(low) == 1 else narrow


def _clause(original: str, text: str, *, secret: bool) -> tuple[str, bool]:
    """Mask one clause; also return whether a word at its end announces a secret."""
    if secret:
        return HIDDEN, True
    found = _secret().search(text)
    if found:
        before = _cover(original[: found.start()], text[: found.start()]) if found.start() else ""
        return before + HIDDEN, True
    return _cover(original, text), False


def _cover(original: str, text: str) -> str:
    """Split a clause into known words and show those that may be shown."""
    spans = _segment(text)
    shown = [
        kind in {_WORD, _SPACE} or (kind == _SINGLE and _may_show(text, spans, i))
        for i, (_, _, kind) in enumerate(spans)
    ]
    for order in (range(len(spans)), range(len(spans) - 1, -1, -1)):
        beside_hidden = False
        for i in order:
            kind = spans[i][2]
            if kind == _SINGLE and beside_hidden and text[spans[i][0]] not in _categories()["verb"]:
                shown[i] = False
            if kind != _SPACE:
                beside_hidden = not shown[i]
    return "".join(original[a:b] if shown[i] else HIDDEN for i, (a, b, _) in enumerate(spans))


def _may_show(text: str, spans: list[tuple[int, int, int]], i: int) -> bool:
    left, right = _neighbour(spans, i, -1), _neighbour(spans, i, +1)
    if text[spans[i][0]] in _categories()["verb"] and (1, _WORD) in {left, right}:
        return True
    if text[spans[i][0]] in single_surnames():
        return left == (1, _WORD)
    return (left[1], right[1]) in {(_WORD, _WORD), (_WORD, _EDGE), (_EDGE, _WORD)}


def _neighbour(spans: list[tuple[int, int, int]], i: int, step: int) -> tuple[int, int]:
    """Return distance and kind of the next span that is not a single character, at most two steps away."""
    distance = 0
    while distance <= _MAX_SINGLES:
        i += step
        if not 0 <= i < len(spans):
            return distance + 1, _EDGE
        if spans[i][2] == _SPACE:
            continue
        distance += 1
        if spans[i][2] != _SINGLE:
            return distance, spans[i][2]
    return distance, _UNKNOWN


def _segment(text: str) -> list[tuple[int, int, int]]:
    """Split a clause into (from, to, kind): word or pattern, single character, space, unknown.

    The split with the fewest unknown characters wins, then the fewest single characters, then the fewest words.
    """
    size = len(text)
    best: list[tuple[int, int, int]] = [(0, 0, 0)] * (size + 1)
    step: list[tuple[int, int]] = [(0, 0)] * (size + 1)
    for i in range(size - 1, -1, -1):
        unknown, singles, count = best[i + 1]
        best[i], step[i] = (unknown + 1, singles, count), (i + 1, _UNKNOWN)
        for end, kind in _known_at(text, i):
            unknown, singles, count = best[end]
            candidate = (unknown, singles + (kind == _SINGLE), count + 1)
            if candidate < best[i]:
                best[i], step[i] = candidate, (end, kind)
    spans: list[tuple[int, int, int]] = []
    at = 0
    while at < size:
        end, kind = step[at]
        if kind == _UNKNOWN and spans and spans[-1][2] == _UNKNOWN:
            spans[-1] = (spans[-1][0], end, _UNKNOWN)
        else:
            spans.append((at, end, kind))
        at = end
    return spans


def _known_at(text: str, i: int) -> list[tuple[int, int]]:
    """Return (end, kind) of all known words and patterns that begin at ``i``."""
    words = _words()
    known = [
        (end, _WORD if end - i > 1 else _SINGLE)
        for end in range(i + 1, min(len(text), i + _MAX_WORD) + 1)
        if text[i:end] in words
    ]
    if text[i].isspace():
        known.append((i + 1, _SPACE))
    if text[i] in _SMILES:
        known.append((i + 1, _WORD))
    number = _PATTERN.match(text, i)
    if number and not (i and text[i].isascii() and _EDGE_DIGIT.match(text[i - 1])):
        known.append((number.end(), _WORD))
    latin = _LATIN.match(text, i)
    if latin and not (i and text[i - 1].isascii() and text[i - 1].isalnum()):
        follows = text[latin.end() : latin.end() + 1]
        if latin[0] in _categories()["english"] and not follows.isdigit():
            known.append((latin.end(), _WORD))
    return known


def is_delivery_note(text: str) -> bool:
    """Return whether ``text`` consists only of words about delivery and picking (到了打电话, 不要放小票)."""
    return bool(text.strip()) and HIDDEN not in mask_remark(text) and len(text) > 1
