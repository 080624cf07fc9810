"""Recognise column titles of exports, and the platform that uses such titles.

The vocabulary is in three tables of this package: ``headers.csv`` (titles by platform),
``headers_parts.csv`` (a party such as 收件人 and an attribute such as 手机号) and
``headers_platforms.csv`` (names of platforms, and whether they issue encrypted waybills).
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import NamedTuple

from waybillguard.orders.divisions import traditional_characters

_DECORATION = re.compile(r"[\s*_:;,.!?'\"“”‘’【】\[\]<>#★☆●·、。\ufeff\u200b-\u200f\u2060\0-]+")
_BRACKETS = re.compile(r"\([^()]*\)")
_BRACKETED_EMPTY = re.compile(r"\((?:必填|选填|非必填|必选|可选|必填项|required|optional)\)")
_MAX_TITLE = 40
FALLBACK_RANK = 9
BARE_RANK = 5
_ENDING_RANK = 6
_EITHER = re.compile(r"[/、或|&+和及]")
_CONTACT_FIELDS = frozenset(
    {"name", "phone", "province", "city", "district", "town", "region", "address", "address_more"}
)


class Meaning(NamedTuple):
    """The meaning of a title: its field, its rank as a source of that field, and the party it refers to."""

    field: str
    rank: int
    party: str


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform, an ERP or a courier template with known export titles."""

    key: str
    title: str
    kind: str
    encrypted: bool
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """All known titles, parties, attributes and platforms; loaded once and immutable."""

    titles: Mapping[str, Meaning]
    parties: Mapping[str, str]
    attributes: Mapping[str, str]
    endings: Mapping[str, str]
    marks: Mapping[str, frozenset[str]]
    platforms: Mapping[str, Platform]

    def lookup(self, title: str) -> Meaning | None:
        """Return the meaning of a title, or None if it is unknown.

        Remarks in brackets are ignored. Several words for one field (手机/固话) count as one. Several fields of a
        contact (姓名/电话/地址) mean one cell that holds all of them. Some endings alone determine the field.
        """
        key = normalise(title)
        found = self.titles.get(key)
        if found is None and "(" in key:
            inside = _BRACKETS.search(key)
            key = _BRACKETS.sub("", key)
            party = self.parties.get(inside[0].strip("()"), "") if inside else ""
            if party:  # Phone (Billing), 电话（寄件人）
                return self.attribute(party, key)
            found = self.titles.get(key)
        return found or self._either(key) or self._ending(key) or self._counted(key)

    def _either(self, key: str) -> Meaning | None:
        words = [word for word in _EITHER.split(key) if word]
        meanings = [meaning for word in words if (meaning := self.titles.get(word))]
        if len(words) < 2 or len(meanings) < len(words):  # noqa: PLR2004 - a single word is no alternative
            return None
        party = meanings[0].party
        fields = {
            (meaning if meaning.party else _compose(party, meaning.field, 1)).field for meaning in meanings
        }
        if len(fields) == 1:
            return meanings[0]
        if {field.removeprefix("sender_") for field in fields} <= _CONTACT_FIELDS:
            return _compose(party, "contact", 1)
        return None

    def _ending(self, key: str) -> Meaning | None:
        for ending, field in self.endings.items():
            if key.endswith(ending):
                return Meaning(field, FALLBACK_RANK if field == "order_no" else _ENDING_RANK, "")
        return None

    def _counted(self, key: str) -> Meaning | None:
        """Return the meaning of a numbered title (联系人1, 电话1, 手机2): names and numbers of one party."""
        found = self.titles.get(key.rstrip("12345"))
        return found if found and found.field.removeprefix("sender_") in {"name", "phone"} else None

    def attribute(self, party: str, title: str) -> Meaning | None:
        """Return the meaning of an attribute such as 电话 for a party."""
        key = normalise(title)
        for word in (key, _BRACKETS.sub("", key)):
            field = self.attributes.get(word)
            if field is not None:
                return _compose(party, field, 1)
        fields = {self.attributes.get(word, "") for word in _EITHER.split(key)}
        return _compose(party, fields.pop(), 1) if len(fields) == 1 and "" not in fields else None

    def party(self, title: str) -> str:
        """Return consignee, sender or buyer if the title names a party, else an empty string."""
        return self.parties.get(_BRACKETS.sub("", normalise(title)), "")


def normalise(title: str) -> str:
    """Normalise a title: simplified characters, half width, lower case, no decoration and no "required" mark.

    >>> normalise("＊收件人 手机号（必填）")
    '收件人手机号'
    >>> normalise("聯絡電話"), normalise("ship-phone-number")
    ('联络电话', 'shipphonenumber')
    """
    if len(title) > _MAX_TITLE:
        return ""
    text = unicodedata.normalize("NFKC", title).lower()
    # Marketplaces write ship-phone-number.
    text = text.replace("-", "") if text.isascii() else text.translate(traditional_characters())
    return _BRACKETED_EMPTY.sub("", _DECORATION.sub("", text))


