# ruff: noqa: S608 - names and bounds are our own, never text from outside
"""PostgreSQL keeps salts and postings in a table a month, and a big tenant's month in one of its own.

What ran out leaves the disk with its file: a month that holds nothing any more is dropped, whereas deleted
rows of a heap stay on their pages until somebody cleans up. SQLite keeps one table each (``secure_delete``
overwrites there). Orders stay one table: ADR 19 says why.

Salts lie by the month in which their order came in, which is the head of its uid; postings by the month
they are of. Whatever fits no month (an order dated far ahead, a restored old one) goes to ``…_other``.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django_scopes import scopes_disabled

from waybillguard.service.platform.database.row_security import Wall, raise_wall

logger = logging.getLogger(__name__)

AHEAD: Final = 2
"""Months that are made ahead: a worker may stand still for so long before rows go to ``…_other``."""
LARGE: Final = 1_000_000
"""Orders of the last 31 days from which a tenant's next months get tables of their own."""
_LOCK_MS: Final = 500
"""Shorter than PostgreSQL's ``deadlock_timeout`` (a second): where a migration and a writer wait for each other, the
migration gives up before the server has a reason to end the writer's transaction."""
_TRIES: Final = 120
_MARGIN: Final = timedelta(days=2)
_LAST_MONTH: Final = 9998 * 12


def uid_bound(month: int) -> str:
    """Give the first uid of a month (``year * 12 + month - 1``, UTC) as an SQL literal: its 6 bytes of time."""
    return f"'\\x{int(_first(month).timestamp() * 1000).to_bytes(6).hex()}'::bytea"


def _first(month: int) -> datetime:
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)


def month_of(moment: datetime) -> int:
    """Return the month number of a moment, in UTC."""
    moment = moment.astimezone(UTC)
    return moment.year * 12 + moment.month - 1


def _newest_salt(cursor: Any) -> int:  # noqa: ANN401 - a driver's cursor
    cursor.execute("SELECT order_uid FROM vault_salt ORDER BY order_uid DESC LIMIT 1")
    row = cursor.fetchone()
    if row is None:
        return 0
    seconds = int.from_bytes(bytes(row[0])[:6]) / 1000
    last = _first(_LAST_MONTH).timestamp()
    return _LAST_MONTH if seconds >= last else month_of(datetime.fromtimestamp(seconds, UTC))


def _newest_posting(cursor: Any) -> int:  # noqa: ANN401
    cursor.execute("SELECT max(month) FROM vault_gramplan")  # each month with postings has its plans
    return cursor.fetchone()[0] or 0


class Parted(NamedTuple):
    """A table that is kept by month: by which column, under which key, and what its bounds look like."""

    table: str
    column: str
    key: str
    bound: Callable[[int], str]
    newest: Callable[[Any], int]


PARTED: Final = (
    Parted("vault_salt", "order_uid", "order_uid, tenant_id", uid_bound, _newest_salt),
    Parted("vault_posting", "month", "id, month, tenant_id", str, _newest_posting),
)


# --- the move: what is there becomes the first partition, as it stands -----------------------------------


def split_by_month(connection: BaseDatabaseWrapper, now: datetime) -> None:
    """Turn both tables into partitioned ones while others read and write; nothing to do on SQLite.

    No row is copied: the old table becomes the partition of everything before a month that is still to come.
    Long steps (proving that, building the wider key) hold no lock that a reader or writer waits for; the short
    ones wait at most 3 seconds for theirs and then stand back for a moment. Killed anywhere, it goes on there.
    """
    if connection.vendor != "postgresql":
        return
    with scopes_disabled():
        for parted in PARTED:
            if is_parted(connection, parted.table):
                continue
            _fence(connection, parted, now)
            _run(connection, f"ALTER TABLE {parted.table} VALIDATE CONSTRAINT {parted.table}_fence")
            _wider_key(connection, parted)
            _swap(connection, parted)
        prepare_months(connection, now)


