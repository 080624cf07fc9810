"""Layout, raster, printer languages, codes and checks of parcel labels (快递电子运单).

Promise: a label that shows more than GB/T 41833-2022 allows is not released.
"""

from typing import TYPE_CHECKING

from waybillguard.on_demand import on_demand

if TYPE_CHECKING:
    from waybillguard.label.errors import LabelError, MissingGlyphError
    from waybillguard.label.goods import goods_class
    from waybillguard.label.model import CodeBox, CodeKind, Drawn, LabelContent, LabelSize
    from waybillguard.label.preview import preview_content
    from waybillguard.label.raster import draw

# Loaded on demand: a caller that needs only a goods class loads no drawing code.
__getattr__ = on_demand(
    __name__,
    {
        "CodeBox": "model",
        "CodeKind": "model",
        "Drawn": "model",
        "LabelContent": "model",
        "LabelError": "errors",
        "LabelSize": "model",
        "MissingGlyphError": "errors",
        "draw": "raster",
        "goods_class": "goods",
        "preview_content": "preview",
    },
)


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
