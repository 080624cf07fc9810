"""The engine for clusters: Spark over the same Parquet files (extra ``[spark]``)."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import msgspec

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
from waybillguard.events.engines.queries import TABLES, Query
from waybillguard.events.errors import EventsUnreadableError
from waybillguard.events.reading import in_store, union_by_name
from waybillguard.events.schema import COLUMNS, DERIVED, EARLIEST, FLAGS, LATEST, REQUIRED, TOKENS, micros

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_KINDS: Final = {
    "VARCHAR": "STRING",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMP",
    "INTEGER": "INT",
    "BOOLEAN": "BOOLEAN",
    "BLOB": "BINARY",
    "DOUBLE": "DOUBLE",
    "BIGINT": "BIGINT",
}


def local_session(
    *, cores: int = 2, memory: str = "1g", settings: Mapping[str, str] | None = None
) -> "SparkSession":
    """Start Spark on this machine, for tests and benchmarks; on a cluster, pass its own session.

    ``settings``: additional Spark settings by name.
    """
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    builder = SparkSession.builder.master(f"local[{cores}]").appName("waybillguard")
    for key, value in (
        ("spark.driver.memory", memory),
        ("spark.driver.bindAddress", "127.0.0.1"),
        ("spark.driver.host", "127.0.0.1"),
        ("spark.ui.enabled", "false"),
        ("spark.ui.showConsoleProgress", "false"),
        ("spark.sql.session.timeZone", "UTC"),
        ("spark.sql.shuffle.partitions", str(cores)),
        ("spark.log.level", "ERROR"),
        *(settings or {}).items(),
    ):
        builder = builder.config(key, value)
    return builder.getOrCreate()


class SparkEngine:
    """Runs the queries on the caller's session, and sets its time zone to UTC."""

    in_memory = False

    def __init__(self, session: "SparkSession") -> None:
        self.session = session
        session.conf.set("spark.sql.session.timeZone", "UTC")

    def load(self, files: Sequence[Path], zone: ZoneInfo) -> None:
        """Create the view ``events``; folder names are not read as columns, because the rows contain them.

        Raises:
            EventsUnreadableError: a file is damaged or not a table of events.
        """
        if files:
            reader = self.session.read.option("recursiveFileLookup", "true").option(
                "mergeSchema", union_by_name(files)
            )
            try:
                frame = reader.parquet(*(str(one) for one in files))
            except Exception as error:  # noqa: BLE001 - what py4j raises is any of Java's
                raise _unreadable(type(error).__name__) from None
        else:
            schema = ", ".join(f"{name}: {_KINDS[kind]}" for name, kind in COLUMNS.items())
            frame = self.session.sql(f"SELECT inline(from_json('[]', 'ARRAY<STRUCT<{schema}>>'))")
        kinds = {field.name: field.dataType.simpleString().upper() for field in frame.schema.fields}
        if absent := [name for name in REQUIRED if name not in kinds]:
            raise _unreadable(", ".join(absent))
        wall = f"from_utc_timestamp(CAST(ts AS TIMESTAMP), '{zone.key}')"
        made = f"from_utc_timestamp(order_created_at, '{zone.key}')"
        derived = {
            "day": f"CAST(unix_micros({wall}) DIV 86400000000 AS INT)",
            "w10": f"CAST(unix_micros({wall}) % 86400000000 DIV 600000000 AS INT)",
        }
        checked = not in_store(files)
        selected = [_selected(name, kind, kinds, derived, checked=checked) for name, kind in COLUMNS.items()]
        frame.selectExpr(*selected, "unix_micros(CAST(ts AS TIMESTAMP)) AS ts_us").selectExpr(
            "*", f"CAST(unix_micros({made}) DIV 86400000000 AS INT) AS order_day", LOOK, SCAN
        ).createOrReplaceTempView("events")

    def of_victims(self) -> AbstractContextManager[None]:
        """Do nothing, like ``focus``."""
        return nullcontext()

    def focus(self, _tenant: str) -> AbstractContextManager[None]:
        """Do nothing: Spark caches data according to the session's settings."""
        return nullcontext()

    def table(self, name: str, rows: Sequence[tuple[Value, ...]]) -> None:
        """Load a table for the queries; as JSON, because a frame of Python values needs Python on each worker."""
        kinds = {column: _KINDS[kind] for column, kind in TABLES[name].items()}
        shape = ", ".join(f"{column}: {kind}" for column, kind in kinds.items())
        body = msgspec.json.encode([dict(zip(kinds, row, strict=True)) for row in rows]).decode()
        self.session.sql(
            f"SELECT inline(from_json(:body, 'ARRAY<STRUCT<{shape}>>'))",
            args={"body": body},
        ).createOrReplaceTempView(name)

    def orders(self, file: Path | None) -> None:
        """Create the view ``orders``."""
        if file is None:
            made = ORDERS_OF_EVENTS.format(created="unix_micros(order_created_at)")
            self.session.sql(made).createOrReplaceTempView("orders")
            return
        self._file_view("orders", file, ORDER_TEXTS, ("order_id", "tenant"), ("created_at", "created_us"))

    def shipments(self, file: Path) -> None:
        """Create the view ``shipments``."""
        self._file_view("shipments", file, SHIPMENT_TEXTS, (), ("shipped_at", "shipped_us"))

    def _file_view(
        self, view: str, file: Path, texts: tuple[str, ...], needed: tuple[str, ...], time: tuple[str, str]
    ) -> None:
        parquet = file.suffix.lower() in {".parquet", ".pq"}
        try:
            frame = (
                self.session.read.parquet(str(file))
                if parquet
                else self.session.read.option("header", "true").csv(str(file))
            )
        except Exception as error:  # noqa: BLE001 - what py4j raises is any of Java's
            raise file_unreadable(file, type(error).__name__) from None
        names = set(frame.columns)
        absent = [name for name in needed if name not in names]
        if absent or not names & {"order_id", "waybill_no"}:
            raise file_unreadable(file, ", ".join(absent) or "waybill_no")
        at = f"unix_micros(TRY_CAST({time[0]} AS TIMESTAMP))" if time[0] in names else "CAST(NULL AS BIGINT)"
        columns = [
            f"nullif(trim(CAST({name if name in names else 'NULL'} AS STRING)), '') AS {name}"
            for name in texts
        ]
        frame.selectExpr(*columns, f"{at} AS {time[1]}").createOrReplaceTempView(view)

    def ask[T: msgspec.Struct](self, query: Query[T], *, tenant: str | None, **values: Value) -> list[T]:
        """Return a query's rows."""
        given = parameters(query, tenant, values)
        return [query.row(*row) for row in self.session.sql(query.sql, args=given).collect()]


