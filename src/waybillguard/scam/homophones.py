"""Find words written with other characters or Latin syllables of the same sound ("理陪", "红bao").

``data/homophones.tsv`` (made by ``scripts/make-homophones``) contains the characters of each syllable, the words that
frauds misspell, spellings that sound alike but are ordinary words, and common words that begin or end with one of their
syllables: "施工|安全" does not contain 公安.
"""

import re
from functools import cache
from importlib.resources import files
from itertools import count

import ahocorasick_rs
import msgspec

_LATIN = re.compile(r"(?<![a-z0-9._/@-])[a-z]{2,6}(?![a-z0-9._/@-])")
_FIRST_SIGN = 0xE000
#: Private-use characters in a message are blanked out, because the table uses them for syllables.
_PRIVATE = re.compile("[\ue000-\uf8ff]")


class HomophoneTable(msgspec.Struct, frozen=True):
    """The table of homophones. Each syllable is one private-use character, so that sounds are searched as text."""

    signs: dict[str, str]
    of: dict[str, str]
    words: tuple[str, ...]
    spoken: ahocorasick_rs.AhoCorasick
    ordinary: frozenset[str]
    crossing: frozenset[str]


def misspelled(text: str) -> list[tuple[int, int, str]]:
    """Return the ranges of a normalised ``text`` that are misspelled by sound, with the intended words.

    Ranges do not overlap.
    """
    table = _sounds()
    plain = _PRIVATE.sub(" ", text)
    heard = "".join(map(table.of.get, plain, plain))
    places: list[int] | None = None
    if not text.isascii() and (syllables := _latin(text, table.signs)):
        heard, places = _spoken(heard, syllables)
    found = []
    for number, start, end in table.spoken.find_matches_as_indexes(heard):
        if places is not None:
            start, end = places[start], places[end]  # noqa: PLW2901 - the same place in the text
        written, word = text[start:end], table.words[number]
        if (
            written != word
            and written not in table.ordinary
            and not written.isascii()
            # A common word crosses the edge of the range, so the range is parts of two words, not one misspelled word.
            and text[max(0, start - 1) : start + 1] not in table.crossing
            and text[end - 1 : end + 1] not in table.crossing
        ):
            found.append((start, end, word))
    return found


def _latin(text: str, signs: dict[str, str]) -> list[tuple[int, int, str]]:
    return [
        (*match.span(), signs[sound])
        for match in _LATIN.finditer(text)
        if (sound := sound_of(match.group())) in signs
    ]


def _spoken(heard: str, syllables: list[tuple[int, int, str]]) -> tuple[str, list[int]]:
    """Replace each Latin syllable with its private-use character; return the text and the start of each character."""
    parts, places, at = [], [], 0
    for start, end, sign in syllables:
        parts += [heard[at:start], sign]
        places += [*range(at, start), start]
        at = end
    return "".join([*parts, heard[at:]]), [*places, *range(at, len(heard) + 1)]


def sound_of(syllable: str) -> str:
    """Return a syllable with commonly confused sounds merged (zh and z, ing and in)."""
    for written, said in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        if syllable.startswith(written):
            syllable = said + syllable.removeprefix(written)
    return syllable[:-1] if syllable.endswith(("ing", "eng")) else syllable


@cache
def _sounds() -> HomophoneTable:
    rows = [
        line.split("\t")
        for line in files("waybillguard.scam")
        .joinpath("data", "homophones.tsv")
        .read_text("utf-8")
        .splitlines()
        if not line.startswith("#")
    ]
    number = count(_FIRST_SIGN)
    signs = {syllable: chr(next(number)) for kind, syllable, _ in rows if kind == "="}
    words = {word: parts.split(" ") for kind, word, parts in rows if kind == "+"}
    return HomophoneTable(
        signs=signs,
        of={
            character: signs[syllable]
            for kind, syllable, characters in rows
            if kind == "="
            for character in characters
        },
        words=tuple(words),
        spoken=ahocorasick_rs.AhoCorasick(
            ["".join(signs[part] for part in parts) for parts in words.values()],
            matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
        ),
        ordinary=frozenset(
            spelling for kind, _, spellings in rows if kind == "-" for spelling in spellings.split(" ")
        ),
        crossing=frozenset(
            other + character if kind == "<" else character + other
            for kind, character, others in rows
            if kind in {"<", ">"}
            for other in others
        ),
    )
