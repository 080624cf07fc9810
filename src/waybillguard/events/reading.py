"""Reads files of access events as the view ``events`` of a DuckDB connection.

Files may come from other systems: columns may be absent, reordered, or of a similar type, and cells may be empty. The
view has every column of the table, and ``ts_us`` (microseconds since 1970-01-01 UTC) in addition to ``ts``. An event
without a tenant or a credible time has no ``day``.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import duckdb

from waybillguard.events.errors import EventsUnreadableError
from waybillguard.events.schema import COLUMNS, DERIVED, EARLIEST, FLAGS, LATEST, REQUIRED, TOKENS, micros

DEFAULT_MEMORY: Final = "1GB"
_MANY_FILES: Final = 64


def connect(
    *, memory: str = DEFAULT_MEMORY, threads: int | None = None, spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """Open DuckDB in memory, with a memory limit, in UTC, without extensions from the network.

    Args:
        memory: the limit, in DuckDB's notation.
        threads: maximum number; None for all.
        spill: folder for data beyond the limit; None disables spilling, so that a query fails instead.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "autoinstall_known_extensions": "false",
        "temp_directory": "" if spill is None else str(spill),
    }
    if threads is not None:
        config["threads"] = threads
    connection = duckdb.connect(config=config)
    # Not in the configuration: DuckDB 2.0 sets the zone before its time zones are loaded.
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")  # keep the terminal clean
    return connection


def event_files(path: Path) -> list[Path]:
    """Return the Parquet files of a path: a file, a store's folder, or any folder with Parquet files.

    Raises:
        EventsUnreadableError: there are none.
    """
    if path.is_file():
        return [path]
    from waybillguard.events.store import EventStore  # noqa: PLC0415 - a store reads by this module

    if path.is_dir():
        plain = sorted(
            p for p in path.rglob("*.parquet") if not any(b.startswith("tenant=") for b in p.parts)
        )
        files = [*EventStore(path).files(), *plain]
        if files:
            return files
    raise EventsUnreadableError(
        zh="没有找到事件文件。请给出 .parquet 文件，或按租户和日期存放的文件夹。",
        en="no file of events was found. Name a .parquet file, or a folder by tenant and day.",
    )


def view_events(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[Path],
    zone: ZoneInfo,
    *,
    view: str = "events",
    orders_in: str = "",
    of: Mapping[Path, Sequence[str]] | None = None,
) -> None:
    """Create the view over files of events; missing columns are derived (``day``, ``w10`` in ``zone``) or null.

    ``orders_in``: a table with ``order_id``; only events of these orders are read, selected before columns are derived.
    ``of``: with ``orders_in``, the tenants to read from a file, if known.

    Raises:
        EventsUnreadableError: a file is damaged, or has no ``tenant``, ``ts`` and ``action``.
    """
    if not files:
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT "
            + ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in COLUMNS.items())
            + ", CAST(NULL AS BIGINT) AS ts_us WHERE false"
        )
        return
    source = _read(files)
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()  # noqa: S608 - quoted paths
    except duckdb.Error as error:
        raise EventsUnreadableError(
            zh=f"事件文件无法读取（{type(error).__name__}）。文件可能已损坏；其余文件没有改动。",
            en=f"a file of events cannot be read ({type(error).__name__}). It may be damaged; nothing was changed.",
        ) from None
    kinds = {str(row[0]): str(row[1]) for row in described}
    absent = [name for name in REQUIRED if name not in kinds]
    if absent or not kinds["ts"].startswith("TIMESTAMP"):
        what = ", ".join(absent) or "ts"
        raise EventsUnreadableError(
            zh=f"这不是事件表：缺少列或类型不符（{what}）。请先用导入页把外部日志对应到事件表的列。",
            en=f"this is no table of events: columns are missing or of another type ({what}). Map a foreign log "
            "to the columns of the table first, on the import page.",
        )
    wall = f"(CAST(ts AS TIMESTAMP WITH TIME ZONE) AT TIME ZONE {_quoted(str(zone))})"
    derived = {
        "day": f"CAST(epoch_us({wall}) // 86400000000 AS INTEGER)",
        "w10": f"CAST(epoch_us({wall}) % 86400000000 // 600000000 AS INTEGER)",
    }
    if orders_in:
        order = "CAST(order_id AS VARCHAR)" if "order_id" in kinds else "NULL"
        source = f"(SELECT * FROM {_of_tenants(files, of or {})} WHERE {order} IN (SELECT {orders_in}.order_id FROM {orders_in}))"  # noqa: S608 - quoted paths and names
    checked = not in_store(files)
    selected = [_selected(name, kind, kinds, derived, checked=checked) for name, kind in COLUMNS.items()]
    selected.append("epoch_us(CAST(ts AS TIMESTAMP WITH TIME ZONE)) AS ts_us")
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT {', '.join(selected)} FROM {source}")  # noqa: S608 - names of the schema, quoted paths


