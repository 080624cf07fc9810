"""Create the tables of an empty database (``WAYBILLGUARD_HOME``) and of those at other addresses; print their schemas.

python shape_of_tables.py at-once | by-migrations [ADDRESS ...]  (how the tables are created)
"""

import json
import re
import sys
from contextlib import ExitStack
from itertools import groupby, product
from typing import Any
from unittest.mock import patch

import django

from waybillguard.service.platform.config import use_process_secret

SQLITE = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
POSTGRESQL = """
    SELECT 'column', table_name, column_name, concat_ws(' ', data_type, character_maximum_length, is_nullable,
           column_default, is_identity) FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
           WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'policy', tablename, policyname, concat(qual, with_check) FROM pg_policies
    UNION ALL SELECT 'wall', relname, '', concat(relrowsecurity, relforcerowsecurity) FROM pg_class
           WHERE relnamespace = 'public'::regnamespace
"""
# Django's own groups, which are not used: the migrations give them 64-bit ids, the models 32-bit ids.
UNUSED = ["column", "auth_group_permissions", "id"]


def parts(sql: str) -> list[str]:
    """Split the columns and constraints of a CREATE TABLE, so that their order can be ignored."""
    inner = sql[sql.index("(") + 1 : sql.rindex(")")]
    found, depth, start = [], 0, 0
    for place, letter in enumerate(inner):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            found.append(inner[start:place])
            start = place + 1
    return sorted(re.sub(r"\s+", " ", part).strip() for part in [*found, inner[start:]])


def migrate(first: str, *others: str) -> None:
    """Run the migrations on all databases side by side.

    Django rebuilds the models for each step, which is nearly all that migrations cost; they are the same for every
    database, and built once for new models or indexes in a row, none of which changes what another one made.
    """
    from django.core.management import call_command
    from django.core.management.sql import emit_post_migrate_signal
    from django.db import connections
    from django.db.migrations import AddIndex, CreateModel, Migration
    from django.db.migrations.recorder import MigrationRecorder

    def apply(migration: Any, state: Any, editor: Any, collect_sql: bool = False) -> Any:
        assert migration.atomic
        assert not collect_sql
        with ExitStack() as opened:
            beside = [opened.enter_context(connections[one].schema_editor(atomic=True)) for one in others]
            together = (AddIndex, CreateModel)
            for _, row in groupby(
                migration.operations, lambda one: type(one) if isinstance(one, together) else id(one)
            ):
                operations = list(row)
                before = state.clone()
                if len(operations) > 1:
                    state.__dict__.pop("apps", None)  # the built models
                for operation in operations:
                    operation.state_forwards(migration.app_label, state)
                for operation, each in product(operations, (editor, *beside)):
                    operation.database_forwards(migration.app_label, each, before, state)
            for one in others:
                MigrationRecorder(connections[one]).record_applied(migration.app_label, migration.name)
        return state

    for one in others:
        MigrationRecorder(connections[one]).ensure_schema()
    with patch.object(Migration, "apply", apply):
        call_command("migrate", database=first, verbosity=0, interactive=False)
    for one in others:
        emit_post_migrate_signal(verbosity=0, interactive=False, db=one)


def shape_of(alias: str) -> list[Any]:
    from django.db import connections

    connection = connections[alias]
    with connection.cursor() as cursor:
        cursor.execute(SQLITE if connection.vendor == "sqlite" else POSTGRESQL)
        rows = [list(row) for row in cursor.fetchall()]
        cursor.execute("SELECT app, name FROM django_migrations")
        rows += [["migration", *row, ""] for row in cursor.fetchall()]
        for table in ("auth_permission", "django_content_type"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            rows.append(["rows", table, cursor.fetchone()[0], ""])
    shape = [[kind, a, b, parts(sql) if kind == "table" else sql] for kind, a, b, sql in rows]
    return sorted(one for one in shape if one[:3] != UNUSED)


def main(way: str, *addresses: str) -> None:
    use_process_secret("x" * 64)
    django.setup()
    from django.db import connections
    from django_scopes import scopes_disabled

    from waybillguard.service.operations.schema_state import make_tables
    from waybillguard.service.platform.settings import _database

    for address in addresses:
        connections.settings[address] = connections.configure_settings({"default": _database(address)})[
            "default"
        ]
    databases = ("default", *addresses)
    with scopes_disabled():
        if way == "at-once":
            for one in databases:
                make_tables(one)
        else:
            migrate(*databases)
    sys.stdout.write(json.dumps([shape_of(one) for one in databases]))


main(*sys.argv[1:])
