"""Reprints after a jam: a range of a wave, and when a second person must agree.

A second person is required only if the first print was already scanned out, or if somebody reprints more labels in
a shift than the rules allow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Sum

from waybillguard.service.audit.recording import refuse
from waybillguard.service.authorization.active_policies import active_policies
from waybillguard.service.authorization.authorize import may_print_again
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.print_room.models import LabelRun, Printer, ReprintAsk, Ticket, Wave, WaveOrder
from waybillguard.service.print_room.stations.errors import StationError
from waybillguard.service.print_room.stations.printers import rule_of
from waybillguard.service.print_room.stations.tickets import OPEN, Issued, issue, log_request, queue_labels
from waybillguard.service.print_room.stations.waves import (
    AGAIN,
    GOING,
    MOST_IN_A_WAVE,
    NEW,
    Place,
    latest_tickets,
    places_of,
    printed_orders,
    scanned_out,
    words_of,
)
from waybillguard.service.tenancy.models import Tenant

REASONS: Final = frozenset(reason.value for reason in LabelRun.Reason if reason.value)
_DAY: Final = timedelta(days=1)
_SHOWN: Final = 5
"""Most positions named in a message."""


@dataclass(frozen=True, slots=True)
class AwaitsSecondPerson:
    """Labels that wait for a second person."""

    ask: ReprintAsk


def print_new(user: User, wave: Wave, printer: Printer, now: datetime) -> Issued:
    """Print the orders of a wave that were never printed.

    Raises:
        WaveError, NotAllowedError, KeydError: see `tickets.issue`.
    """
    return issue(user, printer, [place for place, word in words_of(wave) if word == NEW], wave, now)


def print_again(user: User, wave: Wave, printer: Printer, now: datetime) -> Issued:
    """Reprint labels that the printer did not bring out; no second person is needed.

    Uncertain labels count as reprints. Those that would need a second person are left out, and only the others are
    printed.

    Raises:
        StationError (reprint): only such labels are left.
        WaveError, NotAllowedError, KeydError: see `tickets.issue`.
    """
    if not may_print_again(user):
        raise refuse(user, "reprint")
    places = [place for place, word in words_of(wave) if word == AGAIN]
    latest = latest_tickets(wave.tenant_id, [place.order_id for place in places])
    unsure = {order for order, ticket in latest.items() if ticket.state == Ticket.State.UNCERTAIN}
    most = 0 if scanned_out(wave.tenant_id, list(unsure)) else rule_of(wave.tenant).reprints_a_shift
    if unsure and reprinted_this_shift(user, now) + len(unsure) > most:
        held = [place.position for place in places if place.order_id in unsure]
        places = [place for place in places if place.order_id not in unsure]
        if not places:
            raise _another_person(held)
        unsure = set()
    detail: dict[str, str | int] = {"wave": wave.pk, "reason": LabelRun.Reason.JAM.value}
    if places:
        detail |= {"first": places[0].position, "last": places[-1].position}
    log_request(user, printer, len(places), detail)
    with transaction.atomic():
        if unsure:
            User.objects.select_for_update().get(pk=user.pk)
            if reprinted_this_shift(user, now) + len(unsure) > most:
                raise _another_person([place.position for place in places if place.order_id in unsure])
        return queue_labels(user, printer, places, wave, now, reason=LabelRun.Reason.JAM, again=unsure)


def _another_person(positions: Sequence[int]) -> StationError:
    shown = [str(position) for position in positions[:_SHOWN]]
    more = len(positions) > _SHOWN
    zh, en = "、".join(shown) + ("等" if more else ""), ", ".join(shown) + (" and more" if more else "")
    return StationError(
        code="reprint",
        zh=f"{len(positions)} 张面单（序号 {zh}）可能已打出，而其包裹已扫描出库，或本班重打已达规定张数，未再打印。"
        "请先在打印机旁找一找；确实没有的，按 F8 逐段重打，由另一位同事确认。",
        en=f"{len(positions)} labels (positions {en}) may have come out, and a parcel was scanned out or the reprints of "
        "this shift are used up: nothing was printed. Look for them at the printer; print those that are missing with "
        "F8, another person then agrees.",
    )


def print_range(
    user: User, wave: Wave, printer: Printer, first: int, last: int, reason: str, now: datetime
) -> Issued | AwaitsSecondPerson:
    """Reprint a range of a wave, first and last included; orders never printed before are printed too.

    Raises:
        StationError (reprint): no such range, or an unknown reason.
        WaveError, NotAllowedError, KeydError: see `tickets.issue`.
    """
    if not may_print_again(user):
        raise refuse(user, "reprint")
    places = _range(wave, first, last)
    if reason not in REASONS:
        raise StationError(code="reprint", zh="请选择重打原因", en="say why they are printed again")
    scanned = sum(place.scanned for place in places)
    rule = rule_of(wave.tenant)
    again = _printed_before(places)
    if not scanned and reprinted_this_shift(user, now) + len(again) <= rule.reprints_a_shift:
        # Write to the ledger before taking the lock: a slow disk must not hold up all writers.
        rows = _announced(user, wave, printer, places, reason)
        with transaction.atomic():
            # Two concurrent requests must not both find room under the limit.
            User.objects.select_for_update().get(pk=user.pk)
            if reprinted_this_shift(user, now) + len(again) <= rule.reprints_a_shift:
                return queue_labels(user, printer, rows, wave, now, reason=reason, again=again)
    ask = ReprintAsk.objects.create(
        tenant=wave.tenant, printer=printer, wave=wave, first=min(first, last), last=max(first, last),
        scanned=scanned, labels=len(places), asked_by=user, asked_at=now,
    )  # fmt: skip
    return AwaitsSecondPerson(ask)


def decide(user: User, ask: ReprintAsk, *, agreed: bool, now: datetime) -> Issued | None:
    """Agree to a reprint as the second person, or refuse it.

    Raises:
        StationError (reprint): the person's own request, or decided before.
        WaveError, NotAllowedError, KeydError: see `tickets.issue`.
    """
    if not user.may(Permission.PRINT):
        raise refuse(user, "reprint")
    if ask.asked_by_id == user.pk:
        raise StationError(
            code="reprint",
            zh="重打需由另一位同事确认，不能确认自己的申请。",
            en="another person agrees to this; nobody agrees to his own question.",
        )
    if agreed and (now - ask.asked_at > _DAY or not may_print_again(ask.asked_by)):
        raise StationError(
            code="reprint",
            zh="这个申请已过期，或申请人已无打印权限；请重新申请。",
            en="the question is older than a day, or whoever asked may no longer print; ask anew.",
        )
    state = ReprintAsk.State.AGREED if agreed else ReprintAsk.State.REFUSED
    places, label_reason = _range(ask.wave, ask.first, ask.last), LabelRun.Reason.JAM
    if ask.scanned:
        label_reason = LabelRun.Reason.LOST
    waiting = ReprintAsk.objects.filter(pk=ask.pk, tenant=tenant_of(user), state=ReprintAsk.State.WAITING)
    if not waiting.exists():
        raise _decided()
    rows: list[WaveOrder] = []
    if agreed:
        # Printed in the name of the requester, with the second person recorded. Logged before the lock, as above.
        rows = _announced(ask.asked_by, ask.wave, ask.printer, places, label_reason, user)
    with transaction.atomic():
        if not waiting.update(state=state, decided_by=user, decided_at=now):
            raise _decided()
        if not agreed:
            return None
        return queue_labels(
            ask.asked_by, ask.printer, rows, ask.wave, now, reason=label_reason, agreed_by=user,
            again=_printed_before(places),
        )  # fmt: skip


def _decided() -> StationError:
    return StationError(code="reprint", zh="这个申请已处理过。", en="this question was decided before.")


def reprinted_this_shift(user: User, now: datetime) -> int:
    """Return how many labels somebody reprinted in the running shift without a second person."""
    runs = LabelRun.objects.filter(
        tenant=tenant_of(user),
        created_by=user,
        agreed_by=None,
        created_at__gte=shift_start(tenant_of(user), now),
    )
    return int(runs.aggregate(n=Sum("again"))["n"] or 0)


def again_in_file(user: User, order_ids: Sequence[int], now: datetime) -> int:
    """Return how many of these orders would be reprints in a file.

    Nobody can agree to a file: if a second person would be required, no file is drawn. Call it in the transaction
    that creates the run: two concurrent requests must not both find room under the limit.

    Raises:
        StationError (reprint): a label was already scanned out, or more reprints than the rest of the shift allows.
    """
    User.objects.select_for_update().get(pk=user.pk)
    tenant = tenant_of(user)
    again = scanned = 0
    for some in batched(order_ids, MOST_IN_A_WAVE):
        tickets = latest_tickets(tenant.pk, some)
        lying = printed_orders(tenant.pk, some) | {
            pk for pk, ticket in tickets.items() if ticket.state in OPEN or ticket.state == Ticket.State.VOID
        }
        again += len(lying)
        scanned += len(scanned_out(tenant.pk, some))
    if scanned or (again and reprinted_this_shift(user, now) + again > rule_of(tenant).reprints_a_shift):
        raise StationError(
            code="reprint",
            zh=f"所选订单中有 {again} 单已打印过（其中 {scanned} 单已扫描出库），重打需另一位同事确认，"
            "文件方式不能确认，未生成文件。请在打印页的波次中重打。",
            en=f"{again} of these orders were printed before ({scanned} of them scanned out): another person has to "
            "agree, which a file cannot ask for. No file was made; print them again from their wave on the print page.",
        )
    return again


def shift_ends(tenant: Tenant, now: datetime) -> list[datetime]:
    """Return the ends of shifts in the last two days, oldest first; midnights if there are no shifts."""
    local = now.astimezone(ZoneInfo(tenant.time_zone))
    ends = {shift.end for shift in active_policies(tenant).shifts.values()} or {datetime.min.time()}
    moments = [
        datetime.combine((local - back * _DAY).date(), end, local.tzinfo) for end in ends for back in range(3)
    ]
    return sorted(moment for moment in moments if moment <= local)


def shift_start(tenant: Tenant, now: datetime) -> datetime:
    """Return the start of the running shift: the last end of a shift."""
    return shift_ends(tenant, now)[-1]


def _printed_before(places: Sequence[Place]) -> set[int]:
    return {place.order.pk for place in places if place.word != NEW}


def _range(wave: Wave, first: int, last: int) -> list[Place]:
    low, high = min(first, last), max(first, last)
    if low < 1 or high > wave.size:
        raise StationError(
            code="reprint",
            zh=f"请输入 1 到 {wave.size} 之间的序号，或直接扫描首尾两张面单。",
            en=f"give positions between 1 and {wave.size}, or scan the first and the last label.",
        )
    return places_of(wave, low, high)


def _announced(
    user: User,
    wave: Wave,
    printer: Printer,
    places: Sequence[Place],
    reason: str,
    agreed_by: User | None = None,
) -> list[WaveOrder]:
    """Write a reprint to the ledger and return the rows to put into the queue."""
    rows = _rows(wave, places)
    detail: dict[str, str | int] = {"wave": wave.pk, "reason": str(reason)}
    if rows:
        detail |= {"first": rows[0].position, "last": rows[-1].position}
    if agreed_by is not None:
        detail["agreed_by"] = f"u{agreed_by.pk}"
    log_request(user, printer, len(rows), detail)
    return rows


def _rows(wave: Wave, places: Sequence[Place]) -> list[WaveOrder]:
    wanted = [p.position for p in places if p.word != GOING]
    return list(WaveOrder.objects.filter(wave=wave, position__in=wanted).order_by("position"))


def in_flight(wave: Wave) -> bool:
    """Return whether labels of a wave are waiting or being printed."""
    return Ticket.objects.filter(run__wave=wave, state__in=OPEN).exists()
