"""Tickets from issue to their end: the only module that moves them.

issued → leased → sent → confirmed, or void, or uncertain. Every move is one UPDATE that names the state it
moves from, so of two that try, one succeeds. A lease that runs out goes to uncertain and never back to issued.
Steps stand in the ledger before they stand in the database: what is recorded may turn out not to have
happened (a crash in between), never the other way round.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet

from waybillguard.service.activity.recording import refuse as refuse_access
from waybillguard.service.asking import Rows, all_rows, first_row, marks
from waybillguard.service.common import context_of, keyd, tenant_of
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.label_messages import RecordTicketSteps, StepsRecorded, TicketStep
from waybillguard.service.merchants.wall import shops_inside
from waybillguard.service.people.models import Permission, Tenant, User
from waybillguard.service.policy.standing import may_print_again, print_at
from waybillguard.service.printing.counting import count_printed
from waybillguard.service.printing.models import LabelRun, Ticket
from waybillguard.service.printing.services import new_ticket_uid
from waybillguard.service.stations.bell import bell
from waybillguard.service.stations.errors import OtherSiteError, TicketError, WaveError
from waybillguard.service.stations.models import Printer, Wave, WaveOrder
from waybillguard.service.stations.printers import may_work
from waybillguard.service.vault.bulk import insert_all, insert_one
from waybillguard.service.vault.models import Batch, Lane, Order

State = Ticket.State
How = Ticket.How
OPEN: Final = (State.ISSUED, State.LEASED)
SCANNABLE: Final = (State.LEASED, State.SENT, State.UNCERTAIN, State.PRINTED)
STATION_FILE: Final = "station"
_AT_ONCE: Final = 500
# By hand, because a label has a millisecond, and one statement for all of a lease, because a writer that comes
# back to Python between two statements keeps the others waiting. The state from which a row moves stands in the
# WHERE: PostgreSQL looks at it again once it has the row's lock, so of two that spend a ticket one changes nothing.
_PRINTABLE: Final = (
    "SELECT id, batch_id, shop FROM vault_order"
    " WHERE tenant_id = %s AND lane IN (%s, %s) AND shredded_at IS NULL AND id IN ({many})"
)
_HELD_BATCHES: Final = Rows(Batch, "WHERE tenant_id = %s AND state = %s AND id IN ({many})", lock=True)
_BUSY: Final = (
    "SELECT order_id FROM printing_ticket WHERE tenant_id = %s AND state IN (%s, %s) AND order_id IN ({many})"
)
_SPEND: Final = (
    "WITH job (uid, lease, attempt, ledger_index, sha256) AS (VALUES {rows})"
    " UPDATE printing_ticket SET state = %s, lease = job.lease, lease_until = %s, changed_at = %s,"
    " attempt = job.attempt, ledger_index = job.ledger_index, job_sha256 = job.sha256"
    " FROM job WHERE printing_ticket.uid = job.uid AND tenant_id = %s AND state = %s RETURNING printing_ticket.uid"
)
_COUNT_ATTEMPT: Final = (
    "WITH drawn (id, attempt) AS (VALUES {rows}) UPDATE vault_order SET attempts = vault_order.attempts + %s"
    " FROM drawn WHERE vault_order.id = drawn.id AND tenant_id = %s AND attempts = drawn.attempt"
    " RETURNING vault_order.id"
)
_LATE: Final = (
    "SELECT 1 FROM printing_ticket WHERE state = %s AND tenant_id = %s AND lease_until < %s LIMIT 1"
)
_MOVE: Final = (
    "UPDATE printing_ticket SET state = %s, how = %s, changed_at = %s, lease_until = NULL, closed_by_id = %s"
    " WHERE tenant_id = %s AND state = %s AND uid IN ({uids}) RETURNING uid"
)
SERVICE: Final = "service"


@dataclass(frozen=True, slots=True)
class Issued:
    """A run for a printer, and how many labels it put into the queue."""

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
    """Put labels of these places of a wave into the queue of a printer, in the order of the wave.

    What already waits for a printer is not queued twice. The click stands in the ledger first.

    Raises:
        NotAllowedError: the person's role does not print, or the policies refuse it, or refuse a reprint.
        OtherSiteError: the policies bind the person to another site than the printer's.
        WaveError: nothing is left to print, or the printer belongs to a device that may not print now.
        KeydError: the ledger does not write; nothing is queued.
    """
    detail: dict[str, str | int] = {"wave": wave.pk}
    if reason and places:
        detail |= {"reason": reason, "first": places[0].position, "last": places[-1].position}
    if agreed_by is not None:
        detail["agreed_by"] = f"u{agreed_by.pk}"
    announce(user, printer, len(places), detail)
    return put(user, printer, places, wave, now, reason=reason, agreed_by=agreed_by)


def announce(user: User, printer: Printer, labels: int, detail: dict[str, str | int]) -> None:
    """Write to the ledger that labels are asked for. Call it outside any transaction, then `put`.

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
    decision = print_at(user, site.code, action)
    if not decision.allowed:
        refuse_access(user, action)
        named = " ".join(decision.policies)
        raise OtherSiteError(
            zh=f"未打印：{decision.words('zh')} ({named})。请换一台打印机。",
            en=f"Nothing is printed: {decision.words('en')} ({named}). Choose another printer.",
        )


