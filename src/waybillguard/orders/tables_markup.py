"""Read HTML tables and Excel 2003 XML, which are often named .xls.

The standard library's HTML parser reads both. It does not expand entities of a document type, so entity expansion
attacks ("billion laughs") are impossible.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import BinaryIO

from waybillguard.orders.encodings import detect_encoding, text_pieces
from waybillguard.orders.limits import Limits, cell_too_long, too_many_columns
from waybillguard.orders.tables import Table

_MARKUP = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|meta|body|table|style|\?xml|!--|div|center)",
    re.IGNORECASE,
)
_MARKUP_WIDE = re.compile(
    rb"^(?:\xff\xfe|\xfe\xff)?[\s\0]*<\0?(?:h\0t\0m\0l|t\0a\0b\0l\0e|\?\0x\0m\0l|!\0d\0o\0c|!\0D\0O\0C)",
    re.IGNORECASE,
)
_MAX_SPAN = 1_000


def looks_like_markup(head: bytes) -> bool:
    """Return whether the first bytes of a file begin an HTML or XML document."""
    return _MARKUP.match(head) is not None or _MARKUP_WIDE.match(head) is not None


def markup_tables(stream: BinaryIO, limits: Limits) -> Iterator[Table]:
    """Yield one table with the rows of all tables or worksheets of the document."""
    codec, skip = detect_encoding(stream)
    table = Table("", iter(()))
    table.rows = _rows(text_pieces(stream, codec, skip), limits, table)
    yield table


def _rows(pieces: Iterator[str], limits: Limits, table: Table) -> Iterator[list[str]]:
    for table.line, row in enumerate(_finished(pieces, limits), 1):
        yield row


def _finished(pieces: Iterator[str], limits: Limits) -> Iterator[list[str]]:
    parser = _TableParser(limits)
    for piece in pieces:
        parser.feed(piece)
        if len(parser.rawdata) > limits.max_cell * 16:
            raise cell_too_long(limits)
        yield from parser.take()
    parser.close()
    parser.end_row()
    yield from parser.take()


class _TableParser(HTMLParser):
    """Collects finished rows; cells that span rows are filled down."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self._limits = limits
        self._done: list[list[str]] = []
        self._row: list[str] = []
        self._cell: list[str] | None = None
        self._size = 0
        self._span = (1, 1)
        self._down: dict[int, tuple[int, str]] = {}  # column → (rows still to fill, text)
        self._next: dict[int, tuple[int, str]] = {}
        self._silent = 0

    def take(self) -> list[list[str]]:
        """Return the rows finished since the last call."""
        done, self._done = self._done, []
        return done

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"tr", "row", "ss:row"}:
            self.end_row()
        elif tag in {"td", "th", "cell", "ss:cell"}:
            self._end_cell()
            self._start_cell(dict(attrs))
        elif tag in {"br", "p", "div"} and self._cell:
            self._cell.append("\n")
        elif tag in {"style", "script", "title"}:
            self._silent += 1
        elif tag in {"table", "worksheet", "ss:worksheet"}:
            self.end_row()
            self._down, self._next = {}, {}

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "cell", "ss:cell"}:
            self._end_cell()
        elif tag in {"tr", "row", "ss:row", "table", "worksheet"}:
            self.end_row()
        elif tag in {"style", "script", "title"} and self._silent:
            self._silent -= 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in {"br", "p", "div", "style", "script", "title"}:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self._cell is None or self._silent:
            return
        self._size += len(data)
        if self._size > self._limits.max_cell:
            raise cell_too_long(self._limits)
        self._cell.append(data)

    def end_row(self) -> None:
        """Finish the open row, if there is one."""
        self._end_cell()
        if self._row:
            self._fill_down(last=True)
            self._done.append(self._row)
            self._down, self._next = self._next, {}
        self._row = []

    def _start_cell(self, attributes: dict[str, str | None]) -> None:
        index = attributes.get("ss:index")
        if index and index.isdecimal():
            while len(self._row) < min(int(index) - 1, self._limits.max_columns):
                self._row.append("")
        across = _count(attributes.get("colspan")) or _count(attributes.get("ss:mergeacross"), 1) or 1
        down = _count(attributes.get("rowspan")) or _count(attributes.get("ss:mergedown"), 1) or 1
        self._span = (across, down)
        self._cell = []
        self._size = 0

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        text = "".join(self._cell).strip()
        self._cell = None
        self._fill_down(last=False)
        across, down = self._span
        if down > 1:
            for column in range(len(self._row), len(self._row) + across):
                self._next[column] = (down - 1, text if column == len(self._row) else "")
        self._row.append(text)
        self._row.extend([""] * (across - 1))
        if len(self._row) > self._limits.max_columns:
            raise too_many_columns(self._limits)

    def _fill_down(self, *, last: bool) -> None:
        """Add the cells that span down from earlier rows; at the end of a row also those further right."""
        while self._down:
            column = len(self._row)
            if column not in self._down:
                further = [other for other in self._down if other > column]
                if not (last and further):
                    return
                self._row.extend([""] * (min(further) - column))
                continue
            left, text = self._down.pop(column)
            self._row.append(text)
            if left > 1:
                self._next[column] = (left - 1, text)


def _count(text: str | None, more: int = 0) -> int:
    if text is None or not text.strip().isdecimal():
        return 0
    return min(int(text) + more, _MAX_SPAN)
