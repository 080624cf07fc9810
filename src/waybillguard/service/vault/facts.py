"""Facts about an order, as input for the policies."""

from datetime import datetime, timedelta

from django.db.models import Q

from waybillguard.access.request import OrderFacts
from waybillguard.service.authorization import principal
from waybillguard.service.identity.merchants.scope import outside
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Order, OrderState

CLOSED_AFTER = timedelta(days=15)
"""After delivery plaintext closes: returns without reason run 7 days, plus the time to arrive."""


def order_facts(order: Order, now: datetime) -> OrderFacts:
    """Return the facts about an order for the policies."""
    return OrderFacts(
        tenant=order.tenant.slug, merchant=order.shop, closed=is_closed(order, now), lane=order.lane
    )


def is_closed(order: Order, now: datetime) -> bool:
    """Return whether an order is closed, so nobody may open it; ``closed_rows`` is the same condition in SQL."""
    if order.shredded_at is not None or order.state == OrderState.RETURNED:
        return True
    if order.state != OrderState.DELIVERED:
        return False
    return order.delivered_at is None or now - order.delivered_at > CLOSED_AFTER


def closed_rows(now: datetime) -> Q:
    """Return the query condition equivalent to ``is_closed``."""
    late = Q(delivered_at=None) | Q(delivered_at__lt=now - CLOSED_AFTER)
    over = Q(state=OrderState.RETURNED) | Q(state=OrderState.DELIVERED) & late
    return Q(shredded_at__isnull=False) | over


@principal.count_printed.answer
def count_printed(tenant: Tenant, since: datetime, until: datetime) -> int:
    """Count the orders of the whole warehouse printed from ``since`` up to ``until``."""
    with outside():
        return Order.objects.filter(tenant=tenant, printed_at__gte=since, printed_at__lt=until).count()
