"""How a frozen case is written: the file as a system would export it, and beside it what a person reads."""

import csv
import datetime as dt
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

CASES = Path(__file__).resolve().parents[2] / "tests" / "cases" / "events" / "foreign"
CHINA = dt.timezone(dt.timedelta(hours=8))

Rows = Sequence[Sequence[Any]]


def at(text: str, zone: dt.tzinfo = CHINA) -> str:
    """Return ``3-05 14:03[:01[.250]]`` of 2026, read in a zone, as UTC text with Z."""
    moment = dt.datetime.fromisoformat(f"2026-0{text}").replace(tzinfo=zone).astimezone(dt.UTC)
    return moment.isoformat().replace("+00:00", "Z")


def ev(
    row: int, ts: str, account: str, action: str, order: str | None = None, **more: object
) -> dict[str, object]:
    """Return one expected event; keys that are left out are not judged."""
    return {"row": row, "ts": ts, "account": account, "action": action, "order_id": order, **more}


def no(row: int, reason: str) -> dict[str, object]:
    """Return one expected refusal."""
    return {"row": row, "reason": reason}


def expect(
    file: str,
    about: str,
    mapping: dict[str, Any],
    events: list[dict[str, object]],
    refused: list[dict[str, object]] | None = None,
    **more: object,
) -> None:
    """Write the expectation beside the file."""
    case: dict[str, object] = {"file": file, "about": about, "zone": "Asia/Shanghai", "given": {}, **more}
    case |= {"mapping": mapping, "events": events, "refused": refused or []}
    text = json.dumps(case, ensure_ascii=False, indent=1)
    (CASES / f"{file}.json").write_text(text + "\n", "utf-8", newline="\n")


def table(file: str, rows: Rows, encoding: str = "utf-8", delimiter: str = ",", before: str = "") -> None:
    """Write a delimited table."""
    out = io.StringIO()
    out.write(before)
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    (CASES / file).write_bytes(out.getvalue().encode(encoding))


def raw(file: str, content: str | bytes) -> None:
    """Write a file as it stands."""
    (CASES / file).write_bytes(content if isinstance(content, bytes) else content.encode())


def book(file: str, sheets: dict[str, Rows], merge: str = "") -> None:
    """Write a workbook; the first sheet may have one merged range."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if merge:
            sheet.merge_cells(merge)
            merge = ""
    fixed = dt.datetime(2026, 3, 6, 8, 0)  # noqa: DTZ001 - workbooks know no zones
    workbook.properties.created = workbook.properties.modified = fixed
    workbook.save(CASES / file)
