"""Measures the ink of a line cut out of a photo and compares it with the OCR result."""

from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from waybillguard.label.check.values import Glyph

_LEAST_GAPS: Final = 5
_SPACE, _WIDER = 0.28, 1.7
"""A gap is a space if it exceeds this share of the character pitch, and this multiple of the line's usual gap."""
_RULING_LONG, _RULING_THICK = 1.5, 0.12
"""Least length and greatest thickness of a ruling, as shares of the crop's height."""
_SHORT, _STACKED, _ROW_GAP = 0.6, 1.6, 0.08
"""Ratios for a crop that may hold two lines, and the empty share of its height between them."""
_STAR, _HALF_WAY = 0.36, 0.14
"""Largest star as a share of the crop's height, and largest offset from half-way as a share of the pitch."""
_PAPER: Final = 80
"""Percentile of a section's brightness that counts as paper."""
_SHADOW, _IN_SHADOW = 0.25, 0.15
"""Shares of the range from ink to paper: least darkening by a shadow, and least brightness of shaded paper."""
_HAN_SPAN: Final = (0x3400, 0x9FFF)

type Ink = NDArray[np.bool_]
"""Where a crop holds ink, shape (height, width)."""


def ink_of(pixels: NDArray[np.uint8]) -> Ink:
    """Return where a crop holds ink: pixels that differ from the paper about as much as the darkest ones."""
    grey = _evenly_lit(pixels.mean(axis=2))
    low, high = np.percentile(grey, (4, 96))
    middle = (low + high) / 2
    ink: Ink = grey < middle
    edge = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
    return ~ink if edge.mean() > 0.5 else ink  # noqa: PLR2004 - white on black


def _evenly_lit(grey: NDArray[np.float64]) -> NDArray[np.float64]:
    """Brighten the part of a line that lies in a shadow to the level of the rest; a black field stays black."""
    high, wide = grey.shape
    middles = np.linspace(0, wide, max(2, round(wide / high)))
    # In heavy type less than half of the area is paper.
    levels = [
        float(np.percentile(grey[:, max(0, round(x) - high) : round(x) + high], _PAPER)) for x in middles
    ]
    dark, light = np.percentile(grey, (4, 96))
    shadow = min(levels) > dark + _IN_SHADOW * (light - dark)
    if not shadow or max(levels) - min(levels) < _SHADOW * (light - dark):
        return grey
    lit: NDArray[np.float64] = grey * (max(levels) / np.interp(np.arange(wide), middles, levels))
    return lit


def without_rulings(cv2: Any, ink: Ink) -> Ink:  # noqa: ANN401
    """Remove rulings above or below the text of a crop: long, and thin along their whole length.

    ``cv2`` is the OpenCV module, which is an optional extra.
    """
    high = ink.shape[0]
    _, parts, sizes, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
    wide, filled = sizes[:, cv2.CC_STAT_WIDTH], sizes[:, cv2.CC_STAT_AREA]
    rulings = (wide > _RULING_LONG * high) & (filled < _RULING_THICK * high * wide)
    rulings[0] = False  # the paper
    text: Ink = ink & ~rulings[parts]
    return text


