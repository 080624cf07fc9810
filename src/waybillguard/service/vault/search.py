"""Finding orders: lists by filter, and searches by keyed index that keyd counts as looks."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from waybillguard.service.common import context_of, day_number, keyd, tenant_of
from waybillguard.service.keyd import messages
from waybillguard.service.people.models import Permission, Tenant, User
from waybillguard.service.vault.epochs import EpochBook
from waybillguard.service.vault.errors import SearchError, not_allowed
from waybillguard.service.vault.models import Batch, Lane, Order, OrderState

PAGE = 50
MOST_FOUND = 200
SHOPS_A_SEARCH = 500

SearchKind = Literal["any", "order", "waybill", "phone", "last4"]


@dataclass(frozen=True, slots=True)
class OrderFilters:
    """What a list shows; every empty field means all. Days are dates in the tenant's zone."""

    day_from: date | None = None
    day_to: date | None = None
    state: str = ""
    shop: str = ""
    lane: str = ""
    printed: str = ""
    batch: int | None = None


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page, newest first; cursors are empty at the ends."""

    orders: list[Order]
    next_cursor: str
    previous_cursor: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found; ``truncated`` when there was more than is shown."""

    orders: list[Order]
    truncated: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """Where a warehouse stands, from the sums that imports keep (never a count over all orders)."""

    lanes: dict[str, int]
    total: int
    today: int
    to_print: int
    to_print_truncated: bool
    imports: int


def visible(tenant: Tenant) -> QuerySet[Order]:
    """Return the orders that are let in: those of committed imports.

    The sum keeps the database from walking import by import and sorting everything: a page is read off the
    index that already has its order.
    """
    committed = Batch.objects.filter(tenant=tenant, state=Batch.State.COMMITTED)
    return (
        Order.objects.filter(tenant=tenant)
        .alias(entered_by=F("batch_id") + 0)
        .filter(entered_by__in=committed.values("pk"))
    )


def list_orders(tenant: Tenant, filters: OrderFilters, cursor: str = "") -> OrderPage:
    """Return one page of masked orders, newest first.

    ``cursor`` is ``<id`` (older than) or ``>id`` (newer than), as handed out by the page before.
    """
    orders = _filtered(tenant, filters)
    backwards = cursor.startswith(">")
    position = int(cursor[1:]) if cursor[1:].isdigit() and cursor[:1] in "<>" else None
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


def filtered_ids(tenant: Tenant, filters: OrderFilters, most: int) -> list[int]:
    """Return ids of the orders a filter selects, oldest first, at most ``most``."""
    return list(_filtered(tenant, filters).order_by("pk").values_list("pk", flat=True)[:most])


def search_orders(
    user: User, kind: str, value: str, *, shop: str = "", day: date | None = None, session: str = ""
) -> SearchResult:
    """Find orders by what somebody reads out: order, waybill, full phone, or the last four digits.

    The last four are looked for within one day and the shops named (all of the tenant when none is).
    keyd writes the search to the ledger before it makes the tokens.

    Raises:
        NotAllowedError: the person's role does not search.
        SearchError: nothing to search by, or the digits are not four.
    """
    if not user.may(Permission.SEARCH):
        raise not_allowed()
    value = value.strip()
    if not value:
        raise SearchError(zh="请输入要查询的内容", en="type what to search for")
    if kind not in get_args(SearchKind):
        raise SearchError(zh="未知的查询方式", en="unknown kind of search")
    tenant = tenant_of(user)
    fields = _fields(kind, value)
    days = EpochBook(tenant, keyd()).days()
    searched_day = day_number(day or timezone.now(), tenant)
    queries = []
    for field in fields:
        if field == "last4":
            named = [shop] if shop else shops(tenant)[:SHOPS_A_SEARCH]
            queries.append(messages.TokenQuery(field, value, [searched_day], named))
        else:
            queries.append(messages.TokenQuery(field, value, days, []))
    answer = keyd().call(
        messages.Tokens(context=context_of(user, purpose="search", session=session), queries=queries),
        messages.TokenAnswer,
    )
    condition = Q()
    for query, tokens in zip(queries, answer.tokens, strict=True):
        if tokens:
            condition |= Q(**{f"{query.field}_index__in": tokens})
    if not condition:
        return SearchResult([], truncated=False)
    rows = list(visible(tenant).filter(condition).order_by("-pk")[: MOST_FOUND + 1])
    if shop and kind != "last4":
        rows = [row for row in rows if row.shop == shop]
    return SearchResult(rows[:MOST_FOUND], truncated=len(rows) > MOST_FOUND)


def shops(tenant: Tenant) -> list[str]:
    """Return the shops of the tenant's imports, by name."""
    found: set[str] = set()
    for summary in Batch.objects.filter(tenant=tenant, state=Batch.State.COMMITTED).values_list(
        "shops", flat=True
    ):
        found.update(summary)
    return sorted(found)


def overview(tenant: Tenant) -> Overview:
    """Return where the warehouse stands."""
    lanes: dict[str, int] = dict.fromkeys(Lane.values, 0)
    today_number = str(day_number(timezone.now(), tenant))
    today = imports = 0
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


def _fields(kind: str, value: str) -> list[str]:
    if kind == "last4":
        if not (value.isascii() and value.isdigit() and len(value) == 4):  # noqa: PLR2004 - the last four digits
            raise SearchError(zh="请输入手机尾号的 4 位数字", en="type the last four digits of the phone")
        return ["last4"]
    if kind != "any":
        return [kind]
    if value.isascii() and value.isdigit() and len(value) == 4:  # noqa: PLR2004
        return ["last4"]
    return ["order", "waybill", "phone"]


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
    if filters.shop:
        conditions["shop"] = filters.shop
    if filters.batch:
        conditions["batch_id"] = filters.batch
    if filters.printed in {"yes", "no"}:
        conditions["printed_at__isnull"] = filters.printed == "no"
    return orders.filter(**conditions)
