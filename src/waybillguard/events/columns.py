"""Many events at once, as columns, and their transfer into DuckDB.

Callers with hundreds of thousands of events pass arrays instead of structs. A column is one of

* a scalar, the same for every row;
* a NumPy array: text as ``object`` or ``U``, times as ``datetime64`` or ``int64`` microseconds UTC, flags as
  ``bool``; a masked array for missing values (``None`` in an ``object`` array is missing too);
* ``Coded``: small integers and the words they stand for; the cheapest form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
from numpy.typing import NDArray

from waybillguard.events.errors import EventsError, EventValueError
from waybillguard.events.schema import (
    COLUMNS,
    DERIVED,
    EARLIEST,
    FLAGS,
    LATEST,
    REQUIRED,
    TIMES,
    TOKENS,
    WINDOWS_A_DAY,
    AccessEvent,
    Action,
    ExplainedBy,
    day_and_window,
    micros,
)

MOST_CHARACTERS: Final = 500
"""Maximum text length in a column; a longer one is not an account or an order number."""
STAGED: Final = "staged_events"
_NONE: Final = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of few distinct words: row i is ``words[codes[i]]``; a code of -1 is missing."""

    codes: NDArray[np.integer[Any]]
    words: Sequence[str]


type Column = str | bool | int | datetime | NDArray[Any] | Coded
type Columns = Mapping[str, Column]


def columns_of(rows: Sequence[AccessEvent]) -> dict[str, Column]:
    """Convert structs into columns; columns that are empty in every row are omitted.

    Raises:
        EventValueError: a time has no zone.
    """
    made: dict[str, Column] = {}
    for name in COLUMNS:
        values = [getattr(row, name) for row in rows]
        if name in TIMES:
            column = _times(name, values)
            if column is not None:
                made[name] = column
        elif name in FLAGS or name in DERIVED:
            column = _small(name, values)
            if column is not None:
                made[name] = column
        elif any(value is not None for value in values):
            made[name] = np.array(values, dtype=object)
    return made


def stage(connection: duckdb.DuckDBPyConnection, columns: Columns, zone: ZoneInfo) -> int:
    """Check the columns and copy them into the temporary table ``staged_events``, with every column of the table.

    ``day`` and ``w10`` are derived in ``zone`` unless the columns contain both.

    Returns:
        The number of rows.

    Raises:
        EventsError: a column is unknown, missing or of different length.
        EventValueError: a row has a value the table cannot store; the row is named, and nothing is staged.
    """
    columns = dict(columns)
    rows = _length(columns)
    if not all(name in columns for name in DERIVED) and rows:
        ts = np.broadcast_to(_micros_array(columns["ts"]), (rows,))
        columns["day"], columns["w10"] = day_and_window(ts, zone)
    arrays: dict[str, NDArray[Any]] = {"_": np.zeros(rows, dtype=np.int8)}
    selected: list[str] = []
    for name, kind in COLUMNS.items():
        column = columns.get(name)
        if column is None:
            missing = FLAGS.get(name)
            selected.append(f"CAST({'NULL' if missing is None else missing} AS {kind}) AS {name}")
        else:
            value = _value(connection, name, column, arrays)
            selected.append(f"CAST({value} AS {kind}) AS {name}")
    connection.register("arriving_events", arrays)
    try:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {STAGED} AS SELECT {', '.join(selected)} FROM arriving_events"  # noqa: S608 - names of the schema
        )
    except duckdb.Error as error:
        raise EventsError(
            zh=f"一列事件的类型不符（{type(error).__name__}）。这一批事件没有写入；请对照事件表的列类型。",
            en=f"a column of events has another type ({type(error).__name__}). Nothing of this batch was written; "
            "compare the columns with the table of events.",
        ) from None
    finally:
        connection.unregister("arriving_events")
    try:
        _check(connection)
    except EventValueError:
        connection.execute(f"DROP TABLE {STAGED}")
        raise
    return rows


def _length(columns: Columns) -> int:
    unknown = sorted(set(columns) - set(COLUMNS))
    absent = [name for name in REQUIRED if name not in columns]
    lengths = {
        len(c.codes if isinstance(c, Coded) else c)
        for c in columns.values()
        if isinstance(c, Coded | np.ndarray)
    }
    if unknown or absent or len(lengths) > 1:
        what = (
            ", ".join([*(f"?{name[:40]}" for name in unknown), *(f"-{name}" for name in absent)]) or "length"
        )
        raise EventsError(
            zh=f"事件的列不齐（{what}：? 未知，- 缺少，length 长度不一）。这一批事件没有写入。",
            en=f"the columns of the events do not fit ({what}: ? unknown, - missing, length of different "
            "lengths). Nothing of this batch was written.",
        )
    return lengths.pop() if lengths else 1


