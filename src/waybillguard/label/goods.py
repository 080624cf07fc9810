"""Finds the goods class (物品类别) of an order line, which is printed on the label instead of the title.

Scammers quote the goods in their scripts, so the label shows a class and never the title. Classes and their words
are data (``data/goods.tsv``); embarrassing and valuable goods fall into a neutral class.
"""

from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Final

import ahocorasick_rs

OTHER: Final = "其他"
"""Class of a title without a known word."""


@cache
def _words() -> tuple[tuple[str, str, int], ...]:
    raw = files("waybillguard.label").joinpath("data", "goods.tsv").read_text(encoding="utf-8")
    rows: list[tuple[str, str, int]] = []
    for line in raw.splitlines():
        if not line or line.startswith("#"):
            continue
        label, weight, words = line.split("\t")
        rows.extend((label, word, int(weight)) for word in words.split())
    return tuple(rows)


@cache
def classes() -> frozenset[str]:
    """Return all goods classes that a label may show."""
    return frozenset(label for label, _, _ in _words()) | {OTHER}


@cache
def _automaton() -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(
        [word for _, word, _ in _words()], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest
    )


def goods_class(title: str) -> str:
    """Return the goods class of an item title; ``OTHER`` if it contains no known word.

    The class with the greatest total weight of words wins. On a tie the later word wins, because Chinese titles end
    with the item itself. The result is always one of ``classes()``, so no text of the title is passed on.

    >>> goods_class("2026新款女士加绒卫衣 2件")
    '服装'
    """
    rows = _words()
    score: defaultdict[str, float] = defaultdict(float)
    folded = title.casefold()
    for index, start, end in _automaton().find_matches_as_indexes(folded):
        label, word, weight = rows[index]
        score[label] += weight * len(word) * (1.0 + end / (len(folded) or 1))
        del start
    return max(score, key=lambda label: score[label]) if score else OTHER
