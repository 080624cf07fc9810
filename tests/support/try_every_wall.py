"""Test row security: insert rows of two tenants into every PostgreSQL table, and try to access the other's rows.

The server's administrator, whose address is the only argument, inserts the rows without checks. They are queried
as the service does. Prints the visible rows by table.
"""

import json
import os
import secrets
import sys
from typing import Any

HERE, THERE = 1, 2

MADE_UP = {
    "bigint": "{n}", "integer": "{n}", "smallint": "{n}", "double precision": "{n}", "boolean": "true",
    "character varying": "'{n}'", "text": "'{n}'", "bytea": "'\\x0{n}'", "uuid": "'00000000-0000-0000-0000-00000000000{n}'",
    "jsonb": "'{{}}'", "inet": "'127.0.0.{n}'", "date": "'2026-11-0{n}'", "time without time zone": "'0{n}:00'",
    "timestamp with time zone": "'2026-11-0{n}'", "interval": "'{n} days'", "numeric": "{n}",
}  # fmt: skip


def columns(cursor: Any, table: str) -> dict[str, str]:
    """Return the required columns of a table with their types."""
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s "
        "AND (is_nullable = 'NO' OR column_name = 'tenant_id') ORDER BY ordinal_position",
        [table],
    )
    return dict(cursor.fetchall())


def insert(
    cursor: Any, table: str, kinds: dict[str, str], number: int, key: str = "", value: int = 0
) -> None:
    """Insert a row in which all columns are ``number``, except that ``key`` is ``value``."""
    names = ", ".join(f'"{name}"' for name in kinds)
    values = ", ".join(
        MADE_UP[kind].format(n=value if name == key else number) for name, kind in kinds.items()
    )
    cursor.execute(f'INSERT INTO "{table}" ({names}) OVERRIDING SYSTEM VALUE VALUES ({values})')


def fill(url: str, tables: list[str]) -> dict[str, dict[str, str]]:
    """Insert rows 1 and 2 of tenants 1 and 2 into every table; return the columns."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as admin, admin.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no foreign key is checked
        kinds = {table: columns(cursor, table) for table in tables}
        for table in tables:
            for number in (HERE, THERE):
                insert(cursor, table, kinds[table], number)
    return kinds


def tried(table: str, kinds: dict[str, str], key: str, column: str) -> dict[str, Any]:
    """Return which rows of tenant 2 in a table tenant 1 can read, change, reassign and insert."""
    from django.db import DatabaseError, connection, transaction
    from django_scopes import scope, scopes_disabled

    from waybillguard.service.tenancy.models import Tenant

    def seen() -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT DISTINCT "{column}"::text FROM "{table}" ORDER BY 1')
            return [int(value) for (value,) in cursor.fetchall()]

    def refused(sql: str) -> bool:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
        except DatabaseError as error:
            return "row-level security" in str(error)
        return False

    def put_in() -> bool:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                insert(cursor, table, kinds, THERE, key, 3)
        except DatabaseError as error:
            return "row-level security" not in str(error)
        return True

    told: dict[str, Any] = {"no scope": seen()}
    with scopes_disabled():
        told["all"] = seen()
        here = Tenant.objects.get(pk=HERE)
    with scope(tenant=here):
        told["here"] = seen()
        with connection.cursor() as cursor:
            cursor.execute(f'UPDATE "{table}" SET "{column}" = "{column}" WHERE "{column}" = {THERE}')
            told["changed"] = cursor.rowcount
            cursor.execute(f'DELETE FROM "{table}" WHERE "{column}" = {THERE}')
            told["deleted"] = cursor.rowcount
        told["given away"] = not refused(
            f'UPDATE "{table}" SET "{column}" = {THERE} WHERE "{column}" = {HERE}'
        )
        told["put in"] = put_in()
    return told


def name_is_taken() -> bool:
    """Return whether a sign-in name of the other warehouse is refused as already taken."""
    from django.core.exceptions import ValidationError
    from django_scopes import scope

    from waybillguard.service.identity.models import User
    from waybillguard.service.tenancy.models import Tenant

    with scope(tenant=Tenant.objects.get(pk=HERE)):
        try:
            User(username=str(THERE)).validate_unique()
        except ValidationError as error:
            return "username" in error.message_dict
    return False


def main() -> None:
    from waybillguard.service.platform.config import use_process_secret

    use_process_secret(secrets.token_hex(32))
    os.environ["DJANGO_SETTINGS_MODULE"] = "waybillguard.service.platform.settings"
    import django

    django.setup()
    from django.db import connection

    from support.tenancy import tables, tenancy
    from waybillguard.service.operations.schema_state import migrate

    migrate()
    found = {table: tenancy(model) for table, model in tables().items()}
    kept = {table: one for table, one in found.items() if one is not None}
    kinds = fill(sys.argv[1], list(kept))
    told = {}
    for table, (column, _) in kept.items():
        key = tables()[table]._meta.pk.column
        told[table] = tried(table, kinds[table], key, column)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid "
            "WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.polname = 'tenant_rows'"
        )
        walled = sorted(name for (name,) in cursor.fetchall())
    sys.stdout.write(json.dumps({"walled": walled, "tried": told, "name is taken": name_is_taken()}))


main()
