"""Tables for people: CSV that a spreadsheet opens as text, with no cell that it takes for a formula."""

import csv
from collections.abc import Callable, Iterable, Sequence

from waybillguard.orders.rows_cells import spreadsheet_text


class SafeCsv:
    """Writes rows as UTF-8 with a byte order mark, without which Excel takes UTF-8 for something else.

    Args:
        write: takes the bytes.
        columns: the header.
    """

    def __init__(self, write: Callable[[bytes], object], columns: Sequence[str]) -> None:
        self._write = write
        self._lines = csv.writer(self)
        write(b"\xef\xbb\xbf")
        self._lines.writerow(columns)

    def row(self, values: Iterable[object]) -> None:
        """Write one row; whatever a spreadsheet would take for a formula, or change as a number, becomes text."""
        self._lines.writerow([spreadsheet_text(str(value)) for value in values])

    def end(self) -> None:
        """Do nothing: a CSV has no end of its own."""

    def write(self, text: str) -> None:
        """Take what ``csv`` has put together."""
        self._write(text.encode())
