"""Layout, raster, printer languages, codes and checks of parcel labels (快递电子运单).

Promise: a label that shows more than GB/T 41833-2022 allows is not released.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from waybillguard.label.errors import LabelError, MissingGlyphError
    from waybillguard.label.goods import goods_class
    from waybillguard.label.model import CodeBox, CodeKind, Drawn, LabelContent, LabelSize
    from waybillguard.label.preview import preview_content
    from waybillguard.label.raster import draw

_HOMES = {
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
}


def __getattr__(name: str) -> object:
    """Import a public name when it is asked for: who only asks for a goods class needs nothing that draws."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


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
