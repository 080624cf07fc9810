"""Where the data rows of a file stand in their sheets, as a spreadsheet counts them."""

from bisect import bisect_right


class SheetLines:
    """The line of each data row, kept as runs: titles, blank rows and further sheets begin a new one."""

    def __init__(self) -> None:
        self.runs: dict[int, int] = {}
        """By the first row of a run: how many lines further down each of its rows stands."""
        self._rows: list[int] = []
        self._last = 0

    def add(self, row: int, line: int) -> None:
        """Say where the next row stands; rows come in order, from 1."""
        if line - row != self._last:
            self._begin(row, line - row)

    def extend(self, runs: dict[int, int]) -> None:
        """Take over the runs that another process counted."""
        for row, further in runs.items():
            self._begin(row, further)

    def taken(self) -> dict[int, int]:
        """Return the runs begun since the last call, and keep only what goes on."""
        runs, self.runs, self._rows = self.runs, {}, []
        return runs

    def line(self, row: int) -> int:
        """Return the line of a row in its sheet."""
        place = bisect_right(self._rows, row) - 1
        return row + (self.runs[self._rows[place]] if place >= 0 else 0)

    def _begin(self, row: int, further: int) -> None:
        self.runs[row] = self._last = further
        self._rows.append(row)
