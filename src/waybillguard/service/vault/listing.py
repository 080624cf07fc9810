"""Committed orders: filtered lists, their shops, and a warehouse's overview."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.merchants.scope import shops_inside
from waybillguard.service.identity.models import User
from waybillguard.service.platform.database.raw_sql import Rows
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Batch, Lane, Order, OrderState

PAGE = 50
MAX_COUNTED = 50_000
_ID_DIGITS = 18
_VISIBLE = Rows(
    Order,
    "WHERE vault_order.tenant_id = %s AND vault_order.id = %s AND shredded_at IS NULL"
    " AND EXISTS (SELECT 1 FROM vault_batch WHERE id = batch_id AND vault_batch.tenant_id = %s AND state = %s)",
)


@dataclass(frozen=True, slots=True)
class OrderFilters:
    """Filters of a list; an empty field selects all. Days are dates in the tenant's zone.

    ``sealed_here`` excludes lane A, which the platform's component prints.
    """

    day_from: date | None = None
    day_to: date | None = None
    state: str = ""
    shop: str = ""
    lane: str = ""
    printed: str = ""
    batch: int | None = None
    sealed_here: bool = False


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page, newest first; cursors are empty at the ends."""

    orders: list[Order]
    next_cursor: str
    previous_cursor: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Overview of a warehouse, from the sums stored with imports (never a count over all orders)."""

    lanes: dict[str, int]
    total: int
    today: int
    to_print: int
    to_print_truncated: bool
    imports: int


def visible(tenant: Tenant) -> QuerySet[Order]:
    """Return the visible orders: those of committed imports, without shredded ones."""
    return let_in(tenant).filter(shredded_at=None)


def let_in(tenant: Tenant) -> QuerySet[Order]:
    """Return the orders of committed imports, including the remains of shredded ones.

    The sum stops the database from reading import by import and sorting everything: it reads a page from the index
    that is already in order.
    """
    committed = Batch.objects.filter(tenant=tenant, state=Batch.State.COMMITTED)
    return (
        Order.objects.filter(tenant=tenant)
        .alias(entered_by=F("batch_id") + 0)
        .filter(entered_by__in=committed.values("pk"))
    )


def visible_order(tenant: Tenant, pk: int) -> Order | None:
    """Return one of the `visible` orders, or None."""
    order = _VISIBLE.first(tenant.pk, pk, tenant.pk, Batch.State.COMMITTED.value)
    shops = shops_inside()
    if order is None or (shops is not None and order.shop not in shops):
        return None
    order.tenant = tenant
    return order


def list_orders(tenant: Tenant, filters: OrderFilters, cursor: str = "") -> OrderPage:
    """Return one page of masked orders, newest first.

    ``cursor`` is ``<id`` (older than) or ``>id`` (newer than), as handed out by the page before.
    """
    orders = _filtered(tenant, filters)
    backwards = cursor.startswith(">")
    digits = cursor[1:]
    numeric = digits.isascii() and digits.isdigit() and len(digits) <= _ID_DIGITS
    position = int(digits) if numeric and cursor[:1] in "<>" else None
    if position is not None:
        orders = orders.filter(pk__gt=position) if backwards else orders.filter(pk__lt=position)
    rows = list(orders.order_by("pk" if backwards else "-pk")[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    if backwards:
        rows.reverse()
    older = f"<{rows[-1].pk}" if rows and (more or backwards) else ""
    newer = f">{rows[0].pk}" if rows and position is not None and (more or not backwards) else ""
    return OrderPage(rows, older, newer)


def filtered_ids(tenant: Tenant, filters: OrderFilters, most: int, *, after: int = 0) -> list[int]:
    """Return ids of the orders a filter selects, oldest first, at most ``most``, starting after id ``after``."""
    found = _filtered(tenant, filters).filter(pk__gt=after)
    return list(found.order_by("pk").values_list("pk", flat=True)[:most])


def filtered_count(tenant: Tenant, filters: OrderFilters) -> int:
    """Return how many orders a filter selects, counting at most one beyond `MAX_COUNTED`.

    Without a filter it is the sum stored with imports, and nothing is counted.
    """
    if filters == OrderFilters() and shops_inside() is None:
        sums = Batch.objects.filter(tenant=tenant, state=Batch.State.COMMITTED).values_list(
            "lanes", flat=True
        )
        return sum(sum(lanes.values()) for lanes in sums)
    return _filtered(tenant, filters).order_by("-pk").values_list("pk", flat=True)[: MAX_COUNTED + 1].count()


def shops(tenant: Tenant) -> list[str]:
    """Return the shops of the tenant's imports, by name."""
    found: set[str] = set()
    for summary in Batch.objects.filter(tenant=tenant, state=Batch.State.COMMITTED).values_list(
        "shops", flat=True
    ):
        found.update(summary)
    inside = shops_inside()
    return sorted(found if inside is None else found & set(inside))


