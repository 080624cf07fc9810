"""Retention of contract records: three years after closing, then destroyed (网络数据安全管理条例 第十二条)."""

import logging
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django_scopes import scope

from waybillguard.service.contracts.models import Entrustment
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.shred import held

logger = logging.getLogger(__name__)

YEARS_KEPT: Final = 3


def kept_until(entrustment: Entrustment, tenant: Tenant) -> datetime | None:
    """Return when the record may be destroyed, in the tenant's zone; None while the contract is not closed."""
    if entrustment.closed_at is None:
        return None
    closed = entrustment.closed_at.astimezone(ZoneInfo(tenant.time_zone))
    year = closed.year + YEARS_KEPT
    if (closed.month, closed.day) == (2, 29):
        return closed.replace(year=year, month=3, day=1)
    return closed.replace(year=year)


def destroy_old_records(now: datetime) -> int:
    """Destroy records of all tenants whose retention is over; return how many. A failing tenant stops no other."""
    gone = 0
    for tenant in Tenant.objects.all():
        with scope(tenant=tenant):
            try:
                gone += _destroy_of(tenant, now)
            except Exception as error:  # noqa: BLE001 - the text may quote a row; the type does not
                logger.error("records of contracts of tenant %d stay: %s", tenant.pk, type(error).__name__)  # noqa: TRY400
    return gone


def _destroy_of(tenant: Tenant, now: datetime) -> int:
    if held(tenant):
        return 0
    gone = 0
    for row in Entrustment.objects.filter(tenant=tenant, closed_at__isnull=False):
        until = kept_until(row, tenant)
        if until is None or until > now:
            continue
        with transaction.atomic():
            note(
                tenant, "entrustment_record_destroyed", now=now, entrustment=row.pk, versions=row.version,
                years=YEARS_KEPT,
            )  # fmt: skip
            row.delete()  # with its versions and ends
        gone += 1
    return gone
