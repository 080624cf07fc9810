"""Requests of agents to the service: work, acknowledgements, status."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from msgspec import UNSET

from waybillguard.agent.protocol import Ack, Acks, AcksTaken, Lease, Leased, LeaseRequest
from waybillguard.service.audit.recording import record
from waybillguard.service.identity.devices.errors import restricted
from waybillguard.service.identity.devices.runs import note_run
from waybillguard.service.identity.models import Device
from waybillguard.service.keyd import messages
from waybillguard.service.platform.database.raw_sql import Rows, first_row, marks
from waybillguard.service.print_room.models import LabelRun, Printer, PrinterFault, Ticket
from waybillguard.service.print_room.runs.counting import printed_before
from waybillguard.service.print_room.stations import moves, warming
from waybillguard.service.print_room.stations.bell import LOOK_EVERY_S, bell
from waybillguard.service.print_room.stations.drawing import make_jobs
from waybillguard.service.print_room.stations.printers import (
    CAN_PRINT,
    add_fault,
    may_work,
    printers_of,
    rule_of,
)
from waybillguard.service.print_room.stations.tickets import take

State = Ticket.State
How = Ticket.How
_FRESH: Final = Rows(Printer, "WHERE tenant_id = %s AND id IN ({many})")
_WAITING: Final = Rows(
    Ticket,
    "WHERE print_room_ticket.state = %s AND print_room_ticket.tenant_id = %s AND print_room_ticket.printer_id = %s"
    " ORDER BY print_room_ticket.run_id, print_room_ticket.position LIMIT %s",
    beside=("order",),
)
_RUNS: Final = Rows(
    LabelRun,
    "WHERE print_room_labelrun.tenant_id = %s AND print_room_labelrun.id IN ({many})",
    beside=("created_by",),
)
_DEVICE: Final = Rows(
    Device, "WHERE identity_device.tenant_id = %s AND identity_device.id = %s", beside=("holder",), lock=True
)
_LEASED: Final = Rows(
    Ticket,
    "WHERE print_room_ticket.tenant_id = %s AND print_room_ticket.lease IN ({many}) AND print_room_ticket.lease > {empty}",
    beside=("order", "printer"),
)
_OUT: Final = Rows(
    Ticket,
    "WHERE print_room_ticket.state = %s AND print_room_ticket.tenant_id = %s AND print_room_ticket.printer_id IN"
    " (SELECT id FROM print_room_printer WHERE device_id = %s) AND reported = ''",
    beside=("order",),
)
_TIMED_OUT: Final = Rows(
    Ticket,
    "WHERE print_room_ticket.tenant_id = %s AND print_room_ticket.printer_id IN"
    " (SELECT id FROM print_room_printer WHERE device_id = %s) AND print_room_ticket.state = %s AND how = %s"
    " AND reported = '' AND print_room_ticket.state IN ('sent', 'uncertain')",  # matches the partial index
    beside=("order",),
)
_ANYTHING: Final = "SELECT 1 FROM print_room_ticket WHERE state = %s AND printer_id IN ({marks}) LIMIT 1"
_LOST: Final = "lost"
"""Reason of a voided label that its device did not know. Set by the service only; agents never send it."""
_LOST_WORDS: Final = (
    "面单在途中丢失，未打印，可以重打",
    "the label was lost on its way and was not printed; print it again",
)
_TAKEN_FOR_LOST: Final = Q(state=State.VOID, how=How.AGENT, reason_code=_LOST)
_AWAITS_REPORT: Final = Q(state=State.LEASED) | Q(state=State.UNCERTAIN, how=How.TIMEOUT) | _TAKEN_FOR_LOST
"""Labels whose outcome no agent has reported (`_awaits_report`): leased, lease expired, or treated as lost.

