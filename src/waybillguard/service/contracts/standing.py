"""Status of contracts: running, ending soon, over but not closed, missing; with order counts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import batched
from typing import Final

from django.db.models import F, QuerySet

from waybillguard.service.contracts.models import Entrustment, EntrustmentEnd, EntrustmentVersion
from waybillguard.service.exports import asking
from waybillguard.service.identity.models import Merchant, MerchantShop, Permission, User
from waybillguard.service.platform.database.raw_sql import Value, all_rows
from waybillguard.service.tenancy.days import local_day
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Batch, Order

ENDS_SOON: Final = timedelta(days=30)
MOST_IN_LIST: Final = 1_000
MOST_OF_ONE: Final = 100_000
"""Orders of a shop are counted up to this number, in the list of contracts and on the page of one."""
_SHOPS_A_QUESTION: Final = 100
_FEW: Final = (
    "SELECT CAST(%s AS TEXT), (SELECT count(*) FROM (SELECT 1 FROM vault_order WHERE tenant_id = %s AND shop = %s"
    " AND shredded_at IS NULL AND batch_id IN (SELECT id FROM vault_batch WHERE tenant_id = %s AND state = %s)"
    " LIMIT %s) AS few)"
)


class Standing(StrEnum):
    """Status of a contract on a day."""

    COMING = "coming"
    RUNNING = "running"
    ENDING = "ending"  # its last day is within ``ENDS_SOON``
    RETURNING = "returning"
    DESTROYING = "destroying"
    HELD = "held"  # a legal hold stops the destruction
    OVER = "over"  # alarm: the contract ended, and nobody agreed to return or delete
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Line:
    """A contract in the list."""

    entrustment: Entrustment
    terms: EntrustmentVersion | None
    standing: Standing
    proposed: bool
    orders: int


@dataclass(frozen=True, slots=True)
class MerchantWithoutContract:
    """Finding: a merchant with orders in the vault and without a contract."""

    merchant: Merchant
    orders: int
    closed: bool
    """Whether there was a contract that is now closed."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Content of the page of contracts."""

    lines: Sequence[Line]
    bare: Sequence[MerchantWithoutContract]

    @property
    def alarms(self) -> Sequence[Line]:
        """Contracts that ended without return or deletion."""
        return [line for line in self.lines if line.standing is Standing.OVER]


def contract_status(entrustment: Entrustment, end: EntrustmentEnd | None, today: date) -> Standing:
    """Return the status of a contract; ``end`` is the end that two people agreed to, if any."""
    if entrustment.closed_at is not None:
        return Standing.CLOSED
    if end is not None and end.state == EntrustmentEnd.State.RETURNING:
        return Standing.RETURNING
    if end is not None and end.state == EntrustmentEnd.State.DESTROYING:
        return Standing.HELD if end.held else Standing.DESTROYING
    if entrustment.ended_at is not None or entrustment.last_day < today:
        return Standing.OVER
    if today < entrustment.first_day:
        return Standing.COMING
    return Standing.ENDING if entrustment.last_day - today <= ENDS_SOON else Standing.RUNNING


def overview(tenant: Tenant, now: datetime) -> Overview:
    """Return all contracts, most urgent first, and merchants who have none."""
    today = local_day(now, tenant)
    contracts = list(Entrustment.objects.filter(tenant=tenant).select_related("merchant").order_by("-pk"))
    terms = {row.entrustment_id: row for row in terms_in_force(contracts)}
    ends: dict[int, dict[str, EntrustmentEnd]] = defaultdict(dict)
    for end in EntrustmentEnd.objects.filter(tenant=tenant, state__in=OPEN):
        ends[end.entrustment_id]["proposed" if end.state == OPEN[0] else "agreed"] = end
    counts = _orders_by_merchant(tenant, MOST_IN_LIST)
    lines = [
        Line(
            one, terms.get(one.pk), contract_status(one, ends[one.pk].get("agreed"), today),
            "proposed" in ends[one.pk], 0 if one.closed_at else counts.get(one.merchant_id, 0),
        )
        for one in contracts
    ]  # fmt: skip
    open_to = {one.merchant_id for one in contracts if one.closed_at is None}
    known = {one.merchant_id for one in contracts}
    merchants = Merchant.objects.filter(tenant=tenant, pk__in=counts.keys() - open_to).order_by("name")
    bare = [MerchantWithoutContract(one, counts[one.pk], one.pk in known) for one in merchants]
    order = list(_FIRST)
    lines.sort(key=lambda line: (order.index(line.standing), line.entrustment.last_day))
    return Overview(lines, bare)


_FIRST: Final = (
    Standing.OVER, Standing.HELD, Standing.RETURNING, Standing.DESTROYING, Standing.ENDING, Standing.RUNNING,
    Standing.COMING, Standing.CLOSED,
)  # fmt: skip
OPEN: Final = (
    EntrustmentEnd.State.PROPOSED, EntrustmentEnd.State.RETURNING, EntrustmentEnd.State.DESTROYING
)  # fmt: skip


@asking.ends_waiting_for.answer
def ends_waiting_for(user: User) -> QuerySet[EntrustmentEnd]:
    """Return the proposed ends that this user may answer as the second person."""
    rows = EntrustmentEnd.objects.filter(tenant=user.tenant, state=EntrustmentEnd.State.PROPOSED)
    if not user.may(Permission.SECOND):
        return rows.none()
    return (
        rows.exclude(proposed_by=user).select_related("entrustment__merchant", "proposed_by").order_by("pk")
    )


def terms_in_force(contracts: Iterable[Entrustment]) -> QuerySet[EntrustmentVersion]:
    """Return the version in force of each contract."""
    return EntrustmentVersion.objects.filter(
        entrustment__in=list(contracts), number=F("entrustment__version")
    )


def undestroyed_orders(end: EntrustmentEnd) -> QuerySet[Order]:
    """Return the orders of an end that are not destroyed, including those of import previews."""
    return orders_at_end(end).filter(shredded_at=None)


def orders_at_end(end: EntrustmentEnd) -> QuerySet[Order]:
    """Return the orders that the shops of an end had when it was agreed to.

    The shops may belong to another merchant since then.
    """
    orders = Order.objects.filter(tenant=end.tenant_id, shop__in=end.shops)
    return orders if end.order_up_to is None else orders.filter(pk__lte=end.order_up_to)


def orders_of(merchant: Merchant) -> int:
    """Count a merchant's orders in the vault, up to `MOST_OF_ONE` a shop."""
    return _orders_by_merchant(merchant.tenant, MOST_OF_ONE, merchant).get(merchant.pk, 0)


def _orders_by_merchant(tenant: Tenant, most: int, merchant: Merchant | None = None) -> dict[int, int]:
    """Count imported orders that are not destroyed, by merchant; merchants without any are left out.

    A shop is counted up to ``most`` + 1: beyond that the page only says "more than", so a million orders need not
    be read.
    """
    shops = MerchantShop.objects.filter(tenant=tenant)
    if merchant is not None:
        shops = shops.filter(merchant=merchant)
    owner = dict(shops.values_list("shop", "merchant"))
    found: dict[int, int] = defaultdict(int)
    for some in batched(owner, _SHOPS_A_QUESTION):
        question = " UNION ALL ".join([_FEW] * len(some))
        values: list[Value] = []
        for shop in some:
            values += (shop, tenant.pk, shop, tenant.pk, Batch.State.COMMITTED.value, most + 1)
        for shop, count in all_rows(question, *values):
            if count:
                found[owner[shop]] += count
    return dict(found)
