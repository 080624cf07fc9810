"""Waves: sets of orders that are printed together, and the progress of each order in a clerk's terms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from waybillguard.service.audit.recording import record, refuse
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.keyd import messages
from waybillguard.service.platform.database.raw_sql import all_rows, marks
from waybillguard.service.print_room.models import Ticket, Wave, WaveOrder
from waybillguard.service.print_room.stations.errors import WaveError
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.epochs import roots_of
from waybillguard.service.vault.exact import having_token
from waybillguard.service.vault.listing import visible
from waybillguard.service.vault.models import Batch, Lane, Order

MOST_IN_A_WAVE: Final = 500
MOST_PARTS: Final = 40
_LAST4: Final = 4
_PLACES: Final = "SELECT order_id, position FROM print_room_waveorder WHERE tenant_id = %s AND wave_id = %s ORDER BY position"
_STATES: Final = (
    "SELECT order_id, state FROM print_room_ticket WHERE tenant_id = %s AND order_id IN ({orders})"
    " AND NOT (state = %s AND how IN (%s, %s)) ORDER BY issued_at, attempt"
)

NEW: Final = "new"
GOING: Final = "going"
DONE: Final = "done"
AGAIN: Final = "again"
REFUSED: Final = "refused"
"""What a clerk sees of a label: not printed, printing, printed, print again, cannot be printed."""

_WORDS: Final = {
    Ticket.State.ISSUED: GOING,
    Ticket.State.LEASED: GOING,
    Ticket.State.SENT: DONE,
    Ticket.State.CONFIRMED: DONE,
    Ticket.State.PRINTED: DONE,
    Ticket.State.UNCERTAIN: AGAIN,
    Ticket.State.REFUSED: REFUSED,
}


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a wave: the order, its state, why it was refused, the current attempt, scanned out or not."""

    position: int
    order: Order
    word: str
    ticket: Ticket | None
    scanned: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of a wave's labels by state."""

    new: int = 0
    going: int = 0
    done: int = 0
    again: int = 0
    refused: int = 0

    @property
    def size(self) -> int:
        """Number of labels."""
        return self.new + self.going + self.done + self.again + self.refused

    @property
    def percent(self) -> int:
        """Percentage of labels printed."""
        return 100 * self.done // self.size if self.size else 0


def make_wave_of(user: User, order_ids: Sequence[int], now: datetime) -> Wave:
    """Make a wave of manually chosen orders, in the order of their import.

    Raises:
        NotAllowedError: the person's role may not print.
        WaveError: none of them can be printed here, or they are too many.
    """
    tenant = _printing(user)
    ids = list(_printable(tenant).filter(pk__in=list(order_ids)).order_by("pk").values_list("pk", flat=True))
    if len(ids) > MOST_IN_A_WAVE * MOST_PARTS:
        raise _too_many()
    return _make(user, Wave.Kind.HAND, ids, now)[0]


def make_waves(
    user: User, now: datetime, *, batch: Batch | None = None, shop: str = "", day: date | None = None
) -> list[Wave]:
    """Make waves of the unprinted orders of an import, or of a shop's day; 500 orders each at most.

    Orders that are already in a wave are left out.

    Raises:
        NotAllowedError: the person's role may not print.
        WaveError: nothing is left, or neither an import nor a day was given.
    """
    tenant = _printing(user)
    if batch is None and day is None:
        raise WaveError(zh="请选择导入批次，或店铺和日期。", en="choose an import, or a shop and a day.")
    orders = _printable(tenant).filter(printed_at=None, places=None)
    number = None
    kind = Wave.Kind.IMPORT
    if batch is not None:
        orders = orders.filter(batch=batch)
    elif day is not None:
        number, kind = day_number(day, tenant), Wave.Kind.SHOP_DAY
        orders = orders.filter(day=number, **({"shop": shop} if shop else {}))
    most = MOST_IN_A_WAVE * MOST_PARTS
    ids = list(orders.order_by("pk").values_list("pk", flat=True)[: most + 1])
    if len(ids) > most:
        raise _too_many()
    return _make(user, kind, ids, now, batch=batch, shop=shop, day=number)


