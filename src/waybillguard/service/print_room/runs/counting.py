"""When a label counts: the order is printed, and a lane C order is a lane B order from then on."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Batch, Lane, Order

_AT_ONCE = 500


def count_printed(tenant: Tenant, order_ids: Sequence[int], now: datetime) -> None:
    """Let orders count as printed. Call it inside a transaction."""
    for start in range(0, len(order_ids), _AT_ONCE):
        orders = Order.objects.filter(tenant=tenant, pk__in=order_ids[start : start + _AT_ONCE])
        _move_lane_c(tenant, list(orders.filter(lane=Lane.C).values_list("pk", "batch_id")))
        orders.filter(printed_at=None).update(printed_at=now)


def _move_lane_c(tenant: Tenant, orders: list[tuple[int, int]]) -> None:
    """A C order that the label service prints counts as B from then on."""
    if not orders:
        return
    moved = Counter(batch_id for _, batch_id in orders)
    for batch in Batch.objects.select_for_update().filter(tenant=tenant, pk__in=moved).order_by("pk"):
        batch.lanes["C"] = max(0, batch.lanes.get("C", 0) - moved[batch.pk])
        batch.lanes["B"] = batch.lanes.get("B", 0) + moved[batch.pk]
        batch.save(update_fields=["lanes"])
    Order.objects.filter(tenant=tenant, pk__in=[pk for pk, _ in orders]).update(lane=Lane.B)