A label is treated as lost if the device does not know it, for example because another machine uses the same key.
"""
_TO: Final = {"sent": State.SENT, "failed": State.VOID, "uncertain": State.UNCERTAIN}


def lease_work(device: Device, asked: LeaseRequest) -> Leased:
    """Return the next jobs of these printers, waiting for some if there are none.

    An agent that had to wait is idle. It gets the first label alone, as soon as it is drawn, and asks for the
    others while it prints.

    Raises:
        DeviceError (device_restricted): the device was cut off while it waited.
        KeydError: the ledger cannot be written; nothing was leased.
    """
    ends = time.monotonic() + asked.wait_s
    note_run(device, "" if asked.run is UNSET else asked.run, timezone.now())
    if _is_late(device, asked):
        return Leased(after=device.lease_number)
    printers = printers_of(device, asked.printers)
    take_lost(device, asked, timezone.now())
    expired = waited = False
    warming.begin()
    # An agent asks for one lease at a time. If an earlier request still waits, its agent is gone and jobs given to
    # it are lost.
    claim = bell.claim(device.pk)
    waits = asked.wait_s > 0 and bell.enter()
    try:
        while True:
            version = bell.version()
            if not bell.is_latest_claim(device.pk, claim):
                return Leased()
            if not expired:
                moves.expire(device.tenant, timezone.now())
                expired = True
            if jobs := _next_jobs(device, printers, asked, 1 if waited else asked.most, fresh=not waited):
                return Leased(jobs=jobs)
            left = ends - time.monotonic()
            if left <= 0 or not waits:
                return Leased()
            waited = True
            bell.wait([printer.pk for printer in printers], version, min(left, LOOK_EVERY_S))
    finally:
        if waits:
            bell.leave()


def take_lost(device: Device, asked: LeaseRequest, now: datetime) -> int:
    """Take back jobs that were lost with an answer: leased to this device, but unknown to it.

    No byte of them was printed (`LeaseRequest.holding`); the clerk sees that they must be printed again.

    Raises:
        KeydError: the ledger cannot be written; nothing was taken back.
    """
    if asked.holding is None:
        return 0
    held = {bytes.fromhex(job) for job in asked.holding}
    whose = (device.tenant_id, device.pk)
    open_ones = _OUT.all(State.LEASED.value, *whose)
    open_ones += _TIMED_OUT.all(*whose, State.UNCERTAIN.value, How.TIMEOUT.value)
    lost = [ticket for ticket in open_ones if bytes(ticket.lease) not in held]
    # Checked after the tickets were read: if no later request got jobs, none of these tickets belongs to one.
    if not lost or _is_late(Device.objects.get(pk=device.pk), asked):
        return 0
    moved = moves.move(device.tenant, lost, State.VOID, How.AGENT, now, context=_context(device))
    Ticket.objects.filter(
        tenant=device.tenant, uid__in=[ticket.uid for ticket in lost], state=State.VOID, reported=""
    ).update(reported="failed", reason_code=_LOST, reason_zh=_LOST_WORDS[0], reason_en=_LOST_WORDS[1])
    return moved


def _is_late(device: Device, asked: LeaseRequest) -> bool:
    """Return whether a later request of the device already got jobs, so this one was delayed on its way."""
    return asked.number is not UNSET and asked.number <= device.lease_number


def _awaits_report(ticket: Ticket) -> bool:
    late = ticket.state == State.UNCERTAIN and ticket.how == How.TIMEOUT
    return ticket.state == State.LEASED or late or _is_taken_for_lost(ticket)


def _is_taken_for_lost(ticket: Ticket) -> bool:
    return ticket.state == State.VOID and ticket.how == How.AGENT and ticket.reason_code == _LOST


def _is_new_report(ticket: Ticket, ack: Ack) -> bool:
    """Return whether an agent's report still counts: the first one does; a label treated as lost has none yet."""
    if not ticket.reported:
        return True
    if ticket.reported == ack.outcome or not _is_taken_for_lost(ticket):
        return False
    newer = Ticket.objects.filter(
        tenant=ticket.tenant_id, order=ticket.order_id, issued_at__gt=ticket.issued_at
    )
    return not newer.exists()


def _context(device: Device) -> messages.Context:
    return messages.Context(
        tenant=device.tenant.slug, actor=f"d{device.pk}", workstation=device.station, purpose="print_label"
    )


def _next_jobs(
    device: Device, printers: Sequence[Printer], asked: LeaseRequest, most: int, *, fresh: bool
) -> list[Lease]:
    """Make the next jobs; ``fresh`` means that the printers were read just now, before any waiting."""
    ids = [printer.pk for printer in printers]
    if not ids or not _anything_for(ids):
        return []
    jobs: list[Lease] = []
    if not fresh:
        now = {one.pk: one for one in _FRESH.all(device.tenant_id, *ids, many=len(ids))}
        printers = [now[pk] for pk in ids if pk in now]
    for printer in printers:
        if printer.held or printer.state not in CAN_PRINT or len(jobs) >= most:
            continue
        printer.tenant, printer.device = device.tenant, device
        jobs += _lease(printer, asked, most - len(jobs))
    return jobs


def _anything_for(printers: Sequence[int]) -> bool:
    """Return whether a label waits for one of these printers. Each waiting agent calls it four times a second."""
    question = _ANYTHING.format(marks=marks(len(printers)))
    return first_row(question, State.ISSUED.value, *printers) is not None


