"""Reads a drawn label back from its glyph records and judges it before release."""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from waybillguard.label.check.codes import MISSING, judge_code
from waybillguard.label.check.fold import fold, tight
from waybillguard.label.check.names import is_organisation
from waybillguard.label.check.own_fields import judge_number, judge_own
from waybillguard.label.check.phones import FEW, LOOSE, whole_number_in
from waybillguard.label.check.text import judge, redact
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
from waybillguard.label.font import face
from waybillguard.label.model import CodeKind, Drawn, LabelSize

FaceChar = Callable[[int, int], str]
"""(face, glyph id) → the character of the glyph; ``KeyError`` if there is none."""

_DOTS_PER_MM: Final = {203: 8.0, 300: 300 / 25.4}
_UNKNOWN_GLYPH: Final = "\ufffd"
_GLYPHS: Final = 1 << 16
# A cell is 1.36 of its type size high, so its middle lies 0.68 below its top.
_MIDDLE: Final = 0.68
_ASCENT: Final = 1.06
_SLACK_MM: Final = 1.2
# A gap wider than this share of the type size reads as a space; within one it is one run.
_SPACE: Final = 0.15
_SAME_ROW: Final = 0.35
# Ink of digits and Chinese characters lies between these shares of the type size below the cell's top.
_INK_TOP: Final = 0.32
_INK_BOTTOM: Final = 1.06
_TOUCH: Final = 0.15
_WAYBILL_DIFFERS: Final = Reason(
    "WBN-01", "印出的运单号与条码不一致", "the printed waybill number is not the bar code's"
)
_GLYPH: Final = Reason("GLY-01", "有无法读回的字形", "a glyph cannot be read back")
_OVERPRINT: Final = Reason("GLY-02", "文字重叠", "text is printed over text")
_OUTSIDE: Final = Reason("GLY-03", "栏位之外有文字", "there is text outside every field")
_ZONES: Final = {
    "name": Zone.NAME,
    "phone": Zone.PHONE,
    "phone_tail": Zone.PHONE,
    "address": Zone.ADDRESS,
    "remark": Zone.REMARK,
    "goods_class": Zone.GOODS,
    "sort_code": Zone.SORT_CODE,
    "sample": Zone.SORT_CODE,
    "hub": Zone.HUB,
    "carrier": Zone.CARRIER,
    "attempt": Zone.TRACE,
    "trace": Zone.TRACE,
    "waybill_no": Zone.WAYBILL_NO,
}
_SAMPLE: Final = "样张"


@dataclass(frozen=True, slots=True)
class _Box:
    zone: Zone
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Place:
    """The zones of a template, in dots."""

    boxes: tuple[_Box, ...]
    notices: dict[str, tuple[tuple[float, float, float, float], ...]]


class _Run:
    """Glyphs in one line without a gap."""

    __slots__ = ("baseline", "end", "middle", "size", "text", "x", "y")

    def __init__(self, text: str, x: int, y: int, size: int, end: int) -> None:
        self.text, self.x, self.y, self.size, self.end = text, x, y, size, end
        self.middle = y + _MIDDLE * size
        self.baseline = y + _ASCENT * size


def _template(size: LabelSize) -> dict[str, Any]:
    raw = files("waybillguard.label").joinpath("data", "templates.toml").read_text(encoding="utf-8")
    return next(template for template in tomllib.loads(raw)["template"] if template["size"] == size.value)


@cache
def place(size: LabelSize, dpi: int) -> _Place:
    """Return the zones of a paper size in dots, from ``data/templates.toml``."""
    wanted = _template(size)
    dots = _DOTS_PER_MM[dpi]
    slack = _SLACK_MM * dots

    def box(at: list[float]) -> tuple[float, float, float, float]:
        x, y, width, height = (value * dots for value in at)
        return x - slack, y - slack, x + width + slack, y + height + slack

    boxes = tuple(
        _Box(_ZONES.get(name, Zone.UNKNOWN), *box(field["at"])) for name, field in wanted["fields"].items()
    )
    notices: dict[str, tuple[tuple[float, float, float, float], ...]] = {}
    for text in wanted["texts"]:
        notices[text["say"]] = (*notices.get(text["say"], ()), box(text["at"]))
    return _Place(boxes, notices)


@cache
def furniture(size: LabelSize, dpi: int) -> tuple[tuple[int, int, int, int], ...]:
    """Return rules and filled boxes of a template in dots: (left, top, right, bottom)."""
    wanted = _template(size)
    dots = _DOTS_PER_MM[dpi]
    filled = [
        item["at"] for item in (*wanted["texts"], *wanted["fields"].values()) if item.get("on") == "black"
    ]
    return tuple(
        (int(x * dots), int(y * dots), round((x + width) * dots) + 1, round((y + height) * dots) + 1)
        for x, y, width, height in (*wanted["rules"], *filled)
    )