def _selected(name: str, kind: str, kinds: dict[str, str], derived: dict[str, str], *, checked: bool) -> str:
    kind, missing = _KINDS[kind], FLAGS.get(name)
    if name not in kinds:
        value = derived.get(name) or f"CAST({'NULL' if missing is None else missing} AS {kind})"
    elif kinds[name] == kind:
        value = name if missing is None else f"coalesce({name}, {missing})"
    elif name in TOKENS:
        value = f"unhex({name})"
    else:
        value = f"TRY_CAST({name} AS {kind})"
        if missing is not None:
            value = f"coalesce({value}, {missing})"
    if name in DERIVED and name in kinds and (checked or kinds[name] != kind):
        value = f"coalesce({value}, {derived[name]})"
    if not checked:
        return f"{value} AS {name}"
    if name in DERIVED:
        times = f"unix_micros(CAST(ts AS TIMESTAMP)) BETWEEN {micros(EARLIEST)} AND {micros(LATEST)}"
        value = f"CASE WHEN tenant IS NOT NULL AND {times} THEN {value} END"
    elif name == "action":
        value = f"lower(trim({value}))"
    elif kind == "STRING" and name != "tenant" and name in kinds:
        value = f"nullif(trim({value}), '')"
    return f"{value} AS {name}"


def _unreadable(what: str) -> EventsUnreadableError:
    return EventsUnreadableError(
        zh=f"Spark 无法把这些文件读成事件表（{what}）。请检查文件是否完整、列是否齐全。",
        en=f"Spark cannot read these files as a table of events ({what}). Check that they are whole and have its "
        "columns.",
    )
