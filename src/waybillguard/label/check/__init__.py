"""Checks labels against GB/T 41833-2022, independently of the code that masks and draws them.

``check_drawn`` judges our own labels before release. ``photo`` (``label check``) judges photos of any label, and only
by what was read with certainty.

Promise: one of our labels is refused if it shows more than GB/T 41833-2022 allows. The check reads what the
rasteriser drew, glyph by glyph, and shares no code with the masks (enforced by an import contract). It refuses
whatever it does not understand. It cannot tell a given name from a brand if nothing marks it as a name, nor a
real number from a virtual one if the label marks it as virtual.

>>> from waybillguard.label.check import TextLine, Zone, check_text
>>> [verdict.passed for verdict in check_text([TextLine("138****5678", 0, 0, 40, zone=Zone.PHONE)])]
[False]
"""

from waybillguard.label.check.codes import CodeClass, classify_code
from waybillguard.label.check.drawn import check_drawn, require
from waybillguard.label.check.pixels import Sampler, check_pixels
from waybillguard.label.check.text import check_text
from waybillguard.label.check.values import (
    FieldVerdict,
    LabelRefusedError,
    Party,
    Reason,
    Standard,
    TextLine,
    Verdict,
    Zone,
)

__all__ = [
    "CodeClass", "FieldVerdict", "LabelRefusedError", "Party", "Reason", "Sampler", "Standard", "TextLine",
    "Verdict", "Zone", "check_drawn", "check_pixels", "check_text", "classify_code", "require",
]  # fmt: skip
