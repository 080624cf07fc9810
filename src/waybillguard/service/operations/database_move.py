"""Move the embedded database to PostgreSQL: either all tables, counted and compared, or nothing.

The service must be stopped. The old database is only read; the new one must be empty and is filled in one transaction.
"""

from dataclasses import dataclass

from waybillguard.service.operations.backup_errors import BackupError
from waybillguard.service.operations.backup_tables import (
    TableSum,
    TableWriter,
    all_models,
    clear_tables,
    columns_of,
    read_rows,
    refuse_unknown_tables,
    reset_sequences,
    snapshot,
    table_sums,
)
from waybillguard.service.operations.schema_state import migrate

TARGET = "move_target"


@dataclass(frozen=True, slots=True)
class Moved:
    """The summary of a move; count and digest are equal on both sides."""

    sums: list[TableSum]

    @property
    def rows(self) -> int:
        """The total number of rows."""
        return sum(one.rows for one in self.sums)


def move_database(url: str, password: str = "") -> Moved:
    """Copy every table of the default database to ``url`` and compare count and digest of each.

    Without ``password``, libpq uses its own sources (PGPASSWORD, PGPASSFILE).

    Raises:
        BackupError: the target is not PostgreSQL, not reachable or not empty, or a copied table differs.
    """
    from django.db import DatabaseError, connection, connections, transaction
    from django_scopes import scopes_disabled

    from waybillguard.service.platform.settings import _database

    if not url.startswith(("postgresql://", "postgres://")):
        raise BackupError(
            zh="目标应为 PostgreSQL 地址：postgresql://用户@主机/数据库",
            en="the target is a PostgreSQL address: postgresql://user@host/database",
        )
    place = _database(url)
    if password:
        place["PASSWORD"] = password
    connections.settings[TARGET] = connections.configure_settings({"default": place})["default"]
    refuse_unknown_tables(connection)
    target = connections[TARGET]
    try:
        with scopes_disabled():  # with row security, tables look empty without a tenant
            full = _has_rows(target)
        if full:
            raise BackupError(
                zh="目标数据库中已有数据，不会覆盖。请使用一个空的数据库。",
                en="the target database holds data already and is never overwritten. Use an empty database.",
            )
        migrate(TARGET)
        with scopes_disabled(), snapshot(connection), transaction.atomic(using=TARGET):
            clear_tables(target)
            for model in all_models():
                writer = TableWriter(model, columns_of(model), target)
                for rows in read_rows(model):
                    writer.write(rows)
            reset_sequences(target)
            before, after = table_sums(connection), table_sums(target)
            for old, new in zip(before, after, strict=True):
                if old != new:
                    raise BackupError(
                        zh=f"表 {old.table} 迁移后不一致（{old.rows} 行与 {new.rows} 行）。已撤销，旧数据库未改动。",
                        en=f"table {old.table} came out different ({old.rows} and {new.rows} rows). All was undone; "
                        "the old database is unchanged.",
                    )
    except DatabaseError as error:
        raise BackupError(
            zh=f"目标数据库拒绝（{type(error).__name__}）。已撤销，旧数据库未改动；请检查地址、权限与磁盘空间。",
            en=f"the target database refused ({type(error).__name__}). All was undone, the old database is "
            "unchanged; check address, rights and disk space.",
        ) from error
    finally:
        target.close()
    return Moved(before)


def _has_rows(connection: object) -> bool:
    from django.db.backends.base.base import BaseDatabaseWrapper

    assert isinstance(connection, BaseDatabaseWrapper)
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in ("tenancy_tenant", "identity_user", "vault_order"):
            if table in there:
                cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 - our own names
                if cursor.fetchone():
                    return True
    return False