def _read(files: Sequence[Path]) -> str:
    return f"read_parquet({_list(files)}, hive_partitioning = false, union_by_name = {union_by_name(files)})"


def _of_tenants(files: Sequence[Path], of: Mapping[Path, Sequence[str]]) -> str:
    """Return the SQL for the rows of files, limited to the tenants given for a file."""
    alike: dict[tuple[str, ...] | None, list[Path]] = defaultdict(list)
    for file in files:
        alike[tuple(of[file]) if file in of else None].append(file)
    parts = (
        f"SELECT * FROM {_read(some)}"  # noqa: S608 - quoted paths and names
        + ("" if tenants is None else f" WHERE tenant IN ({', '.join(map(_quoted, tenants))})")
        for tenants, some in alike.items()
    )
    return f"({' UNION ALL BY NAME '.join(parts)})"


def _selected(name: str, kind: str, kinds: dict[str, str], derived: dict[str, str], *, checked: bool) -> str:
    """Return the SQL of a column; ``checked``: a foreign file, which may have empty cells and impossible times."""
    if name not in kinds:
        if name in DERIVED:
            return f"{_credible(derived[name], checked=checked)} AS {name}"
        missing = FLAGS.get(name)
        return f"CAST({'NULL' if missing is None else missing} AS {kind}) AS {name}"
    value = name
    if kinds[name] != kind:
        text = kinds[name] == "VARCHAR"
        value = f"from_hex({name})" if name in TOKENS and text else f"TRY_CAST({name} AS {kind})"
    if name in DERIVED:
        if checked or kinds[name] != kind:
            value = f"coalesce({value}, {derived[name]})"
        return f"{_credible(value, checked=checked)} AS {name}"
    if checked and kind == "VARCHAR" and name != "tenant":
        value = f"lower(trim({value}))" if name == "action" else f"nullif(trim({value}), '')"
    missing = FLAGS.get(name)
    return f"{value} AS {name}" if missing is None else f"coalesce({value}, {missing}) AS {name}"


def union_by_name(files: Sequence[Path]) -> str:
    """Return, as SQL, whether files may differ in their columns. Files of a store never do, and checking costs time."""
    return "false" if in_store(files) or len(files) == 1 else "true"


def in_store(files: Sequence[Path]) -> bool:
    """Return whether files belong to a store, which checks every row before writing."""
    return all(any(part.startswith("tenant=") for part in one.parts) for one in files[:_MANY_FILES])


def _credible(value: str, *, checked: bool) -> str:
    """Return a day or window, null if the row has no tenant or an impossible time."""
    if not checked:
        return value
    times = f"epoch_us(CAST(ts AS TIMESTAMP WITH TIME ZONE)) BETWEEN {micros(EARLIEST)} AND {micros(LATEST)}"
    return f"CASE WHEN tenant IS NOT NULL AND {times} THEN {value} END"


def _list(files: Sequence[Path]) -> str:
    return "[" + ", ".join(_quoted(str(one)) for one in files) + "]"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
