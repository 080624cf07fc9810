"""Read order exports of any platform or ERP as order rows.

Promise: every data row is returned exactly once, refused with a reason if it cannot be trusted. Text is streamed
in bounded memory. A workbook is parsed whole, within the limits. Read untrusted workbooks with
``child.read_in_child``, because a malicious file can crash the process that parses it.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from waybillguard.orders.limits import Limits, too_many_bytes
from waybillguard.orders.model import OrderRow
from waybillguard.orders.reader_records import read_records, row_records
from waybillguard.orders.rows import RowBuilder
from waybillguard.orders.rows_cells import clean_free
from waybillguard.orders.sheet_lines import SheetLines

_PIECE = 1 << 20
DEFAULT_LIMITS = Limits()


def read_orders(
    stream: BinaryIO,
    filename: str,
    *,
    password: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    lines: SheetLines | None = None,
) -> Iterator[OrderRow]:
    """Yield the orders of a CSV, TSV, XLSX, XLS or HTML export in file order.

    Args:
        stream: the file's bytes; a stream that is not seekable is held in memory.
        filename: the value of ``file`` in the rows; the file type is detected from its bytes.
        password: password of an encrypted workbook.
        limits: limits on size; only the child process limits time and memory.
        lines: receives the line of each row in its sheet, as a spreadsheet counts.

    Raises:
        OrdersError: the file cannot be read; the texts are in Chinese and English.
    """
    builder = RowBuilder(filename)
    for record in read_records(seekable(stream, limits), password=password, limits=limits):
        row = builder.build(record)
        if lines is not None:
            lines.add(row.row, record.line)
        yield row


def read_rows(
    columns: Mapping[str, str],
    rows: Sequence[Mapping[str, str]],
    name: str,
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[OrderRow]:
    """Yield one order for each row that a program passes as named fields, parsed like the row of a file.

    Args:
        columns: the column title (see `headers`) of each key.
        rows: text by key; missing values are empty, and white space is collapsed to one space.
        name: the value of ``file`` in the orders.
        limits: limits on the number of rows.
    """
    builder = RowBuilder(name)
    texts = ([_one_line(row.get(key, "")) for key in columns] for row in rows)
    for record in row_records(list(columns.values()), texts, limits):
        yield builder.build(record)


def _one_line(text: str) -> str:
    return " ".join(text.replace("\0", "").split()).encode("utf-8", "replace").decode()


def read_cells(
    stream: BinaryIO, *, password: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Iterator[dict[str, str]]:
    """Yield, for each data row, the unparsed text of every field that the header names.

    Of several columns for one field, the first non-empty one counts. Used for measurements and for previews of how a
    header was understood.
    """
    layout, fields = None, []
    for record in read_records(seekable(stream, limits), password=password, limits=limits):
        if record.layout is not layout:
            layout = record.layout
            fields = list(layout.columns.items()) if layout is not None else []
        cells = record.cells
        row: dict[str, str] = {}
        for field, columns in fields:
            text = ""
            for column in columns:
                text = clean_free(cells[column])
                if text:
                    break
            row[field] = text
        yield row


def seekable(stream: BinaryIO, limits: Limits) -> BinaryIO:
    """Return the stream itself if it is seekable, else its content in memory.

    Raises:
        FileTooLargeError: the content is larger than ``limits.max_bytes``.
    """
    if stream.seekable():
        return stream
    held = io.BytesIO()
    while piece := stream.read(_PIECE):
        if held.tell() + len(piece) > limits.max_bytes:
            raise too_many_bytes(limits)
        held.write(piece)
    return held
