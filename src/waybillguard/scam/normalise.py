"""Normalise the spelling of messages, and map positions back to the original characters.

Every character of the normalised text is mapped to its characters in the original, so that reasons can be highlighted
in the received message. Ordinary text is not changed. The following are undone: invisible and bidirectional characters,
other widths and look-alikes, traditional characters, halves of split characters, separators between the letters of a
word, digits that are spaced out or spelled, and disguised spellings (``data/variants.tsv``).
"""

import re
import unicodedata
from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import compress

import msgspec

from waybillguard.on_demand import pattern_on_use
from waybillguard.scam.homophones import misspelled

#: Text that needs no character-by-character normalisation.
_ORDINARY = pattern_on_use(
    r"[\u4e00-\u9fffa-z0-9，。！？；：、“”‘’（）《》【】—…·\n .,:;!?()/%&=_@#~*+\"'\[\]￥¥<>|-]*"
)
_KEPT_PUNCTUATION = frozenset("，。！？；：、“”‘’（）《》【】—…·～￥")
_ZERO_WIDTH = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad\u180e\u3164\u115f\u1160"
)
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SEPARATOR = r"[ .·•∙‧。，,、\-_—~～*/|\\+^=#@!…:：'\"`()（）\[\]【】]"
#: Words that frauds split; separators between their characters are removed.
_SENSITIVE = (
    "微信", "验证码", "银行卡", "身份证", "理赔", "赔付", "赔偿", "退款", "快递", "客服", "转账", "汇款", "屏幕",
    "共享", "会议", "二维码", "支付宝", "保证金", "手续费", "安全账户", "加微信", "加微", "加v", "vx", "wx", "v信", "qq",
    "包裹", "丢失", "会员", "召回", "刷单", "贷款", "返利", "企鹅", "红包", "账户", "群号",
)  # fmt: skip
_SPLIT_WORD = pattern_on_use(
    "|".join(
        # For Latin letters a separator counts only if no other letter is adjacent, or "5 v, x" would be joined.
        f"(?<![a-z]){body}(?![a-z])" if word.isascii() else body
        for word in sorted(_SENSITIVE, key=len, reverse=True)
        for body in [f"{_SEPARATOR}{{0,2}}".join(map(re.escape, word))]
    )
)
_SPACED = pattern_on_use(
    rf"(?<![\u4e00-\u9fffa-z0-9])(?:[\u4e00-\u9fffa-z0-9]{_SEPARATOR}{{1,2}}){{2,}}[\u4e00-\u9fffa-z0-9](?![\u4e00-\u9fffa-z0-9])"
)
_SPACED_DIGITS = pattern_on_use(r"(?<![0-9])[0-9]{1,4}(?:[ .·\-_*~,，]{1,2}[0-9]{1,4}){3,}(?![0-9])")
_SINGLE_DIGITS = pattern_on_use(r"(?<![0-9])[0-9](?:[ .·\-_*~,，][0-9]){4,}(?![0-9])")
_NUMERALS = str.maketrans("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两", "0012345678911234567892")
_SPELLED = pattern_on_use(
    "[〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖0-9]{5,}|(?<=[a-z_])[〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖0-9]{3,}"
)
#: Numbers and amounts in which letters stand for digits.
_LETTERED = pattern_on_use(
    r"(?<![a-z0-9/._-])(?=[oil]*[0-9])[0-9oil]{7,}(?![a-z0-9/_-]|\.[a-z0-9])|(?<![a-z0-9])[0-9][0-9o]{2,}(?=元|块|万)"
)
_LETTER = pattern_on_use("[a-z]")
_LETTER_BY_DIGIT = pattern_on_use("[0-9][oil]|[oil][0-9]")
_DIGIT_OF = str.maketrans("oil", "011")
_HAS_NUMERAL = pattern_on_use("[〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]")


class Variant(msgspec.Struct, frozen=True):
    """A disguised spelling and the word it stands for."""

    pattern: str
    standard: str
    disguise: bool


