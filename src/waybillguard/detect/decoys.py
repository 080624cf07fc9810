"""Reads the list of decoys (诱饵订单): CSV with ``order_id``, JSON of objects or numbers, or one number per line."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from waybillguard.detect.errors import DetectInputError
from waybillguard.detect.roster import read_text
from waybillguard.orders.rows_cells import clean_number

_ROUNDED: Final = re.compile(r"\d(?:\.\d+)?e\+?\d{1,3}", re.IGNORECASE)


def read_decoys(path: Path) -> tuple[str, ...]:
    """Return the decoys' order numbers.

    Raises:
        DetectInputError: the file cannot be read, names no order, or holds a number rounded by a spreadsheet.
    """
    text = read_text(path).strip()
    try:
        numbers = [clean_number(one) for one in _numbers(text)]
    except csv.Error:
        numbers = []
    found = tuple(dict.fromkeys(one for one in numbers if one))
    if rounded := next((one for one in found if _ROUNDED.fullmatch(one)), ""):
        raise DetectInputError(
            zh=f"{path.name} 中的单号 {rounded} 被表格软件四舍五入，无法使用。请把该列设为文本后重新导出",
            en=f"a spreadsheet has rounded {rounded} in {path.name}; format the column as text and export it again",
        )
    if not found:
        raise DetectInputError(
            zh=f"{path.name} 中没有订单号。应为带 order_id 列的 CSV、JSON，或每行一个单号",
            en=f"{path.name} names no order. Give CSV with a column order_id, JSON, or one number a line",
        )
    return found


def _numbers(text: str) -> Iterator[str]:
    if text[:1] in {"[", "{"}:
        try:
            try:
                body: Any = json.loads(text)
            except ValueError:
                body = [json.loads(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            return
        if isinstance(body, dict):
            body = body.get("decoys", [body])
        for one in body if isinstance(body, list) else ():
            yield str(one.get("order_id") or "") if isinstance(one, dict) else str(one)
        return
    first = text.partition("\n")[0]
    rows = csv.reader(
        io.StringIO(text, newline=None), delimiter="\t" if "\t" in first and "," not in first else ","
    )
    head = [one.strip() for one in next(rows, [])]
    column = head.index("order_id") if "order_id" in head else 0
    if "order_id" not in head and head:
        yield head[0].strip()
    for row in rows:
        if len(row) > column:
            yield row[column].strip()
