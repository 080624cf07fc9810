"""Requests of a station's shim to the service: labels by number, their outcomes, notes to store."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import msgspec
from django.db import IntegrityError, transaction
from msgspec import UNSET

from waybillguard.agent.protocol_desk import (
    AskedDocument,
    Note,
    Outcomes,
    OutcomesAsk,
    PrintAsk,
    PrintTaken,
    TakenDocument,
    TicketOutcome,
)
from waybillguard.service.identity.devices.errors import nobody_prints, task_reused, unknown_printer
from waybillguard.service.identity.models import Device, Permission, User
from waybillguard.service.keyd import messages
from waybillguard.service.platform.errors import NotAllowedError
from waybillguard.service.print_room.components.arrivals import arrived_orders
from waybillguard.service.print_room.models import LabelRun, Printer, ShimTask, StationNote, Ticket
from waybillguard.service.print_room.stations import tickets, waves
from waybillguard.service.print_room.stations.errors import OtherSiteError, WaveError
from waybillguard.service.print_room.stations.printers import printers_of
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.vault import search
from waybillguard.service.vault.models import Lane, Order

type Word = Literal["", "printed", "failed", "uncertain"]

_NO_ORDER = (
    "没有这个单号的待打印订单；请先导入订单，或核对单号。",
    "no order to print has this number; import the order first, or check the number.",
)
_TWO = (
    "这个单号对应多个订单，请改用运单号。",
    "several orders have this number; use the waybill number.",
)
_UNREADABLE = (
    "读不出完整的收件人，未打印、未保存。请补全姓名、电话、地址，或导入订单后按单号打印。",
    "no whole consignee can be read; nothing was printed or kept. Give all of it, or import the order first.",
)
#: Why a document with a consignee was not stored: codes of ``orders read``.
ARRIVAL_REASONS = {
    "no_phone": ("缺少收件人电话，未打印。", "the consignee's telephone number is missing; not printed."),
    "bad_phone": ("收件人电话有误，未打印。", "the consignee's telephone number is wrong; not printed."),
    "no_name": ("缺少收件人姓名，未打印。", "the consignee's name is missing; not printed."),
    "no_address": ("缺少收件人地址，未打印。", "the consignee's address is missing; not printed."),
    "division_conflict": (
        "收件地址前后矛盾，未打印。",
        "parts of the address contradict each other; not printed.",
    ),
    "several_orders": (
        "一段文字里有不止一个收件人，未打印。",
        "more than one consignee stands in one text; not printed.",
    ),
    "masked_name": (
        "姓名已打星号，无法出单，未打印。",
        "the name is starred: no label can be made; not printed.",
    ),
    "masked_phone": (
        "电话已打星号，无法出单，未打印。",
        "the number is starred: no label can be made; not printed.",
    ),
    "masked_address": (
        "地址已打星号，无法出单，未打印。",
        "the address is starred: no label can be made; not printed.",
    ),
}
_LANE_A = (
    "这是平台加密面单的订单（A 类），只能由平台打印组件打印；本系统没有收件人信息，未打印。",
    "a platform's encrypted waybill (lane A): only its own component prints it; no consignee is kept here, not printed.",
)
_TWICE = (
    "同一订单在本任务中出现多次，只打印一张；本条未打印。",
    "the same order stands in this task more than once and gets one label; this document was not printed.",
)
_BUSY = (
    "该面单正在打印或已送往打印机。",
    "this label is being printed, or waits for a printer already.",
)
_PRINTED = (
    "该订单的面单已打印过（或可能已打印），本次未打印。需要重打，请在打印页操作。",
    "this order's label was, or may have been, printed already; nothing was printed. Use the print page.",
)
_OUTCOMES: dict[str, Word] = {
    Ticket.State.SENT: "printed",
    Ticket.State.CONFIRMED: "printed",
    Ticket.State.PRINTED: "printed",
    Ticket.State.UNCERTAIN: "uncertain",
    Ticket.State.VOID: "failed",
    Ticket.State.REFUSED: "failed",
}


def printing_person(device: Device) -> User:
    """Return the person in whose name a shim prints: its holder, else the person who enrolled it.

    Raises:
        DeviceError: that person has left, or may not print.
    """
    user = device.holder or device.enrolled_by
    if not user.may(Permission.PRINT):
        raise nobody_prints()
    return user


def print_labels(device: Device, asked: PrintAsk, now: datetime) -> PrintTaken:
    """Issue tickets for the orders of a task, once per key.

    An order that already has a label gets no ticket: reprints are requested and agreed to on the print page. An
    order whose label failed before its first byte is printed again, and counts as a reprint.

    Raises:
        DeviceError: the device has no such printer, nobody in whose name to print, or the key was used for other
            documents.
        KeydError: the ledger cannot be written; nothing was issued.
    """
    known = ShimTask.objects.filter(device=device, key=asked.key).first()
    if known is not None:
        return _answer(known, asked)
    user = printing_person(device)
    printers = printers_of(device, [asked.printer])
    if not printers:
        raise unknown_printer()
    arrived = arrived_orders(device, asked.key)
    numbers = dict.fromkeys(one.reference for one in asked.documents if one.document not in arrived)
    found = search.find_numbers(user, list(numbers)) if numbers else {}
    chosen = {one.document: _chosen(one, arrived, found) for one in asked.documents}
    orders = [pk for pk, _ in chosen.values() if pk is not None]
    # Write to the ledger before taking the lock: a slow disk must not hold up all writers.
    wanted = _announced(user, printers[0], _wanted(device, orders), asked.key)
    try:
        with transaction.atomic():
            # Insert the key first: of two concurrent requests, one issues.
            task = ShimTask.objects.create(
                tenant=device.tenant,
                device=device,
                key=asked.key,
                taken_at=now,
                fingerprint=_fingerprint(asked),
            )
            still = _wanted(device, orders)  # some may have been printed while the ledger was written
            issued = _issue(user, printers[0], [pk for pk in wanted.first if pk in still.first], now)
            again = [pk for pk in wanted.again if pk in still.again]
            issued |= _issue(user, printers[0], again, now, reason=LabelRun.Reason.JAM)
            refused = wanted.refused | still.refused
            task.documents = msgspec.to_builtins(_taken(chosen, issued, refused))
            task.save(update_fields=["documents"])
    except IntegrityError:
        task = ShimTask.objects.get(device=device, key=asked.key)
    return _answer(task, asked)


def outcomes_of(device: Device, asked: OutcomesAsk) -> Outcomes:
    """Return the outcome of tickets issued for this device's printers; other tickets are left out."""
    rows = Ticket.objects.filter(
        tenant=device.tenant, uid__in=[bytes.fromhex(one) for one in asked.tickets], printer__device=device
    )
    by_uid = {bytes(row.uid).hex(): row for row in rows}
    return Outcomes(
        tickets=[
            TicketOutcome(
                ticket=uid, outcome=_OUTCOMES.get(row.state, ""), zh=row.reason_zh, en=row.reason_en
            )
            for uid, row in by_uid.items()
        ]
    )


