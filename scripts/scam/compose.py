"""Messages from a grammar: ``{slot}`` is one phrase of the slot, ``[a|b|]`` one of the alternatives, ``x?`` may be left out.

The grammars are ``text.yaml`` and ``composed.yaml``. The same seed gives the same messages.
"""

import random
from collections.abc import Callable
from pathlib import Path

import yaml

type Part = Callable[[random.Random], str]

_FILLERS = ("呃", "嗯", "那个", "就是", "啊", "对吧", "是吧", "然后", "这个")
#: How the words of an ask are written to escape a filter, beyond what the normaliser undoes.
_DISGUISES = {
    "微信": ("薇芯", "葳信", "wei信", "微x", "V", "溦", "围信"),
    "加": ("+", "➕", "茄", "佳", "jia", "咖"),
    "退款": ("退宽", "tui款", "退kuan", "褪款"),
    "赔": ("陪", "培", "pei", "赔尝"),
    "快递": ("快遞", "块递", "kuai递", "快弟"),
    "银行": ("银hang", "yin行", "艮行"),
    "卡": ("咔", "ka", "佧"),
    "验证码": ("验正码", "yan证码", "验证吗", "YZM"),
    "转": ("zhuan", "砖", "传"),
    "群": ("裙", "qun", "峮"),
    "丢": ("diu", "丟", "铥"),
    "会议": ("会仪", "hui议", "绘议"),
    "屏幕": ("平幕", "屏目", "ping幕"),
    "保": ("褓", "bao", "堡"),
    "客服": ("客伏", "ke服", "愘服"),
    "领": ("令页", "ling", "岭"),
}
_SPOKEN, _BARE, _DISGUISED = 0.12, 0.1, 0.1


def messages(grammar: str, number: dict[str, int], seed: int) -> list[tuple[str, str]]:
    """Return ``number`` messages of each class from a grammar file, with their class."""
    source = yaml.safe_load((Path(__file__).parent / grammar).read_text("utf-8"))
    slots: dict[str, list[Part]] = {}
    for name, phrases in source.pop("slots").items():
        slots[name] = [_Parser(line, slots).whole() for line in _lines(phrases)]
    chance = random.Random(seed)  # noqa: S311 - the same messages each time
    made = []
    for kind, shapes in source.items():
        parts = [_Parser(line.replace("\\n", "\n"), slots).whole() for line in _lines(shapes)]
        made += [
            (_said(parts[at % len(parts)](chance), chance, disguise=kind != "legit"), kind)
            for at in range(number[kind])
        ]
    return made


def _lines(phrases: str | list[str]) -> list[str]:
    return phrases.splitlines() if isinstance(phrases, str) else [str(phrase) for phrase in phrases]


def _said(text: str, chance: random.Random, *, disguise: bool) -> str:
    """Return a message as some write or speak: disguised, without punctuation, or with fillers between the clauses."""
    if disguise and chance.random() < _DISGUISED:
        for word, others in _DISGUISES.items():
            if word in text and chance.random() < 0.5:  # noqa: PLR2004 - one in two
                text = text.replace(word, chance.choice(others))
    style = chance.random()
    if "\n" in text or style > _SPOKEN + _BARE:
        return text
    for sign in "，。！？":
        between = chance.choice(_FILLERS) if style < _SPOKEN else " "
        text = text.replace(sign, between if chance.random() < 0.8 else "")  # noqa: PLR2004 - four in five
    return text


class _Parser:
    """A phrase of the grammar, read from left to right."""

    def __init__(self, line: str, slots: dict[str, list[Part]]) -> None:
        self.line, self.slots, self.at = line, slots, 0

    def whole(self) -> Part:
        part = self.sequence("")
        if self.at != len(self.line):
            raise ValueError(self.line)
        return part

    def sequence(self, until: str) -> Part:
        parts: list[Part] = []
        while self.at < len(self.line) and self.line[self.at] not in until:
            sign = self.line[self.at]
            self.at += 1
            if sign == "[":
                part = self.alternatives()
            elif sign == "{":
                end = self.line.index("}", self.at)
                part = _one_of_slot(self.slots, self.line[self.at : end])
                self.at = end + 1
            elif sign == "?":
                part = _maybe(parts.pop())
            else:
                part = _literal(sign)
            parts.append(part)
        return lambda chance: "".join(part(chance) for part in parts)

    def alternatives(self) -> Part:
        choices = [self.sequence("|]")]
        while self.line[self.at] == "|":
            self.at += 1
            choices.append(self.sequence("|]"))
        self.at += 1
        return lambda chance: chance.choice(choices)(chance)


def _literal(text: str) -> Part:
    return lambda _: text


def _maybe(part: Part) -> Part:
    return lambda chance: part(chance) if chance.random() < 0.5 else ""  # noqa: PLR2004 - one in two


def _one_of_slot(slots: dict[str, list[Part]], name: str) -> Part:
    return lambda chance: chance.choice(slots[name])(chance)
