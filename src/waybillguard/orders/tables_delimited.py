"""Parse delimited text: commas, tabs, semicolons or bars, with or without quotation.

A stray quotation mark must not swallow the orders after it. A record over several lines is therefore split again
if its width is wrong, or if each of its lines is a whole row by itself.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from waybillguard.orders.encodings import detect_encoding, text_pieces
from waybillguard.orders.errors import UnreadableFileError
from waybillguard.orders.headers_layout import HEAD_ROWS, Layout, find_layout
from waybillguard.orders.limits import Limits, cell_too_long, too_many_columns
from waybillguard.orders.tables import Table

_DELIMITERS = ",\t;|，"
_MAX_LINE = 4 << 20
#: Number of lines examined after an unclosed quotation; if none of them is a row, it is one long cell.
_MAX_ASTRAY = 10_000
_WHOLE, _BROKEN = -1, -2
_MAX_RECORD_LINES = 200
_MAX_RECORD_CHARS = 100_000
_SAMPLE_CHARS = 200_000
_CONTROL_SHARE = 0.05
_USUAL_ROWS, _USUAL_SHARE = 3, 0.6


def delimited_table(stream: BinaryIO, limits: Limits) -> Table:
    """Return the one table of a text stream; encoding, separator and quotation mark are detected."""
    codec, skip = detect_encoding(stream)
    pieces = text_pieces(stream, codec, skip)
    first = next(pieces, "")
    _refuse_binary(first)
    delimiter, quote = sniff(first)
    rows = DelimitedRows(first, pieces, delimiter, quote, limits)
    sample = _parse(first[:_SAMPLE_CHARS], delimiter, quote)
    found = find_layout(sample)
    widths = (
        row_widths(found[1], sample[found[0] :]) if found else frozenset({max(map(len, sample), default=0)})
    )
    if max(widths) > limits.max_columns:
        raise too_many_columns(limits)
    rows.expect(widths)
    table = Table("", iter(()), widths, rows.expect)
    table.rows = _numbered(rows, table)
    return table


def _numbered(rows: Iterable[list[str]], table: Table) -> Iterator[list[str]]:
    for table.line, row in enumerate(rows, 1):
        yield row


def row_widths(layout: Layout, rows: list[list[str]]) -> frozenset[int]:
    """Return the possible numbers of cells in a whole row: that of the header, and that of most rows.

    Args:
        layout: layout of the header.
        rows: the header and some rows after it. If most of them agree on another width, the writer adds a
            separator at the end of each row, or leaves out trailing empty cells.
    """
    widths = {layout.width, len(rows[layout.depth - 1])}
    lengths = [len(row) for row in rows[layout.depth :] if any(row)]
    if lengths:
        usual = max(set(lengths), key=lengths.count)
        times = lengths.count(usual)
        if times >= _USUAL_ROWS and times >= len(lengths) * _USUAL_SHARE:
            widths.add(usual)
    return frozenset(widths)


def sniff(sample: str) -> tuple[str, str]:
    """Return the separator with which the sample's header names the most fields, and the quotation mark."""
    sample = sample[:_SAMPLE_CHARS]
    lines = sample.split("\n")
    quote = "'" if _single_quoted(lines[:HEAD_ROWS]) else '"'
    best, best_score = "", 0.0
    most, most_cells = ",", 0
    for delimiter in _DELIMITERS:
        rows = _parse(sample, delimiter, quote)
        found = find_layout(rows)
        if found is not None and found[1].score > best_score:
            best, best_score = delimiter, found[1].score
        cells = max(map(len, rows), default=0)
        if cells > most_cells:
            most, most_cells = delimiter, cells
    return best or most, quote


def _parse(sample: str, delimiter: str, quote: str) -> list[list[str]]:
    rows: list[list[str]] = []
    reader = csv.reader(
        io.StringIO(sample, newline="\n"), delimiter=delimiter, quotechar=quote, skipinitialspace=True
    )
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > HEAD_ROWS:
                break
    except csv.Error:
        pass
    return rows


def _single_quoted(lines: list[str]) -> bool:
    quoted = [
        line for line in lines if line.startswith("'") and line.rstrip().endswith("'") and "','" in line
    ]
    return len(quoted) > len(lines) // 2


def _refuse_binary(text: str) -> None:
    sample = text[:4096]
    strange = sum(1 for char in sample if (char < " " and char not in "\n\r\t\f\v\x1a") or char == "\ufffd")
    if strange > max(len(sample) * _CONTROL_SHARE, 20):
        raise UnreadableFileError(
            zh="文件不是文本表格，或字符编码无法识别。请重新导出为 .csv（UTF-8 或 GBK）或 .xlsx。",
            en="The file is no text table, or its character encoding is unknown. Export it again as .csv"
            " (UTF-8 or GBK) or .xlsx.",
        )


