"""Read a small untrusted list in a separate process (``python -m waybillguard.orders.small_tables``).

For lists of a few thousand rows that are not orders (victims): a workbook, or the HTML that some systems call .xls.
"""

import io
from typing import Final

import msgspec

from waybillguard.orders.errors import OrdersError, UnreadableFileError
from waybillguard.orders.limits import Limits
from waybillguard.orders.tables import is_workbook, open_tables
from waybillguard.orders.tables_markup import looks_like_markup
from waybillguard.sandbox import Bounds, SandboxError, ask, serve

type Rows = list[list[str]]

_SNIFF: Final = 4096
_LIMITS: Final = Limits(
    max_bytes=16 << 20, max_inflated=128 << 20, max_columns=200, max_rows=100_000, max_sheet_cells=4_000_000
)
_BOUNDS: Final = Bounds(memory=1 << 30, seconds=60)


class _Question(msgspec.Struct):
    content: bytes


class _Answer(msgspec.Struct):
    """The sheets in their order, or the error."""

    tables: list[Rows] = []
    kind: str = ""
    zh: str = ""
    en: str = ""


def is_no_plain_text(content: bytes) -> bool:
    """Return whether a list is a workbook or markup, by its first bytes."""
    return is_workbook(content) or looks_like_markup(content[:_SNIFF])


def tables_of(content: bytes) -> list[Rows]:
    """Return the rows of each sheet as text, including hidden sheets, without blank rows.

    Raises:
        OrdersError: the file is damaged, encrypted or too large, or it crashed the reading process.
    """
    try:
        found = ask("waybillguard.orders.small_tables", _Question(content), _Answer, seconds=120)
    except SandboxError as error:
        raise UnreadableFileError(zh=error.zh, en=error.en) from None
    if found.kind:
        kind = next((one for one in OrdersError.__subclasses__() if one.code == found.kind), OrdersError)
        raise kind(zh=found.zh, en=found.en)
    return found.tables


def _read(question: _Question) -> _Answer:
    try:
        found = open_tables(io.BytesIO(question.content), password=None, limits=_LIMITS)
        return _Answer([list(table.rows) for table in found])
    except OrdersError as error:
        return _Answer(kind=error.code, zh=error.zh, en=error.en)


if __name__ == "__main__":
    serve(_Question, _read, _BOUNDS)
