"""Reject orders of merchants whose contract has ended and who have no new one."""

from collections.abc import Mapping

from django.utils import timezone

from waybillguard.service.contracts.models import Entrustment
from waybillguard.service.identity.models import MerchantShop
from waybillguard.service.tenancy.days import local_day
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault import intake


@intake.shops_past_end.answer
def shops_past_end(tenant: Tenant) -> Mapping[str, int]:
    """Return the shops of merchants whose contract is over, each with the merchant's number.

    A contract is over when its last day has passed, two people agreed to end it, or it is closed. Merchants who
    never had a contract are not rejected; the page of contracts lists them as a finding.
    """
    today = local_day(timezone.now(), tenant)
    rows = list(Entrustment.objects.filter(tenant=tenant).values_list("merchant", "last_day", "ended_at"))
    living = {merchant for merchant, last_day, ended_at in rows if ended_at is None and last_day >= today}
    over = {merchant for merchant, _, _ in rows} - living
    if not over:
        return {}
    shops = MerchantShop.objects.filter(tenant=tenant, merchant__in=over)
    return dict(shops.values_list("shop", "merchant"))
