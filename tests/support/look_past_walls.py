"""Query rows of two tenants in PostgreSQL by raw SQL, bypassing django-scopes; print the visible rows."""

import json
import os
import secrets
import sys
from typing import Any


def raw(sql: str, *values: object) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def labels() -> list[str]:
    return [label for (label,) in raw("SELECT label FROM vault_batch ORDER BY label")]


def ends_of_transactions(there: Any) -> dict[str, Any]:
    """Open the other tenant's scope within transactions that end in every possible way."""
    from django.db import transaction
    from django_scopes import scope, scopes_disabled

    seen: dict[str, Any] = {}
    for how in ("kept", "rolled back"):
        with transaction.atomic():
            with scope(tenant=there):
                labels()
            transaction.set_rollback(how == "rolled back")
        seen[f"here after {how}"] = labels()
    with transaction.atomic():
        labels()
        with transaction.atomic():
            with scope(tenant=there):
                labels()
            transaction.set_rollback(True)
        seen["here after a savepoint"] = labels()
        with scope(tenant=there):
            seen["there in a transaction"] = labels()
    with transaction.atomic(), scopes_disabled():
        seen["all in a transaction"] = labels()
    seen["here at the end"] = labels()
    return seen


def error_of_a_broken_connection(here: Any) -> str:
    """Terminate this connection at the server, then query in a scope; setting the tenant, sent first, fails."""
    import psycopg
    from django.db import DatabaseError
    from django_scopes import scope

    (pid,) = raw("SELECT pg_backend_pid()")[0]
    with psycopg.connect(sys.argv[1], autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
    try:
        with scope(tenant=here):
            labels()
    except DatabaseError as error:
        return type(error).__name__
    except psycopg.Error:
        return "the driver's own"
    return ""


def main() -> None:
    from waybillguard.service.platform.config import use_process_secret

    use_process_secret(secrets.token_hex(32))
    os.environ["DJANGO_SETTINGS_MODULE"] = "waybillguard.service.platform.settings"
    import django

    django.setup()
    from django.db import DatabaseError, connection
    from django_scopes import scope, scopes_disabled

    from waybillguard.service.identity.models import Role, User
    from waybillguard.service.operations.schema_state import migrate
    from waybillguard.service.tenancy.models import Tenant
    from waybillguard.service.vault.models import Batch, Epoch

    migrate()
    here, there = (Tenant.objects.create(slug=slug, name=slug) for slug in ("here", "there"))
    for tenant in (here, there):
        user = User.objects.create_user(username=tenant.slug, tenant=tenant, role=Role.OWNER)
        with scope(tenant=tenant):
            Batch.objects.create(tenant=tenant, created_by=user, kind="csv", label=tenant.slug)
            Epoch.objects.create(tenant=tenant, epoch_id=1, day=1, wrapped=b"w")

    seen: dict[str, Any] = {"no scope": labels()}
    with scope(tenant=here):
        seen["here"] = labels()
        seen["by the other's id"] = raw("SELECT count(*) FROM vault_epoch WHERE tenant_id = %s", there.pk)
        seen["changed"] = raw("UPDATE vault_batch SET label = 'x' WHERE tenant_id = %s", there.pk)
        seen["deleted"] = raw("DELETE FROM vault_epoch WHERE tenant_id = %s", there.pk)
        try:
            raw("INSERT INTO vault_epoch (tenant_id, epoch_id, day, wrapped) VALUES (%s, 2, 2, '')", there.pk)
            seen["inserted"] = False
        except DatabaseError as error:
            seen["inserted"] = "row-level security" in str(error)
        with scope(tenant=there):
            seen["there, inside here"] = labels()
        seen["here again"] = labels()
    with scopes_disabled():
        seen["all"] = labels()
    seen["none again"] = labels()
    with scope(tenant=here):
        seen |= ends_of_transactions(there)
    connection.close()
    seen["a new connection"] = labels()
    seen["a broken connection"] = error_of_a_broken_connection(here)
    sys.stdout.write(json.dumps(seen))


main()