def put(
    user: User,
    printer: Printer,
    places: Sequence[WaveOrder],
    wave: Wave,
    now: datetime,
    *,
    reason: str = "",
    agreed_by: User | None = None,
) -> Issued:
    """Put labels that were announced into the queue; asks the database alone, so it may stand in a transaction.

    Raises:
        WaveError: nothing is left to print, or it was sent to a printer just now.
    """
    try:
        with transaction.atomic():
            return _issue(tenant_of(user), user, printer, places, wave, now, reason, agreed_by)
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
) -> Issued:
    by_order = {place.order_id: place.position for place in places}
    many, shops = marks(len(by_order)), shops_inside()
    rows = all_rows(_PRINTABLE.format(many=many), tenant.pk, Lane.B.value, Lane.C.value, *by_order)
    orders = {pk: batch for pk, batch, shop in rows if shops is None or shop in shops}
    # Whoever takes an import out waits for this lock, and then sees the tickets.
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
        again=len(chosen) if reason else 0, agreed_by=agreed_by,
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
    transaction.on_commit(lambda: bell.ring(printer.pk))
    return Issued(run, len(chosen))


def queue(printer: Printer) -> QuerySet[Ticket]:
    """Return what waits for a printer, first come first served."""
    return Ticket.objects.filter(printer=printer, state=State.ISSUED).order_by("run_id", "position")


