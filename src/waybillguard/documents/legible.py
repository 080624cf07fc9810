"""Texts as a reader can trust them: what steers or cannot be shown is named by its code, ``〔U+202E〕``.

A file named ``invoice`` + U+202E + ``fdp.exe`` would otherwise read "invoiceexe.pdf", and turn round what the
document says after it; two names that no face can draw would look alike.
"""

import re
from collections.abc import Callable

import msgspec

from waybillguard.documents.model import Document

#: What XML 1.0 (section 2.2) and JSON cannot hold, the other controls, and what turns the direction of writing (UAX 9).
_STEERS = re.compile(
    "[\\0-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufffe\\uffff]"
)
#: Ideographs, private use and all beyond the first plane; variation selectors and tags draw nothing of their own.
_RARE = re.compile("[\u2e80-\u9fff\ue000-\ufaff\U00010000-\U000dffff\U000f0000-\U0010ffff]")


def legible(document: Document, *, draws: Callable[[str], bool] = lambda _: True) -> Document:
    """Return the document with every character named that would steer it, or that ``draws`` says no of."""

    def named(found: re.Match[str]) -> str:
        return f"〔U+{ord(found[0]):04X}〕"

    def drawn(found: re.Match[str]) -> str:
        return found[0] if draws(found[0]) else named(found)

    def told(value: object) -> object:
        if isinstance(value, str):
            return _RARE.sub(drawn, _STEERS.sub(named, value))
        if isinstance(value, list | tuple):
            return [told(item) for item in value]
        if isinstance(value, dict):
            return {key: told(item) for key, item in value.items()}
        return value

    return msgspec.convert(told(msgspec.to_builtins(document)), Document)
