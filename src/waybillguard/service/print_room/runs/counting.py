"""Count labels: mark orders as printed, move lane C orders to lane B, and tell reprints from first prints."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from waybillguard.service.print_room.models import Ticket
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Batch, Lane, Order

_AT_ONCE = 500


def count_printed(tenant: Tenant, order_ids: Sequence[int], now: datetime) -> None:
    """Mark orders as printed. Call it inside a transaction."""
    for start in range(0, len(order_ids), _AT_ONCE):
        orders = Order.objects.filter(tenant=tenant, pk__in=order_ids[start : start + _AT_ONCE])
        _move_lane_c(tenant, list(orders.filter(lane=Lane.C).values_list("pk", "batch_id")))
        orders.filter(printed_at=None).update(printed_at=now)


def printed_before(tickets: Sequence[Ticket]) -> set[int]:
    """Return the orders that had a label handed out before these tickets; cancelled labels do not count.

    A label given to an agent counts, whatever the agent reported: the print PC is not trusted.
    """
    orders = [ticket.order_id for ticket in tickets if ticket.attempt > 1]
    if not orders:
        return set()
    earlier = Ticket.objects.filter(tenant=tickets[0].tenant_id, order__in=orders, attempt__gt=0)
    taken_back = [Ticket.How.NONE, Ticket.How.CANCELLED]
    handed = earlier.exclude(state=Ticket.State.REFUSED).exclude(state=Ticket.State.VOID, how__in=taken_back)
    return set(handed.exclude(uid__in=[ticket.uid for ticket in tickets]).values_list("order_id", flat=True))


def _move_lane_c(tenant: Tenant, orders: list[tuple[int, int]]) -> None:
    """Count lane C orders that the label service prints as lane B from then on."""
    if not orders:
        return
    moved = Counter(batch_id for _, batch_id in orders)
    for batch in Batch.objects.select_for_update().filter(tenant=tenant, pk__in=moved).order_by("pk"):
        batch.lanes["C"] = max(0, batch.lanes.get("C", 0) - moved[batch.pk])
        batch.lanes["B"] = batch.lanes.get("B", 0) + moved[batch.pk]
        batch.save(update_fields=["lanes"])
    Order.objects.filter(tenant=tenant, pk__in=[pk for pk, _ in orders]).update(lane=Lane.B)