@cache
def _characters() -> NDArray[np.uint32]:
    """Return the code point of each glyph id, by face: shape (2, 65536)."""
    return _table(lambda face_id, gid: face(face_id).char_of(gid), (0, 1))


def _table(face_char: FaceChar, faces: Iterable[int]) -> NDArray[np.uint32]:
    rows = []
    for face_id in faces:
        row = np.full(_GLYPHS, ord(_UNKNOWN_GLYPH), dtype=np.uint32)
        for gid in range(_GLYPHS):
            try:
                row[gid] = ord(face_char(face_id, gid))
            except KeyError:
                continue
        rows.append(row)
    table = np.array(rows)
    table.setflags(write=False)
    return table


def read_runs(drawn: Drawn, *, face_char: FaceChar | None = None) -> list[_Run]:
    """Rebuild runs of text from the glyph records by position alone: top to bottom, left to right."""
    glyphs = drawn.glyphs
    if not len(glyphs):
        return []
    table = _characters() if face_char is None else _table(face_char, (0, 1))
    y, x = glyphs["y"].astype(np.int64), glyphs["x"].astype(np.int64)
    size = glyphs["size"].astype(np.int64)
    # A single sort key: line, then type size, then column.
    order = np.argsort((((y << 10) + size) << 16) + x, kind="stable")
    y, x, size = y[order], x[order], size[order]
    end = x + glyphs["advance"][order]
    text = table[np.minimum(glyphs["face"][order], 1), glyphs["gid"][order]].tobytes().decode("utf-32-le")
    broken = (y[1:] != y[:-1]) | (size[1:] != size[:-1]) | (np.abs(x[1:] - end[:-1]) > size[1:] * _SPACE)
    starts = [0, *(np.flatnonzero(broken) + 1).tolist(), len(text)]
    heads = np.array(starts[:-1])
    tails = np.array(starts[1:]) - 1
    columns = zip(
        starts,
        starts[1:],
        x[heads].tolist(),
        y[heads].tolist(),
        size[heads].tolist(),
        end[tails].tolist(),
        strict=False,
    )
    return [_Run(text[a:b], left, top, height, right) for a, b, left, top, height, right in columns]


def check_drawn(
    drawn: Drawn, *, standard: Standard = Standard.PRINT, face_char: FaceChar | None = None
) -> Verdict:
    """Judge a label by what was drawn on it, with one verdict per field.

    Text is rebuilt from the glyph records by position; the template's zones only give the field expected at each
    place. Text that is outside every zone, overlaps, or cannot be read back fails. ``face_char`` replaces the
    label font's map from glyphs to characters.
    """
    findings = list(_findings(drawn, standard, face_char))
    verdicts = tuple(
        FieldVerdict(zone, Party.RECEIVER, reason is None, redact(zone, text, reason), reason)
        for zone, text, reason in findings
    )
    failed = next((verdict.reason for verdict in verdicts if verdict.reason is not None), None)
    if failed is None:
        return Verdict(passed=True, fields=verdicts)
    return Verdict(passed=False, fields=verdicts, reason_zh=failed.zh, reason_en=failed.en)


def require(drawn: Drawn, *, standard: Standard = Standard.PRINT) -> None:
    """Raise ``LabelRefusedError`` unless a label passes. The error names the field and the rule, never the text."""
    for zone, _, reason in _findings(drawn, standard, None):
        if reason is not None:
            raise LabelRefusedError.of(zone, reason)


def _findings(
    drawn: Drawn, standard: Standard, face_char: FaceChar | None
) -> Iterable[tuple[Zone, str, Reason | None]]:
    """Yield each field with its text and the rule it breaks."""
    runs = read_runs(drawn, face_char=face_char)
    where = place(drawn.size, drawn.dpi)
    fields: dict[Zone, list[_Run]] = {}
    loose: list[_Run] = []
    for run in runs:
        if _UNKNOWN_GLYPH in run.text:
            yield Zone.UNKNOWN, "", _GLYPH
        notices = where.notices.get(run.text)
        if notices is not None and any(
            left <= run.x and run.end <= right and top <= run.middle <= bottom
            for left, top, right, bottom in notices
        ):
            continue
        zone = _zone_of(run, where)
        if zone is None:
            yield Zone.UNKNOWN, run.text, _OUTSIDE
        else:
            fields.setdefault(zone, []).append(run)
        loose.append(run)
    if _overlap(loose):
        yield Zone.UNKNOWN, "", _OVERPRINT
    printed_on = _joined(fields.get(Zone.TRACE, []))
    name = _joined(fields.get(Zone.NAME, []))
    organisation = is_organisation(fold(name))
    for zone, members in fields.items():
        text = _joined(members)
        reason = judge(zone, text, standard, organisation=organisation, printed_on=printed_on)
        if reason is None and standard is Standard.PRINT:
            reason = judge_own(zone, text, name)
        yield zone, text, reason
    yield from _across(fields)
    yield from _codes(drawn, fields, standard)


