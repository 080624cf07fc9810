"""Read files of every supported type as named tables of text.

The file type is detected from the bytes, never from the file's name: exports named .xls are often HTML or
tab-separated text, and exports named .csv are sometimes workbooks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from waybillguard.orders.errors import UnreadableFileError
from waybillguard.orders.limits import Limits, too_many_bytes

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_KINDS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"PK\x05\x06",
)
_SNIFF = 4096


@dataclass(slots=True)
class Table:
    """One sheet, one HTML table, or a whole text file.

    Attributes:
        name: name of the sheet; empty for text.
        rows: the rows as text; blank rows may be left out.
        widths: for text, the possible numbers of cells in a whole row (see ``row_widths``); otherwise unused.
        expect: for text, call this with the widths when the table changes its header.
        line: line of the last yielded row in the sheet, from 1, as a spreadsheet counts.
    """

    name: str
    rows: Iterator[list[str]]
    widths: frozenset[int] = frozenset()
    expect: Callable[[frozenset[int]], None] | None = None
    line: int = 0


def is_workbook(head: bytes) -> bool:
    """Return whether the first bytes of a file open an Excel workbook."""
    return head.startswith((_ZIP, _OLE))


def open_tables(stream: BinaryIO, *, password: str | None, limits: Limits) -> Iterator[Table]:
    """Yield the tables of a file in order; read each to its end before the next.

    The stream must be seekable. Hidden sheets are included, because they contain personal data too.

    Raises:
        UnreadableFileError: the file contains no table, or is damaged.
        WorkbookPasswordError: the file is encrypted, and the password is missing or wrong.
        FileTooLargeError: the file exceeds the limits.
    """
    size = stream.seek(0, 2)
    if size > limits.max_bytes:
        raise too_many_bytes(limits)
    stream.seek(0)
    head = stream.read(_SNIFF)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UnreadableFileError(
            zh="文件是空的。请重新从平台导出。",
            en="The file is empty. Export it again.",
        )
    if is_workbook(head):
        from waybillguard.orders.tables_workbook import workbook_tables  # noqa: PLC0415 - text needs no parser

        yield from workbook_tables(stream, password=password, limits=limits)
        return
    if head.startswith(_OTHER_KINDS):
        raise UnreadableFileError(
            zh="文件不是订单表格（图片、PDF 或压缩包）。请导入 .csv、.tsv、.xlsx 或 .xls；压缩包请先解压。",
            en="The file is no table of orders (a picture, PDF or archive). Read .csv, .tsv, .xlsx or .xls;"
            " unpack an archive first.",
        )
    from waybillguard.orders.tables_delimited import delimited_table  # noqa: PLC0415
    from waybillguard.orders.tables_markup import looks_like_markup, markup_tables  # noqa: PLC0415

    if looks_like_markup(head):
        yield from markup_tables(stream, limits)
        return
    yield delimited_table(stream, limits)