class Normalised(msgspec.Struct, frozen=True):
    """A normalised text.

    Attributes:
        text: the text in lower case, simplified characters, without disguises.
        starts: for each character of ``text``, the start of its original; None if both texts are equal.
        ends: for each character of ``text``, the end of its original.
        disguises: number of undone changes that ordinary writers do not make.
        length: length of the original in characters.
    """

    text: str
    starts: list[int] | None
    ends: list[int] | None
    disguises: int
    length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the range in the original of the characters ``start`` to ``end`` of ``text``."""
        if self.starts is None or self.ends is None or start >= end:
            return start, end
        # Text displayed right to left is reversed in the original.
        return min(self.starts[start:end]), max(self.ends[start:end])

    @property
    def evasion(self) -> float:
        """Degree of disguise, 0–1."""
        return min(1.0, self.disguises / 4)


def normalise(original: str) -> Normalised:
    """Return the normalised ``original``."""
    text = original.lower()
    heard = None
    if len(text) == len(original) and _ORDINARY.fullmatch(text):
        heard = text, misspelled(text)
        if not heard[1] and not _needs_joining(text):
            return Normalised(text, None, None, 0, len(original))
    work = _MappedText(original)
    work.join_words()
    work.join_components()
    work.remove_separators()
    work.read_numerals()
    work.read_aloud(heard)
    work.undo_variants()
    return Normalised("".join(work.characters), work.starts, work.ends, work.disguises, len(original))


@cache
def variants() -> tuple[Variant, ...]:
    """Return the disguised spellings, in the order in which they are undone."""
    return tuple(Variant(pattern, standard, flag == "1") for pattern, standard, flag in _rows("variants.tsv"))


@cache
def components() -> dict[str, str]:
    """Return the halves of split characters, each pair with its character."""
    return {halves: whole for halves, whole in _rows("components.tsv") if len(halves) > 1}


class _MappedText:
    """A text being normalised: its characters, and the original position of each."""

    def __init__(self, original: str) -> None:
        self.characters: list[str] = []
        self.starts: list[int] = []
        self.disguises = 0
        table = _characters()
        for at in _reading_order(original):
            character = original[at]
            known = table.get(character)
            if known is None:
                known = table[character] = _one_spelling(character)
            text, disguise = known
            # An invisible character is a disguise only inside a text; at its edges it comes from copying.
            if disguise and (text or (self.characters and self.characters[-1].isalnum())):
                self.disguises += 1
            for one in text:
                self.characters.append(one)
                self.starts.append(at)
        self.ends = [at + 1 for at in self.starts]

    @property
    def text(self) -> str:
        return "".join(self.characters)

    def replace(self, start: int, end: int, standard: str) -> None:
        """Replace the characters ``start`` to ``end`` with ``standard``, each mapped to all of them."""
        first, last = min(self.starts[start:end]), max(self.ends[start:end])
        self.characters[start:end] = list(standard)
        self.starts[start:end] = [first] * len(standard)
        self.ends[start:end] = [last] * len(standard)

    def drop(self, matches: list[tuple[int, int]], pattern: re.Pattern[str]) -> None:
        """Remove the matches of ``pattern`` within the given ranges."""
        for start, end in reversed(matches):
            kept = [True] * (end - start)
            for match in pattern.finditer("".join(self.characters[start:end])):
                kept[slice(*match.span())] = [False] * len(match.group())
            self.characters[start:end] = compress(self.characters[start:end], kept)
            self.starts[start:end] = compress(self.starts[start:end], kept)
            self.ends[start:end] = compress(self.ends[start:end], kept)

    def join_words(self) -> None:
        """Undo word segmentation, that is, a text with a space between all words."""
        text = self.text
        if text.count(" ") * 8 > len(text):
            self.drop([(0, len(text))], _BLANK_BETWEEN)
            text = self.text
        for sign, count in Counter(_SIGN_BETWEEN.findall(text)).items():
            # A symbol after every sixth character or more often is not punctuation; nor is a repeated rare character.
            if count >= _MIN_SIGNS and (count * 6 > len(text) or "\u4e00" <= sign <= "\u9fff"):
                self.drop([(0, len(text))], re.compile(re.escape(sign)))
                self.disguises += 1
                text = self.text

    def join_components(self) -> None:
        for match in reversed(list(_component_pattern().finditer(self.text))):
            self.replace(match.start(), match.end(), components()[match.group()])
            self.disguises += 1

    def remove_separators(self) -> None:
        digits = [match.span() for match in _SINGLE_DIGITS.finditer(self.text)]
        if digits:
            self.drop(digits, _SEPARATORS)
            self.disguises += len(digits)
        text = self.text
        spaced = [match.span() for match in _SPACED.finditer(text)]
        if spaced:
            self.drop(spaced, _SEPARATORS)
            self.disguises += len(spaced)
            text = self.text
        split = [match.span() for match in _SPLIT_WORD.finditer(text) if _SEPARATORS.search(match.group())]
        if split:
            # In segmented text with a space between all words, a split word is not a disguise.
            self.disguises += sum(text[start:end].count(" ") < end - start - 2 for start, end in split)
            self.drop(split, _SEPARATORS)

    def read_numerals(self) -> None:
        for match in _LETTERED.finditer(self.text):
            if not match.group().isdigit():
                self.characters[match.start() : match.end()] = match.group().translate(_DIGIT_OF)
                self.disguises += 1
        for match in reversed(list(_SPELLED.finditer(self.text))):
            if _HAS_NUMERAL.search(match.group()):
                for at in range(match.start(), match.end()):
                    self.characters[at] = self.characters[at].translate(_NUMERALS)

    def read_aloud(self, heard: tuple[str, list[tuple[int, int, str]]] | None) -> None:
        """Replace words misspelled by sound. ``heard`` is the result for the original text, if it is unchanged."""
        text = self.text
        found = heard[1] if heard and heard[0] == text else misspelled(text)
        for start, end, word in reversed(found):
            self.replace(start, end, word)
            self.disguises += 1

    def undo_variants(self) -> None:
        text = self.text
        if not _has_variant(text):
            return
        for pattern, variant in _compiled_variants():
            found = list(pattern.finditer(text))
            if not found:
                continue
            for match in reversed(found):
                group = 1 if pattern.groups else 0
                self.replace(*match.span(group), variant.standard)
                self.disguises += variant.disguise
            text = self.text


_SEPARATORS = pattern_on_use(_SEPARATOR)
_MIN_SIGNS = 3
_SIGN_BETWEEN = pattern_on_use(
    r"(?<=[\u4e00-\u9fffa-z0-9，。：:])([·•∙‧|/*_~^+=#\\卝丨丶亠乛乄])(?=[\u4e00-\u9fffa-z0-9，。：:])"
)
_BLANK_BETWEEN = pattern_on_use(r"(?<=[\u4e00-\u9fff]) +|(?<! ) +(?=[\u4e00-\u9fff])")
_REVERSED = pattern_on_use("\u202e([^\u202c\u2069\n]*)")


def _reading_order(original: str) -> list[int] | range:
    """Return the positions in display order: text after U+202E is reversed."""
    if "\u202e" not in original:
        return range(len(original))
    order = list(range(len(original)))
    for match in _REVERSED.finditer(original):
        start, end = match.span(1)
        order[start:end] = reversed(range(start, end))
    return order


def _needs_joining(text: str) -> bool:
    """Return whether any step after the first can change an ordinary text."""
    return bool(
        _traditional_pattern().search(text)
        or text.count(" ") * 8 > len(text)
        or len(_SIGN_BETWEEN.findall(text)) >= _MIN_SIGNS
        or _component_pattern().search(text)
        or _has_variant(text)
        or _SPACED.search(text)
        or _SINGLE_DIGITS.search(text)
        or any(_SEPARATORS.search(match.group()) for match in _SPLIT_WORD.finditer(text))
        or (_LETTER_BY_DIGIT.search(text) and _LETTERED.search(text))
        or any(_HAS_NUMERAL.search(match.group()) for match in _SPELLED.finditer(text))
    )


@cache
def _component_pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, components()), key=len, reverse=True)))


@cache
def _compiled_variants() -> tuple[tuple[re.Pattern[str], Variant], ...]:
    return tuple((re.compile(variant.pattern), variant) for variant in variants())


@cache
def _traditional_pattern() -> re.Pattern[str]:
    return re.compile(f"[{''.join(character for character, _ in _rows('traditional.tsv'))}]")


def _has_variant(text: str) -> bool:
    latin, others = _variant_patterns()
    return others.search(text) is not None or (
        _LETTER.search(text) is not None and latin.search(text) is not None
    )


@cache
def _variant_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return two combined patterns: those that start with a Latin letter, tried at word starts, and all others."""
    latin = [row.pattern for row in variants() if row.pattern.startswith("(?<![a-z")]
    others = [row.pattern for row in variants() if not row.pattern.startswith("(?<![a-z")]
    first, second = ("|".join(f"(?:{pattern})" for pattern in group) for group in (latin, others))
    return re.compile(f"(?<![a-z])(?=[a-z])(?:{first})"), re.compile(second)


