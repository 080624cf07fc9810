"""Replaces control characters and characters that cannot be drawn by their code, such as ``〔U+202E〕``.

Otherwise a file named ``invoice`` + U+202E + ``fdp.exe`` would read "invoiceexe.pdf" and reverse the following text
of the document, and two names that no face can draw would look the same.
"""

import re
from collections.abc import Callable

import msgspec

from waybillguard.documents.model import Document

#: Characters that XML 1.0 (section 2.2) and JSON cannot hold, other controls, and direction controls (UAX 9).
_STEERS = re.compile(
    "[\\0-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufffe\\uffff]"
)
#: Ideographs, private use and all beyond the first plane, but not variation selectors and tags, which have no glyph.
_RARE = re.compile("[\u2e80-\u9fff\ue000-\ufaff\U00010000-\U000dffff\U000f0000-\U0010ffff]")


def legible(document: Document, *, draws: Callable[[str], bool] = lambda _: True) -> Document:
    """Return the document with control characters, and characters that ``draws`` rejects, replaced by their codes."""

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
