"""Write the small files: delimited text in any encoding, XLSX, XLS, HTML that calls itself XLS."""

import csv
import datetime as dt
import html
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import msoffcrypto.format.ooxml
import openpyxl
import xlwt
from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | float | dt.datetime | None
Row = Sequence[Cell]
FOLDER = Path(__file__).resolve().parents[2] / "tests" / "cases" / "orders"
READ = FOLDER / "read"


def lines(name: str, expected: Iterable[dict[str, Any]], *, number: bool = True) -> None:
    """Write what must be read, one line a row; rows are numbered unless the contract is silent."""
    text = ""
    for count, row in enumerate(expected, 1):
        judged = {"row": count, **row} if number and "row" not in row else dict(row)
        text += json.dumps(judged, ensure_ascii=False) + "\n"
    (READ / f"{name}.expected.jsonl").write_text(text, "utf-8")


def raw(name: str, data: bytes, expected: Iterable[dict[str, Any]]) -> None:
    """Write bytes as they are."""
    (READ / name).write_bytes(data)
    lines(name, expected)


def text(
    name: str,
    rows: Iterable[Row],
    expected: Iterable[dict[str, Any]],
    *,
    encoding: str = "utf-8",
    sep: str = ",",
    end: str = "\r\n",
    quote: bool = False,
    head: str = "",
) -> None:
    """Write delimited text."""
    out = io.StringIO(newline="")
    out.write(head)
    style: Literal[0, 1] = csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=sep, lineterminator=end, quoting=style).writerows(rows)
    raw(name, out.getvalue().encode(encoding), expected)


def _fill(sheet: Worksheet, rows: Iterable[Row], formats: dict[tuple[int, int], str]) -> None:
    for r, row in enumerate(rows, 1):
        for c, value in enumerate(row, 1):
            if value is None or value == "":
                continue
            cell = sheet.cell(r, c)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
            if (r, c) in formats:
                cell.number_format = formats[r, c]


def workbook(
    sheets: Mapping[str, Iterable[Row]],
    *,
    merge: dict[str, Sequence[str]] | None = None,
    formats: dict[tuple[int, int], str] | None = None,
    hidden: Sequence[str] = (),
) -> bytes:
    """Return the bytes of an XLSX."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        _fill(sheet, rows, formats or {})
        for area in (merge or {}).get(title, ()):
            sheet.merge_cells(area)
        if title in hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def locked(data: bytes, password: str) -> bytes:
    """Return the workbook encrypted as Excel does it (ECMA-376 agile)."""
    out = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(data)).encrypt(password, out)
    return out.getvalue()


def xls(
    sheets: Mapping[str, Iterable[Row]],
    *,
    merge: Sequence[tuple[int, int, int, int]] = (),
    date_format: str = "yyyy-mm-dd hh:mm:ss",
) -> bytes:
    """Return the bytes of a BIFF8 workbook; ``merge`` holds (row, row, column, column) from 0."""
    book = xlwt.Workbook(encoding="utf-8")
    dated = xlwt.easyxf(num_format_str=date_format)
    for title, rows in sheets.items():
        sheet = book.add_sheet(title)
        starts = {(area[0], area[2]): area for area in merge}
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if (r, c) in starts:
                    sheet.write_merge(*starts[r, c], value)
                elif value is None or value == "":
                    continue
                elif isinstance(value, dt.datetime):
                    sheet.write(r, c, value, dated)
                else:
                    sheet.write(r, c, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def html_table(rows: Iterable[Row], title: str) -> str:
    """Return the page that many back ends send under the ending .xls."""
    body = ""
    for row in rows:
        cells = "".join(
            f'<td style="vnd.ms-excel.numberformat:@">{html.escape(str(cell or ""))}</td>' for cell in row
        )
        body += f"<tr>{cells}</tr>\n"
    return (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
        f"<title>{title}</title></head><body><table border=1>\n{body}</table></body></html>"
    )