class DelimitedRows:
    """An iterator over rows; call `expect` with the row widths once the header is known."""

    def __init__(self, first: str, pieces: Iterator[str], delimiter: str, quote: str, limits: Limits) -> None:
        self._first = first
        self._pieces = pieces
        self._delimiter = delimiter
        self._quote = quote
        self._limits = limits
        self._widths: frozenset[int] = frozenset()
        self._taken: list[str] = []
        self._pushed: list[str] = []
        self._cut = False
        self._astray = _WHOLE

    def expect(self, widths: frozenset[int]) -> None:
        """Set the possible numbers of cells in a whole row."""
        self._widths = widths

    def __iter__(self) -> Iterator[list[str]]:
        """Yield the rows as lists of cells."""
        taken = self._taken
        lines = self._feed(self._lines())
        max_cell = self._limits.max_cell
        while True:
            reader = self._reader(lines)
            try:
                for row in reader:
                    if len(taken) > 1:
                        row = self._apart(row)  # noqa: PLW2901 - the record consists of several rows
                    elif taken and len(taken[0]) > max_cell:
                        self._check_cells(row)
                    taken.clear()
                    self._count_astray(row)
                    yield row
            except csv.Error as error:
                raise cell_too_long(self._limits) from error
            if not self._pushed:
                return
            lines = self._feed(iter(()))

    def _count_astray(self, row: list[str]) -> None:
        """Refuse an unclosed quotation if no row follows it, because it is then one long cell."""
        if self._astray == _BROKEN:  # the row that contains the quotation
            self._astray = 0
        elif self._astray >= 0:
            self._astray = _WHOLE if len(row) in self._widths else self._astray + 1
        if self._astray > _MAX_ASTRAY:
            raise cell_too_long(self._limits)

    def _reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self._delimiter, quotechar=self._quote, skipinitialspace=True)

    def _feed(self, lines: Iterator[str]) -> Iterator[str]:
        """Pass lines to the parser, first those that were put back; close an unclosed quotation."""
        taken, pushed = self._taken, self._pushed
        while True:
            if pushed:
                line = pushed.pop()
            else:
                fresh = next(lines, None)
                if fresh is None:
                    return
                line = fresh
            taken.append(line)
            yield line
            if len(taken) > 1 and (
                len(taken) > _MAX_RECORD_LINES or sum(map(len, taken)) > _MAX_RECORD_CHARS
            ):
                self._cut = True
                yield self._quote + "\n"

    def _lines(self) -> Iterator[str]:
        rest = ""
        piece: str | None = self._first
        while piece is not None:
            text = rest + piece
            end = text.rfind("\n") + 1
            if end:
                yield from io.StringIO(text[:end], newline="\n")
            rest = text[end:]
            if len(rest) > _MAX_LINE:
                raise cell_too_long(self._limits)
            piece = next(self._pieces, None)
        if rest:
            yield rest

    def _apart(self, row: list[str]) -> list[str]:
        """Return the first row of a record over several lines; put back lines that are rows themselves."""
        lines = self._taken
        keep = len(lines)
        if self._cut or self._open_at_end(lines):
            keep, self._astray = 1, _BROKEN
        elif self._widths:
            if self._whole_lines(lines):
                keep = 1
            elif len(row) not in self._widths:
                whole = (n for n in range(1, len(lines)) if len(self._alone(lines[n])) in self._widths)
                keep = next(whole, len(lines))
        self._cut = False
        if keep == len(lines):
            self._check_cells(row)
            return row
        self._pushed.extend(reversed(lines[keep:]))
        return self._plain(lines[0]) if keep == 1 else self._alone("".join(lines[:keep]))

    def _whole_lines(self, lines: list[str]) -> bool:
        """Return whether each line is a row by itself; in a real quotation the last line has an odd number of marks."""
        return all(line.count(self._quote) % 2 == 0 for line in lines[1:]) and all(
            len(self._plain(line)) in self._widths for line in lines
        )

    def _open_at_end(self, lines: list[str]) -> bool:
        reader = csv.reader(
            lines, delimiter=self._delimiter, quotechar=self._quote, skipinitialspace=True, strict=True
        )
        try:
            for _ in reader:
                pass
        except csv.Error as error:
            return "unexpected end of data" in str(error)
        return False

    def _plain(self, line: str) -> list[str]:
        reader = csv.reader([line], delimiter=self._delimiter, quoting=csv.QUOTE_NONE, skipinitialspace=True)
        return next(reader, [])

    def _alone(self, text: str) -> list[str]:
        return next(self._reader(iter(text.splitlines(keepends=True))), [])

    def _check_cells(self, row: list[str]) -> None:
        if max(map(len, row), default=0) > self._limits.max_cell:
            raise cell_too_long(self._limits)