def take(
    tickets: Sequence[Ticket], jobs: dict[bytes, tuple[bytes, bytes]], until: datetime, now: datetime
) -> set[bytes]:
    """Spend tickets: lease those that are still issued, atomically; return the uids that were won.

    Whoever loses a race gets fewer, never the same. A ticket whose order got another label since it was drawn
    stays in the queue, for the next attempt. Call it inside a transaction.

    Args:
        tickets: with the attempt that was drawn.
        jobs: id of the job and SHA-256 of its bytes, by uid.
        until: when the lease runs out.
        now: this moment.
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
    """Lock orders in one order for all, where rows are locked one by one: two leases never wait for each other."""
    if connection.features.has_select_for_update:
        list(Order.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))


def _count_attempts(tenant: int, orders: Sequence[tuple[int, int]], by: int) -> set[int]:
    """Count a label of each order that still has as many as said; return the orders that had."""
    values = [value for row in orders for value in row]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ATTEMPT.format(rows=_rows(len(orders), 2)), [*values, by, tenant])
        return {row[0] for row in cursor.fetchall()}


def _rows(rows: int, columns: int) -> str:
    return ", ".join([f"({marks(columns)})"] * rows)


def refuse(ticket: Ticket, code: str, zh: str, en: str, now: datetime) -> None:
    """A label that must not be printed: its ticket ends, with the reason."""
    changed = Ticket.objects.filter(uid=ticket.uid, tenant=ticket.tenant_id, state=State.ISSUED).update(
        state=State.REFUSED, reason_code=code[:40], reason_zh=zh[:300], reason_en=en[:300], changed_at=now
    )
    if changed:
        LabelRun.objects.filter(pk=ticket.run_id, tenant=ticket.tenant_id).update(refused=F("refused") + 1)


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
    """Move tickets that are still in the state their rows say; return how many did.

    ``to`` is sent, uncertain, confirmed or void. A label that was sent or confirmed counts its order as
    printed, and replaces earlier labels of that order. ``also`` is done in the transaction of the last of them.

    Raises:
        KeydError: the ledger does not write; nothing moved.
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
    """Let leases that ran out become uncertain; return how many did."""
    late = Ticket.objects.filter(tenant=tenant, state=State.LEASED, lease_until__lt=now)
    if printer is not None:
        late = late.filter(printer=printer)
    moment = connection.ops.adapt_datetimefield_value(now)
    if first_row(_LATE, State.LEASED.value, tenant.pk, moment) is None:
        return 0  # as nearly always: each lease and each page of a wave begins with this question
    tickets = list(late.select_related("order")[: _AT_ONCE * 4])
    if not tickets:
        return 0
    return move(tenant, tickets, State.UNCERTAIN, How.TIMEOUT, now, context=service_context(tenant))


def settle(user: User, ticket: Ticket, *, printed: bool, now: datetime) -> None:
    """Have the shift leader say what became of an uncertain label.

    Raises:
        TicketError: it is no longer uncertain.
        KeydError: the ledger does not write; nothing changed.
    """
    if ticket.state != State.UNCERTAIN:
        raise TicketError(
            zh="这张面单已有结果，未再更改。", en="this label has its outcome already; nothing changed."
        )
    to = State.CONFIRMED if printed else State.VOID
    context = context_of(user, workstation=ticket.run.station, purpose="print_label")
    if not move(tenant_of(user), [ticket], to, How.LEADER, now, context=context, by=user):
        raise TicketError(
            zh="这张面单刚刚有了结果，未再更改。",
            en="this label got its outcome just now; nothing was changed again.",
        )


def cancel(user: User, printer: Printer, now: datetime, wave: Wave | None = None) -> int:
    """Take what still waits, of one wave or of all, out of a printer's queue; return how many labels that were."""
    waiting = queue(printer).select_related("order")
    tickets = list(waiting.filter(run__wave=wave) if wave is not None else waiting)
    context = context_of(user, workstation=printer.station, purpose="print_label")
    return move(tenant_of(user), tickets, State.VOID, How.CANCELLED, now, context=context, by=user)


def service_context(tenant: Tenant, station: str = "") -> messages.Context:
    """Return who acts where no person does."""
    return messages.Context(tenant=tenant.slug, actor=SERVICE, workstation=station, purpose="print_label")


def _moved(
    tenant: Tenant, tickets: Sequence[Ticket], to: str, how: str, now: datetime, by: User | None
) -> list[Ticket]:
    """Move tickets in one statement a state they come from; return those that moved."""
    if connection.features.has_select_for_update:  # one order of locks for all
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
    """Void earlier labels of the same orders that nobody confirmed: a newer one lies there now."""
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
    """Return which tickets a scan may confirm: a label that exists, whatever was reported about it."""
    said_not_printed = Q(state=State.VOID, how__in=[How.AGENT, How.LEADER])
    return Q(state__in=SCANNABLE) | said_not_printed


def confirmed() -> Q:
    """Return which tickets are closed as printed."""
    return Q(state=State.CONFIRMED)


def _nothing() -> WaveError:
    return WaveError(
        zh="没有可送去打印的面单：都已打印或正在打印，或订单已不在。",
        en="there is nothing to print: all of it is printed or being printed, or the orders are gone.",
    )
