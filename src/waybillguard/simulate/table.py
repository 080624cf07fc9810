"""Collects rows in columns: blocks of events of one kind are added and returned as one sorted table."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from waybillguard.simulate.model import Array, EventColumns

#: Columns that a block may set, with NumPy type and default.
_COLUMNS: Final[tuple[tuple[str, str, int], ...]] = (
    ("ts", "int64", 0),
    ("account", "int16", -1),
    ("workstation", "int16", -1),
    ("ip", "int16", -1),
    ("session", "int64", -1),
    ("action", "int8", -1),
    ("order_id", "int64", -1),
    ("purpose", "int8", -1),
    ("exposed", "bool", 0),
    ("allowed", "bool", 1),
    ("person", "int16", -1),
    ("device", "int16", -1),
    ("explained_by", "int8", -1),
    ("explained_ref", "int64", -1),
    ("category", "int8", -1),
    ("order_created_at", "int64", -1),
    ("decoy", "bool", 0),
)
_WINDOW: Final = 600_000_000


class Rows:
    """Events of one day being collected; not thread-safe."""

    def __init__(self) -> None:
        self._blocks: list[tuple[int, Mapping[str, Array | int | bool]]] = []

    def add(self, ts: Array, **columns: Array | int | bool) -> None:
        """Add a block: ``ts`` and columns of the same length, or one value for all rows."""
        if len(ts):
            self._blocks.append((len(ts), {"ts": ts, **columns}))

    def finish(
        self,
        tenant: str,
        day: int,
        midnight: int,
        words: Mapping[str, Sequence[str]],
        numbers: Mapping[str, str],
    ) -> EventColumns:
        """Return the sorted table of the day that begins at this local midnight (microseconds UTC)."""
        total = sum(length for length, _ in self._blocks)
        columns: dict[str, Array] = {}
        for name, dtype, null in _COLUMNS:
            column = np.empty(total, dtype=dtype)
            at = 0
            for length, block in self._blocks:
                column[at : at + length] = block.get(name, null)
                at += length
            columns[name] = column
        order = np.argsort(columns["ts"], kind="stable")
        columns = {name: column[order] for name, column in columns.items()}
        columns["day"] = np.full(total, day, dtype=np.int32)
        columns["w10"] = ((columns["ts"] - midnight) // _WINDOW).astype(np.int32)
        return EventColumns(tenant, day, columns, words, numbers)
