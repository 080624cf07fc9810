"""A fact's code in plain words: codes are the contract, people read words (``data/fact_words.yaml``).

A code is a kind, what is special about it, and for the catalogue's facts a mark: ``service:file:observed``; or what is
special alone: ``hidden_place``. What has no words is a name or a number and stays as it is: ``listener:13528``.
"""

from functools import cache
from typing import Literal

import msgspec

from waybillguard.sensor.parts import command_acts, read_data

type Language = Literal["zh", "en"]
type _Words = tuple[str, str]


class FactWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the parts of a code are called, in Chinese and English."""

    kinds: dict[str, _Words]
    types: dict[str, _Words]
    marks: dict[str, _Words]
    special: dict[str, _Words]


@cache
def known_words() -> FactWords:
    """Return the words, read once a process; acts of command lines bring their own (``data/commands.yaml``)."""
    words = msgspec.convert(read_data("fact_words.yaml"), FactWords)
    acts = {act.code: (act.zh, act.en) for act in command_acts()}
    return msgspec.structs.replace(words, special=acts | words.special)


def in_words(code: str, language: Language) -> str:
    """Return a fact's code as a phrase of one language, such as ``服务：文件名与该工具相符（依据实际样本）``."""
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