def last_four(user: User, wave: Wave, digits: str, session: str = "") -> list[int]:
    """Return the positions in a wave of orders whose phone ends in these four digits.

    Shops and days come from the wave, so nobody types them. Like any other search, keyd writes it to the ledger and
    counts it.

    Raises:
        WaveError: not four digits.
    """
    if not (digits.isascii() and digits.isdigit() and len(digits) == _LAST4):
        raise WaveError(zh="请输入手机尾号的 4 位数字", en="type the last four digits of the phone")
    tenant = tenant_of(user)
    pairs = set(wave.places.order_by().values_list("order__shop", "order__day"))
    query = messages.TokenQuery(
        "last4", digits, sorted({day for _, day in pairs}), sorted({shop for shop, _ in pairs})
    )
    answer = keyd().call(
        messages.Tokens(
            context=context_of(user, purpose="print_label", session=session),
            queries=[query],
            roots=roots_of(tenant),
        ),
        messages.TokenAnswer,
    )
    record(tenant, "search", user=user, purpose="print_label")
    ids = having_token("last4", answer.tokens[0]) if answer.tokens and answer.tokens[0] else []
    found = WaveOrder.objects.filter(tenant=tenant, wave=wave, order__in=ids)
    return list(found.order_by("position").values_list("position", flat=True))


def places_of(wave: Wave, first: int = 1, last: int = MOST_IN_A_WAVE) -> list[Place]:
    """Return the lines of a wave between two positions, both included. Makes four database queries."""
    rows = list(
        wave.places.filter(position__range=(first, last)).select_related("order").order_by("position")
    )
    orders = [row.order_id for row in rows]
    tickets, scanned = latest_tickets(wave.tenant_id, orders), scanned_out(wave.tenant_id, orders)
    return [_place(row, tickets.get(row.order_id), row.order_id in scanned) for row in rows]


def words_of(wave: Wave) -> list[tuple[WaveOrder, str]]:
    """Return every place of a wave with its state, without the orders themselves. Makes two queries."""
    rows = all_rows(_PLACES, wave.tenant_id, wave.pk)
    places = [WaveOrder(wave=wave, order_id=order, position=position) for order, position in rows]
    found: dict[int, str] = {}
    for start in range(0, len(places), MOST_IN_A_WAVE):
        ids = [place.order_id for place in places[start : start + MOST_IN_A_WAVE]]
        question = _STATES.format(orders=marks(len(ids)))
        said = (Ticket.State.VOID.value, Ticket.How.CANCELLED.value, Ticket.How.NONE.value)
        found |= dict(all_rows(question, wave.tenant_id, *ids, *said))
    return [(place, _word_of(found.get(place.order_id))) for place in places]


def progress_of(wave: Wave) -> Progress:
    """Count the labels of a wave by state."""
    ids = list(wave.places.order_by().values_list("order_id", flat=True))
    tickets = latest_tickets(wave.tenant_id, ids)
    counts = dict.fromkeys((NEW, GOING, DONE, AGAIN, REFUSED), 0)
    for pk in ids:
        counts[_word(tickets.get(pk))] += 1
    return Progress(**counts)


def latest_tickets(tenant: int, order_ids: Iterable[int]) -> dict[int, Ticket]:
    """Return the latest ticket of each order, by order; tickets cancelled while they waited are ignored."""
    ids = list(order_ids)
    found: dict[int, Ticket] = {}
    for start in range(0, len(ids), MOST_IN_A_WAVE):
        for ticket in _counted_tickets(tenant, ids[start : start + MOST_IN_A_WAVE]):
            found[ticket.order_id] = ticket
    return found


