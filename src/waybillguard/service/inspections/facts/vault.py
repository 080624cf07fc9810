"""Stored data: persons, plaintext, keys, retention, column classes (GOV-04, GOV-07, SEC-01 to SEC-04)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db import connection

from waybillguard.inspect.forms import tier
from waybillguard.inspect.model import Fact
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import KeyGeneration, Order, RetentionRule
from waybillguard.service.vault.retention import due_orders, rule_of
from waybillguard.service.vault.shred import held
from waybillguard.shipped import read_yaml

_SCANNED: Final = 20_000
_PHONE: Final = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_TEXTS: Final = ("masked_name", "masked_phone", "masked_address", "masked_remark")
KEY_DAYS: Final = 365
_NEVER: Final = 24.0 * 365 * 10


def observe(tenant: Tenant, now: datetime) -> Mapping[str, Fact]:
    """Return the facts on the vault's content. Only the newest 20,000 orders are searched for plaintext."""
    living = Order.objects.filter(tenant=tenant, shredded_at=None)
    sealed = living.exclude(blob=b"")
    unnamed = sealed.filter(person_token=b"").count()
    rows = list(living.order_by("-pk").values_list(*_TEXTS)[:_SCANNED])
    rule = rule_of(tenant)
    overdue = 0 if held(tenant) else due_orders(tenant, rule, now).count()
    seen, unclassified = columns()
    return {
        "persons_counted": not unnamed,
        "tier_known": bool(tier(0 if unnamed else persons(tenant))) and not unnamed,
        "rows_scanned": len(rows),
        "plaintext_hits": sum(1 for row in rows if any(_PHONE.search(text) for text in row)),
        "oldest_key_days": _key_days(tenant, now),
        "key_days_limit": KEY_DAYS,
        "database_reads_key": _key_beside_database(),
        "orders_overdue": overdue,
        "deletion_run_hours": _hours_since(rule, now),
        "deletion_failures": overdue if _hours_since(rule, now) <= 1 else 0,
        "columns_seen": seen,
        "columns_unclassified": unclassified,
    }


def persons(tenant: Tenant) -> int:
    """Return the number of distinct persons with a contact in the vault, counted by keyed token."""
    living = Order.objects.filter(tenant=tenant, shredded_at=None).exclude(person_token=b"")
    return living.values("person_token").distinct().count()


def columns() -> tuple[int, int]:
    """Return the number of columns in the database, and how many have no class in ``columns.yaml``.

    Reads the schema of the database, so tables created outside the program are included.
    """
    classes = _classes()
    known = {}
    for model in apps.get_models(include_auto_created=True):
        options = model._meta  # noqa: SLF001 - Django's public way in
        known[options.db_table] = (options.app_label, len(options.local_concrete_fields))
    seen = unclassified = 0
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table == "django_migrations":
                continue
            # Reading columns from the schema is slow in SQLite: do it only for tables without a model.
            label, count = known.get(table) or (
                "",
                len(connection.introspection.get_table_description(cursor, table)),
            )
            seen += count
            unclassified += 0 if label in classes else count
    return seen, unclassified


@cache
def _classes() -> dict[str, Any]:
    return read_yaml("waybillguard.service.inspections", "columns.yaml", dict[str, Any])


def _key_days(tenant: Tenant, now: datetime) -> float:
    """Return the age in days of the current index root key; generation 1 is as old as the tenant."""
    current = KeyGeneration.objects.filter(tenant=tenant, state=KeyGeneration.State.CURRENT).first()
    made = current.made_at if current else tenant.created_at
    return round((now - made).total_seconds() / 86_400, 2) if now > made else 0.0


def _key_beside_database() -> bool:
    """Return whether the passphrase of the key file is stored in the data folder beside the database."""
    config = settings.CONFIG
    return bool(config.passphrase_file.resolve().is_relative_to(config.data_dir.resolve()))


def _hours_since(rule: RetentionRule, now: datetime) -> float:
    if rule.last_run_at is None:
        return _NEVER
    return max(0.0, round((now - rule.last_run_at.astimezone(UTC)).total_seconds() / 3600, 2))
