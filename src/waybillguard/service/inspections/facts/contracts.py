"""Contracts with merchants and data passed to others (GOV-05, GOV-08 to GOV-10, LOG-04)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, Min, OuterRef

from waybillguard.inspect.model import Fact
from waybillguard.service.contracts.models import Entrustment, EntrustmentVersion
from waybillguard.service.contracts.standing import Standing, overview
from waybillguard.service.exports.models import Recipient
from waybillguard.service.identity.models import MerchantShop
from waybillguard.service.inspections.documents import valid_documents
from waybillguard.service.tenancy.days import local_day
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Batch, Order

_KEPT: Final = timedelta(days=3 * 365)
_EPOCH: Final = date(1970, 1, 1)


def observe(tenant: Tenant, now: datetime) -> Mapping[str, Fact]:
    """Return the facts on contracts. A shop without a merchant counts as a merchant without a contract."""
    found = overview(tenant, now)
    unknown = _unknown_shops(tenant)
    busy = [line for line in found.lines if line.orders]
    over = [line for line in busy if line.standing in {Standing.OVER, Standing.HELD, Standing.CLOSED}]
    with_orders = {line.entrustment.merchant_id for line in busy} | {one.merchant.pk for one in found.bare}
    assessed = {
        one.merchant_id: one.effective_on for one in reversed(valid_documents(tenant, "assessment", now))
    }
    begun = _first_days(tenant, with_orders)
    recipients = Recipient.objects.filter(tenant=tenant, revoked_at=None).exclude(confirmed_at=None)
    return {
        "merchants_with_orders": len(with_orders) + unknown,
        "merchants_without_contract": len({line.entrustment.merchant_id for line in over})
        + len(found.bare)
        + unknown,
        "orders_of_ended_contracts": sum(line.orders for line in over)
        + sum(one.orders for one in found.bare if one.closed),
        "data_flows": len(with_orders),
        "flows_without_assessment": len(with_orders - assessed.keys()),
        "assessments_dated_after_flow": sum(
            1 for merchant, day in assessed.items() if merchant in begun and day > begun[merchant]
        ),
        "recipients_without_consent": 0 if _consented(tenant, now) else recipients.count(),
        "entrustment_records_short": Entrustment.objects.filter(tenant=tenant, closed_at__gt=now - _KEPT)
        .filter(~Exists(EntrustmentVersion.objects.filter(tenant=tenant, entrustment=OuterRef("pk"))))
        .count(),
    }


def _unknown_shops(tenant: Tenant) -> int:
    """Count shops that have orders this month but belong to no merchant."""
    owned = MerchantShop.objects.filter(tenant=tenant).values_list("shop", flat=True)
    named = {
        shop
        for shops in Batch.objects.filter(tenant=tenant, state=Batch.State.COMMITTED)
        .order_by("-pk")
        .values_list("shops", flat=True)[:500]
        for shop in shops
        if shop
    }
    return len(named - set(owned))


def _first_days(tenant: Tenant, merchants: set[int]) -> dict[int, date]:
    """Return the day of each merchant's oldest stored order."""
    shops = dict(
        MerchantShop.objects.filter(tenant=tenant, merchant__in=merchants).values_list("shop", "merchant_id")
    )
    rows = (
        Order.objects.filter(tenant=tenant, shop__in=list(shops), shredded_at=None)
        .values_list("shop")
        .annotate(first=Min("day"))
        .order_by()
    )
    found: dict[int, date] = {}
    for shop, first in rows:
        day = _EPOCH + timedelta(days=first)
        merchant = shops[shop]
        found[merchant] = min(day, found.get(merchant, day))
    return found


def _consented(tenant: Tenant, now: datetime) -> bool:
    """Return whether every merchant with a running contract consents to passing data to others."""
    today = local_day(now, tenant)
    running = Entrustment.objects.filter(
        tenant=tenant, closed_at=None, first_day__lte=today, last_day__gte=today
    )
    versions = EntrustmentVersion.objects.filter(tenant=tenant, entrustment__in=running).select_related(
        "entrustment"
    )
    newest = [one for one in versions if one.number == one.entrustment.version]
    return bool(newest) and all(one.sub_entrusting for one in newest)
