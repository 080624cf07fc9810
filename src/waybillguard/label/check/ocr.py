"""Reads the text of a picture with the models of rapidocr: position, text and confidence of each line.

Text is located once in a reduced picture. Each line is then cut out of the full picture in its own direction, split
at rulings and wide gaps, and recognised. Runs in one thread and takes about one CPU-second per photo.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from waybillguard.extras import install_command
from waybillguard.label.check.fold import HAN, LIKE_STARS, fold
from waybillguard.label.check.ink import (
    heights_of,
    ink_of,
    is_han,
    loose_ink,
    runs,
    two_rows,
    with_spaces,
    without_rulings,
)
from waybillguard.label.check.values import Glyph, TextLine
from waybillguard.label.errors import LabelError

_FOUND_AT: Final = 1_440
"""Longest side of the reduced picture in which text is located, in pixels."""
_HEIGHT: Final = 48
_LEAST_SCORE: Final = 0.3
_LONGEST: Final = 2_400
_MOST_LINES: Final = 160
_STEADY: Final = 0.85
_PROBES: Final = 4
_UNSURE: Final = 0.5
_DOUBTED_TWIN: Final = 0.8
_PAIR: Final = 2
_TALL: Final = 1.6
_GAP: Final = 0.85

type Pixels = NDArray[np.uint8]
type Points = NDArray[np.float64]


class OcrMissingError(LabelError):
    """The extra for reading photos is not installed."""

    code = "ocr_missing"


@dataclass(frozen=True, slots=True)
class Reading:
    """The lines of a picture in upright coordinates: picture coordinates rotated by ``degrees`` about the corner."""

    lines: list[TextLine]
    degrees: float = 0.0

    def upright(self, points: Points) -> Points:
        """Convert points (n, 2) from picture to upright coordinates."""
        return points @ _turn(self.degrees)

    def back(self, points: Points) -> Points:
        """Convert points (n, 2) from upright to picture coordinates."""
        return points @ _turn(-self.degrees)


class TextReader(Protocol):
    """A reader of text in pictures."""

    def __call__(self, picture: Pixels) -> Reading:
        """Return the lines of an RGB picture (height, width, 3)."""
        ...


def _turn(degrees: float) -> Points:
    sine, cosine = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    return np.array([[cosine, -sine], [sine, cosine]])


def ocr_reader() -> TextReader:
    """Return a reader that uses rapidocr's models. Raises ``OcrMissingError`` if the extra is not installed."""
    try:
        import cv2  # noqa: PLC0415 - an extra
        import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415
        from rapidocr.ch_ppocr_det.utils import DBPostProcess  # noqa: PLC0415

        models = files("rapidocr").joinpath("models")
    except ImportError:
        raise OcrMissingError(
            zh=f"读取面单照片需要 OCR 组件：请运行 {install_command('ocr')} 后重试。",
            en=f"reading photos needs the OCR extra: run {install_command('ocr')} and try again.",
        ) from None
    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    cv2.setNumThreads(1)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3

    def session(name: str) -> Any:  # noqa: ANN401 - onnxruntime has no types
        return onnxruntime.InferenceSession(
            str(models.joinpath(name)), options, providers=["CPUExecutionProvider"]
        )

    boxes = DBPostProcess(thresh=0.3, box_thresh=0.5, unclip_ratio=1.6, use_dilation=True, score_mode="fast")
    return _Reader(cv2, session("PP-OCRv6_det_small.onnx"), session("PP-OCRv6_rec_small.onnx"), boxes)