def keep_notes(device: Device, notes: Sequence[Note]) -> int:
    """Store a station's notes, each once. The ledger records that there were notes, without their numbers.

    Raises:
        KeydError: the ledger cannot be written; the station sends the notes again.
    """
    numbers = [bytes.fromhex(note.number) for note in notes if note.number is not UNSET]
    kept = StationNote.objects.filter(tenant=device.tenant, device=device, number__in=numbers)
    known = {bytes(number).hex() for number in kept.values_list("number", flat=True) if number}
    asked = len(notes)
    notes = [note for note in notes if note.number not in known]
    if not notes:
        return asked
    counts = {kind: sum(note.kind == kind for note in notes) for kind in ("refused", "passed_on")}
    context = messages.Context(
        tenant=device.tenant.slug, actor=f"d{device.pk}", workstation=device.station, purpose="print_label"
    )
    detail: dict[str, str | int] = {"what": "station notes", "device": device.uid, **counts}
    keyd().call(messages.Record(context=context, kind="print_asked", detail=detail), messages.Recorded)
    StationNote.objects.bulk_create((
        StationNote(
            tenant=device.tenant, device=device, station=device.station, kind=note.kind, at=note.at,
            code=note.code, erp=note.erp, document=note.document, printer=note.printer,
            number=None if note.number is UNSET else bytes.fromhex(note.number),
        )
        for note in notes
    ), ignore_conflicts=True)  # fmt: skip
    return asked


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Orders to print for the first time, orders whose label failed, and why the others get none."""

    first: list[int]
    again: list[int]
    refused: dict[int, tuple[str, str]]


def _wanted(device: Device, orders: list[int]) -> _Wanted:
    lying = waves.printed_orders(device.tenant_id, orders)
    latest = waves.latest_tickets(device.tenant_id, orders)
    platforms = Order.objects.filter(tenant=device.tenant, pk__in=orders, lane=Lane.A)
    found = _Wanted([], [], dict.fromkeys(platforms.values_list("pk", flat=True), _LANE_A))
    for pk in dict.fromkeys(orders):
        if pk in found.refused:
            continue
        if pk in latest and latest[pk].state in tickets.OPEN:
            found.refused[pk] = _BUSY
        elif pk in lying:
            found.refused[pk] = _PRINTED
        elif pk in latest and latest[pk].state == Ticket.State.VOID:
            found.again.append(pk)
        else:
            found.first.append(pk)
    return found


def _announced(user: User, printer: Printer, wanted: _Wanted, key: str) -> _Wanted:
    """Log the requested labels, reprints in an entry of their own; return the orders that may be printed.

    Somebody who may not reprint still prints the rest of the task.
    """
    detail: dict[str, str | int] = {"task": key[:16], "device": printer.device.uid}
    try:
        if wanted.first:
            tickets.log_request(user, printer, len(wanted.first), detail)
    except WaveError as error:
        refused = dict.fromkeys([*wanted.first, *wanted.again], (error.zh, error.en))
        return _Wanted([], [], wanted.refused | refused)
    try:
        if wanted.again:
            tickets.log_request(
                user, printer, len(wanted.again), detail | {"reason": LabelRun.Reason.JAM.value}
            )
    except (NotAllowedError, OtherSiteError, WaveError) as error:
        refused = dict.fromkeys(wanted.again, (error.zh, error.en))
        return _Wanted(wanted.first, [], wanted.refused | refused)
    return wanted


def _issue(
    user: User, printer: Printer, orders: list[int], now: datetime, *, reason: str = ""
) -> dict[int, str]:
    """Put logged orders into the queue; return ticket ids by order, empty if other requests took them meanwhile."""
    if not orders:
        return {}
    try:
        wave = waves.make_wave_of(user, orders, now)
        issued = tickets.queue_labels(
            user, printer, list(wave.places.order_by("position")), wave, now, reason=reason
        )
    except WaveError:
        return {}
    rows = Ticket.objects.filter(run=issued.run).values_list("order_id", "uid")
    return {order: bytes(uid).hex() for order, uid in rows}


def _chosen(
    one: AskedDocument, arrived: dict[str, tuple[int | None, str]], found: dict[str, list[int]]
) -> tuple[int | None, tuple[str, str]]:
    """Return the order of a document, or None and the reason (Chinese, English)."""
    if one.document in arrived:
        pk, reason = arrived[one.document]
        return pk, (ARRIVAL_REASONS.get(reason, _UNREADABLE) if reason else _NO_ORDER)
    ids = found[one.reference]
    return (ids[0] if len(ids) == 1 else None), (_TWO if ids else _NO_ORDER)


def _taken(
    chosen: dict[str, tuple[int | None, tuple[str, str]]],
    issued: dict[int, str],
    refused: dict[int, tuple[str, str]],
) -> list[TakenDocument]:
    """Answer every document; if several are of one order, the first gets the label."""
    found = []
    left = dict(issued)
    for document, (pk, why) in chosen.items():
        if pk is not None and pk in left:
            found.append(TakenDocument(document=document, ticket=left.pop(pk)))
            continue
        zh, en = why if pk is None else _TWICE if pk in issued else refused.get(pk, _BUSY)
        found.append(TakenDocument(document=document, zh=zh, en=en))
    return found


def _fingerprint(asked: PrintAsk) -> bytes:
    return hashlib.sha256(msgspec.json.encode(asked.documents)).digest()


def _answer(task: ShimTask, asked: PrintAsk) -> PrintTaken:
    if task.fingerprint and bytes(task.fingerprint) != _fingerprint(asked):
        raise task_reused()
    return PrintTaken(documents=msgspec.convert(task.documents, list[TakenDocument]))
