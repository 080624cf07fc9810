"""The rules of ``data/rules.yaml``: words and patterns for each request, claim or frame.

A rule's pattern is tried only where one of its words occurs. Every rule has example sentences that it must match and
must not match; the tests check each row.
"""

import re
from collections import defaultdict
from functools import cache
from typing import Any

import ahocorasick_rs
import msgspec

from waybillguard.shipped import read_yaml

type Hits = dict[str, list[tuple[int, int]]]


#: A request is within one clause, so a gap in its pattern does not match a comma.
_WITHIN_A_CLAUSE = frozenset(
    {
        "off_platform_contact",
        "asks_card_or_code",
        "asks_screen_share",
        "asks_payment",
        "installs",
        "callback",
        "asks_identity",
    }
)


class Rule(msgspec.Struct, frozen=True):
    """One row of the rules.

    Attributes:
        kind: the kind that a match indicates.
        words: words of which at least one must occur.
        pattern: regular expression on normalised text; None if the words themselves are the matches.
    """

    kind: str
    words: tuple[str, ...]
    pattern: str | None
    hits: tuple[str, ...]
    misses: tuple[str, ...]


class RuleBook:
    """All rules, compiled."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        """Compile ``rules``."""
        self.rules = rules
        words = sorted({word for rule in rules for word in rule.words})
        self._automaton = ahocorasick_rs.AhoCorasick(words)
        self._users: list[list[int]] = [
            [number for number, rule in enumerate(rules) if word in rule.words] for word in words
        ]
        self._patterns = [re.compile(rule.pattern) if rule.pattern is not None else None for rule in rules]

    def find(self, text: str) -> Hits:
        """Return the matches of each kind in a normalised ``text``, in the order of the rules."""
        found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        wanted: set[int] = set()
        for word, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for number in self._users[word]:
                if self._patterns[number] is None:
                    found[self.rules[number].kind].append((start, end))
                else:
                    wanted.add(number)
        for number in sorted(wanted):
            pattern = self._patterns[number]
            if pattern is not None and (spans := [match.span() for match in pattern.finditer(text)]):
                found[self.rules[number].kind].extend(spans)
        return found


@cache
def rule_book() -> RuleBook:
    """Return the shipped rules."""
    data = read_yaml("waybillguard.scam", "data/rules.yaml", dict[str, Any])
    lists: dict[str, list[str]] = data["words"]
    alternatives = {name: "(?:" + "|".join(map(re.escape, words)) + ")" for name, words in lists.items()}

    def rule(row: dict[str, Any]) -> Rule:
        needs = row["needs"]
        pattern: str | None = row["pattern"]
        if pattern == f"{{{needs}}}":
            pattern = None
        else:
            for name, alternative in alternatives.items():
                pattern = str(pattern).replace(f"{{{name}}}", alternative)
            if row["kind"] in _WITHIN_A_CLAUSE:
                pattern = re.sub(r"(?<!\\)\.(?=\{)", "[^，。；;！？\\n]", str(pattern))
        words = tuple(lists[needs] if isinstance(needs, str) else needs)
        return Rule(row["kind"], words, pattern, tuple(row["hits"]), tuple(row["misses"]))

    return RuleBook(tuple(rule(row) for row in data["rules"]))