class _Reader:
    def __init__(self, cv2: Any, finder: Any, recogniser: Any, boxes: Any) -> None:  # noqa: ANN401
        self._cv2, self._finder, self._recogniser, self._boxes = cv2, finder, recogniser, boxes
        known = recogniser.get_modelmeta().custom_metadata_map["character"].splitlines()
        self._characters = ["", *known, " "]

    def __call__(self, picture: Pixels) -> Reading:
        quads = self._find(picture)
        if not quads:
            return Reading([])
        reading = Reading([], _direction(quads))
        crops = self._crops(picture, quads, reading)
        probes = sorted(crops, key=lambda crop: -crop.pixels.shape[1] / crop.pixels.shape[0])[:_PROBES]
        if self._sureness(probes) < _STEADY:
            other = Reading([], reading.degrees + 180)
            turned = self._crops(picture, quads, other)
            again = sorted(turned, key=lambda crop: -crop.pixels.shape[1] / crop.pixels.shape[0])[:_PROBES]
            if self._sureness(again) > self._sureness(probes):
                reading, crops = other, turned
        lines = [line for crop in crops for line in self._lines(crop)]
        return Reading(lines, reading.degrees)

    def _find(self, picture: Pixels) -> list[Points]:
        """Return the quadrangles that contain text, in pixels of the picture."""
        high, wide = picture.shape[:2]
        scale = _FOUND_AT / max(high, wide)
        size = tuple(max(32, round(side * scale / 32) * 32) for side in (wide, high))
        method = self._cv2.INTER_AREA if scale < 1 else self._cv2.INTER_LINEAR
        small = self._cv2.resize(picture, size, interpolation=method)
        network = (
            np.ascontiguousarray(small[:, :, ::-1].transpose(2, 0, 1)[None], dtype=np.float32) / 127.5 - 1
        )
        (found,) = self._finder.run(None, {self._finder.get_inputs()[0].name: network})
        quads, _ = self._boxes(found, (high, wide))
        return [np.asarray(quad, dtype=np.float64) for quad in quads[:_MOST_LINES]]

    def _crops(self, picture: Pixels, quads: list[Points], reading: Reading) -> "list[_Crop]":
        out: list[_Crop] = []
        for quad in quads:
            upright = reading.upright(quad)
            ordered = quad[_corners(upright)]
            wide = max(np.linalg.norm(ordered[1] - ordered[0]), np.linalg.norm(ordered[2] - ordered[3]))
            high = max(np.linalg.norm(ordered[3] - ordered[0]), np.linalg.norm(ordered[2] - ordered[1]))
            if min(wide, high) < 6:  # noqa: PLR2004 - pixels: too small to be read
                continue
            scale = _HEIGHT / (high if high < _TALL * wide else wide)
            if max(wide, high) * scale > _LONGEST:
                continue
            pixels = self._cut(picture, ordered, wide, high, scale)
            row = two_rows(ink_of(pixels))
            if row is not None and self._sureness([_Crop(pixels, (0, 0, 0, 0), 1)]) < _STEADY:
                scale *= 2
                pixels = self._cut(picture, ordered, wide, high, scale)
                row = two_rows(ink_of(pixels))
            else:
                row = None
            out.extend(_split(pixels, reading.upright(ordered), 1 / scale, row))
        return out

    def _cut(self, picture: Pixels, corners: Points, wide: float, high: float, scale: float) -> Pixels:
        """Cut a quadrangle of ``wide`` x ``high`` pixels out of a picture, straightened and scaled."""
        size = (max(8, round(wide * scale)), max(8, round(high * scale)))
        target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], dtype=np.float32)
        matrix = self._cv2.getPerspectiveTransform(corners.astype(np.float32), target)
        pixels: Pixels = self._cv2.warpPerspective(
            picture, matrix, size, flags=self._cv2.INTER_AREA if scale < 1 else self._cv2.INTER_CUBIC,
            borderMode=self._cv2.BORDER_REPLICATE,
        )  # fmt: skip
        return pixels

    def _sureness(self, crops: "list[_Crop]") -> float:
        scores = [glyph.score for crop in crops for _, glyph in self._recognise(crop)]
        return float(np.mean(scores)) if scores else 0.0

    def _recognise(self, crop: "_Crop") -> list[tuple[str, Glyph]]:
        """Return the characters of a crop with their positions in pixels of the crop."""
        if crop.read is not None:
            return crop.read
        pixels = crop.pixels
        if pixels.shape[0] != _HEIGHT:
            width = max(8, round(pixels.shape[1] * _HEIGHT / pixels.shape[0]))
            pixels = self._cv2.resize(pixels, (width, _HEIGHT))
        network = (
            np.ascontiguousarray(pixels[:, :, ::-1].transpose(2, 0, 1)[None], dtype=np.float32) / 127.5 - 1
        )
        (answer,) = self._recogniser.run(None, {self._recogniser.get_inputs()[0].name: network})
        best, sure = answer[0].argmax(1), answer[0].max(1)
        step = crop.pixels.shape[1] / len(best)
        out: list[tuple[str, Glyph]] = []
        start = 0
        for end in range(1, len(best) + 1):
            if end < len(best) and best[end] == best[start]:
                continue
            if best[start]:
                place = (start + end) / 2 * step
                score = float(sure[start:end].max())
                out.extend(
                    (sign, Glyph(score, place, 0.0)) for sign in fold(self._characters[int(best[start])])
                )
            start = end
        crop.read = out
        return out

    def _lines(self, crop: "_Crop") -> Iterator[TextLine]:
        read = self._recognise(crop)
        while read and not read[0][0].strip():
            read = read[1:]
        while read and not read[-1][0].strip():
            read = read[:-1]
        if not read:
            return
        ink = without_rulings(self._cv2, ink_of(crop.pixels))
        read = _marks_for_unsure(with_spaces(read, ink))
        certain = [glyph.score for sign, glyph in read if sign != "*"]
        if certain and float(np.mean(certain)) < _LEAST_SCORE:
            return
        places = [glyph.x for _, glyph in read]
        signs = "".join(sign for sign, _ in read)
        heights = heights_of(ink, places, signs)
        scale = crop.scale
        left, top, wide, high = crop.box
        glyphs = tuple(
            Glyph(glyph.score, left + glyph.x * scale, height * scale)
            for (_, glyph), height in zip(read, heights, strict=True)
        )
        loose = tuple(left + place * scale for place in loose_ink(ink, places, signs))
        signs, glyphs, loose = _rows_of_marks(signs, glyphs, loose, max(1.0, high))
        yield TextLine(
            signs, round(left), round(top), max(1, round(high)), width=max(1, round(wide)),
            glyphs=glyphs, loose=loose,
        )  # fmt: skip


