"""Turns a label's content into draw operations in dots: fits, wraps and places text. It does not draw."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from waybillguard.label import codes, goods
from waybillguard.label.errors import LabelContentError, TextTooLongError
from waybillguard.label.font import ASCENT, Cell, face
from waybillguard.label.model import LabelContent
from waybillguard.label.templates import Align, Box, Plan, Zone

_LINE_PITCH: Final = 1.14
_EM_TOP: Final = 0.88  # share of the em box above the baseline
_ELLIPSIS: Final = "…"
_SAMPLE: Final = "样张"
# A line never breaks inside a number, a word or a mask, and never before these.
_UNBROKEN: Final = re.compile(r"第[0-9]+次|[0-9A-Za-z*#.\-]+|.", re.DOTALL)
# A sort code breaks after its hyphens and spaces only: the sorter reads whole segments.
_SEGMENTS: Final = re.compile(r"[^\s-]*[\s-]?")
_NO_LINE_START: Final = frozenset("，。；：、！？）】》”’,;:!?)]}%…")
_TAIL: Final = re.compile(r"[0-9]{1,4}\Z")
_GROUPABLE: Final = re.compile(r"([A-Za-z]*)([0-9]+)")
_GROUP: Final = 4  # digits of the waybill number that are read together
_GROUP_GAP: Final = 0.35  # em
_SHARED: Final = 512


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs side by side; ``x``, ``y``: top left corner of the first cell in dots; ``reverse``: white on black."""

    cells: list[Cell]
    x: int
    y: int
    face: int
    size: int
    reverse: bool
    #: Cached strip and glyph rows, kept only for text that many labels share.
    kept: list[tuple[NDArray[np.bool_], bytes]] | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """A Code128: its modules (bool, True = black), dots per module, position and height."""

    text: str
    modules: NDArray[np.bool_]
    module: int
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Square:
    """A QR code: its modules (bool, square), dots per module, position."""

    text: str
    modules: NDArray[np.bool_]
    module: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Layout:
    """What the raster draws, in this order: black boxes, glyph runs, codes."""

    boxes: list[Box]
    runs: list[Run]
    bars: Bars | None
    square: Square | None


def lay_static(plan: Plan) -> Layout:
    """Place the parts that all labels of a template share: rules, boxes and fixed texts."""
    boxes, runs = list(plan.rules), []
    for text, zone in plan.texts:
        if zone.reverse:
            boxes.append(zone.box)
        runs += _fit("template", text, zone)
    return Layout(boxes, runs, None, None)