def is_parted(connection: BaseDatabaseWrapper, table: str) -> bool:
    """Tell whether a table is a partitioned one by now."""
    return bool(_rows(connection, "SELECT 1 FROM pg_class WHERE oid = %s::regclass AND relkind = 'p'", table))


def _fence(connection: BaseDatabaseWrapper, parted: Parted, now: datetime) -> None:
    """Promise that rows of the old table lie before a month to come; the month is kept as a comment."""
    table, fence = parted.table, f"{parted.table}_fence"
    until = _comment(connection, table, fence)
    if until is not None and until > month_of(now + timedelta(days=1)):
        return  # made by a run that was killed

    def act(cursor: Any) -> None:  # noqa: ANN401
        cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {fence}")
        newest = parted.newest(cursor)
        bound = max(newest, month_of(now + _MARGIN)) + 1 if newest else month_of(now)
        cursor.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {fence} CHECK ({parted.column} < {parted.bound(bound)}) NOT VALID"
        )
        cursor.execute(f"COMMENT ON CONSTRAINT {fence} ON {table} IS '{bound}'")

    _briefly(connection, act)


def _wider_key(connection: BaseDatabaseWrapper, parted: Parted) -> None:
    """Build the key that names the month too, beside the old one."""
    index = f"{parted.table}_wider"
    state = _rows(
        connection,
        "SELECT i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = %s",
        index,
    )
    if state and state[0][0]:
        return
    quietly = "" if connection.in_atomic_block else "CONCURRENTLY"
    if state:  # a run was killed while it built
        _run(connection, f"DROP INDEX {quietly} {index}")
    _run(connection, f"CREATE UNIQUE INDEX {quietly} {index} ON {parted.table} ({parted.key})")


def _swap(connection: BaseDatabaseWrapper, parted: Parted) -> None:
    """Put the partitioned table in the old one's place, with the old one as its first partition."""
    table, before = parted.table, f"{parted.table}_before"
    bound = _comment(connection, table, f"{table}_fence")
    assert bound is not None

    def act(cursor: Any) -> None:  # noqa: ANN401
        cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(
            "SELECT conname, contype, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype IN ('u', 'f') ORDER BY contype DESC, conname", [table],
        )  # fmt: skip
        constraints = cursor.fetchall()
        cursor.execute(
            "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE i.indrelid = %s::regclass AND NOT i.indisunique ORDER BY c.relname", [table],
        )  # fmt: skip
        indexes = cursor.fetchall()
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attidentity <> ''", [table]
        )
        identity = [name for (name,) in cursor.fetchall()]
        starts = []
        for name in identity:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s))", [table, name])
            starts.append(cursor.fetchone()[0])
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {name} DROP IDENTITY")
        cursor.execute(f"ALTER TABLE {table} RENAME TO {before}")
        cursor.execute(f"ALTER TABLE {before} DROP CONSTRAINT {table}_pkey")
        cursor.execute(
            f"ALTER TABLE {before} ADD CONSTRAINT {before}_pkey PRIMARY KEY USING INDEX {table}_wider"
        )
        cursor.execute(
            f"CREATE TABLE {table} (LIKE {before} INCLUDING DEFAULTS INCLUDING STORAGE) "
            f"PARTITION BY RANGE ({parted.column})"
        )
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {table}_pkey PRIMARY KEY ({parted.key})")
        for name, kind, definition in constraints:
            if kind == "u":  # its index has a name of the whole schema
                cursor.execute(f'ALTER TABLE {before} RENAME CONSTRAINT "{name}" TO "{name[:55]}_before"')
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        for name, definition in indexes:
            cursor.execute(f'ALTER INDEX "{name}" RENAME TO "{name[:55]}_before"')
            cursor.execute(definition)
        for name, start in zip(identity, starts, strict=True):
            cursor.execute(
                f"ALTER TABLE {table} ALTER COLUMN {name} ADD GENERATED BY DEFAULT AS IDENTITY (START WITH {start})"
            )
        cursor.execute(
            f"ALTER TABLE {table} ATTACH PARTITION {before} FOR VALUES FROM (MINVALUE) TO ({parted.bound(bound)})"
        )
        cursor.execute(f"ALTER TABLE {before} DROP CONSTRAINT {table}_fence")
        cursor.execute(f"COMMENT ON TABLE {before} IS '{bound}'")
        cursor.execute(f"CREATE TABLE {table}_other PARTITION OF {table} DEFAULT")
        raise_wall(cursor, Wall(table))
        raise_wall(cursor, Wall(f"{table}_other"))

    _briefly(connection, act)