def _micros_array(column: Column) -> NDArray[np.int64]:
    if isinstance(column, datetime):
        return np.array([micros(column)], dtype=np.int64)
    array = np.asarray(column)
    if array.dtype.kind == "M":
        return array.astype("datetime64[us]").astype(np.int64)
    return array.astype(np.int64)


def _value(
    connection: duckdb.DuckDBPyConnection, name: str, column: Column, arrays: dict[str, NDArray[Any]]
) -> str:
    """Return the SQL for a column's value; arrays are added to ``arrays``, words and scalars to variables."""
    if isinstance(column, Coded):
        arrays[name] = np.asarray(column.codes, dtype=np.int32)
        connection.execute(f"SET VARIABLE words_{name} = ?", [list(column.words)])
        return f"getvariable('words_{name}')[{name} + 1]"
    if isinstance(column, np.ndarray):
        if name in TIMES:
            mask = np.ma.getmaskarray(column)
            plain = _micros_array(np.ma.getdata(column))
            arrays[name] = np.ma.array(plain, mask=mask | (plain == _NONE))
            return f"make_timestamptz({name})"
        arrays[name] = column
        return name
    if isinstance(column, datetime):
        return f"make_timestamptz({micros(column)})"
    connection.execute(f"SET VARIABLE all_{name} = ?", [column])
    return f"getvariable('all_{name}')"


def _times(name: str, values: Sequence[datetime | None]) -> NDArray[np.int64] | None:
    if all(value is None for value in values):
        return None
    try:
        return np.array([_NONE if value is None else micros(value) for value in values], dtype=np.int64)
    except TypeError:
        row = next(n for n, value in enumerate(values, 1) if value is not None and value.tzinfo is None)
        raise EventValueError.of(row, name, "没有时区", "has no zone") from None


def _small(name: str, values: Sequence[bool | int | None]) -> NDArray[Any] | None:
    """Return a column of flags or numbers; None if it is empty, or if ``day`` and ``w10`` are incomplete."""
    missing = [value is None for value in values]
    if all(missing) or (name in DERIVED and any(missing)):
        return None
    array = np.array([value or 0 for value in values], dtype=np.bool_ if name in FLAGS else np.int32)
    return np.ma.array(array, mask=missing) if any(missing) else array


def _check(connection: duckdb.DuckDBPyConnection) -> None:
    actions = ", ".join(f"'{one}'" for one in Action)
    explained = ", ".join(f"'{one}'" for one in ExplainedBy)
    texts = [name for name, kind in COLUMNS.items() if kind == "VARCHAR"]
    rules = {
        "tenant": ("tenant IS NULL OR tenant = ''", "没有写明", "is missing"),
        "ts": (
            f"ts IS NULL OR epoch_us(ts) NOT BETWEEN {micros(EARLIEST)} AND {micros(LATEST)}",
            "不是可信的时间（2000–2100 年）",
            "is no credible time (2000 to 2100)",
        ),
        "action": (f"action IS NULL OR action NOT IN ({actions})", "不是已知的操作", "is no known action"),
        "explained_by": (f"explained_by NOT IN ({explained})", "不是已知的解释", "is no known explanation"),
        "w10": (
            f"w10 IS NULL OR w10 NOT BETWEEN 0 AND {WINDOWS_A_DAY - 1}",
            "须为 0–143",
            "must be 0 to 143",
        ),
        "day": (
            "abs(day - epoch_us(ts) // 86400000000) > 1",
            "与时间不是同一天",
            "is not the day of the time",
        ),
        "exposed": ("exposed IS NULL OR allowed IS NULL", "或 allowed 没有写明", "or allowed is missing"),
        "text": (
            " OR ".join(f"length({name}) > {MOST_CHARACTERS}" for name in texts),
            f"超过 {MOST_CHARACTERS} 个字符",
            f"is longer than {MOST_CHARACTERS} characters",
        ),
        "person_token": (
            " OR ".join(f"octet_length({name}) <> 16" for name in TOKENS),
            "须为 16 字节",
            "must be 16 bytes",
        ),
    }
    firsts = ", ".join(f"min(rowid) FILTER (WHERE {rule})" for rule, _, _ in rules.values())
    found = connection.execute(f"SELECT {firsts} FROM {STAGED}").fetchone()  # noqa: S608 - names of the schema
    for (column, (_, zh, en)), row in zip(rules.items(), found or (), strict=False):
        if row is not None:
            raise EventValueError.of(int(row) + 1, column, zh, en)
