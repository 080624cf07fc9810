"""Reads a log file as one table of text: CSV, TSV, a workbook, HTML named .xls, JSON, or JSON lines.

The title row is found among the first rows by known words; otherwise it is the first row.
"""

import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, BinaryIO, Final

from waybillguard.events.errors import EventsError
from waybillguard.events.foreign.words import fold, possible_fields
from waybillguard.orders.encodings import detect_encoding, text_pieces
from waybillguard.orders.errors import OrdersError
from waybillguard.orders.limits import Limits
from waybillguard.orders.tables import Table, open_tables

LOG_LIMITS: Final = Limits(
    max_bytes=256 << 20, max_inflated=1 << 30, max_columns=400, max_rows=1_000_000, max_sheet_cells=20_000_000
)
_HEADER_ROWS: Final = 12
_DEPTH: Final = 6
_WRAPPERS: Final = 4
_SURE: Final = 2  # a single known title may be coincidence
_LONGEST_TITLE: Final = 60
_FOOTER_CELLS: Final = 3
_FOOTER: Final = re.compile(
    r"(?:(?:本页|本日|当日)?(?:小计|合计|总计|总数)|共\s*\d+|制表|打印日期|导出(?:时间|人|日期)|"
    r"(?:grand\s+|sub)?total\b|page\s+\d|.{0,40}第\s*\d+\s*页)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LogRow:
    """One data row: its sheet, its number from 1 in the file, its cells; ``problem`` if it is damaged."""

    sheet: str
    number: int
    cells: Sequence[str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table: its name, its titles, the rows below them, and the number of known titles."""

    sheet: str
    names: tuple[str, ...]
    rows: list[list[str]] = field(repr=False)
    score: int


@dataclass(frozen=True, slots=True)
class ForeignLog:
    """A log read as text.

    Attributes:
        titles: column titles as written; unnamed ones are ``#1``, ``#2`` …
        rows: the data rows in file order.
        fingerprint: the same for files with the same titles, regardless of content.
    """

    titles: tuple[str, ...]
    rows: tuple[LogRow, ...] = field(repr=False)
    fingerprint: str


def read_log(
    content: bytes | BinaryIO, *, limits: Limits = LOG_LIMITS, password: str | None = None
) -> ForeignLog:
    """Read a log file.

    Raises:
        EventsError (log_unreadable): it has no table, exceeds the limits, or is encrypted.
    """
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    head = stream.read(4096)
    stream.seek(0)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return _from_json(stream, limits)
    try:
        return _from_tables(stream, limits, password)
    except OrdersError as error:
        raise EventsError(code="log_unreadable", zh=error.zh, en=error.en) from None


def fingerprint(names: Iterable[str]) -> str:
    """Return a hash of the folded titles, equal for all files with the same titles."""
    return blake2b("\n".join(fold(name) for name in names).encode(), digest_size=12).hexdigest()


def _from_tables(stream: BinaryIO, limits: Limits, password: str | None) -> ForeignLog:
    sheets = []
    left = limits.max_rows
    for table in open_tables(stream, password=password, limits=limits):
        sheet = _sheet(table, left, limits)
        if sheet is not None:
            left -= len(sheet.rows)
            sheets.append(sheet)
    if not sheets:
        raise EventsError(
            code="log_unreadable",
            zh="文件里没有日志。没有导入任何内容；请连同列名一起导出。",
            en="there is no log in the file. Nothing was imported; export it with the titles of its columns.",
        )
    known = [sheet for sheet in sheets if sheet.score >= _SURE] or [
        max(sheets, key=lambda sheet: len(sheet.names))
    ]
    header = known[0].names
    rows: list[LogRow] = []
    for sheet in known:
        places = _places(sheet.names, header)
        for cells in sheet.rows:
            extra = any(cell.strip() for cell in cells[len(places) :])
            placed = [""] * len(header)
            for at, cell in zip(places, cells, strict=False):
                if at >= 0:
                    placed[at] = cell
            rows.append(LogRow(sheet.sheet, len(rows) + 1, placed, "column_count" if extra else ""))
    return ForeignLog(header, tuple(rows), fingerprint(header))


def _sheet(table: Table, left: int, limits: Limits) -> _Sheet | None:
    """Return a table's titles and rows, without page titles and totals; None for an empty one."""
    found: _Sheet | None = None
    folded: tuple[str, ...] = ()
    for cells, is_header in _with_header(table.rows):
        if is_header:
            folded = tuple(fold(cell) for cell in cells)
            found = _Sheet(table.name, _named(cells), [], _title_score(cells))
        elif found is not None and not _is_header(cells, folded) and not _is_footer(cells):
            found.rows.append(cells)
            if len(found.rows) > left:
                raise _too_many(limits)
    return found


def _is_header(cells: Sequence[str], folded: Sequence[str]) -> bool:
    """Return whether a row repeats the titles, as on each printed page. The first cell usually decides."""
    return len(cells) == len(folded) and all(
        fold(cell) == title for cell, title in zip(cells, folded, strict=True)
    )


def _is_footer(cells: Sequence[str]) -> bool:
    """Return whether a row is a total, a page title or the author of the list."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) <= _FOOTER_CELLS and _FOOTER.match(filled[0]) is not None


def _with_header(rows: Iterable[list[str]]) -> Iterator[tuple[list[str], bool]]:
    """Yield the rows from the title row on; True marks the title row."""
    head: list[list[str]] = []
    rest = iter(rows)
    for row in rest:
        if any(cell.strip() for cell in row):
            head.append(row)
        if len(head) == _HEADER_ROWS:
            break
    if not head:
        return
    scores = [_title_score(row) for row in head]
    best = max(range(len(head)), key=lambda n: (scores[n], -n))
    if scores[best] < _SURE:
        widest = max(len([cell for cell in row if cell.strip()]) for row in head)
        best = next(n for n, row in enumerate(head) if len([cell for cell in row if cell.strip()]) == widest)
    yield head[best], True
    for row in head[best + 1 :]:
        yield row, False
    for row in rest:
        if any(cell.strip() for cell in row):
            yield row, False


def _title_score(row: Sequence[str]) -> int:
    return len({fold(cell) for cell in row if len(cell) <= _LONGEST_TITLE and possible_fields(cell)})


def _named(cells: Sequence[str]) -> tuple[str, ...]:
    """Return unique titles; a repeated one gets a number."""
    names: list[str] = []
    last = max((n for n, cell in enumerate(cells) if cell.strip()), default=-1)
    for number, cell in enumerate(cells[: last + 1], start=1):
        name = " ".join(cell.split())[:60] or f"#{number}"
        names.append(name if name not in names else f"{name} #{number}")
    return tuple(names)


def _places(names: Sequence[str], header: Sequence[str]) -> list[int]:
    """Return the indexes of a later sheet's columns in the first header; -1 for columns it lacks."""
    at = {fold(name): n for n, name in enumerate(header)}
    return [at.get(fold(name), -1) for name in names]


def _from_json(stream: BinaryIO, limits: Limits) -> ForeignLog:
    if stream.seek(0, 2) > limits.max_bytes:
        raise _too_many(limits)
    codec, skip = detect_encoding(stream)
    text = "".join(text_pieces(stream, codec, skip)).strip()
    records: list[dict[str, str] | None] = []
    header: dict[str, None] = {}
    for found in _objects(text):
        flat = None if found is None else _flat(found)
        records.append(flat)
        if len(records) > limits.max_rows:
            raise _too_many(limits)
        for name in flat or ():
            header[name] = None
            if len(header) > limits.max_columns:
                raise _too_many(limits)
    if not header:
        raise EventsError(
            code="log_unreadable",
            zh="JSON 里没有日志记录。没有导入任何内容；需要一个对象数组，或每行一个对象。",
            en="there is no record of a log in the JSON. Nothing was imported; an array of objects is needed, or one "
            "object a line.",
        )
    names = tuple(header)
    rows = tuple(
        LogRow("", number, (), "unreadable_row")
        if record is None
        else LogRow("", number, [record.get(name, "") for name in header])
        for number, record in enumerate(records, start=1)
    )
    return ForeignLog(names, rows, fingerprint(names))


def _objects(text: str) -> Iterator[dict[str, Any] | None]:
    """Yield the records of a JSON text, None for a damaged one."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        yield from _piecewise(text)
        return
    yield from (one if isinstance(one, dict) else None for one in _records(whole))


def _records(whole: object) -> list[Any]:
    """Return the list of records inside a wrapper such as ``{"data": {"list": [...]}}``."""
    for _ in range(_WRAPPERS):
        if isinstance(whole, list):
            return whole
        if not isinstance(whole, dict):
            return []
        lists = [
            value
            for value in whole.values()
            if isinstance(value, list) and any(isinstance(v, dict) for v in value)
        ]
        if lists:
            return max(lists, key=len)
        inner = [value for value in whole.values() if isinstance(value, dict)]
        if len(inner) != 1 or len(whole) > len(inner) + 4:
            return [whole]
        whole = inner[0]
    return [whole]


def _piecewise(text: str) -> Iterator[dict[str, Any] | None]:
    """Yield objects one by one from JSON lines, or from an array that is damaged or cut off."""
    lines = text.split("\n")
    if sum(
        line.lstrip().startswith("{") and line.rstrip().rstrip(",").endswith("}") for line in lines
    ) * 2 >= len([line for line in lines if line.strip()]):
        for line in lines:
            piece = line.strip().rstrip(",")
            if piece and piece not in {"[", "]"}:
                yield _one(piece.removeprefix("["))
        return
    decoder, at = json.JSONDecoder(), text.find("{")
    while at >= 0:
        try:
            found, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            yield None
            end = at + 1
            close = text.find("}", end)
            end = close + 1 if close >= 0 else len(text)
        else:
            yield found if isinstance(found, dict) else None
        at = text.find("{", end)


def _one(piece: str) -> dict[str, Any] | None:
    try:
        found = json.loads(piece)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _flat(record: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str]:
    """Return the record with nested objects as dotted names and values as text."""
    flat: dict[str, str] = {}
    for key, value in record.items():
        name = _text(f"{prefix}{key}")
        if isinstance(value, dict) and depth < _DEPTH:
            flat.update(_flat(value, f"{name}.", depth + 1))
        elif isinstance(value, list):
            flat[name] = ",".join(_text(one) for one in value if not isinstance(one, dict | list))
        else:
            flat[name] = _text(value)
    return flat


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else json.dumps(value) if isinstance(value, dict) else str(value)
    return text.encode("utf-8", "replace").decode()  # an unpaired surrogate cannot be stored


def _too_many(limits: Limits) -> EventsError:
    return EventsError(
        code="log_unreadable",
        zh=f"日志超过上限（{limits.max_rows} 行、{limits.max_columns} 列、{limits.max_bytes >> 20} MiB）。"
        "没有导入任何内容；请按日期分成几份。",
        en=f"the log is beyond the limits ({limits.max_rows} rows, {limits.max_columns} columns, "
        f"{limits.max_bytes >> 20} MiB). Nothing was imported; split it by date.",
    )
