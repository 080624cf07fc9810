"""Translates fact codes into phrases for people (``data/fact_words.yaml``).

A code is a kind, a property and, for facts of the catalogue, a mark: ``service:file:observed``. It may also be a
property alone: ``hidden_place``. A part without a translation is a name or a number and is kept: ``listener:13528``.
"""

from functools import cache
from typing import Literal

import msgspec

from waybillguard.sensor.parts import command_acts
from waybillguard.shipped import read_yaml

type Language = Literal["zh", "en"]
type _Words = tuple[str, str]


class FactWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The translations of the parts of a code, in Chinese and English."""

    kinds: dict[str, _Words]
    types: dict[str, _Words]
    marks: dict[str, _Words]
    special: dict[str, _Words]


@cache
def known_words() -> FactWords:
    """Return the translations, read once per process; those for command lines are in ``data/commands.yaml``."""
    words = read_yaml("waybillguard.sensor", "data/fact_words.yaml", FactWords)
    acts = {act.code: (act.zh, act.en) for act in command_acts()}
    return msgspec.structs.replace(words, special=acts | words.special)


def in_words(code: str, language: Language) -> str:
    """Return a fact's code as a phrase in one language, such as ``服务：文件名与该工具相符（依据实际样本）``."""
    words, place = known_words(), ("zh", "en").index(language)
    colon, comma, bracket, times = (("：", "、", "（{}）", "{} 次"), (": ", ", ", " ({})", "{} times"))[place]
    kind, _, rest = code.partition(":")
    special, _, last = rest.partition(":")
    head = words.kinds.get(kind) or words.special.get(kind)
    if head is None:
        return code
    phrase = head[place] if language == "zh" else head[place][:1].upper() + head[place][1:]
    if special:
        table = words.types if last in words.marks else words.special
        named = (
            table.get(f"{kind}:{one}") or table.get(one) or words.kinds.get(one) or (one, one)
            for one in special.split("+")
        )
        phrase += colon + comma.join(each[place] for each in named)
    if last in words.marks:
        phrase += bracket.format(words.marks[last][place])
    elif last:
        phrase += bracket.format(times.format(last) if last.isdigit() else last)
    return phrase
