"""Export and import all tables of the service as rows, on both databases.

A table is read in the order of its key from one snapshot, so a running service does not affect it. Count and digest
of a table do not depend on the order of rows or on the database, so that both sides of a move can be compared: the
digest is the sum, modulo 2^128, of a keyed-by-name BLAKE2b of every row.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final

import msgspec
from django.apps import apps
from django.core.management.color import no_style
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from waybillguard.service.operations.backup_errors import BackupError
from waybillguard.service.platform.database.bulk import copy_rows

ROWS: Final = 2_000
_DIGEST: Final = 16
_OTHERS: Final = frozenset({"django_migrations", "sqlite_sequence"})
_encode = msgspec.msgpack.Encoder(order="sorted").encode

type Row = Sequence[Any]


class TableSum(msgspec.Struct, frozen=True, array_like=True):
    """The number of rows of a table and their digest (hex)."""

    table: str
    rows: int
    digest: str


class TableDigest:
    """Counts rows of a table and sums their digests."""

    def __init__(self, table: str, columns: Sequence[str]) -> None:
        self.table = table
        self._state = blake2b(
            "\0".join([table, *columns]).encode(), digest_size=_DIGEST, person=b"backup-row"
        )
        self._sum = 0
        self.rows = 0

    def add(self, rows: Iterable[Row]) -> None:
        """Add rows in the form of `read_rows`."""
        copy = self._state.copy
        for row in rows:
            state = copy()
            state.update(_encode(row))
            self._sum += int.from_bytes(state.digest())
            self.rows += 1

    def result(self) -> TableSum:
        """Return count and digest."""
        return TableSum(self.table, self.rows, (self._sum % (1 << 8 * _DIGEST)).to_bytes(_DIGEST).hex())


def all_models() -> list[type[models.Model]]:
    """Return every model that has a table, by table name."""
    found = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]  # noqa: SLF001
    return sorted(found, key=lambda model: model._meta.db_table)  # noqa: SLF001


def columns_of(model: type[models.Model]) -> list[str]:
    """Return the attribute names of a model's columns."""
    return [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001


def refuse_unknown_tables(connection: BaseDatabaseWrapper) -> None:
    """Raise `BackupError` if the database holds tables that this program does not know."""
    known = {model._meta.db_table for model in all_models()} | _OTHERS  # noqa: SLF001
    unknown = sorted(set(connection.introspection.table_names()) - known)
    if unknown:
        names = ", ".join(unknown[:5])
        raise BackupError(
            zh=f"数据库中有本程序不认识的表：{names}。请先移走，再备份或迁移。",
            en=f"the database holds tables that this program does not know: {names}. Move them away first.",
        )


@contextmanager
def snapshot(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Read from one snapshot of the database while other connections write."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with transaction.atomic(using=connection.alias):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def read_rows(model: type[models.Model], alias: str = "default") -> Iterator[list[Row]]:
    """Yield all rows of a table in chunks; values are in the order of `columns_of`."""
    key = model._meta.pk.attname  # noqa: SLF001
    columns = columns_of(model)
    place = columns.index(key)
    plain = [number for number, f in enumerate(model._meta.concrete_fields) if _is_binary(f)]  # noqa: SLF001
    rows = model._base_manager.using(alias).order_by(key)  # noqa: SLF001
    last: Any = None
    while True:
        query = rows if last is None else rows.filter(**{f"{key}__gt": last})
        piece: list[list[Any]] = [list(row) for row in query.values_list(*columns)[:ROWS]]
        if not piece:
            return
        last = piece[-1][place]
        for row in piece:
            for number in plain:
                if row[number] is not None:
                    row[number] = bytes(row[number])
            for number, value in enumerate(row):
                if isinstance(value, datetime):
                    row[number] = value.astimezone(UTC)
                elif not isinstance(value, _PLAIN):
                    row[number] = str(value)
        yield list(piece)


_PLAIN: Final = (str, int, float, bytes, bool, type(None), dict, list)


def _is_binary(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, models.BinaryField)


def existing_models(connection: BaseDatabaseWrapper) -> list[type[models.Model]]:
    """Return the models whose table exists; a database of an older version may lack some."""
    there = set(connection.introspection.table_names())
    return [model for model in all_models() if model._meta.db_table in there]  # noqa: SLF001


def clear_tables(connection: BaseDatabaseWrapper) -> None:
    """Empty every table; migrations of a new database fill some of them."""
    standing = existing_models(connection)
    with connection.cursor() as cursor:
        for model in standing:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608, SLF001 - our own names


class TableWriter:
    """Inserts rows of one table into a database, inside the caller's transaction.

    Args:
        model: the model of the table.
        columns: attribute names of the values, in their order; all must exist.
        connection: the target database.
    """

    def __init__(
        self, model: type[models.Model], columns: Sequence[str], connection: BaseDatabaseWrapper
    ) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001
        if set(columns) - set(fields):
            raise BackupError(
                zh=f"备份来自更新的版本：表 {model._meta.db_table} 有未知的列。请先升级程序。",  # noqa: SLF001
                en=f"the backup is of a newer version: table {model._meta.db_table} has unknown columns. Upgrade first.",  # noqa: SLF001
            )
        self._connection = connection
        self._fields = [fields[name] for name in columns]
        self._convert = [_converter(field, connection) for field in self._fields]
        quote = connection.ops.quote_name
        self._table = quote(model._meta.db_table)  # noqa: SLF001
        self._columns = ", ".join(quote(str(field.column)) for field in self._fields)

    def write(self, rows: Sequence[Row]) -> None:
        """Insert rows."""
        values = [tuple(make(value) for make, value in zip(self._convert, row, strict=True)) for row in rows]
        with self._connection.cursor() as cursor:
            if self._connection.vendor == "postgresql":
                copy_rows(cursor, self._table, self._columns, values)
            else:
                marks = ", ".join(["%s"] * len(self._fields))
                cursor.executemany(
                    f"INSERT INTO {self._table} ({self._columns}) VALUES ({marks})",  # noqa: S608 - our own names
                    values,
                )


def _converter(field: "models.Field[Any, Any]", connection: BaseDatabaseWrapper) -> Callable[[Any], Any]:
    if isinstance(field, models.JSONField):
        import json

        return lambda value: None if value is None else json.dumps(value)
    if isinstance(field, models.ForeignKey):
        return _converter(field.target_field, connection)
    as_it_is: tuple[type, ...] = (
        models.BinaryField, models.IntegerField, models.CharField, models.TextField
    )  # fmt: skip
    if connection.vendor == "postgresql":
        as_it_is += (models.DateTimeField,)
    if isinstance(field, as_it_is):
        return lambda value: value
    if isinstance(field, models.DateTimeField):
        return lambda value: None if value is None else str(value.astimezone(UTC).replace(tzinfo=None))
    return lambda value: field.get_db_prep_save(field.to_python(value), connection=connection)


def reset_sequences(connection: BaseDatabaseWrapper) -> None:
    """Set the sequence of each table to continue after its highest key."""
    standing = existing_models(connection)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), standing):
            cursor.execute(statement)


def table_sums(connection: BaseDatabaseWrapper) -> list[TableSum]:
    """Return count and digest of every table."""
    sums = []
    for model in all_models():
        table_digest = TableDigest(model._meta.db_table, columns_of(model))  # noqa: SLF001
        for rows in read_rows(model, connection.alias):
            table_digest.add(rows)
        sums.append(table_digest.result())
    return sums
