"""Tickets from the click to the lease: at most one open ticket per order, each spent once.

issued → leased → sent → confirmed, or void, or uncertain; `moves` makes the steps after the lease. Every step is
one UPDATE that names the state it comes from, so one of two concurrent attempts succeeds. The click is written to
the ledger before anything waits for a printer.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from waybillguard.service.audit.recording import refuse as refuse_access
from waybillguard.service.authorization.authorize import may_print_again, may_print_at
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.merchants.scope import shops_inside
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.keyd import messages
from waybillguard.service.platform.database.bulk import insert_all, insert_one
from waybillguard.service.platform.database.raw_sql import Rows, all_rows, marks
from waybillguard.service.print_room.models import LabelRun, Printer, Ticket, Wave, WaveOrder
from waybillguard.service.print_room.runs.services import new_ticket_uid
from waybillguard.service.print_room.stations.bell import bell
from waybillguard.service.print_room.stations.errors import OtherSiteError, WaveError
from waybillguard.service.print_room.stations.printers import may_work
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Batch, Lane, Order

State = Ticket.State
How = Ticket.How
OPEN: Final = (State.ISSUED, State.LEASED)
STATION_FILE: Final = "station"
_PRINTABLE: Final = (
    "SELECT id, batch_id, shop FROM vault_order"
    " WHERE tenant_id = %s AND lane IN (%s, %s) AND shredded_at IS NULL AND id IN ({many})"
)
_HELD_BATCHES: Final = Rows(
    Batch, "WHERE tenant_id = %s AND state = %s AND id IN ({many}) ORDER BY id", lock=True
)
_BUSY: Final = "SELECT order_id FROM print_room_ticket WHERE tenant_id = %s AND state IN (%s, %s) AND order_id IN ({many})"
# Written by hand for speed: a label has a millisecond. One statement covers a whole lease, because a writer that
# returns to Python between two statements keeps the others waiting. The WHERE names the expected state. PostgreSQL
# checks it again once it has the row's lock, so of two concurrent attempts to spend a ticket one changes nothing.
_SPEND: Final = (
    "WITH job (uid, lease, attempt, ledger_index, sha256) AS (VALUES {rows})"
    " UPDATE print_room_ticket SET state = %s, lease = job.lease, lease_until = %s, changed_at = %s,"
    " attempt = job.attempt, ledger_index = job.ledger_index, job_sha256 = job.sha256"
    " FROM job WHERE print_room_ticket.uid = job.uid AND tenant_id = %s AND state = %s RETURNING print_room_ticket.uid"
)
_COUNT_ATTEMPT: Final = (
    "WITH drawn (id, attempt) AS (VALUES {rows}) UPDATE vault_order SET attempts = vault_order.attempts + %s"
    " FROM drawn WHERE vault_order.id = drawn.id AND tenant_id = %s AND attempts = drawn.attempt"
    " RETURNING vault_order.id"
)


@dataclass(frozen=True, slots=True)
class Issued:
    """A run for a printer, and the number of labels it put into the queue."""

    run: LabelRun
    labels: int


def issue(
    user: User,
    printer: Printer,
    places: Sequence[WaveOrder],
    wave: Wave,
    now: datetime,
    *,
    reason: str = "",
    agreed_by: User | None = None,
) -> Issued:
    """Queue labels of these places of a wave for a printer, in the order of the wave.

    Orders that already wait for a printer are skipped. The click is written to the ledger first.

    Raises:
        NotAllowedError: the person's role may not print, or the policies refuse it, or refuse a reprint.
        OtherSiteError: the policies bind the person to another site than the printer's.
        WaveError: nothing is left to print, or the printer belongs to a device that may not print now.
        KeydError: the ledger cannot be written; nothing is queued.
    """
    detail: dict[str, str | int] = {"wave": wave.pk}
    if reason and places:
        detail |= {"reason": reason, "first": places[0].position, "last": places[-1].position}
    if agreed_by is not None:
        detail["agreed_by"] = f"u{agreed_by.pk}"
    log_request(user, printer, len(places), detail)
    return queue_labels(user, printer, places, wave, now, reason=reason, agreed_by=agreed_by)


def log_request(user: User, printer: Printer, labels: int, detail: dict[str, str | int]) -> None:
    """Write a request for labels to the ledger. Call it outside any transaction, then call `queue_labels`.

    Raises:
        NotAllowedError, OtherSiteError, WaveError, KeydError: see `issue`.
    """
    again = "reason" in detail
    if not (may_print_again(user) if again else user.may(Permission.PRINT)):
        raise refuse_access(user, "reprint" if again else "print")
    if not may_work(printer.device):
        raise WaveError(
            zh="这台打印机所在的设备已停用，请换一台打印机。",
            en="the device of this printer is restricted; choose another printer.",
        )
    _same_site(user, printer, "reprint" if again else "print")
    if not labels:
        raise _nothing()
    context = context_of(user, workstation=printer.station, purpose="print_label")
    told: dict[str, str | int] = {"printer": printer.pk, "labels": labels, **detail}
    keyd().call(messages.Record(context=context, kind="print_asked", detail=told), messages.Recorded)


def _same_site(user: User, printer: Printer, action: str) -> None:
    site = printer.device.site
    if site is None:
        return
    decision = may_print_at(user, site.code, action)
    if not decision.allowed:
        refuse_access(user, action)
        named = " ".join(decision.policies)
        raise OtherSiteError(
            zh=f"未打印：{decision.words('zh')} ({named})。请换一台打印机。",
            en=f"Nothing is printed: {decision.words('en')} ({named}). Choose another printer.",
        )


def queue_labels(
    user: User,
    printer: Printer,
    places: Sequence[WaveOrder],
    wave: Wave,
    now: datetime,
    *,
    reason: str = "",
    agreed_by: User | None = None,
    again: Collection[int] | None = None,
) -> Issued:
    """Queue labels whose request was logged (`log_request`). Touches only the database; safe inside a transaction.

    ``again`` are the orders that were printed before; if left out, a given reason makes all of them reprints.

    Raises:
        WaveError: nothing is left to print, or it was just sent to a printer.
    """
    try:
        with transaction.atomic():
            return _issue(tenant_of(user), user, printer, places, wave, now, reason, agreed_by, again)
    except IntegrityError:
        raise WaveError(
            zh="其中有面单刚刚已送往打印机，请刷新后再试。",
            en="some of these labels were sent to a printer just now; reload and try again.",
        ) from None


def _issue(
    tenant: Tenant,
    user: User,
    printer: Printer,
    places: Sequence[WaveOrder],
    wave: Wave,
    now: datetime,
    reason: str,
    agreed_by: User | None,
    again: Collection[int] | None,
) -> Issued:
    by_order = {place.order_id: place.position for place in places}
    many, shops = marks(len(by_order)), shops_inside()
    rows = all_rows(_PRINTABLE.format(many=many), tenant.pk, Lane.B.value, Lane.C.value, *by_order)
    orders = {pk: batch for pk, batch, shop in rows if shops is None or shop in shops}
    # Undoing an import waits for this lock and then sees the tickets.
    batches = set(orders.values())
    held = _HELD_BATCHES.all(tenant.pk, Batch.State.COMMITTED.value, *batches, many=len(batches))
    committed = {batch.pk for batch in held}
    open_states = [state.value for state in OPEN]
    busy = {row[0] for row in all_rows(_BUSY.format(many=many), tenant.pk, *open_states, *by_order)}
    chosen = [pk for pk in by_order if orders.get(pk) in committed and pk not in busy]
    if not chosen:
        raise _nothing()
    run = LabelRun(
        tenant=tenant, created_by=user, created_at=now, station=printer.station, size=printer.size,
        dpi=printer.dpi, file_kind=STATION_FILE, carrier=tenant.carrier, selection=[],
        state=LabelRun.State.STATION, wanted=len(chosen), printer=printer, wave=wave, reason=reason,
        again=_again(chosen, reason, again), agreed_by=agreed_by,
    )  # fmt: skip
    insert_one(run)
    insert_all(
        [
            Ticket(
                uid=new_ticket_uid(), tenant=tenant, run=run, order_id=pk, attempt=0, issued_at=now,
                changed_at=now, printer=printer, position=by_order[pk],
            )
            for pk in chosen
        ]
    )  # fmt: skip
    transaction.on_commit(lambda: bell.notify(printer.pk))
    return Issued(run, len(chosen))


def _again(chosen: Sequence[int], reason: str, again: Collection[int] | None) -> int:
    if not reason:
        return 0
    return len(chosen) if again is None else sum(pk in again for pk in chosen)


def queue(printer: Printer) -> QuerySet[Ticket]:
    """Return the waiting tickets of a printer, first come first served."""
    return Ticket.objects.filter(printer=printer, state=State.ISSUED).order_by("run_id", "position")


def take(
    tickets: Sequence[Ticket], jobs: dict[bytes, tuple[bytes, bytes]], until: datetime, now: datetime
) -> set[bytes]:
    """Spend tickets: lease those that are still issued, atomically; return the uids that were leased.

    Of two concurrent calls, each ticket goes to one. A ticket whose order got another label since it was drawn
    stays in the queue for the next attempt. Call it inside a transaction.

    Args:
        tickets: tickets with the attempt that was drawn.
        jobs: job id and SHA-256 of its bytes, by uid.
        until: when the lease runs out.
        now: the current time.
    """
    if not tickets:
        return set()
    tenant = tickets[0].tenant_id
    adapt = connection.ops.adapt_datetimefield_value
    _hold_orders(ticket.order_id for ticket in tickets)
    counted = _count_attempts(tenant, [(ticket.order_id, ticket.attempt - 1) for ticket in tickets], 1)
    drawn = [ticket for ticket in tickets if ticket.order_id in counted]
    if not drawn:
        return set()
    values: list[str | bytes | int | datetime | None] = []
    for ticket in drawn:
        uid = bytes(ticket.uid)
        values += (uid, jobs[uid][0], ticket.attempt, ticket.ledger_index, jobs[uid][1])
    values += (State.LEASED.value, adapt(until), adapt(now), tenant, State.ISSUED.value)
    with connection.cursor() as cursor:
        cursor.execute(_SPEND.format(rows=_rows(len(drawn), 5)), values)
        won = {bytes(row[0]) for row in cursor.fetchall()}
    lost = [(ticket.order_id, ticket.attempt) for ticket in drawn if bytes(ticket.uid) not in won]
    if lost:
        _count_attempts(tenant, lost, -1)
    return won


def _hold_orders(pks: Iterable[int]) -> None:
    """Lock orders in a fixed order, if rows are locked one by one, so that two leases never deadlock."""
    if connection.features.has_select_for_update:
        list(Order.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))


def _count_attempts(tenant: int, orders: Sequence[tuple[int, int]], by: int) -> set[int]:
    """Increase the label count of each order that still has the expected count; return the orders that had it."""
    values = [value for row in orders for value in row]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ATTEMPT.format(rows=_rows(len(orders), 2)), [*values, by, tenant])
        return {row[0] for row in cursor.fetchall()}


def _rows(rows: int, columns: int) -> str:
    return ", ".join([f"({marks(columns)})"] * rows)


def _nothing() -> WaveError:
    return WaveError(
        zh="没有可送去打印的面单：都已打印或正在打印，或订单已不在。",
        en="there is nothing to print: all of it is printed or being printed, or the orders are gone.",
    )