def lay(content: LabelContent, plan: Plan) -> Layout:
    """Place the content of one label.

    Raises ``MissingGlyphError`` for a character without a glyph, ``TextTooLongError`` if a field that must
    not be cut does not fit, ``LabelContentError`` for goods that are not a class or an invalid reference.
    """
    if content.goods_class not in goods.classes():
        raise LabelContentError.of("goods_class", "只许写物品类别，不写标题", "a goods class, never a title")
    if content.attempt < 1:
        raise LabelContentError.of("attempt", "次数从 1 起", "attempts count from 1")
    fields = plan.fields
    boxes: list[Box] = []
    runs: list[Run] = []
    sort_zone = fields["sort_code"]
    if content.sample:
        mark = fields["sample"]
        boxes.append(mark.box)
        runs += _fit_shared("sample", _SAMPLE, mark)
        sort_zone = _narrowed(sort_zone, mark.box.x - sort_zone.box.x - sort_zone.box.height // 10)
    if content.attempt > 1:
        boxes.append(fields["attempt"].box)
        runs += _fit_shared("attempt", f"第{content.attempt}次", fields["attempt"])
    runs += _fit_shared("sort_code", _required("sort_code", content.sort_code), sort_zone)
    for name, text in (
        ("carrier", content.carrier),
        ("hub", content.hub),
        ("goods_class", f"内件 {content.goods_class}"),
    ):
        if text:
            runs += _fit_shared(name, text, fields[name])
    for name, text in (
        ("name", _required("name", content.name)),
        ("address", _required("address", content.address)),
        ("remark", content.remark),
        (
            "trace",
            f"票据 {content.ticket}  工位 {content.station}  {content.printed_at}  第{content.attempt}次",
        ),
    ):
        if text:
            runs += _fit(name, text, fields[name])
    runs += _phone(content.phone, fields["phone"], fields["phone_tail"])
    runs += _waybill(content.waybill_no, fields["waybill_no"])
    square = Square(
        content.reference, codes.qr_modules(content.reference), plan.qr_module, plan.qr_x, plan.qr_y
    )
    return Layout(boxes, runs, _bars(content.waybill_no, plan), square)


def _required(field: str, text: str) -> str:
    if not text.strip():
        raise LabelContentError.of(field, "不得为空", "must not be empty")
    return text


def _narrowed(zone: Zone, width: int) -> Zone:
    box = Box(zone.box.x, zone.box.y, width, zone.box.height)
    return Zone(zone.name, box, zone.sizes, zone.face, zone.align, zone.lines, zone.cut, zone.reverse)


def _cells(text: Iterable[str], face_id: int, size: int) -> list[Cell]:
    font = face(face_id)
    known = font.cells(size)
    try:
        return [known[character] for character in text]
    except KeyError:
        return [font.cell(character, size) for character in text]


def _width(cells: list[Cell]) -> int:
    return sum([cell.advance for cell in cells])


def _fit(field: str, text: str, zone: Zone) -> list[Run]:
    """Fit a text into its zone by shrinking, then wrapping, then cutting; use the first size with the fewest lines."""
    box = zone.box
    words = _SEGMENTS if field == "sort_code" else _UNBROKEN
    for size in zone.sizes:
        cells = _cells(text, zone.face, size)
        width = _width(cells)
        if width <= box.width:
            return [_run(cells, zone, size, width=width)]
        room = min(zone.lines, int((box.height / size - 1) / _LINE_PITCH) + 1)
        if room * box.width < width:
            continue
        lines = _wrap(words, text, zone.face, size, box.width)
        if len(lines) <= room:
            return _stack(lines, zone, size)
    if not zone.cut:
        raise TextTooLongError.of(field)
    size = zone.sizes[-1]
    room = max(1, min(zone.lines, int((box.height / size - 1) / _LINE_PITCH) + 1))
    lines = _wrap(words, text, zone.face, size, box.width)[:room]
    dots = _cells(_ELLIPSIS, zone.face, size)
    last = lines[-1]
    while last and _width(last) + _width(dots) > box.width:
        last.pop()
    last.extend(dots)
    return _stack(lines, zone, size)


@lru_cache(maxsize=_SHARED)
def _fit_shared(field: str, text: str, zone: Zone) -> list[Run]:
    """Fit a text that is the same on thousands of labels and not personal; the result and its dots are cached."""
    return [replace(run, kept=[]) for run in _fit(field, text, zone)]


def _wrap(pattern: re.Pattern[str], text: str, face_id: int, size: int, limit: int) -> list[list[Cell]]:
    lines: list[list[Cell]] = [[]]
    used = 0
    for word in pattern.findall(text):
        cells = _cells(word, face_id, size)
        width = _width(cells)
        if used + width <= limit:
            lines[-1] += cells
            used += width
        elif width <= limit:
            carried: list[Cell] = []
            if word in _NO_LINE_START and len(lines[-1]) > 1:
                carried = [lines[-1].pop()]
            lines.append(carried + cells)
            used = _width(lines[-1])
        else:  # a word longer than a line is broken at the end of the line
            for cell in cells:
                if used + cell.advance > limit:
                    lines.append([])
                    used = 0
                lines[-1].append(cell)
                used += cell.advance
    return lines


def _stack(lines: list[list[Cell]], zone: Zone, size: int) -> list[Run]:
    return [
        _run(cells, zone, size, width=_width(cells), line=number, lines=len(lines))
        for number, cells in enumerate(lines)
    ]


def _run(cells: list[Cell], zone: Zone, size: int, *, width: int, line: int = 0, lines: int = 1) -> Run:
    box = zone.box
    if zone.align is Align.LEFT:
        x = box.x
    elif zone.align is Align.RIGHT:
        x = box.x + box.width - width
    else:
        x = box.x + (box.width - width) // 2
    pitch = round(size * _LINE_PITCH)
    em_top = box.y + (box.height - size - pitch * (lines - 1)) // 2 + pitch * line
    y = em_top + round(_EM_TOP * size) - round(ASCENT * size)
    return Run(cells, x, y, zone.face, size, zone.reverse)


def _phone(phone: str, zone: Zone, tail_zone: Zone) -> list[Run]:
    """Place the masked phone on one baseline: the hidden part small, the last digits (at most four) in large type.

    A number with nothing hidden (a virtual number, or an organisation's) is meant to be dialled, so it has one size.
    """
    found = _TAIL.search(_required("phone", phone))
    if found is None or "*" not in phone:
        return _fit("phone", phone, zone)
    head, tail = phone[: found.start()], found.group()
    for size in tail_zone.sizes:
        tail_cells = _cells(tail, tail_zone.face, size)
        tail_run = _run(tail_cells, tail_zone, size, width=_width(tail_cells))
        room = tail_run.x - zone.box.x
        for small in zone.sizes:
            cells = _cells(head, zone.face, small)
            width = _width(cells)
            if width <= room:
                drop = round(ASCENT * size) - round(ASCENT * small)
                return [
                    Run(cells, tail_run.x - width, tail_run.y + drop, zone.face, small, reverse=False),
                    tail_run,
                ]
    raise TextTooLongError.of("phone")


def _waybill(waybill_no: str, zone: Zone) -> list[Run]:
    """Place the waybill number under its bars, grouped by four from the right so that people can compare it."""
    parts = [waybill_no]
    if (found := _GROUPABLE.fullmatch(waybill_no)) is not None:
        first = found.end(1) + len(found.group(2)) % _GROUP or _GROUP
        parts = [waybill_no[:first]]
        parts += [waybill_no[at : at + _GROUP] for at in range(first, len(waybill_no), _GROUP)]
    for size in zone.sizes:
        groups = [_cells(part, zone.face, size) for part in parts]
        gap = round(size * _GROUP_GAP)
        widths = [_width(cells) for cells in groups]
        total = sum(widths) + gap * (len(groups) - 1)
        if total > zone.box.width:
            continue
        start = _run([], zone, size, width=total)
        runs, x = [], start.x
        for cells, width in zip(groups, widths, strict=True):
            runs.append(Run(cells, x, start.y, zone.face, size, reverse=False))
            x += width + gap
        return runs
    raise TextTooLongError.of("waybill_no")


def _bars(waybill_no: str, plan: Plan) -> Bars:
    modules = codes.code128_modules(waybill_no)
    box = plan.code128
    module = min(plan.code128_max_module, box.width // (len(modules) + 2 * codes.QUIET_CODE128))
    if module < plan.code128_min_module:
        raise TextTooLongError.of("waybill_no")
    x = box.x + (box.width - module * len(modules)) // 2
    return Bars(waybill_no, modules, module, x, box.y, box.height)
