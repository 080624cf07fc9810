"""Checks the bitmap of a label: decodes both codes and makes sure that all ink was recorded."""

import secrets
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final, Protocol

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from waybillguard.label.check.drawn import furniture
from waybillguard.label.check.values import LabelRefusedError, Reason, Zone
from waybillguard.label.model import CodeKind, Drawn

_UNREADABLE: Final = Reason(
    "PIX-01", "条码或二维码印出后读不出来", "the bar code or the QR code cannot be read back from the dots"
)
_DIFFERS: Final = Reason(
    "PIX-02", "条码或二维码读出的内容与应印的不同", "a code reads differently from what was to be printed"
)
_EXTRA: Final = Reason("PIX-03", "有未登记的条码或二维码", "there is a code that nobody recorded")
_INK: Final = Reason("PIX-04", "有未登记的墨点", "there is ink that no glyph, rule or code accounts for")
_FORMATS: Final = {
    zxingcpp.BarcodeFormat.Code128: CodeKind.CODE128,
    zxingcpp.BarcodeFormat.QRCode: CodeKind.QR,
}
_UPRIGHT: Final[dict[str, Any]] = {"try_rotate": False, "try_invert": False, "try_downscale": False}
_QUICK: Final[dict[str, Any]] = {
    **_UPRIGHT,
    "formats": zxingcpp.barcode_formats_from_str("Code128,QRCode"),
}
_CELL: Final = 1.40  # of the type size: 1.06 above and 0.30 below the baseline, rounded up
_SLACK: Final = 2  # dots


def check_pixels(drawn: Drawn, *, quick: bool = False) -> None:
    """Decode every code from the bitmap and find black dots that no record explains.

    Searches for upright codes of every kind; with ``quick`` only for bar codes and QR codes, which takes a third of the
    time. Any other code, or a rotated one, is detected by its unrecorded ink.

    Raises ``LabelRefusedError`` if a code is unreadable, differs from its record or has no record, or if there is ink
    where no glyph, rule, box or code was recorded.
    """
    if reason := pixel_problem(drawn, quick=quick):
        raise LabelRefusedError.of(Zone.UNKNOWN if reason is _INK else Zone.CODE, reason)


def pixel_problem(drawn: Drawn, *, quick: bool = False) -> Reason | None:
    """Return the rule that the dots of a label break; None if they agree with the records."""
    grey = np.where(drawn.bitmap, np.uint8(0), np.uint8(255))
    wanted = [(code.kind, code.text) for code in drawn.codes]
    found = _read(zxingcpp.read_barcodes(grey, **(_QUICK if quick else _UPRIGHT)))
    if Counter(found) != Counter(wanted):  # a mismatch is checked again with the full search
        found = _read(zxingcpp.read_barcodes(grey))
    kinds = [kind for kind, _ in found]
    if any(kind not in kinds for kind, _ in wanted):
        return _UNREADABLE
    if any(code not in found for code in wanted):
        return _DIFFERS
    if any(code not in wanted for code in found):
        return _EXTRA
    return _INK if _stray_ink(drawn).any() else None


def _read(codes: Iterable[Any]) -> list[tuple[CodeKind | None, str]]:
    return [(_FORMATS.get(code.format), code.text) for code in codes]


def _stray_ink(drawn: Drawn) -> NDArray[np.bool_]:
    """Return the black dots outside all recorded glyphs, codes and fixed parts of the template."""
    ink = drawn.bitmap.copy()
    for code in drawn.codes:
        ink[_span(code.y, code.height), _span(code.x, code.width)] = False
    for left, top, right, bottom in furniture(drawn.size, drawn.dpi):
        ink[_span(top, bottom - top), _span(left, right - left)] = False
    for _, _, x, y, size, advance in drawn.glyphs.tolist():
        ink[max(0, y) : y + int(_CELL * size) + 1, max(0, x) : x + advance] = False
    return ink


def _span(start: int, length: int) -> slice:
    return slice(max(0, start - _SLACK), start + length + _SLACK)


class RandomSource(Protocol):
    """A source of randomness for the sampler (``random.Random``, ``secrets.SystemRandom``)."""

    def random(self) -> float:
        """Return a number from 0 up to, not including, 1."""
        ...


class Sampler:
    """Selects the labels that get the pixel check: the first of each template, printer and batch, then a random share.

    >>> import random
    >>> sampler = Sampler(share=0.0, source=random.Random(1))
    >>> [sampler.wants("76x130", "printer 1", "batch 1") for _ in range(3)]
    [True, False, False]
    """

    def __init__(self, *, share: float = 0.01, source: RandomSource | None = None) -> None:
        self._share = share
        self._source = secrets.SystemRandom() if source is None else source
        self._seen: set[tuple[str, str, str]] = set()

    def wants(self, template: str, printer: str, batch: str) -> bool:
        """Return whether this label gets the pixel check."""
        key = (template, printer, batch)
        if key not in self._seen:
            self._seen.add(key)
            return True
        return self._source.random() < self._share