def overview(tenant: Tenant) -> Overview:
    """Return the overview of the warehouse."""
    lanes: dict[str, int] = dict.fromkeys(Lane.values, 0)
    today_number = str(day_number(timezone.now(), tenant))
    today = imports = 0
    if shops_inside() is not None:
        return _overview_inside(tenant)
    committed = Batch.objects.filter(tenant=tenant, state=Batch.State.COMMITTED)
    for lane_counts, day_counts in committed.values_list("lanes", "days"):
        imports += 1
        today += day_counts.get(today_number, 0)
        for lane, count in lane_counts.items():
            lanes[lane] = lanes.get(lane, 0) + count
    most = 10_000
    waiting = (
        visible(tenant).filter(lane__in=[Lane.B, Lane.C], printed_at=None).order_by("-pk")
        .values_list("pk", flat=True)[: most + 1].count()
    )  # fmt: skip
    return Overview(
        lanes=lanes,
        total=sum(lanes.values()),
        today=today,
        to_print=min(waiting, most),
        to_print_truncated=waiting > most,
        imports=imports,
    )


def overview_of(user: User) -> Overview:
    """Return the overview for the person of this request, computed once per request."""
    known: Overview | None = user.__dict__.get("_overview")
    if known is None:
        known = user.__dict__["_overview"] = overview(tenant_of(user))
    return known


def _overview_inside(tenant: Tenant) -> Overview:
    """Return the overview of one merchant's orders by counting them, because import sums cover all merchants."""
    today = day_number(timezone.now(), tenant)
    found = visible(tenant).values("lane").annotate(n=Count("pk"), today=Count("pk", filter=Q(day=today)))
    rows = {row["lane"]: row for row in found.order_by("lane")}
    lanes = {lane: rows[lane]["n"] if lane in rows else 0 for lane in Lane.values}
    return Overview(
        lanes=lanes, total=sum(lanes.values()), today=sum(row["today"] for row in rows.values()), to_print=0,
        to_print_truncated=False, imports=0,
    )  # fmt: skip


def _filtered(tenant: Tenant, filters: OrderFilters) -> QuerySet[Order]:
    orders = visible(tenant)
    conditions: dict[str, Any] = {}
    if filters.day_from:
        conditions["day__gte"] = day_number(filters.day_from, tenant)
    if filters.day_to:
        conditions["day__lte"] = day_number(filters.day_to, tenant)
    if filters.state in OrderState.values:
        conditions["state"] = filters.state
    if filters.lane in Lane.values:
        conditions["lane"] = filters.lane
    elif filters.sealed_here:
        conditions["lane__in"] = [Lane.B, Lane.C]
    if filters.shop:
        conditions["shop"] = filters.shop
    if filters.batch:
        conditions["batch_id"] = filters.batch
    if filters.printed in {"yes", "no"}:
        conditions["printed_at__isnull"] = filters.printed == "no"
    return orders.filter(**conditions)