@cache
def library() -> Library:
    """Return the known titles, loaded from the package's data on first use."""
    parties: dict[str, str] = {}
    attributes: dict[str, str] = {}
    endings: dict[str, str] = {}
    bare: list[str] = []
    for row in _rows("headers_parts.csv"):
        word = normalise(row["word"])
        if row["kind"] == "party":
            parties[word] = row["value"]
        elif row["kind"] == "ending":
            endings[word] = row["value"]
        else:
            attributes[word] = row["value"]
            if row["bare"] == "1":
                bare.append(word)
    titles = _composed(parties, attributes, bare)
    marks: dict[str, set[str]] = {}
    explicit: dict[str, Meaning] = {}
    for row in _rows("headers.csv"):
        key = normalise(row["header"])
        party = parties.get(key) or (titles[key].party if key in titles else "")
        meaning = Meaning(row["field"], int(row["rank"]), party)
        _keep_better(explicit, key, meaning)
        if row["mark"] == "1":
            marks.setdefault(key, set()).add(row["platform"])
    titles.update(explicit)  # listed titles take precedence over composed ones
    platforms = {
        row["key"]: Platform(
            row["key"], row["title"], row["kind"], row["encrypted"] == "1", tuple(row["names"].split("|"))
        )
        for row in _rows("headers_platforms.csv")
    }
    return Library(
        MappingProxyType(titles),
        MappingProxyType(parties),
        MappingProxyType(attributes),
        MappingProxyType(endings),
        MappingProxyType({key: frozenset(value) for key, value in marks.items()}),
        MappingProxyType(platforms),
    )


def _composed(
    parties: Mapping[str, str], attributes: Mapping[str, str], bare: list[str]
) -> dict[str, Meaning]:
    """Return every composed title: an attribute alone, or a party and an attribute."""
    titles: dict[str, Meaning] = {}
    for word in bare:
        _keep_better(titles, word, Meaning(attributes[word], BARE_RANK, ""))
    for party_word, party in parties.items():
        for word, field in attributes.items():
            for joint in ("", "的", "/"):
                _keep_better(titles, party_word + joint + word, _compose(party, field, 1))
    return titles


def platform_of_titles(titles: Iterable[str]) -> str:
    """Return the key of the platform or ERP whose exports have these titles, or an empty string.

    >>> platform_of_titles(["订单号", "拼单成功时间", "收货人"])
    'pinduoduo'
    """
    known = library()
    votes: dict[str, int] = {}
    for title in titles:
        for platform in known.marks.get(normalise(title), ()):
            votes[platform] = votes.get(platform, 0) + 1
    order = list(known.platforms)
    return max(votes, key=lambda key: (votes[key], -order.index(key)), default="")


def platform_key(text: str) -> str:
    """Return the key of the platform named in a cell, shop, sheet or file name, or an empty string.

    >>> platform_key("抖音小店"), platform_key("某某京东旗舰店"), platform_key("门市")
    ('douyin', 'jd', '')
    """
    if not text:
        return ""
    exact, contained = _platform_names()
    found = exact.get(normalise(text))
    if found is not None:
        return found
    match = contained.search(unicodedata.normalize("NFKC", text).lower())
    return exact[match[0]] if match else ""


@cache
def _platform_names() -> tuple[Mapping[str, str], re.Pattern[str]]:
    exact: dict[str, str] = {}
    for platform in library().platforms.values():
        for name in platform.names:
            exact.setdefault(normalise(name), platform.key)
    parts = [
        rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])" if name.isascii() else re.escape(name)
        for name in sorted(exact, key=len, reverse=True)
        if library().platforms[exact[name]].kind == "platform"
    ]
    return MappingProxyType(exact), re.compile("|".join(parts))


def _compose(party: str, field: str, rank: int) -> Meaning:
    if field == "ignore":
        return Meaning("ignore", rank, party)
    if party == "sender":
        return Meaning(f"sender_{field}", rank, party)
    if party == "buyer":
        return (
            Meaning(field, FALLBACK_RANK, party) if field in _CONTACT_FIELDS else Meaning("buyer", 1, party)
        )
    return Meaning(field, rank, party)


def _keep_better(titles: dict[str, Meaning], key: str, meaning: Meaning) -> None:
    if key and (key not in titles or meaning.rank < titles[key].rank):
        titles[key] = meaning


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files("waybillguard.orders").joinpath("data", name).read_text("utf-8")
    return csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
