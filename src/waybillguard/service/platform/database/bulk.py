"""Bulk writes: insert or update thousands of rows in one statement, on both databases.

SQLite uses ``executemany``, PostgreSQL ``COPY``. A chunk is one transaction, which limits how long a writer holds the
lock.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection, models, transaction

from waybillguard.service.platform.database.row_security import is_protected

logger = logging.getLogger(__name__)

CHUNK = 5_000
FEW = 20
"""Up to this number of rows, plain statements are faster than a temporary table."""
_protected: set[tuple[str, str]] = set()
"""Tables (database alias, quoted name) known to have row-level security."""
_OFFSET = len("+00:00")
_TRIES = 20
_PAUSE_S = 0.25


def copy_rows(cursor: Any, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:  # noqa: ANN401 - a driver's cursor
    """Insert rows by ``COPY``. ``table`` and ``columns`` are quoted names.

    PostgreSQL refuses ``COPY`` into tables with row-level security; these are filled through a temporary table, which
    needs an open transaction.
    """
    walled = _known_protected(cursor, table)
    target = "incoming_rows" if walled else table
    if walled:
        # Take the lock of the insert at once: upgrading a reader's lock later can deadlock with a migration that waits
        # for the whole table.
        cursor.execute(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE")
        cursor.execute(
            f"CREATE TEMPORARY TABLE incoming_rows ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA"  # noqa: S608 - names of our own columns
        )
    with cursor.copy(f"COPY {target} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    if walled:
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM incoming_rows")  # noqa: S608
        cursor.execute("DROP TABLE incoming_rows")


def _known_protected(cursor: Any, table: str) -> bool:  # noqa: ANN401 - a driver's cursor
    """Tell whether a table has row-level security. A cached True is safe: the temporary table always works."""
    place = (cursor.db.alias, table)
    if place not in _protected and is_protected(cursor, table):
        _protected.add(place)
    return place in _protected


def update_rows(model: type[models.Model], fields: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Update ``fields`` of rows by primary key (the last value of each row), inside the caller's transaction.

    SQLite uses ``executemany``; PostgreSQL a ``COPY`` into a temporary table and one ``UPDATE`` from it.
    """
    if not rows:
        return
    by_name = {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001 - Django's public way in
    quote = connection.ops.quote_name
    key = model._meta.pk  # noqa: SLF001
    wanted = [*(by_name[name] for name in fields), key]
    columns = [quote(str(field.column)) for field in wanted]
    table = quote(model._meta.db_table)  # noqa: SLF001
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            types = ", ".join(
                f"{column} {field.rel_db_type(connection)}"
                for column, field in zip(columns, wanted, strict=True)
            )
            cursor.execute(f"CREATE TEMPORARY TABLE changed_rows ({types}) ON COMMIT DROP")
            with cursor.copy(f"COPY changed_rows ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            sets = ", ".join(f"{column} = new.{column}" for column in columns[:-1])
            cursor.execute(
                f"UPDATE {table} AS old SET {sets} FROM changed_rows AS new WHERE old.{columns[-1]} = new.{columns[-1]}"  # noqa: S608 - names of our own columns
            )
            cursor.execute("DROP TABLE changed_rows")
        else:
            sets = ", ".join(f"{column} = %s" for column in columns[:-1])
            cursor.executemany(f"UPDATE {table} SET {sets} WHERE {columns[-1]} = %s", list(rows))  # noqa: S608


def insert_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert all ``rows`` or none; values are in the order of ``fields`` (attribute names).

    Values are passed to the driver unchanged; datetimes must be aware.
    """
    rows = list(rows)
    by_name = {field.attname: field.column for field in model._meta.concrete_fields}  # noqa: SLF001 - Django's public way in
    columns = [by_name[name] for name in fields]
    quoted = ", ".join(connection.ops.quote_name(str(column)) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) > FEW:
            copy_rows(cursor, table, quoted, rows)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({marks})", rows)  # noqa: S608 - names of our own columns


def insert_one(row: models.Model) -> None:
    """Insert one new row and set its primary key: like ``save()``, without signals and with a cached statement.

    Raises:
        IntegrityError: as for ``save()``.
    """
    statement, fields = _insertion(type(row), connection.vendor)
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row.pk = cursor.fetchone()[0]
    row._state.adding = False  # noqa: SLF001 - as `save` leaves it
    row._state.db = connection.alias  # noqa: SLF001


def insert_all(rows: Sequence[models.Model]) -> None:
    """Insert new rows of one model that already have primary keys; otherwise like `insert_one`.

    Raises:
        IntegrityError: as for ``save()``.
    """
    if not rows:
        return
    statement, fields = _insertion(type(rows[0]), connection.vendor, keyed=True)
    values = [
        [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


@cache
def _insertion(
    model: type[models.Model], _vendor: str, *, keyed: bool = False
) -> tuple[str, list[models.Field[Any, Any]]]:
    meta, quote = model._meta, connection.ops.quote_name  # noqa: SLF001 - Django's public way in
    fields = [field for field in meta.concrete_fields if keyed or not field.primary_key]
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    key = "" if keyed else f" RETURNING {quote(str(meta.pk.column))}"
    return f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({marks}){key}", fields  # noqa: S608 - names of our own columns


def empty_the_log() -> None:
    """Truncate SQLite's write-ahead log, which still holds earlier versions of pages with shredded data.

    A reader of an older snapshot prevents this, so it is retried a few times.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    for _ in range(_TRIES):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = cursor.fetchone()[0]
        if not busy:
            return
        time.sleep(_PAUSE_S)
    logger.warning("the write-ahead log was in use and is emptied by the next checkpoint")


def database_time() -> Callable[[datetime | None], datetime | str | None]:
    """Return a function that converts an aware datetime (or None) for this database's driver, for `insert_rows`."""
    if connection.vendor == "postgresql":
        return lambda moment: moment
    return lambda moment: None if moment is None else moment.astimezone(UTC).isoformat(" ")[:-_OFFSET]