@dataclass(slots=True)
class _Crop:
    pixels: Pixels
    box: tuple[float, float, float, float]
    """Left, top, width, height in upright coordinates."""
    scale: float
    """Pixels of the picture per pixel of the crop."""
    read: list[tuple[str, Glyph]] | None = None


def _direction(quads: list[Points]) -> float:
    """Return the direction of the text in degrees (0 is to the right, 90 down), up to half a turn."""
    angles, weights = [], []
    for quad in quads:
        edges = [quad[1] - quad[0], quad[2] - quad[1]]
        long = max(edges, key=lambda edge: float(np.linalg.norm(edge)))
        short = min(float(np.linalg.norm(edge)) for edge in edges)
        length = float(np.linalg.norm(long))
        if length > 2 * max(short, 1):
            angles.append(float(np.degrees(np.arctan2(long[1], long[0]))) % 180)
            weights.append(length)
    if not angles:
        return 0.0
    doubled = np.radians(np.array(angles) * 2)
    mean = np.arctan2(np.dot(np.sin(doubled), weights), np.dot(np.cos(doubled), weights)) / 2
    turned = float(np.degrees(mean))
    near = [a for a in angles if abs((a - turned + 90) % 180 - 90) < 20]  # noqa: PLR2004 - degrees
    if near:
        turned += float(np.median([(a - turned + 90) % 180 - 90 for a in near]))
    return turned


def _corners(upright: Points) -> list[int]:
    """Return the indexes of a quadrangle's corners, clockwise from the top left."""
    middle = upright.mean(axis=0)
    angles = np.arctan2(upright[:, 1] - middle[1], upright[:, 0] - middle[0])
    order = [int(i) for i in np.argsort(angles)]
    first = min(range(4), key=lambda i: float(upright[order[i]].sum()))
    return order[first:] + order[:first]