@cache
def _characters() -> dict[str, tuple[str, bool]]:
    """Return the cache of single characters, which fills as characters are seen."""
    table = {traditional: (simplified, False) for traditional, simplified in _rows("traditional.tsv")}
    table.update(
        {
            character: (letter, letter.isalpha() and letter.isascii())
            for character, letter in _rows("homoglyphs.tsv")
        }
    )
    return table


def _one_spelling(character: str) -> tuple[str, bool]:
    """Return the standard form of one character, and whether its form is a disguise."""
    letter = _boxed_letter(ord(character))
    category = unicodedata.category(character)
    standard = unicodedata.normalize("NFKC", character).lower()
    spelling = (standard, False)
    if letter:
        spelling = letter, True
    elif character in _KEPT_PUNCTUATION:
        spelling = character, False
    elif character in _ZERO_WIDTH or character in _BIDI:
        spelling = "", True
    elif character.isascii():
        spelling = ("\n" if character in "\r\x0b\x0c" else character.lower()), False
    elif category in {"Mn", "Me", "Cf"}:
        spelling = "", category == "Mn"
    elif category in {"So", "Sk", "Cs", "Co", "Cn"}:
        spelling = (standard, True) if standard.isalnum() else ("", False)
    elif category == "Zs":
        spelling = " ", False
    elif standard != character.lower() and standard.isalnum():
        # Full-width letters come from the input method; circled and mathematical ones are chosen on purpose.
        spelling = standard, not "\uff00" <= character <= "\uffef"
    return spelling


def _boxed_letter(code: int) -> str:
    """Return the letter of a negative circled, squared or flag character, which have no Unicode normal form."""
    for first in (0x1F150, 0x1F170, 0x1F1E6):
        if first <= code < first + 26:
            return chr(ord("a") + code - first)
    return ""


def _rows(name: str) -> list[tuple[str, ...]]:
    text = files("waybillguard.scam").joinpath("data", name).read_text("utf-8")
    return [tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("# ")]
