"""Loads the label templates from data and converts their positions from millimetres to dots."""

import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from waybillguard.label.errors import LabelError
from waybillguard.label.font import BOLD, REGULAR
from waybillguard.label.model import LabelSize

# Dots per millimetre: 203 dpi heads have 8, 300 dpi heads 300 per inch.
DOTS_PER_MM: Final = {203: 8.0, 300: 300 / 25.4}
_FACES: Final = {"regular": REGULAR, "bold": BOLD}
_Box = tuple[float, float, float, float]


class Align(StrEnum):
    """Alignment of a line in its zone."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class _Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    say: str
    at: _Box
    size: float
    face: str
    align: Align = Align.LEFT
    on: str = "white"


class _Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    at: _Box
    sizes: tuple[float, ...]
    face: str
    align: Align = Align.LEFT
    lines: int = 1
    cut: bool = False
    on: str = "white"


class _Code128(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    at: _Box


class _Qr(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    at: tuple[float, float]
    module: float


class _Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    size: LabelSize
    rules: tuple[_Box, ...]
    texts: tuple[_Text, ...]
    fields: dict[str, _Field]
    code128: _Code128
    qr: _Qr


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    template: tuple[_Template, ...]


class Box(msgspec.Struct, frozen=True):
    """A rectangle in dots."""

    x: int
    y: int
    width: int
    height: int


class Zone(msgspec.Struct, frozen=True):
    """The area for a text, in dots; type sizes are tried in order, ``reverse`` is white on black."""

    name: str
    box: Box
    sizes: tuple[int, ...]
    face: int
    align: Align
    lines: int
    cut: bool
    reverse: bool


class Plan(msgspec.Struct, frozen=True):
    """A template in dots, for one paper size and one print head.

    ``width`` is a multiple of 8, because a raster row is whole bytes in every printer language.
    """

    size: LabelSize
    dpi: int
    width: int
    height: int
    rules: tuple[Box, ...]
    texts: tuple[tuple[str, Zone], ...]
    fields: dict[str, Zone]
    code128: Box
    code128_max_module: int
    code128_min_module: int
    qr_x: int
    qr_y: int
    qr_module: int


@cache
def _templates() -> dict[LabelSize, _Template]:
    raw = files("waybillguard.label").joinpath("data", "templates.toml").read_text(encoding="utf-8")
    parsed = msgspec.convert(tomllib.loads(raw), _File)
    return {template.size: template for template in parsed.template}


@cache
def plan(size: LabelSize, dpi: int) -> Plan:
    """Return the template for a paper size and resolution, in dots.

    Raises ``LabelError`` for a resolution other than 203 and 300 dpi.
    """
    scale = DOTS_PER_MM.get(dpi)
    template = _templates().get(size)
    if scale is None or template is None:
        raise LabelError(
            code="unknown_label_format",
            zh=f"没有 {size} / {dpi} dpi 的面单模板。可用 76x130、100x150、100x180，203 或 300 dpi。",
            en=f"no label template for {size} at {dpi} dpi. There are 76x130, 100x150, 100x180 "
            "at 203 and 300 dpi.",
        )

    def dots(length: float) -> int:
        return round(length * scale)

    def box(at: _Box) -> Box:
        x, y, width, height = at
        return Box(dots(x), dots(y), dots(x + width) - dots(x), max(1, dots(y + height) - dots(y)))

    def zone(name: str, source: _Field) -> Zone:
        return Zone(
            name,
            box(source.at),
            tuple(dots(one) for one in source.sizes),
            _FACES[source.face],
            source.align,
            source.lines,
            source.cut,
            source.on == "black",
        )

    width, height = size.millimetres
    return Plan(
        size=size,
        dpi=dpi,
        width=int(width * scale) // 8 * 8,
        height=int(height * scale),
        rules=tuple(box(rule) for rule in template.rules),
        texts=tuple(
            (
                text.say,
                zone("static", _Field(text.at, (text.size,), text.face, text.align, on=text.on)),
            )
            for text in template.texts
        ),
        fields={name: zone(name, source) for name, source in template.fields.items()},
        code128=box(template.code128.at),
        code128_max_module=round(0.36 * scale),
        code128_min_module=round(0.25 * scale),
        qr_x=dots(template.qr.at[0]),
        qr_y=dots(template.qr.at[1]),
        qr_module=round(template.qr.module * scale),
    )
