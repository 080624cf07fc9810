"""Short queries that run in every request, written as SQL.

Building such a query with the ORM takes ten times as long as running it. Every query must filter by tenant or by a key
that belongs to one, and by the merchant filter if it reads orders; all are read-only. As with the ORM, a query without
an open scope raises an error, since row security would silently return no rows. Queries that sign-in runs before the
tenant is known pass ``before_scope``.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Field, Model
from django_scopes.exceptions import ScopeError

from waybillguard.service.platform.database.row_security import open_tenant

type Value = str | bytes | int | bool | None
type _Read = Callable[[Any], Any]


def first_row(question: str, *values: Value, before_scope: bool = False) -> tuple[Any, ...] | None:
    """Return the first row of a query's result, or None. Placeholders are ``%s``; for lists see `marks`.

    Raises:
        ScopeError: no scope is open.
    """
    if not before_scope:
        _require_scope()
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def all_rows(question: str, *values: Value) -> list[tuple[Any, ...]]:
    """Return every row of a query's result as the driver returns it; not for datetime columns.

    Raises:
        ScopeError: no scope is open.
    """
    _require_scope()
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return list(cursor.fetchall())


def _require_scope() -> None:
    if not open_tenant():
        raise ScopeError("a written-out question needs an open scope, as the ORM does")


def marks(count: int) -> str:
    """Return ``count`` placeholders for an IN list; for 0, an expression that matches nothing."""
    return ", ".join(["%s"] * count) or "NULL"


def moment(when: datetime) -> Value:
    """Convert an aware datetime to a query parameter."""
    adapted: Value = connection.ops.adapt_datetimefield_value(when)
    return adapted


class Rows[M: Model]:
    """A query for model instances of one table, with its condition written as SQL.

    Equivalent to ``M.objects.filter(...)``, but the query is built only once. Create it at module level.

    Args:
        model: the model to load.
        condition: the SQL after ``FROM table``; the table has no alias. ``{many}`` is replaced by the placeholders of a
            list, whose length is passed to ``all``. ``{empty}`` is replaced by the empty byte string in the syntax of
            this database's index conditions.
        beside: foreign keys whose objects are loaded too; their tables are aliased by the names of the keys.
        lock: lock the rows until the transaction ends, if the database supports it (SQLite has only one writer).
        before_scope: `first` may be called without an open scope.
    """

    def __init__(
        self,
        model: type[M],
        condition: str,
        *,
        beside: tuple[str, ...] = (),
        lock: bool = False,
        before_scope: bool = False,
    ) -> None:
        self._model = model
        self._condition = condition
        self._beside = beside
        self._lock = lock
        self._before_scope = before_scope
        self._known: dict[str, tuple[str, list[tuple[int, _Read]]]] = {}

    def first(self, *values: Value) -> M | None:
        """Return the object of the first row, or None."""
        question, reads = self._question()
        row = first_row(question, *values, before_scope=self._before_scope)
        return None if row is None else self._object(row, reads)

    def all(self, *values: Value, many: int | None = None) -> list[M]:
        """Return the objects of all rows."""
        question, reads = self._question()
        if many is not None:
            question = question.format(many=marks(many))
        return [self._object(row, reads) for row in all_rows(question, *values)]

    def _object(self, row: Sequence[Any], reads: list[tuple[int, _Read]]) -> M:
        values = list(row)
        for place, read in reads:
            values[place] = read(values[place])
        fields = self._model._meta.concrete_fields  # noqa: SLF001 - Django's public way in
        found = self._model.from_db(connection.alias, _NO_NAMES, values[: len(fields)])
        start = len(fields)
        for name in self._beside:
            other = self._related(name)
            end = start + len(other._meta.concrete_fields)  # noqa: SLF001
            there = values[start] is not None
            setattr(
                found, name, other.from_db(connection.alias, _NO_NAMES, values[start:end]) if there else None
            )
            start = end
        return found

    def _question(self) -> tuple[str, list[tuple[int, _Read]]]:
        """Return the SQL for the current database, and the columns that need conversion to Python."""
        known = self._known.get(connection.vendor)
        if known is None:
            known = self._known[connection.vendor] = self._written()
        return known

    def _written(self) -> tuple[str, list[tuple[int, _Read]]]:
        quote = connection.ops.quote_name
        meta = self._model._meta  # noqa: SLF001
        table = quote(meta.db_table)
        columns: list[tuple[str, Field[Any, Any]]] = [(table, field) for field in meta.concrete_fields]
        joins = ""
        for name in self._beside:
            other = self._related(name)._meta  # noqa: SLF001
            own = quote(next(str(field.column) for field in meta.concrete_fields if field.name == name))
            key = quote(str(other.pk.column))
            joins += (
                f" LEFT JOIN {quote(other.db_table)} AS {quote(name)} ON {quote(name)}.{key} = {table}.{own}"
            )
            columns += [(quote(name), field) for field in other.concrete_fields]
        chosen = ", ".join(f"{where}.{quote(str(field.column))}" for where, field in columns)
        locked = f" FOR UPDATE OF {table}" if self._lock and connection.features.has_select_for_update else ""
        reads = [(place, read) for place, (_, field) in enumerate(columns) if (read := _reader(field))]
        condition = self._condition.replace("{empty}", _EMPTY[connection.vendor])
        return f"SELECT {chosen} FROM {table}{joins} {condition}{locked}", reads  # noqa: S608 - names of our own columns

    def _related(self, name: str) -> type[Model]:
        other: type[Model] = self._model._meta.get_field(name).related_model  # type: ignore[assignment]  # noqa: SLF001
        return other


_EMPTY = {"sqlite": "X''", "postgresql": "'\\x'::bytea"}
_NO_NAMES: tuple[str, ...] = ()
"""All columns are loaded, so Django needs no column names."""


def _reader(field: "Field[Any, Any]") -> _Read | None:
    """Return the function that converts a driver's value to the field's value; None if none is needed."""
    column = field.get_col(field.model._meta.db_table)  # noqa: SLF001
    steps = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    if not steps:
        return None

    def read(value: Any) -> Any:  # noqa: ANN401 - any column
        for step in steps:
            value = step(value, column, connection)
        return value

    return read