def _split(pixels: Pixels, upright: Points, scale: float, row: int | None) -> Iterator[_Crop]:
    """Split a crop at rulings, at gaps wider than two characters, between stacked characters, and between two rows."""
    high, wide = pixels.shape[:2]
    left, top = float(upright[:, 0].min()), float((upright[0, 1] + upright[1, 1]) / 2)
    if high > _TALL * wide:
        count = max(2, round(high / wide))
        for i in range(count):
            part = pixels[round(i * high / count) : round((i + 1) * high / count)]
            yield _Crop(
                part, (left, top + i * high / count * scale, wide * scale, high / count * scale), scale
            )
        return
    ink = ink_of(pixels)
    if row is not None:
        yield _Crop(pixels[:row], (left, top, wide * scale, row * scale), scale)
        yield _Crop(pixels[row:], (left, top + row * scale, wide * scale, (high - row) * scale), scale)
        return
    filled = ink.sum(axis=0)
    ruling = filled > 0.94 * high
    cuts = [(a, b) for a, b in runs(ruling) if b - a <= max(4, 0.12 * high) and a > 2 and b < wide - 2]  # noqa: PLR2004
    empty = runs(filled <= 1)
    cuts += [(a, b) for a, b in empty if b - a > _GAP * high and a > 0 and b < wide]
    starts = [0, *sorted(b for _, b in cuts)]
    ends = [*sorted(a for a, _ in cuts), wide]
    slope = float(upright[1, 1] - upright[0, 1]) / max(1.0, float(upright[1, 0] - upright[0, 0]))
    for a, b in zip(starts, ends, strict=True):
        if b - a < 0.2 * high:
            continue
        at = float(upright[0, 1]) + slope * (a + b) / 2 * scale
        yield _Crop(pixels[:, a:b], (left + a * scale, at, (b - a) * scale, high * scale), scale)


def _marks_for_unsure(read: list[tuple[str, Glyph]]) -> list[tuple[str, Glyph]]:
    """Replace runs of unsure or equal Chinese characters beside digits or marks by stars."""
    signs = [sign for sign, _ in read]

    def doubtful(i: int) -> bool:
        sign, score = signs[i], read[i][1].score
        twin = any(0 <= j < len(signs) and signs[j] == sign for j in (i - 1, i + 1))
        return (
            sign == "*"
            or (sign in LIKE_STARS and twin)
            or (is_han(sign) and (score < _UNSURE or (twin and score < _DOUBTED_TWIN)))
        )

    doubts = [doubtful(i) for i in range(len(signs))]
    for start, end in runs(np.array(doubts, dtype=bool)):
        before = signs[start - 1] if start else ""
        long = end - start > _PAIR
        if end - start >= _PAIR and (
            before.isdigit() or before == "-" or "*" in signs[start:end] or long or end - start == len(signs)
        ):
            read = [*read[:start], *(("*", glyph) for _, glyph in read[start:end]), *read[end:]]
    return read


def _rows_of_marks(
    signs: str, glyphs: tuple[Glyph, ...], loose: tuple[float, ...], size: float
) -> tuple[str, tuple[Glyph, ...], tuple[float, ...]]:
    """Insert a star for each unread mark if three or more are in a row at equal distances."""
    out = [*zip(signs, glyphs, strict=True)]
    rest = []
    borders = [glyph.x for glyph in glyphs]
    for i in range(len(borders) + 1):
        low = borders[i - 1] if i else float("-inf")
        high = borders[i] if i < len(borders) else float("inf")
        row = [place for place in loose if low < place < high]
        steps = [b - a for a, b in pairwise(row)]
        if len(row) >= 3 and max(steps) < 1.5 * min(steps) and max(steps) < size:  # noqa: PLR2004
            out.extend(("*", Glyph(0.5, place, 0.0)) for place in row)
        else:
            rest.extend(row)
    out.sort(key=lambda item: item[1].x)
    return "".join(sign for sign, _ in out), tuple(glyph for _, glyph in out), tuple(rest)


__all__ = ["HAN", "OcrMissingError", "Reading", "TextReader", "ocr_reader"]
