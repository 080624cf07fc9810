"""Verdicts on scans, and the labels they confirm."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.utils import timezone
from support.codes import has_code

from waybillguard.agent.protocol import Lease
from waybillguard.label.codes import decode
from waybillguard.service.audit.models import OutboxEvent
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.label_messages import OpenReferences, RecordTicketSteps
from waybillguard.service.print_room.models import Ticket
from waybillguard.service.print_room.stations import moves, scans
from waybillguard.service.print_room.stations.errors import StationError
from waybillguard.service.print_room.stations.receivers import close_shift, every_hour
from waybillguard.service.print_room.stations.reprints import shift_ends
from waybillguard.service.print_room.stations.scan_child import read_scans
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.vault.epochs import roots_of
from waybillguard.service.vault.models import Order

State = Ticket.State


def square_of(content: bytes) -> str:
    """Read the QR code off a TSPL label, as a scanner does."""
    head, _, rest = content.partition(b"BITMAP 0,0,")
    width, height, _, data = rest.split(b",", 3)
    rows = np.frombuffer(data[: int(width) * int(height)], dtype=np.uint8).reshape(int(height), int(width))
    dots = np.unpackbits(rows ^ 0xFF, axis=1).astype(bool)
    assert head.startswith(b"SIZE")
    texts = [found.text for found in decode(dots)]
    return next(text for text in texts if len(text) == 72)


def printed(room: SimpleNamespace, print_all: Callable[..., Any], *places: int) -> list[str]:
    """Print places of the wave; return the texts of their QR codes."""
    squares = []
    for place in places:
        print_all(place, place)
        (job,) = room.agent.lease()
        squares.append(square_of(room.agent.open(job)))
        room.agent.ack(job)
    return squares


def index_waybills(room: SimpleNamespace) -> None:
    """Give the orders the index of their waybill numbers, as an import or a carrier does."""
    day = day_number(timezone.now(), room.tenant)
    queries = [messages.TokenQuery("waybill", order.waybill_no, [day], []) for order in room.orders]
    context = messages.Context(tenant=room.tenant.slug, actor="test")
    asked = messages.NumberTokens(context=context, queries=queries, roots=roots_of(room.tenant))
    answer = keyd().call(asked, messages.TokenAnswer)
    for order, tokens in zip(room.orders, answer.tokens, strict=True):
        order.waybill_index = tokens[0]
    Order.objects.bulk_update(room.orders, ["waybill_index"])


def test_a_label_off_the_printer_is_genuine(room: SimpleNamespace, print_all: Callable[..., Any]) -> None:
    (square,) = printed(room, print_all, 1)
    room.written.clear()
    verdict = scans.identify(room.service, square)
    assert (verdict.kind, verdict.scanned) == (scans.GENUINE, False)
    assert verdict.order == room.orders[0]
    (asked,) = [one for one in room.written if isinstance(one, OpenReferences)]
    assert asked.origin == "check"


def test_a_scanner_may_lose_a_leading_blank_and_adds_a_line_end(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    (square,) = printed(room, print_all, 1)
    assert scans.identify(room.service, square.lstrip() + "\r\n").kind == scans.GENUINE


def test_a_label_that_was_printed_again_is_superseded(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    first, second = printed(room, print_all, 1, 1)
    old = scans.identify(room.service, first)
    assert (old.kind, old.by) == (scans.SUPERSEDED, 2)
    assert scans.identify(room.service, second).kind == scans.GENUINE
    states = dict(Ticket.objects.exclude(printer=None).values_list("attempt", "state"))
    assert states == {1: State.VOID, 2: State.SENT}
    assert scans.confirm(room.clerk, first, timezone.now()).kind == scans.SUPERSEDED
    assert not Ticket.objects.filter(state=State.CONFIRMED).exists()


def test_another_warehouses_label_is_foreign_and_a_lost_one_unknown(
    room: SimpleNamespace, print_all: Callable[..., Any], elsewhere: SimpleNamespace
) -> None:

    (square,) = printed(room, print_all, 1)
    flipped = square[:-1] + ("0" if square[-1] != "0" else "1")
    assert scans.identify(room.service, flipped).kind == scans.FOREIGN
    assert scans.identify(elsewhere.clerk, square).kind == scans.FOREIGN
    Ticket.objects.exclude(printer=None).delete()
    assert scans.identify(room.service, square).kind == scans.UNKNOWN


def test_what_is_no_code_of_a_label_asks_nobody(room: SimpleNamespace) -> None:
    assert scans.identify(room.service, "https://example.test/parcel").kind == scans.NO_CODE
    assert room.written == []


def test_a_ticket_that_was_taken_back_was_never_a_label(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    (square,) = printed(room, print_all, 1)
    Ticket.objects.exclude(printer=None).update(state=State.VOID, how=Ticket.How.CANCELLED)
    assert scans.identify(room.service, square).kind == scans.UNPRINTED


@pytest.mark.parametrize("outcome", ["sent", "uncertain", "failed", ""])
def test_a_scan_confirms_a_label_whatever_was_reported(
    outcome: str, room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 1)
    (job,) = room.agent.lease()
    if outcome:
        room.agent.ack(job, outcome=outcome)
    room.written.clear()
    verdict = scans.confirm(room.clerk, square_of(room.agent.open(job)), timezone.now(), "weigh")
    assert verdict.kind == scans.GENUINE
    ticket = Ticket.objects.exclude(printer=None).get()
    assert (ticket.state, ticket.how) == (State.CONFIRMED, "scan")
    (steps,) = [one for one in room.written if isinstance(one, RecordTicketSteps)]
    assert (steps.context.workstation, steps.steps[0].step) == ("weigh", "confirmed")
    assert scans.confirm(room.clerk, square_of(room.agent.open(job)), timezone.now()).scanned


def test_the_bars_confirm_too(room: SimpleNamespace, print_all: Callable[..., Any]) -> None:
    index_waybills(room)
    printed(room, print_all, 1)
    verdict = scans.confirm(room.clerk, room.orders[0].waybill_no, timezone.now())
    assert verdict.kind == scans.GENUINE
    assert scans.confirm(room.clerk, "SIM900000000099", timezone.now()).kind == scans.UNKNOWN
    with pytest.raises(StationError, check=has_code("scan")):
        scans.confirm(room.clerk, "微信扫一扫", timezone.now())


def test_a_file_of_scans_confirms_what_is_ours_once(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    index_waybills(room)
    printed(room, print_all, 1, 2)
    numbers = [order.waybill_no for order in room.orders[:3]] + ["SF0000000001"]
    assert scans.confirm_many(room.clerk, numbers, timezone.now(), "pickup") == scans.Counted(2, 0, 2)
    assert scans.confirm_many(room.clerk, numbers, timezone.now(), "pickup") == scans.Counted(0, 2, 2)
    assert OutboxEvent.objects.filter(action="view", purpose="scan", exposed=False).count() == 2


def test_only_waybill_numbers_leave_the_reader_of_a_file() -> None:
    found = read_scans("收件人,电话,运单号,时间\n张三,13800138000,SF1234567890,9:00\n李四,,—,9:01\n".encode())
    assert (found.numbers, found.damaged) == (["SF1234567890"], 1)
    assert read_scans(b"SF1234567890\nSF1234567891\n").numbers == ["SF1234567890", "SF1234567891"]


def test_what_no_scan_confirmed_closes_at_the_end_of_the_shift(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    now = timezone.now()
    printed(room, print_all, 1, 2)
    ended = shift_ends(room.tenant, now)[-1]
    assert close_shift(room.tenant, now) == 0
    Ticket.objects.exclude(printer=None).filter(position=1).update(changed_at=ended - timedelta(minutes=1))
    every_hour(room.tenant, now, now)
    rows = Ticket.objects.exclude(printer=None).order_by("position")
    assert list(rows.values_list("state", "how")) == [("confirmed", "shift"), ("sent", "agent")]


def test_a_reference_names_the_ticket(room: SimpleNamespace, print_all: Callable[..., Any]) -> None:
    print_all(1, 1)
    (job,) = room.agent.lease()
    assert isinstance(job, Lease)
    opened = keyd().call(
        OpenReferences(
            context=moves.service_context(room.tenant),
            texts=[square_of(room.agent.open(job))],
            origin="scan",
        ),
        object,
    )
    assert opened.references[0].uid == bytes(Ticket.objects.exclude(printer=None).get().uid)


def test_a_mobile_number_never_leaves_the_reader_of_a_file() -> None:
    found = read_scans(b"13800138000\nSF1234567891\n")
    assert (found.numbers, found.damaged) == (["SF1234567891"], 1)


def test_every_scan_is_an_event_known_or_not(room: SimpleNamespace, print_all: Callable[..., Any]) -> None:
    index_waybills(room)
    printed(room, print_all, 1)
    before = OutboxEvent.objects.count()
    scans.confirm(room.clerk, room.orders[0].waybill_no, timezone.now())
    scans.confirm(room.clerk, "SIM900000000099", timezone.now())
    asked = list(OutboxEvent.objects.order_by("pk")[before:].values_list("action", "purpose"))
    assert asked == [("view", "scan"), ("search", "scan")]
