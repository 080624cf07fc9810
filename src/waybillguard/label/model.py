"""Value types shared by layout, raster, printer languages and check.

Lengths on paper are millimetres, in the raster dots; (0, 0) is the top left corner.
"""

from dataclasses import dataclass
from enum import StrEnum

import msgspec
import numpy as np
from numpy.typing import NDArray


class LabelSize(StrEnum):
    """Paper sizes in use for one-part waybills, width by height in millimetres."""

    S76X130 = "76x130"
    S100X150 = "100x150"
    S100X180 = "100x180"

    @property
    def millimetres(self) -> tuple[int, int]:
        """Width and height."""
        width, height = self.value.split("x")
        return int(width), int(height)


class CodeKind(StrEnum):
    """Symbologies of the codes on a label."""

    CODE128 = "code128"
    QR = "qr"


class LabelContent(msgspec.Struct, frozen=True):
    """The content of a label. Contact fields are *masked*; plaintext never reaches this package.

    ``reference`` is the 72 base45 characters of the sealed reference; ``printed_at`` is the local time that is
    printed. ``sample`` prints 样张 across the sort code (numbers from the simulator).
    """

    waybill_no: str
    sort_code: str
    hub: str
    carrier: str
    name: str
    phone: str
    address: str
    goods_class: str
    reference: str
    ticket: str
    station: str
    printed_at: str
    attempt: int = 1
    sample: bool = False
    remark: str = ""


# One row per glyph that the rasteriser drew on the bitmap: glyph id in the font face, the face (0 regular,
# 1 bold), the top left corner of its cell in dots, its type size in dots and its advance in dots.
GLYPH_DTYPE = np.dtype(
    [("gid", "u2"), ("face", "u1"), ("x", "i2"), ("y", "i2"), ("size", "u2"), ("advance", "u2")]
)


@dataclass(frozen=True, slots=True)
class CodeBox:
    """A code on the bitmap: its position, its kind and the text it encodes."""

    kind: CodeKind
    text: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A label as it will be printed: the bitmap and a record of what the rasteriser drew on it.

    ``bitmap`` is bool, shape (height, width) in dots, True = black. ``glyphs`` has ``GLYPH_DTYPE``, one
    row per blit, recorded by the blit itself (never copied from the layout's strings).
    """

    size: LabelSize
    dpi: int
    bitmap: NDArray[np.bool_]
    glyphs: NDArray[np.void]
    codes: tuple[CodeBox, ...]
