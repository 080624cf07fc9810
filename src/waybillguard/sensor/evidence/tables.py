"""Reads tables of shells and forensic tools: JSON, JSON lines, CSV, aligned columns, one property per line.

The columns of a row determine its meaning (``row_meanings``), independent of the tool that wrote it.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from waybillguard.sensor.evidence.any_text import read_text
from waybillguard.sensor.evidence.clock import table_time
from waybillguard.sensor.evidence.linux_files import read_paths
from waybillguard.sensor.evidence.registry_keys import registry_key
from waybillguard.sensor.evidence.row_meanings import is_registry, read_row
from waybillguard.sensor.evidence.rows import Row, block_rows, column, column_rows, csv_rows, html_rows
from waybillguard.sensor.observation import Observation

_DEPTH = 5


def json_rows(data: bytes) -> tuple[list[Any], bool]:
    """Return the items of JSON or JSON lines, and whether the file is complete; a cut file gives the items before."""
    text = data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig", "replace").strip()
    try:
        body = json.loads(text)
    except RecursionError:
        return [], False
    except ValueError:
        return _rows_before_cut(text)
    return body if isinstance(body, list) else [body], True


def _rows_before_cut(text: str) -> tuple[list[Any], bool]:
    rows: list[Any] = []
    decoder, at = json.JSONDecoder(), 1 if text.startswith("[") else 0
    while text[:1] in {"[", "{"} and (start := re.compile(r"[\s,]*").match(text, at)) is not None:
        if start.end() == len(text):
            return rows, text.startswith("{")
        try:
            row, at = decoder.raw_decode(text, start.end())
        except (ValueError, RecursionError):
            break
        rows.append(row)
    return rows, False


def _flat(row: dict[str, Any], before: str = "") -> Row:
    out: Row = {}
    for name, value in row.items():
        key = column(f"{before}{name}")
        if isinstance(value, dict) and (not before or name in {"columns", "_source"}):
            out |= _flat(value, "" if name in {"columns", "_source"} else name)
        elif value is not None and key not in out:
            out[key] = str(value)
    return out


def _dicts(item: Any, depth: int = 0) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - as JSON has it
    """Yield a row and the rows in nested lists: collectors put one list per query into one object."""
    if isinstance(item, dict) and depth < _DEPTH:
        yield item
        for inner in item.values():
            yield from _dicts(inner, depth + 1) if isinstance(inner, list) else ()
    elif isinstance(item, list) and depth < _DEPTH:
        for inner in item:
            yield from _dicts(inner, depth + 1)


def read_json(rows: list[Any], file: str) -> Iterator[Observation]:
    """Yield the observations from the items of a JSON file."""
    items = ((number, _flat(each)) for number, row in enumerate(rows, start=1) for each in _dicts(row))
    yield from _read(items, file, "item")


def read_csv(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield the observations from a CSV; unknown columns give only named programs. Raises as ``csv_rows``."""
    yield from _read(csv_rows(lines), file, "row")


def read_columns(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield the observations from a table in aligned columns."""
    yield from _read(column_rows(lines), file, "line")


def read_html(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield the observations from the tables of an HTML page."""
    yield from _read(html_rows(lines), file, "row")


def read_blocks(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield the observations from rows with one property per line."""
    yield from _read(block_rows(lines), file, "line")


def _read(rows: Iterable[tuple[int, Row]], file: str, what: str) -> Iterator[Observation]:
    key = ""
    values: Row = {}
    for number, row in rows:
        if is_registry(row):
            if row["keypath"] != key:
                yield from registry_key(key, dict(values), file, key)
                key, values = row["keypath"], {}
            values[row.get("valuename", "")] = row.get("valuedata", "")
            continue
        found = list(read_row(row, file, f"{what} {number}", table_time))
        yield from found
        if not found:
            line = [(number, ", ".join(row.values()))]
            named = (*read_paths(line, file), *read_text(line, file))
            yield from (msgspec.structs.replace(each, record=f"{what} {number}") for each in named)
    yield from registry_key(key, dict(values), file, key)
