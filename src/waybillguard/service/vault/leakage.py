"""Leakage report: what the indexes reveal at the current number of orders, for the API and the console."""

from typing import Final

from waybillguard.seal.planner import REVEALS, IndexPlan, plan_index
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Batch, GramPlan

# log2 of the number of values in use: phones about 5·10⁹; two-character grams about 100,000.
_SPACES: Final = {"phone": 32.2, "last4": 13.3, "order": 40.0, "waybill": 40.0, "name": 15.0, "address": 17.0}
_WHOLE: Final = 128


def report(tenant: Tenant) -> list[IndexPlan]:
    """Return one plan per index."""
    rows = orders_of(tenant)
    bits = {"name": 63, "address": 63}
    plans = GramPlan.objects.filter(tenant=tenant).order_by("generation", "month")
    bits |= dict(plans.values_list("field", "bits"))
    return [
        plan_index(field, rows, bits.get(field, _WHOLE), _SPACES[field], reveals)
        for field, reveals in REVEALS.items()
    ]


def orders_of(tenant: Tenant) -> int:
    """Return the number of committed orders, from the sums stored with imports."""
    sums = Batch.objects.filter(tenant=tenant, state=Batch.State.COMMITTED).values_list(
        "rows_ok", "rows_reference"
    )
    return sum(ok + reference for ok, reference in sums)
