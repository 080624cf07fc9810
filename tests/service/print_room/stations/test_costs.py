"""A click, a lease and an acknowledgement cost a fixed number of queries, whatever the number of labels."""

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from support.counting import cost

from waybillguard.agent.protocol import LeaseRequest
from waybillguard.label.errors import LabelError
from waybillguard.service.identity.models import User
from waybillguard.service.print_room import labels
from waybillguard.service.print_room.models import Ticket
from waybillguard.service.print_room.stations import drawing, leasing, warming
from waybillguard.service.print_room.stations.bell import PrintNotifier
from waybillguard.service.print_room.stations.leasing import lease_work

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_click_makes_two_writing_transactions(
    room: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    browser = signed_in(room.clerk)
    address = f"/print/waves/{room.wave.pk}/print/"
    browser.post(address, {"what": "cancel", "printer": room.printer.pk}, secure=True)
    with cost() as spent:
        answer = browser.post(address, {"what": "new", "printer": room.printer.pk}, secure=True)
    assert answer.status_code == 302
    assert Ticket.objects.filter(state=Ticket.State.ISSUED).count() == 12
    assert spent.writing == 2  # the tickets; the words that the page says next
    assert spent.statements <= 19


def test_a_lease_makes_two_writing_transactions_and_as_many_questions_for_ten_labels_as_for_one(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all()
    room.agent.lease(most=1)  # notes besides that the device was seen
    with cost() as one:
        assert len(room.agent.lease(most=1)) == 1
    with cost() as ten:
        assert len(room.agent.lease(most=10)) == 10
    assert one.writing == ten.writing == 2  # the nonce; the lease
    # Includes the requester's current rights: employment, shift, sale day, restriction, account.
    assert one.statements == ten.statements <= 19


def test_an_acknowledgement_makes_two_writing_transactions(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all()
    first, second = room.agent.lease(most=1), room.agent.lease(most=10)
    with cost() as one:
        room.agent.ack(*first)
    with cost() as ten:
        room.agent.ack(*second)
    assert Ticket.objects.filter(state=Ticket.State.SENT).count() == 11
    assert one.writing == ten.writing == 2  # the nonce; what became of them, and the agent's words
    assert one.statements == ten.statements <= 8


def test_an_agent_that_waited_gets_its_first_label_alone_and_the_rest_when_it_asks_again(
    room: SimpleNamespace, print_all: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leasing.bell, "wait", lambda *_: print_all())
    asked = LeaseRequest(printers=["label-1"], most=8, wait_s=5)
    assert len(lease_work(room.device, asked).jobs) == 1
    assert len(lease_work(room.device, asked).jobs) == 8


def test_only_who_waits_for_the_printer_is_woken() -> None:
    bell, woken = PrintNotifier(), []

    def wait(printer: int) -> None:
        bell.wait([printer], 0, 5)
        woken.append(printer)

    threads = [threading.Thread(target=wait, args=(printer,)) for printer in (7, 8)]
    for thread in threads:
        thread.start()
    bell.notify(7)
    threads[0].join(5)
    assert woken == [7]
    bell.notify(8)
    threads[1].join(5)
    assert woken == [7, 8]


def test_getting_ready_draws_every_sample_and_the_first_passes_the_check() -> None:
    warming.begin.cache_clear()
    thread = warming.begin()
    assert warming.begin() is thread
    thread.join(60)
    assert not thread.is_alive()
    assert len(list(warming.samples())) > 50


def test_a_first_label_that_is_refused_leaves_the_look_at_its_pixels_to_the_next(
    room: SimpleNamespace, print_all: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[bool] = []
    refusals = iter([LabelError(zh="拒绝", en="refused")])

    def require(_drawn: Any) -> None:
        if (error := next(refusals, None)) is not None:
            raise error

    monkeypatch.setattr(labels, "require", require)
    monkeypatch.setattr(drawing, "check_pixels", lambda *_, **how: looked.append(how.get("quick", False)))
    monkeypatch.setattr(drawing.secrets, "randbelow", lambda _most: 1)
    drawing._begun.clear()
    print_all()
    assert len(room.agent.lease(most=4)) == 3, "the refused one is left out"
    assert looked == [True]
