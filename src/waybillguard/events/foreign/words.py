"""Known words of foreign logs: column titles, operations, yes-or-no answers; data in ``events/data``."""

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

_BRACKETS: Final = re.compile(r"[(（\[【<].{0,200}?[)）\]】>]")
_SEPARATORS: Final = re.compile(r"[\s_\-—/\\|,，、;；:：.。*＊#\"'‘’“”`!！?？>]+")


def fold(text: str) -> str:
    """Normalise a title or word: drop case, width, brackets and punctuation.

    >>> fold("Order_No."), fold("操作时间（北京）"), fold("【导出】订单")
    ('orderno', '操作时间', '订单')
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _SEPARATORS.sub("", _BRACKETS.sub("", plain)) or _SEPARATORS.sub(
        "", re.sub(r"[(\[【<>】\])]", "", plain)
    )


@cache
def titles() -> Mapping[str, tuple[tuple[str, int], ...]]:
    """Return, for each folded title, its possible fields with their rank in the title list, best first."""
    found: dict[str, list[tuple[str, int]]] = {}
    for row in _rows("log_titles.csv"):
        for place, title in enumerate(row["titles"].split("|")):
            found.setdefault(fold(title), []).append((row["field"], place))
    return MappingProxyType({title: tuple(places) for title, places in found.items()})


@cache
def possible_fields(title: str) -> tuple[tuple[str, int], ...]:
    """Return the possible fields of a title with their rank (lower is better); dots separate a JSON path."""
    parts = title.split(".")
    for tail in range(min(2, len(parts) - 1) + 1):
        name = fold("".join(parts if tail == 0 else parts[-2:] if tail == 1 else parts[-1:]))
        if known := titles().get(name):
            return tuple((field, place + tail) for field, place in known)
    name = fold(title)
    return tuple((field, place) for field, place, ending in _endings() if _ends(name, ending))


@cache
def fields() -> tuple[str, ...]:
    """Return the fields that a column may be mapped to."""
    return tuple(row["field"] for row in _rows("log_titles.csv"))


def action_of(text: str) -> str:
    """Return the action named in a cell, ``ignore``, or an empty string if no word is known.

    >>> action_of("批量导出订单"), action_of("解密查看收件人"), action_of("Re-print label"), action_of("喝茶")
    ('export', 'reveal', 'reprint', '')
    """
    return _action_of(fold(text)) or _action_of(
        _SEPARATORS.sub("", unicodedata.normalize("NFKC", text).casefold())
    )


def answer_of(text: str) -> bool | None:
    """Return the value of a yes-or-no cell, None if unknown."""
    return _answers().get(fold(text))


@cache
def _action_of(folded: str) -> str:
    best, length = "", 0
    for word, action in _actions():
        if len(word) > length and word in folded:
            best, length = action, len(word)
    return best


@cache
def _actions() -> tuple[tuple[str, str], ...]:
    return tuple(
        (fold(word), row["action"]) for row in _rows("action_words.csv") for word in row["words"].split("|")
    )


@cache
def _answers() -> Mapping[str, bool]:
    return MappingProxyType(
        {
            fold(word): row["value"] == "yes"
            for row in _rows("answer_words.csv")
            for word in row["words"].split("|")
        }
    )


@cache
def _endings() -> tuple[tuple[str, int, str], ...]:
    return tuple(
        (row["field"], int(row["place"]), fold(ending))
        for row in _rows("log_endings.csv")
        for ending in row["endings"].split("|")
    )


def _ends(name: str, ending: str) -> bool:
    """Return whether a title ends with ``ending``; endings of one or two letters must be the whole title."""
    return name == ending if ending.isascii() and len(ending) <= 2 else name.endswith(ending)  # noqa: PLR2004


def _rows(name: str) -> list[dict[str, str]]:
    text = files("waybillguard.events").joinpath("data", name).read_text("utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
