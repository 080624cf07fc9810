"""Run one step of the test of a database partitioned by month; print the observations as JSON.

``new``: run the migrations and add rows of two tenants. ``later``: let months pass.
"""

import json
import os
import secrets
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MONTH = 2026 * 12 + 10
FAR = MONTH + 1
"""A post-dated order, whose index rows belong to a future month."""


def setup() -> None:
    from waybillguard.service.platform.config import use_process_secret

    use_process_secret(secrets.token_hex(32))
    os.environ["DJANGO_SETTINGS_MODULE"] = "waybillguard.service.platform.settings"
    import django

    django.setup()


def uid(moment: datetime) -> bytes:
    return int(moment.timestamp() * 1000).to_bytes(6) + secrets.token_bytes(10)


def rows(sql: str, *values: object) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall() if cursor.description else []


def new() -> dict[str, Any]:
    from django.db import connection

    from waybillguard.service.identity.models import Role, User
    from waybillguard.service.operations.schema_state import migrate
    from waybillguard.service.tenancy.models import Tenant
    from waybillguard.service.vault import partitions
    from waybillguard.service.vault.models import Batch, GramPlan, Posting, Salt

    migrate()
    partitions.prepare_months(connection, NOW)
    for slug in ("here", "there"):
        tenant = Tenant.objects.create(slug=slug, name=slug)
        user = User.objects.create_user(username=slug, tenant=tenant, role=Role.OWNER)
        batch = Batch.objects.create(tenant=tenant, created_by=user, kind="csv", label=slug)
        Salt.objects.bulk_create(
            Salt(tenant=tenant, batch=batch, order_uid=uid(NOW - timedelta(minutes=n)), salt=b"s" * 16)
            for n in range(3000)
        )
        for month in (MONTH, FAR):
            GramPlan.objects.create(tenant=tenant, month=month, field="address", bits=20)
            Posting.objects.bulk_create(
                Posting(tenant=tenant, month=month, field="address", token=n, count=1, ids=b"\0\1")
                for n in range(500)
            )
    return state()


def state() -> dict[str, Any]:
    tables = rows(
        "SELECT c.relname, c.relkind, c.relrowsecurity AND c.relforcerowsecurity, "
        "(SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) FROM pg_class c "
        "WHERE c.relkind IN ('r', 'p') AND c.relname ~ '^vault_(salt|posting)' ORDER BY c.relname"
    )
    indexes = "SELECT count(*) FROM pg_index WHERE NOT indisvalid"
    return {
        "tables": {name: [kind, walled and policies == 1] for name, kind, walled, policies in tables},
        "salts": rows(
            "SELECT count(*), md5(string_agg(order_uid::text, '' ORDER BY order_uid)) FROM vault_salt"
        )[0],
        "postings": rows("SELECT count(*), max(id), sum(token) FROM vault_posting")[0],
        "half-made indexes": rows(indexes)[0][0],
    }


def plan(sql: str, *values: object) -> list[str]:
    """Return the tables that a statement reads."""
    (explained,) = rows("EXPLAIN (FORMAT JSON) " + sql, *values)
    found: list[str] = []
    waiting = [explained[0][0]["Plan"]]
    while waiting:
        node = waiting.pop()
        found += [node["Relation Name"]] if "Relation Name" in node else []
        waiting += node.get("Plans", [])
    return sorted(found)


def later() -> dict[str, Any]:
    from django.db import connection
    from django_scopes import scope

    from waybillguard.service.tenancy.models import Tenant
    from waybillguard.service.vault import partitions
    from waybillguard.service.vault.models import Batch, Posting, Salt

    here, there = Tenant.objects.order_by("slug")
    seen: dict[str, Any] = {}
    Batch.objects.filter(tenant=there).update(
        state="committed", rows_ok=partitions.LARGE, created_at=NOW + timedelta(days=119)
    )
    # Rows of a month without its own table are stored in the default partition.
    ahead = NOW + timedelta(days=120)
    batch = Batch.objects.get(tenant=there)
    for tenant in (here, there):
        mine = Batch.objects.get(tenant=tenant)
        Salt.objects.create(tenant=tenant, batch=mine, order_uid=uid(ahead), salt=b"s" * 16)
    seen["others before"] = rows("SELECT count(*) FROM vault_salt_other")[0][0]
    seen["made"] = partitions.prepare_months(connection, ahead)
    seen["made again"] = partitions.prepare_months(connection, ahead)
    seen["others after"] = rows("SELECT count(*) FROM vault_salt_other")[0][0]
    with scope(tenant=here):
        seen["a leaf by its name"] = rows("SELECT count(*) FROM vault_salt_2027_03_tenant_2")[0][0]
    literal = partitions.uid_bound(month := MONTH + 4)
    seen["salt reads"] = plan(
        f"SELECT salt FROM vault_salt WHERE tenant_id = {there.pk} AND order_uid = {literal}"
    )
    seen["posting reads"] = plan(
        f"SELECT ids FROM vault_posting WHERE tenant_id = {there.pk} AND generation = 1 AND month = {month} "
        "AND field = 'address' AND token = 1"
    )
    # The tenant's salts of that month are shredded; those of the other tenant are still needed.
    end = ahead + timedelta(days=40)
    seen["nothing is spent"] = partitions.drop_spent_months(connection, NOW)
    Salt.objects.filter(tenant=there, order_uid__gt=uid(ahead - timedelta(days=1))).delete()
    seen["spent"] = partitions.drop_spent_months(connection, end)
    seen["left"] = Salt.objects.filter(order_uid__gt=uid(ahead - timedelta(days=1))).count()
    Salt.objects.all().delete()
    Posting.objects.all().delete()
    partitions.drop_spent_months(connection, end)
    seen["all spent"] = sorted(state()["tables"])
    Salt.objects.create(tenant=there, batch=batch, order_uid=uid(NOW), salt=b"s" * 16)
    seen["late"] = rows("SELECT count(*) FROM vault_salt_other")[0][0]
    return seen


def main() -> None:
    from django_scopes import scopes_disabled

    setup()
    (what,) = sys.argv[1:]
    with scopes_disabled():
        answer = {"new": new, "later": later}[what]()
    sys.stdout.write(json.dumps(answer, default=str) + "\n")


main()