def keep_one_check(connection: BaseDatabaseWrapper) -> None:
    """Leave one foreign key checked an imported order in PostgreSQL: that of the order to its import.

    Each costs a query a row, a quarter of the server's time together. That the tenant is the one whose scope is
    open is the wall's own check, and a salt comes in beside its order, in the same transaction. On SQLite, where
    a check is a look into the page cache, all stay.
    """
    if connection.vendor != "postgresql":
        return
    for table, spared in (("vault_salt", ("tenant_id", "batch_id")), ("vault_order", ("tenant_id",))):
        found = _rows(
            connection,
            "SELECT c.conname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid "
            "AND c.conkey = ARRAY[a.attnum] WHERE c.conrelid = %s::regclass AND c.contype = 'f' "
            "AND a.attname = ANY(%s)",
            table, list(spared),
        )  # fmt: skip
        for (name,) in found:
            _run(connection, f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')


# --- month by month --------------------------------------------------------------------------------------


def prepare_months(connection: BaseDatabaseWrapper, now: datetime) -> list[str]:
    """Make the tables of this month and of those ahead; return the names of those that are new."""
    if connection.vendor != "postgresql":
        return []
    made: list[str] = []
    with scopes_disabled():
        large = _large_tenants(connection, now)
        for parted in PARTED:
            there = _partitions(connection, parted.table)
            first = max(month_of(now), there.get(f"{parted.table}_before") or 0)
            for month in range(first, month_of(now) + AHEAD + 1):
                if (name := f"{parted.table}_{month // 12}_{month % 12 + 1:02d}") not in there:
                    _make_month(connection, parted, name, month, large)
                    made.append(name)
    return made


def _make_month(
    connection: BaseDatabaseWrapper, parted: Parted, name: str, month: int, large: list[int]
) -> None:
    table, lower, upper = parted.table, parted.bound(month), parted.bound(month + 1)

    def act(cursor: Any) -> None:  # noqa: ANN401
        cursor.execute(f"CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS) PARTITION BY LIST (tenant_id)")
        cursor.execute(f"COMMENT ON TABLE {name} IS '{month + 1}'")
        leaves = {f"{name}_tenant_{tenant}": f"FOR VALUES IN ({tenant})" for tenant in large}
        leaves[f"{name}_rest"] = "DEFAULT"
        for leaf, values in leaves.items():
            cursor.execute(f"CREATE TABLE {leaf} PARTITION OF {name} {values}")
            raise_wall(cursor, Wall(leaf))
        raise_wall(cursor, Wall(name))
        # Rows that came before their month had a table move into it, in the same moment.
        cursor.execute(f"LOCK TABLE {table}_other IN ACCESS EXCLUSIVE MODE")
        cursor.execute(
            f"WITH early AS (DELETE FROM {table}_other WHERE {parted.column} >= {lower} "
            f"AND {parted.column} < {upper} RETURNING *) INSERT INTO {name} SELECT * FROM early"
        )
        cursor.execute(f"ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({lower}) TO ({upper})")

    _briefly(connection, act)


def drop_spent_months(connection: BaseDatabaseWrapper, now: datetime) -> list[str]:
    """Drop tables of past months in which nothing is left, whatever their size was; return their names.

    A tenant's own table goes by itself; the month's shared one goes with the month. Rows that come later for
    a month that is gone find their place in ``…_other``.
    """
    if connection.vendor != "postgresql":
        return []
    dropped: list[str] = []
    with scopes_disabled():
        for parted in PARTED:
            for name, until in _partitions(connection, parted.table).items():
                if until is None or until > month_of(now):
                    continue
                own = [leaf for leaf in _partitions(connection, name) if "_tenant_" in leaf]
                # The month itself last: empty, it takes what is left of it along.
                dropped += [leaf for leaf in [*own, name] if _drop_if_empty(connection, leaf)]
    return dropped


def _drop_if_empty(connection: BaseDatabaseWrapper, name: str) -> bool:
    if _rows(connection, f"SELECT 1 FROM {name} LIMIT 1"):
        return False
    if not connection.in_atomic_block:
        _run(connection, f"VACUUM {name}")  # so that looking again, under the lock, reads no dead rows

    def act(cursor: Any) -> bool:  # noqa: ANN401
        cursor.execute(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(f"SELECT 1 FROM {name} LIMIT 1")
        if cursor.fetchone():
            return False
        cursor.execute(f"DROP TABLE {name}")
        return True

    try:
        return bool(_briefly(connection, act, tries=1))
    except OperationalError:
        logger.info("%s is in use and stays until tomorrow", name)
        return False


def _large_tenants(connection: BaseDatabaseWrapper, now: datetime) -> list[int]:
    """Return the tenants that took in so much of late that a month of theirs is worth a table."""
    found = _rows(
        connection,
        "SELECT tenant_id FROM vault_batch WHERE state = 'committed' AND created_at > %s "
        "GROUP BY tenant_id HAVING sum(rows_ok + rows_reference) >= %s ORDER BY tenant_id",
        now - timedelta(days=31), LARGE,
    )  # fmt: skip
    return [tenant for (tenant,) in found]


def _partitions(connection: BaseDatabaseWrapper, table: str) -> dict[str, int | None]:
    """Return the partitions of a table, each with the month before which its rows lie, where it has one."""
    found = _rows(
        connection,
        "SELECT c.relname, obj_description(c.oid, 'pg_class') FROM pg_inherits i JOIN pg_class c "
        "ON c.oid = i.inhrelid WHERE i.inhparent = %s::regclass ORDER BY c.relname",
        table,
    )
    return {name: int(until) if until else None for name, until in found}


def _comment(connection: BaseDatabaseWrapper, table: str, constraint: str) -> int | None:
    found = _rows(
        connection,
        "SELECT obj_description(oid, 'pg_constraint') FROM pg_constraint "
        "WHERE conrelid = %s::regclass AND conname = %s",
        table, constraint,
    )  # fmt: skip
    return int(found[0][0]) if found else None


# --- statements ------------------------------------------------------------------------------------------


def _briefly[Answer](
    connection: BaseDatabaseWrapper, act: Callable[[Any], Answer], tries: int = _TRIES
) -> Answer:
    """Do ``act`` in one transaction that waits half a second for each lock at most, so that nobody queues behind it.

    Raises:
        OperationalError: the table was in use each time.
    """
    for left in reversed(range(tries)):
        try:
            with transaction.atomic(using=connection.alias), _cursor(connection) as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_MS}ms'")
                answer = act(cursor)
                cursor.execute("SET LOCAL lock_timeout = DEFAULT")
                return answer
        except OperationalError:
            if not left or connection.in_atomic_block:
                raise
            time.sleep(0.5)
    raise AssertionError("unreachable")


@contextmanager
def _cursor(connection: BaseDatabaseWrapper) -> Iterator[Any]:
    with connection.cursor() as cursor:
        yield cursor


def _run(connection: BaseDatabaseWrapper, sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _rows(connection: BaseDatabaseWrapper, sql: str, *values: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - as a driver takes them
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return list(cursor.fetchall())
