"""Writes the files of one warehouse with DuckDB: events by day, and its orders."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb
import msgspec
import numpy as np

from waybillguard.events.paths import day_folder, part_file, safe_name
from waybillguard.events.schema import COLUMNS, FLAGS
from waybillguard.simulate.model import EventColumns, OrderColumns

#: With a small limit DuckDB soon gives up dictionaries for columns of distinct values.
_PARQUET: Final = "FORMAT parquet, COMPRESSION snappy, DICTIONARY_SIZE_LIMIT 4096"
_TIMES: Final = frozenset({"ts", "order_created_at"})
#: Name of the batch in the store; a world is written once.
_BATCH: Final = "simulated"


class WarehouseFiles:
    """Writes one warehouse's events under ``root/events`` and its orders to a part; close it when done.

    Raises:
        duckdb.Error: the disk write failed; the caller converts it into a user-facing error.
        OSError: likewise.
    """

    def __init__(self, root: Path, tenant: str, *, threads: int = 1) -> None:
        self._events = root / "events"
        self._part = root / ".parts" / f"{tenant}.parquet"
        self._tenant = tenant
        self._connection = duckdb.connect(
            config={"threads": threads, "autoinstall_known_extensions": "false"}
        )
        self._connection.execute("SET TimeZone = 'UTC'")
        self._said: dict[str, int] = {}
        folder = self._events / f"tenant={safe_name(tenant)}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tenant.json").write_bytes(msgspec.json.encode(tenant))

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def events(self, events: EventColumns) -> None:
        """Write one day."""
        self._say(events.words)
        target = self._events / day_folder(events.tenant, events.day) / part_file(_BATCH)
        target.parent.mkdir(parents=True, exist_ok=True)
        selected = ", ".join(
            f"CAST({_event_value(name, events)} AS {kind}) AS {name}" for name, kind in COLUMNS.items()
        )
        self._copy(selected, dict(events.columns), target)

    def orders(self, parts: Sequence[OrderColumns]) -> None:
        """Write the warehouse's orders, day by day, as one part for `merge_orders`."""
        self._part.parent.mkdir(parents=True, exist_ok=True)
        parts = [part for part in parts if len(part)] or parts[
            :1
        ]  # without orders, still write an empty table
        self._said.clear()
        self._say(parts[0].words)
        columns = {name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns}
        selected = ", ".join(
            [
                "number", f"'{_text(self._tenant)}' AS tenant", f"{_time('created_at')} AS created_at", "waybill",
                *(f"{_word(name)} AS {name}" for name in ("category", "shop", "carrier", "outlet")),
                f"'{_text(parts[0].erp)}' AS erp", f"{_time('shipped_at')} AS shipped_at",
            ]
        )  # fmt: skip
        self._copy(selected, columns, self._part)

    def _copy(self, selected: str, arrays: Mapping[str, object], target: Path) -> None:
        self._connection.register("arriving", dict(arrays))
        self._connection.execute(
            f"COPY (SELECT {selected} FROM arriving) TO '{_text(str(target))}' ({_PARQUET})"  # noqa: S608 - names of the schema
        )
        self._connection.unregister("arriving")

    def _say(self, words: Mapping[str, Sequence[str]]) -> None:
        """Store new words; words are only appended within a warehouse."""
        for name, texts in words.items():
            if self._said.get(name) != len(texts):
                self._connection.execute(f"SET VARIABLE words_{name} = ?", [list(texts)])
                self._said[name] = len(texts)


def merge_orders(root: Path) -> None:
    """Merge the warehouses' parts into ``orders.parquet`` and ``shipments.parquet``, and remove the parts."""
    parts = sorted((root / ".parts").glob("*.parquet"))
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        # Texts that differ in every row are created here once, not in the parts.
        names = ", ".join(f"'{_text(str(part))}'" for part in parts)
        source = f"read_parquet([{names}])"
        connection.execute(
            f"COPY (SELECT tenant || '-' || number AS order_id, tenant, created_at, category, "  # noqa: S608 - our own paths
            f"'SIM' || waybill AS waybill_no, shop, carrier FROM {source}) "
            f"TO '{_text(str(root / 'orders.parquet'))}' ({_PARQUET})"
        )
        connection.execute(
            f"COPY (SELECT 'SIM' || waybill AS waybill_no, shop, erp, tenant AS warehouse, outlet, carrier, "  # noqa: S608
            f"category AS goods_class, shipped_at FROM {source} WHERE shipped_at IS NOT NULL) "
            f"TO '{_text(str(root / 'shipments.parquet'))}' ({_PARQUET})"
        )
    for part in parts:
        part.unlink()
    (root / ".parts").rmdir()


def _event_value(name: str, events: EventColumns) -> str:
    if name == "tenant":
        return f"'{_text(events.tenant)}'"
    if name not in events.columns:
        return str(FLAGS.get(name) if FLAGS.get(name) is not None else "NULL")
    if name in _TIMES:
        return _time(name)
    if name in events.numbers:
        return f"CASE WHEN {name} >= 0 THEN '{_text(events.numbers[name])}' || {name} END"
    return _word(name) if name in events.words else name


def _time(name: str) -> str:
    return f"CASE WHEN {name} >= 0 THEN make_timestamptz({name}) END"


def _word(name: str) -> str:
    # Index 0 of a list is null in DuckDB, like code -1 here.
    return f"getvariable('words_{name}')[{name}::INTEGER + 1]"


def _text(text: str) -> str:
    return text.replace("'", "''")