def printed_orders(tenant: int, order_ids: Sequence[int]) -> set[int]:
    """Return which of these orders have, or may have, a label: printed, scanned, or uncertain."""
    lying = [Ticket.State.SENT, Ticket.State.CONFIRMED, Ticket.State.PRINTED, Ticket.State.UNCERTAIN]
    labels = Ticket.objects.filter(tenant=tenant, order__in=order_ids, state__in=lying)
    counted = Order.objects.filter(tenant=tenant, pk__in=order_ids, printed_at__isnull=False)
    return {*labels.values_list("order_id", flat=True), *counted.values_list("pk", flat=True)}


def scanned_out(tenant: int, order_ids: Sequence[int]) -> set[int]:
    """Return which of these orders ever had a label scanned out, even if printed again since."""
    rows = Ticket.objects.filter(tenant=tenant, order__in=order_ids, how=Ticket.How.SCAN)
    return set(rows.values_list("order_id", flat=True))


def _counted_tickets(tenant: int, order_ids: Sequence[int]) -> QuerySet[Ticket]:
    """Return the tickets that count for their orders, the latest of each order last."""
    rows = Ticket.objects.filter(tenant=tenant, order__in=order_ids)
    rows = rows.exclude(state=Ticket.State.VOID, how__in=[Ticket.How.CANCELLED, Ticket.How.NONE])
    return rows.order_by("issued_at", "attempt")


def recent_waves(tenant: Tenant, most: int = 20) -> QuerySet[Wave]:
    """Return waves, newest first."""
    return Wave.objects.filter(tenant=tenant).select_related("batch", "created_by").order_by("-pk")[:most]


def waiting_imports(tenant: Tenant, most: int = 10) -> list[Batch]:
    """Return recent imports that may still have orders without a wave."""
    imports = Batch.objects.filter(tenant=tenant, state=Batch.State.COMMITTED).order_by("-pk")[:most]
    return [batch for batch in imports if batch.lanes.get("B", 0) + batch.lanes.get("C", 0)]


def _place(row: WaveOrder, ticket: Ticket | None, scanned: bool) -> Place:
    return Place(row.position, row.order, _word(ticket), ticket, scanned)


def _word(ticket: Ticket | None) -> str:
    return _word_of(None if ticket is None else ticket.state)


def _word_of(state: str | None) -> str:
    if state is None:
        return NEW
    return AGAIN if state == Ticket.State.VOID else _WORDS[Ticket.State(state)]


def _printable(tenant: Tenant) -> QuerySet[Order]:
    return visible(tenant).filter(lane__in=[Lane.B, Lane.C])


def _printing(user: User) -> Tenant:
    if not user.may(Permission.PRINT):
        raise refuse(user, "print")
    return tenant_of(user)


def _make(
    user: User,
    kind: str,
    ids: Sequence[int],
    now: datetime,
    *,
    batch: Batch | None = None,
    shop: str = "",
    day: int | None = None,
) -> list[Wave]:
    tenant = tenant_of(user)
    if not ids:
        raise WaveError(
            zh="没有可打印的订单：已都编入波次或已打印，或只有平台密文订单（由平台组件打印）。",
            en="there is nothing to print: all of it is in a wave or printed, or it is platform ciphertext.",
        )
    chunks = [ids[start : start + MOST_IN_A_WAVE] for start in range(0, len(ids), MOST_IN_A_WAVE)]
    waves = []
    with transaction.atomic():
        for part, chunk in enumerate(chunks, start=1):
            wave = Wave.objects.create(
                tenant=tenant, kind=kind, batch=batch, shop=shop, day=day, part=part, parts=len(chunks),
                size=len(chunk), created_by=user, created_at=now,
            )  # fmt: skip
            WaveOrder.objects.bulk_create(
                WaveOrder(tenant=tenant, wave=wave, order_id=pk, position=position)
                for position, pk in enumerate(chunk, start=1)
            )
            waves.append(wave)
    return waves


def _too_many() -> WaveError:
    most = MOST_IN_A_WAVE * MOST_PARTS
    return WaveError(
        zh=f"一次最多编入 {most} 单，请按店铺和日期分开。",
        en=f"a wave set holds at most {most} orders; split it by shop and day.",
    )
