"""State changes of tickets that were given to a printer; no other module makes them.

leased → sent → confirmed, or void, or uncertain. An expired lease becomes uncertain and never issued again. Each
step is written to the ledger before the database. After a crash in between, the ledger may record a step that did
not happen, but no step is missing from it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.db.models import F, Q

from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.label_messages import RecordTicketSteps, StepsRecorded, TicketStep
from waybillguard.service.platform.database.raw_sql import first_row, marks
from waybillguard.service.print_room.models import LabelRun, Printer, Ticket, Wave
from waybillguard.service.print_room.runs.counting import count_printed
from waybillguard.service.print_room.stations.errors import StationError
from waybillguard.service.print_room.stations.tickets import queue
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant

State = Ticket.State
How = Ticket.How
SCANNABLE: Final = (State.LEASED, State.SENT, State.UNCERTAIN, State.PRINTED)
_AT_ONCE: Final = 500
_LATE: Final = (
    "SELECT 1 FROM print_room_ticket WHERE state = %s AND tenant_id = %s AND lease_until < %s LIMIT 1"
)
_MOVE: Final = (
    "UPDATE print_room_ticket SET state = %s, how = %s, changed_at = %s, lease_until = NULL, closed_by_id = %s"
    " WHERE tenant_id = %s AND state = %s AND uid IN ({uids}) RETURNING uid"
)
SERVICE: Final = "service"


def move(
    tenant: Tenant,
    tickets: Sequence[Ticket],
    to: str,
    how: str,
    now: datetime,
    *,
    context: messages.Context,
    by: User | None = None,
    also: Callable[[], object] | None = None,
) -> int:
    """Move tickets that are still in the state of their rows; return how many moved.

    ``to`` is sent, uncertain, confirmed or void. A label that was sent or confirmed marks its order as printed and
    replaces earlier labels of that order. ``also`` runs in the transaction of the last move.

    Raises:
        KeydError: the ledger cannot be written; nothing moved.
    """
    moved = 0
    for start in range(0, len(tickets), _AT_ONCE):
        part = tickets[start : start + _AT_ONCE]
        _record(context, part, to, how)
        with transaction.atomic():
            done = _moved(tenant, part, to, how, now, by)
            if to in {State.SENT, State.CONFIRMED}:
                count_printed(tenant, [ticket.order_id for ticket in done], now)
            if to == State.SENT:
                _count_done(done)
            if also is not None and start + _AT_ONCE >= len(tickets):
                also()
        moved += len(done)
        if to in {State.SENT, State.CONFIRMED}:
            _supersede(tenant, done, now, context)
    return moved


def expire(tenant: Tenant, now: datetime, printer: Printer | None = None) -> int:
    """Move expired leases to uncertain; return how many."""
    late = Ticket.objects.filter(tenant=tenant, state=State.LEASED, lease_until__lt=now)
    if printer is not None:
        late = late.filter(printer=printer)
    moment = connection.ops.adapt_datetimefield_value(now)
    if first_row(_LATE, State.LEASED.value, tenant.pk, moment) is None:
        return 0  # the usual case: each lease and each page of a wave checks this first
    tickets = list(late.select_related("order")[: _AT_ONCE * 4])
    if not tickets:
        return 0
    return move(tenant, tickets, State.UNCERTAIN, How.TIMEOUT, now, context=service_context(tenant))


def settle(user: User, ticket: Ticket, *, printed: bool, now: datetime) -> None:
    """Decide an uncertain label as the supervisor: printed or not.

    Raises:
        StationError (ticket): the label is no longer uncertain.
        KeydError: the ledger cannot be written; nothing changed.
    """
    if ticket.state != State.UNCERTAIN:
        raise StationError(
            code="ticket",
            zh="这张面单已有结果，未再更改。",
            en="this label has its outcome already; nothing changed.",
        )
    to = State.CONFIRMED if printed else State.VOID
    context = context_of(user, workstation=ticket.run.station, purpose="print_label")
    if not move(tenant_of(user), [ticket], to, How.LEADER, now, context=context, by=user):
        raise StationError(
            code="ticket",
            zh="这张面单刚刚有了结果，未再更改。",
            en="this label got its outcome just now; nothing was changed again.",
        )


def cancel(user: User, printer: Printer, now: datetime, wave: Wave | None = None) -> int:
    """Cancel waiting labels of a printer, of one wave or of all; return how many."""
    waiting = queue(printer).select_related("order")
    tickets = list(waiting.filter(run__wave=wave) if wave is not None else waiting)
    context = context_of(user, workstation=printer.station, purpose="print_label")
    return move(tenant_of(user), tickets, State.VOID, How.CANCELLED, now, context=context, by=user)


def service_context(tenant: Tenant, station: str = "") -> messages.Context:
    """Return the context of actions without a person."""
    return messages.Context(tenant=tenant.slug, actor=SERVICE, workstation=station, purpose="print_label")


def _moved(
    tenant: Tenant, tickets: Sequence[Ticket], to: str, how: str, now: datetime, by: User | None
) -> list[Ticket]:
    """Move tickets with one statement per state they come from; return those that moved."""
    if connection.features.has_select_for_update:  # lock in one order to avoid deadlocks
        uids = [bytes(ticket.uid) for ticket in tickets]
        list(Ticket.objects.select_for_update().filter(uid__in=uids).order_by("uid").values_list("uid"))
    head = [to, how, connection.ops.adapt_datetimefield_value(now), by.pk if by else None, tenant.pk]
    moved: set[bytes] = set()
    with connection.cursor() as cursor:
        for state in dict.fromkeys(ticket.state for ticket in tickets):
            uids = [bytes(ticket.uid) for ticket in tickets if ticket.state == state]
            cursor.execute(_MOVE.format(uids=marks(len(uids))), [*head, str(state), *uids])
            moved |= {bytes(row[0]) for row in cursor.fetchall()}
    return [ticket for ticket in tickets if bytes(ticket.uid) in moved]


def _supersede(tenant: Tenant, newer: Sequence[Ticket], now: datetime, context: messages.Context) -> None:
    """Void earlier unconfirmed labels of the same orders: a newer label replaces them."""
    latest = {ticket.order_id: ticket.attempt for ticket in newer if ticket.attempt > 1}
    if not latest:
        return
    open_ones = Ticket.objects.filter(
        tenant=tenant, order__in=latest, state__in=[State.SENT, State.UNCERTAIN, State.PRINTED]
    ).select_related("order")
    older = [ticket for ticket in open_ones if ticket.attempt < latest[ticket.order_id]]
    if older:
        move(tenant, older, State.VOID, How.SUPERSEDED, now, context=context)


def _count_done(tickets: Sequence[Ticket]) -> None:
    runs: dict[int, int] = {}
    for ticket in tickets:
        runs[ticket.run_id] = runs.get(ticket.run_id, 0) + 1
    for run_id, count in runs.items():
        LabelRun.objects.filter(pk=run_id).update(done=F("done") + count)


def _record(context: messages.Context, tickets: Sequence[Ticket], step: str, how: str) -> None:
    if tickets:
        keyd().call(
            RecordTicketSteps(
                context=context,
                steps=[TicketStep(bytes(t.uid), bytes(t.order.uid), t.attempt, step, how) for t in tickets],
            ),
            StepsRecorded,
        )


def scannable() -> Q:
    """Return which tickets a scan may confirm: every label that may exist, whatever was reported about it."""
    said_not_printed = Q(state=State.VOID, how__in=[How.AGENT, How.LEADER])
    return Q(state__in=SCANNABLE) | said_not_printed


def confirmed() -> Q:
    """Return which tickets are closed as printed."""
    return Q(state=State.CONFIRMED)
