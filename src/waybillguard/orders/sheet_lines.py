"""Sheet lines of the data rows of a file, as a spreadsheet counts them."""

from bisect import bisect_right


class SheetLines:
    """The sheet line of each data row, stored as runs; titles, blank rows and further sheets begin a new run."""

    def __init__(self) -> None:
        self.runs: dict[int, int] = {}
        """The offset between line and row number in each run, by the first row of the run."""
        self._rows: list[int] = []
        self._last = 0

    def add(self, row: int, line: int) -> None:
        """Add the line of the next row; rows must be added in order, from 1."""
        if line - row != self._last:
            self._begin(row, line - row)

    def extend(self, runs: dict[int, int]) -> None:
        """Add the runs that another process counted."""
        for row, further in runs.items():
            self._begin(row, further)

    def taken(self) -> dict[int, int]:
        """Return the runs begun since the last call, and keep only the current run."""
        runs, self.runs, self._rows = self.runs, {}, []
        return runs

    def line(self, row: int) -> int:
        """Return the line of a row in its sheet."""
        place = bisect_right(self._rows, row) - 1
        return row + (self.runs[self._rows[place]] if place >= 0 else 0)

    def _begin(self, row: int, further: int) -> None:
        self.runs[row] = self._last = further
        self._rows.append(row)