def _zone_of(run: _Run, where: _Place) -> Zone | None:
    """Return the zone that contains a run; if zones overlap, the one that begins nearest to the run."""
    best: tuple[float, Zone] | None = None
    for box in where.boxes:
        if box.left <= run.x and run.end <= box.right and box.top <= run.middle <= box.bottom:
            if box.zone is Zone.SORT_CODE and run.text == _SAMPLE:
                return Zone.SORT_CODE
            distance = min(run.x - box.left, box.right - run.end) + 0.01 * (run.middle - box.top)
            if best is None or distance < best[0]:
                best = (distance, box.zone)
    return None if best is None else best[1]


def _rows(members: list[_Run]) -> list[list[_Run]]:
    """Group runs into rows (baselines equal to within a third of the type size), each ordered from left to right."""
    rows: list[list[_Run]] = []
    for run in sorted(members, key=_baseline):
        if rows and run.baseline - rows[-1][-1].baseline < _SAME_ROW * min(run.size, rows[-1][-1].size):
            rows[-1].append(run)
        else:
            rows.append([run])
    for row in rows:
        row.sort(key=_left)
    return rows


def _baseline(run: _Run) -> float:
    return run.baseline


def _left(run: _Run) -> int:
    return run.x


def _joined(members: list[_Run]) -> str:
    """Read the runs of a zone as one text, with a space where a gap is wide."""
    if len(members) == 1:
        return members[0].text
    parts: list[str] = []
    for row in _rows(members):
        end = None
        for run in row:
            if (
                end is not None
                and run.x - end > 0.5 * run.size
                and run.text != _SAMPLE
                and parts[-1] != _SAMPLE
            ):
                parts.append(" ")
            if run.text != _SAMPLE:
                parts.append(run.text)
            end = run.end
    return "".join(parts)


def _overlap(runs: list[_Run]) -> bool:
    """Return whether the ink of two runs overlaps: a star drawn over a digit would be read as a star."""
    ordered = sorted(runs, key=_top)
    for index, first in enumerate(ordered):
        bottom = first.y + _INK_BOTTOM * first.size
        for second in ordered[index + 1 :]:
            if second.y + _INK_TOP * second.size >= bottom:
                break
            if min(first.end, second.end) - max(first.x, second.x) > _TOUCH * min(first.size, second.size):
                return True
    return False


def _top(run: _Run) -> float:
    return run.y + _INK_TOP * run.size


_CONTACT: Final = (Zone.NAME, Zone.PHONE, Zone.ADDRESS, Zone.REMARK)


def _across(fields: dict[Zone, list[_Run]]) -> Iterable[tuple[Zone, str, Reason]]:
    """Find a number that is split over two fields of a row."""
    members = [run for zone in _CONTACT for run in fields.get(zone, ())]
    for row in _rows(members):
        if len(row) > 1 and whole_number_in(fold("".join(run.text for run in row))) is not None:
            yield Zone.PHONE, "", FEW


def _codes(
    drawn: Drawn, fields: dict[Zone, list[_Run]], standard: Standard
) -> Iterable[tuple[Zone, str, Reason | None]]:
    phone = _joined(fields.get(Zone.PHONE, []))
    for code in drawn.codes:
        reason = judge_code(code.kind, code.text, standard)
        if reason is None and standard is Standard.PRINT and code.kind is CodeKind.CODE128:
            reason = judge_number(code.text, phone)
        yield Zone.CODE, "", reason
    bars = [code.text for code in drawn.codes if code.kind is CodeKind.CODE128]
    if len(bars) != 1 or len(drawn.codes) != 2:  # noqa: PLR2004 - one of each kind
        yield Zone.CODE, "", MISSING
        return
    printed = tight(fold("".join(run.text for row in _rows(fields.get(Zone.WAYBILL_NO, [])) for run in row)))
    if printed != bars[0]:
        yield Zone.WAYBILL_NO, "", _WAYBILL_DIFFERS if printed else LOOSE


def lines_of(drawn: Drawn) -> list[TextLine]:
    """Return the lines of a drawn label as the check reads them (for tests and reports)."""
    return [TextLine(run.text, run.x, run.y, run.size, run.end - run.x) for run in read_runs(drawn)]