def two_rows(ink: Ink) -> int | None:
    """Return the pixel row at which a short crop splits into two lines of text; None if it is one line."""
    high, wide = ink.shape
    if not _SHORT * wide < high <= _STACKED * wide:
        return None
    gaps = [
        (b - a, (a + b) // 2)
        for a, b in runs(ink.sum(axis=1) <= 1)
        if b - a >= _ROW_GAP * high and 0.3 * high < (a + b) / 2 < 0.7 * high
    ]
    middle = max(gaps, default=(0, 0))[1]
    parts = [np.flatnonzero(part.any(axis=1)) for part in (ink[:middle], ink[middle:])]
    whole = middle and all(rows.size and rows[-1] - rows[0] > 0.25 * high for rows in parts)
    return middle if whole else None


def runs(flags: Ink) -> list[tuple[int, int]]:
    """Return start and end of each run of set flags (n)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def is_han(sign: str) -> bool:
    """Return whether a character is Chinese."""
    return _HAN_SPAN[0] <= ord(sign) <= _HAN_SPAN[1]


def with_spaces(read: list[tuple[str, Glyph]], ink: Ink) -> list[tuple[str, Glyph]]:
    """Restore spaces that OCR dropped between Chinese characters: gaps far wider than the others of the line."""
    gaps = {}
    high = ink.shape[0]
    inner = ink[int(0.08 * high) : int(0.92 * high)]
    for i, ((sign, left), (following, right)) in enumerate(pairwise(read)):
        if is_han(sign) and is_han(following):
            empty = runs(inner[:, round(left.x) : round(right.x)].sum(axis=0) <= 1)
            gaps[i] = max(((b - a, round(left.x) + (a + b) / 2) for a, b in empty), default=(0, 0.0))
    if len(gaps) < _LEAST_GAPS:
        return read
    pitch = float(np.median([read[i + 1][1].x - read[i][1].x for i in gaps]))
    widths = sorted(width for width, _ in gaps.values())
    usual = widths[int(0.8 * (len(widths) - 1))]
    out: list[tuple[str, Glyph]] = []
    for i, item in enumerate(read):
        out.append(item)
        width, place = gaps.get(i, (0, 0.0))
        if width > max(_SPACE * pitch, _WIDER * usual):
            out.append((" ", Glyph(item[1].score, place, 0.0)))
    return out


def heights_of(ink: Ink, places: list[float], signs: str) -> list[float]:
    """Return the height of the ink around each character's middle."""
    high = ink.shape[0]
    out = []
    for i, (place, sign) in enumerate(zip(places, signs, strict=True)):
        half = high * (0.36 if is_han(sign) else 0.2)
        a = place - half if i == 0 else max(place - half, (places[i - 1] + place) / 2)
        b = place + half if i + 1 == len(places) else min(place + half, (places[i + 1] + place) / 2)
        rows = np.flatnonzero(ink[:, max(0, int(a)) : max(1, int(np.ceil(b)))].sum(axis=1) > 0)
        out.append(float(rows[-1] - rows[0] + 1) if rows.size else 0.0)
    return out


def loose_ink(ink: Ink, places: list[float], signs: str) -> list[float]:
    """Return the middles of ink between and behind Chinese characters that belongs to none of them."""
    high = ink.shape[0]
    gaps = [b - a for (a, s), (b, t) in pairwise(zip(places, signs, strict=True)) if is_han(s) and is_han(t)]
    pitch = min(float(np.median(gaps)), 0.9 * high) if len(gaps) > 2 else 0.72 * high  # noqa: PLR2004
    reach = [
        (place, pitch * (0.68 if is_han(sign) else 0.45)) for place, sign in zip(places, signs, strict=True)
    ]
    inner = ink[int(0.08 * high) : int(0.92 * high)]
    out = []
    for a, b in runs(inner.sum(axis=0) > 1):
        middle = (a + b) / 2
        apart = all(abs(middle - place) > span for place, span in reach)
        if b - a >= 0.08 * high and (apart or _is_star(inner[:, a:b], middle, places, signs)):
            out.append(middle)
    return out


def _is_star(ink: Ink, middle: float, places: list[float], signs: str) -> bool:
    """Return whether ink half-way between two Chinese characters is too low and narrow for one, as a star is."""
    rows = np.flatnonzero(ink.any(axis=1))
    small = max(rows[-1] - rows[0] + 1, ink.shape[1]) < _STAR * ink.shape[0]
    return small and any(
        is_han(first) and is_han(second) and abs(middle - (left + right) / 2) < _HALF_WAY * (right - left)
        for (left, first), (right, second) in pairwise(zip(places, signs, strict=True))
    )
