"""Layout, raster, printer languages, codes and checks of parcel labels (快递电子运单).

Promise: a label that shows more than GB/T 41833-2022 allows is not released.
"""

from waybillguard.label.errors import LabelError, MissingGlyphError
from waybillguard.label.goods import goods_class
from waybillguard.label.model import CodeBox, CodeKind, Drawn, LabelContent, LabelSize
from waybillguard.label.preview import preview_content
from waybillguard.label.raster import draw

__all__ = [
    "CodeBox",
    "CodeKind",
    "Drawn",
    "LabelContent",
    "LabelError",
    "LabelSize",
    "MissingGlyphError",
    "draw",
    "goods_class",
    "preview_content",
]
