"""Classify names of consignees: persons, organisations, masked and encrypted values.

Promise: a text counts as an organisation only if it contains a word for one; everything else is a person.
"""

import re
from functools import cache
from importlib import resources

from waybillguard.on_demand import pattern_on_use

# Some keyboards write a bullet instead of a middle dot between two words (麦麦提•吐尔逊, 万科•城市花园).
_NO_DOT = r"(?<![\u3400-\u9fff]{2})•|•(?![\u3400-\u9fff]{2})"
_MASK_RUN = pattern_on_use(rf"[*＊●■]|{_NO_DOT}|×{{2,}}|(?<![A-Za-z])[xX]{{2,}}(?![A-Za-z])")
_MASKED_ADDRESS = pattern_on_use(rf"[*＊●■]|{_NO_DOT}|×{{2,}}|(?<![A-Za-z])[xX]{{3,}}(?![A-Za-z])")
_BASE64 = pattern_on_use(r"(?:[A-Za-z]{1,8}[.:])?(?:[A-Za-z0-9+/_=-]{24,}|[A-Za-z0-9+/_-]{14,}={1,2})")
_WRAPPED = pattern_on_use(r"([~#$^])[A-Za-z0-9+/=_~#$.*-]{8,}\1?[A-Za-z0-9+/=_~#$.*-]*")
_HAN = pattern_on_use(r"[\u3400-\u9fff\U00020000-\U000323af]")
_PERSON_TITLE = pattern_on_use(r"(?:先生|女士|小姐|太太|老师|师傅|阿姨|叔叔|同学|经理|老板|医生|律师|总)$")


@cache
def data_lines(name: str) -> tuple[str, ...]:
    """Return the first column of a data table of this package, without comments."""
    text = (resources.files("waybillguard.orders") / "data" / name).read_text("utf-8")
    return tuple(line.split("\t")[0].strip() for line in text.splitlines() if line.strip() and line[0] != "#")


@cache
def compound_surnames() -> frozenset[str]:
    """Return the surnames of two characters (复姓)."""
    return frozenset(word for word in data_lines("surnames.tsv") if len(word) == 2)  # noqa: PLR2004


@cache
def single_surnames() -> frozenset[str]:
    """Return the surnames of one character."""
    return frozenset(word for word in data_lines("surnames.tsv") if len(word) == 1)


@cache
def _organisation_pattern() -> re.Pattern[str]:
    words = sorted(data_lines("organisations.tsv"), key=len, reverse=True)
    return re.compile(
        "(?:" + "|".join(map(re.escape, words)) + r")(?:[（(][^（）()]*[省市区县店部厂库仓][）)])?\s*$"
    )


def is_organisation(text: str) -> bool:
    """Return whether ``text`` is only the name of an organisation, ending in a word for one.

    >>> is_organisation("某某贸易有限公司"), is_organisation("王小明"), is_organisation("某某公司 王小明")
    (True, False, False)
    """
    text = text.strip()
    return (
        len(text) > 3  # noqa: PLR2004  公司 alone is no name
        and _organisation_pattern().search(text) is not None
        and not _PERSON_TITLE.search(text)
    )


def surname(text: str) -> str:
    """Return the surname at the start of ``text``: two characters if compound, else the first character.

    A name that does not begin with a surname (a nickname) also gives its first character.
    """
    text = text.strip()
    if text[:2] in compound_surnames():
        return text[:2]
    return text[:1]


def begins_with_surname(text: str) -> bool:
    """Return whether ``text`` begins with a surname of one or two characters."""
    return text[:1] in single_surnames() or text[:2] in compound_surnames()


def looks_masked(text: str) -> bool:
    """Return whether part of ``text`` is already masked with stars."""
    return _MASK_RUN.search(text) is not None


def is_masked_phone(text: str) -> bool:
    """Return whether ``text`` is a telephone number with hidden digits."""
    return looks_masked(text) or re.search(r"[0-9][xX#?？]{2,}[0-9]", text) is not None


def is_masked_address(text: str) -> bool:
    """Return whether a part of an address is masked; a ``#`` after a building number is no mask."""
    return _MASKED_ADDRESS.search(text) is not None


def looks_ciphertext(text: str) -> bool:
    """Return whether ``text`` is a platform's encrypted field rather than plain text.

    Known shapes: ``~…~…~1~``, ``#…#…##``, ``$…$``, long base64, OAID-like tokens. Text with a Chinese
    character in it is never ciphertext.
    """
    text = text.strip()
    if not 16 <= len(text) <= 4096 or _HAN.search(text) or " " in text:  # noqa: PLR2004
        return False
    if text[0] in "~#$^" and _WRAPPED.fullmatch(text):
        return True
    if not _BASE64.fullmatch(text):
        return False
    body = text.rstrip("=")
    kinds = sum(
        (
            any(c.islower() for c in body),
            any(c.isupper() for c in body),
            any(c.isdigit() for c in body),
            any(c in "+/_" for c in body) or text.endswith("="),
        )
    )
    hexadecimal = len(body) >= 32 and re.fullmatch(r"[0-9a-f]+|[0-9A-F]+", body) is not None and kinds > 1  # noqa: PLR2004
    return kinds >= 3 or hexadecimal  # noqa: PLR2004
