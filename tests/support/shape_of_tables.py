"""Print the schema of an empty database (``WAYBILLGUARD_HOME``, ``WAYBILLGUARD_DATABASE_URL``).

python shape_of_tables.py at-once | by-migrations  (how its tables are created)
"""

import json
import re
import sys

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


def main() -> None:
    use_process_secret("x" * 64)
    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django_scopes import scopes_disabled

    from waybillguard.service.operations.schema_state import make_tables

    with scopes_disabled():
        if sys.argv[1] == "at-once":
            make_tables("default")
        else:
            call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute(SQLITE if connection.vendor == "sqlite" else POSTGRESQL)
        rows = [list(row) for row in cursor.fetchall()]
        cursor.execute("SELECT app, name FROM django_migrations")
        rows += [["migration", *row, ""] for row in cursor.fetchall()]
        for table in ("auth_permission", "django_content_type"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            rows.append(["rows", table, cursor.fetchone()[0], ""])
    shape = [[kind, a, b, parts(sql) if kind == "table" else sql] for kind, a, b, sql in rows]
    sys.stdout.write(json.dumps(sorted(one for one in shape if one[:3] != UNUSED)))


main()
