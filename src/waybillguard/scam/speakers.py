"""Speakers in a chat or a call: one turn per line, with or without a name before a colon."""

import re

import msgspec

_LABEL = re.compile(r"[ \t>\-*(（\[【]*([^:：\n，。,！!？?\[\]【】]{1,10})[ ]?[:：]")
#: Names in transcripts for the person who received the call or message.
OWN_NAMES = frozenset(
    [
        "我",
        "本人",
        "我方",
        "用户",
        "客户",
        "顾客",
        "买家",
        "收件人",
        "机主",
        "接听",
        "接听者",
        "接听人",
        "接听方",
        "被叫",
        "被叫方",
        "受害人",
        "受害者",
        "事主",
        "消费者",
        "家长",
        "老人",
        "市民",
        "居民",
        "女儿",
        "儿子",
        "妈妈",
        "爸爸",
        "奶奶",
        "爷爷",
        "callee",
        "me",
        "user",
        "customer",
        "victim",
        "buyer",
        "b",
        "乙",
        "乙方",
    ]
)


class Turn(msgspec.Struct, frozen=True):
    """A line of a dialogue: its range, and whether the recipient of the message said it."""

    start: int
    end: int
    own: bool


def turns(text: str) -> tuple[Turn, ...]:
    """Return the turns of a normalised ``text``. Without speaker names, all lines belong to the other party.

    A name counts as a speaker only if it starts two lines or another name starts a line. So "理赔专员：" in a message
    is not a speaker.
    """
    lines: list[tuple[int, int, str]] = []
    at = 0
    for line in text.split("\n"):
        label = _LABEL.match(line)
        lines.append((at, at + len(line), label.group(1).strip() if label else ""))
        at += len(line) + 1
    names = [name for _, _, name in lines if name]
    own_known = len(names) > 1 and any(name in OWN_NAMES for name in names)
    found: list[Turn] = []
    own = False
    for start, end, name in lines:
        # A line without a name continues the turn of the last speaker.
        own = own_known and (name in OWN_NAMES if name else own)
        found.append(Turn(start, end, own))
    return tuple(found)
