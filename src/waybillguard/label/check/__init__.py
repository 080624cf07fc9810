"""The independent check of labels by GB/T 41833-2022: of ours before they are released, of anybody's in photos.

Ours are judged here (``check_drawn``), photos in ``photo`` (``label check``), by what is certainly seen.

Promise: what shows more than GB/T 41833-2022 allows is refused on a label of ours. The check reads what the
rasteriser put on the paper, glyph by glyph, and shares no code with the masks (held by an import contract).
It refuses what it does not understand. It cannot tell a given name from a brand where nothing marks it as a
name, nor a real number from a virtual one that somebody marks as virtual.

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
