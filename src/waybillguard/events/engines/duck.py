"""The engine for one machine: DuckDB over Parquet, with a memory limit."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

import duckdb
import msgspec
from numpy.typing import NDArray

from waybillguard.events.engines.base import (
    LOOK,
    ORDER_TEXTS,
    ORDERS_OF_EVENTS,
    SCAN,
    SHIPMENT_TEXTS,
    Value,
    file_unreadable,
    parameters,
)
from waybillguard.events.engines.queries import PARAMETER, TABLES, Query
from waybillguard.events.errors import EventsError, EventsUnreadableError
from waybillguard.events.reading import DEFAULT_MEMORY, connect, view_events

_TRACED: Final = (
    "tenant", "account", "workstation", "order_id", "action", "exposed", "explained_by", "category", "decoy", "day", "w10",
    "ts_us", "order_created_at", "order_day", "look",
)  # fmt: skip
"""Columns of an event that queries about one tenant's looks need."""

SMALL: Final = 200_000
"""Logs and lists up to this many rows are loaded into memory: reading their files again takes 10 to 30 ms per query."""


class DuckEngine:
    """Runs the queries in this process; use it in a ``with`` statement or close it.

    Args:
        memory: limit of DuckDB's memory.
        threads: maximum number; None for all.
        spill: folder for data beyond the memory limit; None: a query that needs more fails.
    """

    def __init__(
        self, *, memory: str = DEFAULT_MEMORY, threads: int | None = None, spill: Path | None = None
    ) -> None:
        self.connection = connect(memory=memory, threads=threads, spill=spill)
        self.in_memory = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the memory."""
        self.connection.close()

    def load(self, files: Sequence[Path], zone: ZoneInfo) -> None:
        """Create the view ``events``.

        Raises:
            EventsUnreadableError: a file is damaged or not a table of events.
        """
        self._files, self._zone = files, zone
        view_events(self.connection, files, zone, view="all_columns")
        with _readable("load"):
            counted = self.connection.execute("SELECT count(*) FROM all_columns").fetchone()
        self.in_memory = counted is not None and counted[0] <= SMALL
        self._order_day = (
            f"CAST(epoch_us(order_created_at AT TIME ZONE '{zone.key}') // 86400000000 AS INTEGER)"
        )
        self._view("all_columns")

    def join_accounts(
        self, renamed: Mapping[tuple[str, str], str], until: Mapping[tuple[str, str], int] | None = None
    ) -> None:
        """Treat events of an account's former names as events of its current name; call before ``orders``.

        ``until``: the last day of a former name. Later events belong to somebody else and keep the name.
        """
        if not renamed:
            return
        self.connection.execute(
            "CREATE OR REPLACE TEMP TABLE renamed (tenant VARCHAR, was VARCHAR, now VARCHAR, until INTEGER)"
        )
        self.connection.executemany(
            "INSERT INTO renamed VALUES (?, ?, ?, ?)",
            [[*key, now, (until or {}).get(key)] for key, now in renamed.items()],
        )
        self.connection.execute(
            "CREATE OR REPLACE TEMP VIEW renamed_columns AS SELECT all_columns.* "
            "REPLACE (coalesce(renamed.now, all_columns.account) AS account) FROM all_columns "
            "LEFT JOIN renamed ON renamed.tenant = all_columns.tenant AND renamed.was = all_columns.account "
            "AND (renamed.until IS NULL OR all_columns.day <= renamed.until)"
        )
        self._view("renamed_columns")

    def _view(self, source: str) -> None:
        """Point the view ``events`` at ``source``."""
        events = f"SELECT *, {self._order_day} AS order_day, {LOOK}, {SCAN} FROM {source}"  # noqa: S608 - constants
        self.connection.execute("DROP TABLE IF EXISTS loaded")  # two copies would need twice the memory
        if self.in_memory:
            with _readable("load"):
                self.connection.execute(f"CREATE TEMP TABLE loaded AS {events}")
            events = "SELECT * FROM loaded"
        self._events = f"CREATE OR REPLACE TEMP VIEW events AS {events}"
        self.connection.execute(self._events)

    @contextmanager
    def of_victims(self) -> Iterator[None]:
        """Read the events of the orders in the table ``victims`` in one pass; inside the block only these exist."""
        met = f"CREATE OR REPLACE TEMP TABLE met AS SELECT {', '.join((*_TRACED, 'person_token'))} FROM events WHERE order_id IN (FROM victims)"  # noqa: S608 - constants
        if self.in_memory:
            self.connection.execute(met)
        else:
            files, of = self._where_met()
            view_events(self.connection, files, self._zone, view="all_columns", orders_in="victims", of=of)
            try:
                self.connection.execute(met)
            finally:
                view_events(self.connection, self._files, self._zone, view="all_columns")
        self.connection.execute("CREATE OR REPLACE TEMP VIEW events AS SELECT * FROM met")
        try:
            yield
        finally:
            self.connection.execute(self._events)
            self.connection.execute("DROP TABLE met")

    def _where_met(self) -> tuple[Sequence[Path], Mapping[Path, Sequence[str]]]:
        """Return the files in which orders of the table ``victims`` may occur, with the tenants if known."""
        return self._files, {}

    @contextmanager
    def focus(self, tenant: str) -> Iterator[None]:
        """Read one tenant's looks and orders once for several queries; inside the block only these exist."""
        orders = self.connection.execute(
            "SELECT sql FROM duckdb_views() WHERE view_name = 'orders' AND temporary"
        ).fetchone()
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE focused AS SELECT {', '.join(_TRACED)} FROM events "  # noqa: S608 - constants
            "WHERE tenant = $tenant AND order_id IS NOT NULL",
            {"tenant": tenant},
        )
        self.connection.execute("CREATE OR REPLACE TEMP VIEW events AS SELECT * FROM focused")
        if orders is not None:
            self.connection.execute(
                "CREATE OR REPLACE TEMP TABLE focused_orders AS SELECT * FROM orders WHERE tenant = $tenant",
                {"tenant": tenant},
            )
            self.connection.execute("CREATE OR REPLACE TEMP VIEW orders AS SELECT * FROM focused_orders")
        try:
            yield
        finally:
            self.connection.execute(self._events)
            if orders is not None:
                self.connection.execute(orders[0].replace("CREATE ", "CREATE OR REPLACE ", 1))
                self.connection.execute("DROP TABLE focused_orders")
            self.connection.execute("DROP TABLE focused")

    def table(self, name: str, rows: Sequence[tuple[Value, ...]]) -> None:
        """Load a table for the queries."""
        columns = ", ".join(f"{column} {kind}" for column, kind in TABLES[name].items())
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({columns})")
        if rows:
            width = len(TABLES[name])
            lists = [list(column) for column in zip(*rows, strict=True)]
            picked = ", ".join(f"unnest(${n + 1})" for n in range(width))
            self.connection.execute(f"INSERT INTO {name} SELECT {picked}", lists)

    def orders(self, file: Path | None, known: Sequence[tuple[Value, ...]] = ()) -> None:
        """Create the view ``orders``; ``known``: additional orders (columns of ``TABLES``) that need no events."""
        if file is None:
            made = ORDERS_OF_EVENTS.format(created="epoch_us(order_created_at)")
            self.connection.execute("DROP VIEW IF EXISTS orders")
            self.table("orders", known)
            self.connection.execute("CREATE OR REPLACE TEMP TABLE known_orders AS SELECT * FROM orders")
            self.connection.execute("DROP TABLE orders")
            self.connection.execute(
                f"CREATE OR REPLACE TEMP VIEW orders AS SELECT * FROM known_orders UNION ALL SELECT * FROM ({made}) "  # noqa: S608 - constants
                "AS seen WHERE NOT EXISTS (SELECT 1 FROM known_orders WHERE known_orders.order_id = seen.order_id "
                "AND known_orders.tenant = seen.tenant)"
            )
            return
        self._file_view("orders", file, ORDER_TEXTS, ("order_id", "tenant"), ("created_at", "created_us"))

    def shipments(self, file: Path) -> None:
        """Create the view ``shipments``."""
        self._file_view("shipments", file, SHIPMENT_TEXTS, (), ("shipped_at", "shipped_us"))

    def _file_view(
        self, view: str, file: Path, texts: tuple[str, ...], needed: tuple[str, ...], time: tuple[str, str]
    ) -> None:
        quoted = f"'{str(file).replace("'", "''")}'"
        parquet = file.suffix.lower() in {".parquet", ".pq"}
        source = f"read_parquet({quoted})" if parquet else f"read_csv({quoted}, all_varchar = true)"
        try:
            described = self.connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()  # noqa: S608 - quoted path
        except duckdb.Error as error:
            raise file_unreadable(file, type(error).__name__) from None
        names = {str(row[0]) for row in described}
        absent = [name for name in needed if name not in names]
        if absent or not names & {"order_id", "waybill_no"}:
            raise file_unreadable(file, ", ".join(absent) or "waybill_no")
        at = (
            f"TRY_CAST({time[0]} AS TIMESTAMP WITH TIME ZONE)"
            if time[0] in names
            else "CAST(NULL AS TIMESTAMPTZ)"
        )
        columns = ", ".join(
            f"nullif(trim(CAST({name if name in names else 'NULL'} AS VARCHAR)), '') AS {name}"
            for name in texts
        )
        rows = f"SELECT {columns}, CAST(epoch_us({at}) AS BIGINT) AS {time[1]} FROM {source}"  # noqa: S608 - names of the schema, quoted path
        kept = f"{view}_kept"
        with _readable("load"):
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {kept} AS {rows} LIMIT {SMALL + 1}")
            counted = self.connection.execute(f"SELECT count(*) FROM {kept}").fetchone()  # noqa: S608 - constants
        if counted is not None and counted[0] <= SMALL:
            rows = f"SELECT * FROM {kept}"  # noqa: S608 - constants
        else:
            self.connection.execute(f"DROP TABLE {kept}")
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS {rows}")

    def ask[T: msgspec.Struct](self, query: Query[T], *, tenant: str | None, **values: Value) -> list[T]:
        """Return a query's rows."""
        return [query.row(*row) for row in self._run(query, tenant, values).fetchall()]

    def ask_columns[T: msgspec.Struct](
        self, query: Query[T], *, tenant: str | None, **values: Value
    ) -> dict[str, NDArray[Any]]:
        """Return a query's rows as columns, named by the row's fields and masked if null; for very many rows."""
        found = self._run(query, tenant, values).fetchnumpy()
        return dict(zip(query.row.__struct_fields__, found.values(), strict=True))

    def _run[T: msgspec.Struct](
        self, query: Query[T], tenant: str | None, values: dict[str, Value]
    ) -> duckdb.DuckDBPyConnection:
        given = parameters(query, tenant, values)
        with _readable(query.name):
            return self.connection.execute(PARAMETER.sub(r"$\1", query.sql), given)


@contextmanager
def _readable(what: str) -> Iterator[None]:
    """Raise readable errors if a query needs too much memory or a file cannot be read."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise EventsError(
            zh=f"查询 {what} 需要的内存超过上限。请缩短时间范围后重试。",
            en=f"query {what} needs more memory than allowed. Ask for a shorter time.",
        ) from None
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise EventsUnreadableError(
            zh=f"读取事件文件时出错（{type(error).__name__}）。如文件正在合并，请重试；否则请检查该文件。",
            en=f"a file of events could not be read ({type(error).__name__}). If files are being merged, try "
            "again; else check the file.",
        ) from None
