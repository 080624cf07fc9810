"""Finds the certain characters of a line read from a picture: replaces unsure ones, and marks read as characters."""

from collections.abc import Sequence
from statistics import median
from typing import Final

from waybillguard.label.check.values import Glyph, TextLine
from waybillguard.on_demand import pattern_on_use

SURE: Final = 0.6
SURE_BESIDE: Final = 0.9
"""Required confidence of a character that looks like a mark and is beside marks."""
LOW: Final = 0.62
"""Share of the neighbours' height; a lower character is a mark that was read as one."""
UNSURE: Final = "\ufffc"
_ODD: Final = 0.15
"""Share of the digits' height; a zero that differs by more is a circle."""
_ZEROS: Final = pattern_on_use(r"[0*][0* ]*")


def certain(lines: Sequence[TextLine], least: float) -> str:
    """Return the text with every unsure character replaced by a sign that no rule matches."""
    parts = []
    for line in lines:
        if len(line.glyphs) == len(line.text):
            parts.append(
                "".join(
                    sign if glyph.score >= least or sign in "* " else UNSURE
                    for sign, glyph in zip(line.text, line.glyphs, strict=True)
                )
            )
        else:
            parts.append(line.text)
    return "".join(parts)


def circles_as_stars(text: str, glyphs: Sequence[Glyph]) -> str:
    """Read zeros as marks if they differ in height from the digits and are beside marks or at least three in a row."""
    others = [
        glyph.height for sign, glyph in zip(text, glyphs, strict=True) if sign.isdigit() and sign != "0"
    ]
    han = [
        0.8 * glyph.height for sign, glyph in zip(text, glyphs, strict=True) if "\u3400" <= sign <= "\u9fff"
    ]
    full = median(others or han or [0.0])
    out = list(text)
    for run in _ZEROS.finditer(text):
        zeros = [i for i in range(run.start(), run.end()) if text[i] == "0"]
        beside = "*" in run[0] or len(zeros) >= 3  # noqa: PLR2004
        odd = [abs(glyphs[i].height - full) > _ODD * full or glyphs[i].score < SURE_BESIDE for i in zeros]
        if beside and full and sum(odd) > len(odd) / 2:
            for i in zeros:
                out[i] = "*"
    return "".join(out)