def _lease(printer: Printer, asked: LeaseRequest, most: int) -> list[Lease]:
    now = timezone.now()
    until = now + timedelta(seconds=rule_of(printer.tenant).lease_seconds)
    waiting = _WAITING.all(State.ISSUED.value, printer.tenant_id, printer.pk, most)
    # Load each run once instead of once per ticket; the person who asked is read again with each lease.
    wanted = {ticket.run_id for ticket in waiting}
    runs = {run.pk: run for run in _RUNS.all(printer.tenant_id, *wanted, many=len(wanted))}
    for run in runs.values():
        run.tenant = printer.tenant
        if run.created_by.tenant_id == printer.tenant_id:
            run.created_by.tenant = printer.tenant
    for ticket in waiting:
        ticket.run = runs[ticket.run_id]
    made = make_jobs(printer, waiting, until, now)
    if not made:
        return []
    with transaction.atomic():
        device = _DEVICE.first(printer.tenant_id, printer.device_id)
        if device is None or not may_work(device):
            raise restricted()
        if asked.number is not UNSET:
            if asked.number < device.lease_number:
                return []
            Device.objects.filter(pk=device.pk).update(lease_number=asked.number)
        won = take(
            [job.ticket for job in made],
            {bytes(job.ticket.uid): (bytes.fromhex(job.lease.job), job.sha256) for job in made},
            until,
            now,
        )
        _record([job.ticket for job in made if bytes(job.ticket.uid) in won], now)
    return [job.lease for job in made if bytes(job.ticket.uid) in won]


def _record(tickets: Sequence[Ticket], now: datetime) -> None:
    """Record each label as printed or reprinted, under the person who requested it."""
    for run_id, group in groupby(tickets, key=lambda ticket: ticket.run_id):
        some = list(group)
        before = printed_before(some)
        for action, again in (("print", False), ("reprint", True)):
            orders = [ticket.order for ticket in some if (ticket.order_id in before) is again]
            if orders:
                run = some[0].run
                record(
                    run.tenant, action, user=run.created_by, orders=orders, purpose="print_label",
                    workstation=run.station, explained=("print_job", f"run {run_id}"), at=now,
                )  # fmt: skip


def take_acks(device: Device, asked: Acks) -> AcksTaken:
    """Store the reported outcomes of jobs. A repeated report changes nothing; a different one is refused.

    An expired lease may still be reported, because the agent knows what it did. So may a label treated as lost,
    unless it was requested again.

    Raises:
        KeydError: the ledger cannot be written; nothing was stored, and the agent reports again later.
    """
    now = timezone.now()
    words: dict[bytes, Ack] = {}
    for ack in asked.acks:
        words.setdefault(bytes.fromhex(ack.job), ack)
    found: dict[bytes, Ticket] = {}
    for row in _LEASED.all(device.tenant_id, *words, many=len(words)):
        if row.printer is not None and row.printer.device_id == device.pk:
            row.printer.tenant = device.tenant
            found[bytes(row.lease)] = row
    taken: list[str] = []
    refused: list[str] = []
    moving: dict[str, list[Ticket]] = {}
    for ack in asked.acks:
        ticket = found.get(bytes.fromhex(ack.job))
        new = ticket is not None and _is_new_report(ticket, ack)
        if ticket is None or not (new or ticket.reported == ack.outcome):
            refused.append(ack.job)
            continue
        taken.append(ack.job)
        if new:
            ticket.reported = ack.outcome
            moving.setdefault(ack.outcome, []).append(ticket)
    for outcome, tickets in moving.items():
        _take(device, outcome, tickets, words, now)
    return AcksTaken(taken=list(dict.fromkeys(taken)), refused=list(dict.fromkeys(refused)))


def _take(
    device: Device, outcome: str, tickets: list[Ticket], words: dict[bytes, Ack], now: datetime
) -> None:
    reasons: dict[str, list[bytes]] = {}
    for ticket in tickets:
        reasons.setdefault(words[bytes(ticket.lease)].reason, []).append(bytes(ticket.uid))

    def keep_reports() -> None:
        # A person or a scan may have decided meanwhile; then the report is stored and the ticket does not move.
        for reason, uids in reasons.items():
            unsaid = Q(reported="") | Q(reason_code=_LOST)
            Ticket.objects.filter(unsaid, uid__in=uids, tenant=device.tenant).exclude(_AWAITS_REPORT).update(
                reported=outcome, reason_code=reason, reason_zh="", reason_en=""
            )

    context = _context(device)
    open_ones = [ticket for ticket in tickets if _awaits_report(ticket)]
    if not open_ones:
        keep_reports()
    while open_ones:
        moved = moves.move(
            device.tenant, open_ones, _TO[outcome], How.AGENT, now, context=context, also=keep_reports
        )
        if moved == len(open_ones):
            break
        # Some leases expired while the ledger was written: read those tickets again and retry.
        uids = [ticket.uid for ticket in open_ones]
        open_ones = list(
            Ticket.objects.filter(_AWAITS_REPORT, tenant=device.tenant, uid__in=uids).select_related("order")
        )
    if outcome != "sent":
        for ticket in tickets:
            if ticket.printer is not None:
                add_fault(ticket.printer, PrinterFault.Kind.FAILED, now, bytes(ticket.uid))
