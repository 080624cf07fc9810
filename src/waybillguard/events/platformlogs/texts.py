"""Records as files for manual upload: one JSON object per line (JSONL), or a table (CSV)."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from waybillguard.orders.rows_cells import neutralise


def jsonl_text(bodies: Iterable[Mapping[str, Any]]) -> str:
    """Return one JSON object per line."""
    return "".join(json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n" for body in bodies)


def csv_text(bodies: Sequence[Mapping[str, Any]]) -> str:
    """Return a table with the first record's fields as header; lists are joined by commas.

    A cell that a spreadsheet would interpret as a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if bodies:
        head = list(bodies[0])
        writer.writerow(head)
        writer.writerows([_cell(body.get(name, "")) for name in head] for body in bodies)
    return out.getvalue()


def _cell(value: object) -> str:
    text = ",".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return neutralise(text)
