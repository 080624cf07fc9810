"""Read one file of scans in a process of its own, which may crash.

Start it with ``python -m waybillguard.service.print_room.stations.scan_child``.

The file arrives on standard input. Only waybill numbers leave this process: other contents of a courier's export,
such as names and phones, never do. Nothing is written to standard error.
"""

import io
import re
from collections.abc import Iterable
from typing import Final

import msgspec

from waybillguard.errors import WaybillGuardError
from waybillguard.orders.headers import library
from waybillguard.orders.limits import Limits
from waybillguard.orders.tables import open_tables
from waybillguard.sandbox import Bounds, serve

MEMORY: Final = 1024 * 1024 * 1024
SECONDS: Final = 60
MOST_ROWS: Final = 50_000
MOST_BYTES: Final = 16 << 20
_LIMITS: Final = Limits(
    max_bytes=MOST_BYTES,
    max_inflated=128 << 20,
    max_columns=200,
    max_rows=MOST_ROWS,
    max_sheet_cells=4_000_000,
)
_HEADER_ROWS: Final = 10
#: Mobile numbers are excluded, because they must not leave this process.
_NUMBER: Final = re.compile(r"(?!1[3-9][0-9]{9}\Z)[0-9A-Za-z\-]{6,40}\Z")


class Answer(msgspec.Struct):
    """Waybill numbers in the order of the file, how many rows had none, or why the file was not read."""

    numbers: list[str] = []
    damaged: int = 0
    zh: str = ""
    en: str = ""


def read_scans(content: bytes) -> Answer:
    r"""Read a file of scans: a column with a known title of waybill numbers, or a plain list of them.

    >>> read_scans("时间,快递单号\n9:00,SF1234567890\n".encode()).numbers
    ['SF1234567890']

    Raises:
        WaybillGuardError: no table, or too large.
    """
    numbers: list[str] = []
    damaged = 0
    for table in open_tables(io.BytesIO(content), password=None, limits=_LIMITS):
        found, bad = _of_table(table.rows)
        numbers += found
        damaged += bad
    return Answer(numbers, damaged)


def _of_table(rows: Iterable[list[str]]) -> tuple[list[str], int]:
    column: int | None = None
    numbers: list[str] = []
    damaged = seen = 0
    for row in rows:
        cells = [cell.strip().strip("'\t") for cell in row]
        if not any(cells):
            continue
        seen += 1
        if column is None and seen <= _HEADER_ROWS:
            titled = [n for n, cell in enumerate(cells) if _is_title(cell)]
            if titled:
                column = titled[0]
                damaged = 0
                continue
        place = column if column is not None else 0
        cell = cells[place] if place < len(cells) else ""
        if _NUMBER.match(cell) and any(character.isdigit() for character in cell):
            numbers.append(cell)
        else:
            damaged += 1
    return numbers, damaged


def _is_title(cell: str) -> bool:
    meaning = library().lookup(cell) if cell else None
    return meaning is not None and meaning.field == "waybill_no"


def answer(content: bytes) -> Answer:
    """Read the file, or return why it cannot be read."""
    try:
        return read_scans(content)
    except WaybillGuardError as error:
        return Answer(zh=error.zh, en=error.en)


if __name__ == "__main__":
    serve(bytes, answer, Bounds(memory=MEMORY, seconds=SECONDS))
