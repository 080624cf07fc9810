"""Turns fragments of names and addresses into keyed 8-byte tokens, for searches by a fragment.

A text is split into grams: every two neighbouring Han characters, every run of digits, every run of Latin
letters. A single Han character is not a gram: it would reveal too much and match too many orders. Province, city
and district are never part of the text, because they are in clear columns. Tokens of different tenants, months
and fields cannot be compared. Grams find a superset of the matches; keyd checks it against the sealed contacts.
Byte format: docs/formats.md, "Fragment grams".
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from hashlib import blake2b
from typing import Final

from waybillguard.keys.primitives import KEY_SIZE, blake2b_derive, frame, require_size, require_u32
from waybillguard.seal.contact import Contact
from waybillguard.seal.normal import to_utf8

GRAM_TOKEN_SIZE: Final = 8
MAX_GRAMS: Final = 64
"""Most grams stored per text; a longer address is found by its first 64."""

_HAN: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WANTED: Final = re.compile(f"[{_HAN}]+|[0-9]+|[A-Z]+")
_HALF_UPPER: Final = (
    {code: chr(code - 32) for code in range(ord("a"), ord("z") + 1)}
    | {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {code: chr(code - 0xFEE0 - 32) for code in range(0xFF41, 0xFF5B)}
)
_ODD: Final = re.compile("[a-z\uff01-\uff5e]")
_KEPT_MONTHS: Final = 16
_KEPT_GRAMS: Final = 200_000


class FragmentField(StrEnum):
    """The fields that can be searched by a fragment. The value is part of the derivation and must never change."""

    NAME = "name-gram"
    ADDRESS = "address-gram"


def plain(text: str) -> str:
    """Keep Han characters, digits and Latin letters (half width, upper case); drop the rest.

    >>> plain("向阳花园，３幢 a座")
    '向阳花园3幢A座'
    """
    return "".join(_WANTED.findall(text.translate(_HALF_UPPER)))


def grams_of(text: str) -> list[str]:
    """Return the distinct grams of a text in order of first appearance, at most `MAX_GRAMS`.

    >>> grams_of("机场路12号3幢")
    ['机场', '场路', '12', '3']
    """
    found: dict[str, None] = {}
    for run in runs_of(text):
        found.update(dict.fromkeys(_grams_of_run(run)))
    return list(found)[:MAX_GRAMS]


def runs_of(text: str) -> list[str]:
    """Return the runs of Han characters, digits and Latin letters that remain when the rest is dropped.

    >>> runs_of("向阳花园，３幢 a座")
    ['向阳花园', '3', '幢', 'A', '座']
    """
    if _ODD.search(text):
        text = text.translate(_HALF_UPPER)
    runs: list[str] = _WANTED.findall(text)
    joined = "".join(runs)
    # Neighbouring runs may have become one if a character between them was dropped.
    return runs if len(joined) == len(text) else _WANTED.findall(joined)


def _grams_of_run(run: str) -> list[str]:
    return [run] if run[0] <= "Z" else [run[place : place + 2] for place in range(len(run) - 1)]


def fragment_text(field: FragmentField, contact: Contact) -> str:
    """Return the text of a contact from which a field's grams are made."""
    return contact.name if field is FragmentField.NAME else contact.detail


def holds_fragment(field: FragmentField, contact: Contact, fragment: str) -> bool:
    """Return whether the contact really contains the fragment; punctuation and width are ignored."""
    wanted = plain(fragment)
    return bool(wanted) and wanted in plain(fragment_text(field, contact))


class _MonthGrams:
    """Keyed states of one month, and a cache of tokens per run, because most addresses repeat the same runs."""

    __slots__ = ("_known", "_runs", "_states")

    def __init__(self, root: bytes, tenant: str, month: int) -> None:
        require_u32(month, "month number")
        self._states: dict[FragmentField, blake2b] = {}
        self._known: dict[FragmentField, dict[str, bytes]] = {field: {} for field in FragmentField}
        self._runs: dict[FragmentField, dict[str, tuple[bytes, ...]]] = {field: {} for field in FragmentField}
        for field in FragmentField:
            message = frame(tenant.encode(), b"search", field.value.encode(), month.to_bytes(4))
            key = blake2b_derive(root, message, person=b"index-key")
            self._states[field] = blake2b(digest_size=GRAM_TOKEN_SIZE, key=key, person=b"gram-token")

    def tokens(self, field: FragmentField, grams: Sequence[str]) -> list[bytes]:
        known = self._known[field]
        answer = []
        for gram in grams:
            if (token := known.get(gram)) is None:
                state = self._states[field].copy()
                state.update(to_utf8(gram))
                token = state.digest()
                if len(known) >= _KEPT_GRAMS:
                    known.clear()
                known[gram] = token
            answer.append(token)
        return answer

    def joined(self, field: FragmentField, text: str) -> bytes:
        """Return the tokens of `grams_of` a text in one byte string; a cached run needs one look-up."""
        runs = self._runs[field]
        found: dict[bytes, None] = {}
        for run in runs_of(text):
            if (tokens := runs.get(run)) is None:
                tokens = tuple(self.tokens(field, _grams_of_run(run)))
                if len(runs) >= _KEPT_GRAMS:
                    runs.clear()
                runs[run] = tokens
            for token in tokens:
                found[token] = None
        if len(found) > MAX_GRAMS:
            return b"".join(list(found)[:MAX_GRAMS])
        return b"".join(found)


class GramKeys:
    """Makes the gram tokens of one tenant.

    Args:
        root: 32 bytes, ``holder.derive(Purpose.INDEX)``.
        tenant: its stable name.
    """

    __slots__ = ("_months", "_root", "tenant")

    def __init__(self, root: bytes, tenant: str) -> None:
        require_size(root, KEY_SIZE, "index root")
        self._root = root
        self.tenant = tenant
        self._months: dict[int, _MonthGrams] = {}

    def __repr__(self) -> str:
        """Show only the type."""
        return "GramKeys(…)"

    def tokens(self, field: FragmentField, text: str, month: int) -> list[bytes]:
        """Return the tokens of a text's grams under a month's key; empty if it contains no gram."""
        return self._month(month).tokens(field, grams_of(text))

    def search_tokens(
        self, field: FragmentField, fragment: str, months: Iterable[int]
    ) -> list[tuple[int, list[bytes]]]:
        """Return (month, tokens) for each month; empty if the fragment contains no gram."""
        grams = grams_of(fragment)
        return [(month, self._month(month).tokens(field, grams)) for month in months] if grams else []

    def of_contact(self, contact: Contact, month: int) -> tuple[bytes, bytes]:
        """Return the tokens of name and address, each joined to one byte string."""
        keys = self._month(month)
        return (
            keys.joined(FragmentField.NAME, contact.name),
            keys.joined(FragmentField.ADDRESS, contact.detail),
        )

    def _month(self, month: int) -> _MonthGrams:
        if (keys := self._months.get(month)) is None:
            if len(self._months) >= _KEPT_MONTHS:
                self._months.clear()
            keys = self._months[month] = _MonthGrams(self._root, self.tenant, month)
        return keys
