"""The list of decoys (诱饵订单): CSV with ``order_id``, JSON with objects or numbers, or one number a line."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from waybillguard.detect.errors import DetectInputError
from waybillguard.detect.roster import read_text


def read_decoys(path: Path) -> tuple[str, ...]:
    """Return the decoys' order numbers.

    Raises:
        DetectInputError: the file cannot be read or names none.
    """
    text = read_text(path).strip()
    found = tuple(dict.fromkeys(one for one in _numbers(text) if one))
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
        except ValueError:
            return
        if isinstance(body, dict):
            body = body.get("decoys", [body])
        for one in body if isinstance(body, list) else ():
            yield str(one.get("order_id") or "") if isinstance(one, dict) else str(one)
        return
    rows = csv.reader(io.StringIO(text))
    head = next(rows, [])
    column = head.index("order_id") if "order_id" in head else 0
    if "order_id" not in head and head:
        yield head[0].strip()
    for row in rows:
        if len(row) > column:
            yield row[column].strip()
