"""CSV export for spreadsheets: cells are opened as text and never as formulas."""

import csv
from collections.abc import Callable, Iterable, Sequence

from waybillguard.orders.rows_cells import spreadsheet_text


class SafeCsv:
    """Writes rows as UTF-8 with a byte order mark, which Excel needs to recognise UTF-8.

    Args:
        write: called with the bytes.
        columns: the header row.
    """

    def __init__(self, write: Callable[[bytes], object], columns: Sequence[str]) -> None:
        self._write = write
        self._lines = csv.writer(self)
        write(b"\xef\xbb\xbf")
        self._lines.writerow(columns)

    def row(self, values: Iterable[object]) -> None:
        """Write one row; values that a spreadsheet would read as formulas, or alter as numbers, are written as text."""
        self._lines.writerow([spreadsheet_text(str(value)) for value in values])

    def end(self) -> None:
        """Do nothing, because CSV has no end marker."""

    def write(self, text: str) -> None:
        """Encode and pass on the text formatted by ``csv``."""
        self._write(text.encode())
