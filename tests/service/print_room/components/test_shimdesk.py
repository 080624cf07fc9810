"""A shim's labels are issued once, in a person's name, and only for its own printers."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope
from support.devices import enrolled
from support.in_force import put_in_force
from support.loading import beside

from waybillguard.agent.protocol import decode
from waybillguard.agent.protocol_desk import (
    NOTES,
    OUTCOMES,
    PRINT,
    AskedDocument,
    Note,
    Notes,
    NotesTaken,
    Outcomes,
    OutcomesAsk,
    PrintAsk,
    PrintTaken,
)
from waybillguard.service.authorization import active_policies, principal
from waybillguard.service.identity.models import User
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.print_room.models import LabelRun, ShimTask, StationNote, Ticket
from waybillguard.service.print_room.stations.reprints import reprinted_this_shift
from waybillguard.service.vault import search
from waybillguard.service.vault.models import Lane

KEY = "1" * 64


@pytest.fixture
def desk(
    warehouse: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SimpleNamespace]:
    """Four sealed orders that can be found by number, and an enrolled station."""
    sealing = beside("sealing")
    made = sealing.operations(tmp_path / "ledger")
    asked: list[Any] = []
    call = sealing.caller(made, asked)

    def outside_transactions(*arguments: Any) -> Any:
        assert not connection.savepoint_ids, "keyd is asked inside a transaction"
        return call(*arguments)

    monkeypatch.setattr(KeydClient, "call", outside_transactions)
    orders = sealing.seal_orders(warehouse.owner, 4, state="awaiting_shipment")
    by_number = {f"WG-{n}": [order.pk] for n, order in enumerate(orders)} | {
        "WG-TWO": [o.pk for o in orders[:2]]
    }
    monkeypatch.setattr(
        search,
        "find_numbers",
        lambda _user, numbers: {number: by_number.get(number, []) for number in numbers},
    )
    with scope(tenant=warehouse.tenant):
        device, keys = enrolled(warehouse.owner)
        asked.clear()
        yield SimpleNamespace(device=device, keys=keys, asked=asked, orders=orders, **vars(warehouse))
    made._ledger.close()


@pytest.fixture
def enforced(desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return a function that puts a policy in force, in a warehouse whose only shift begins in two hours."""
    monkeypatch.setattr(principal, "FRESH_S", 0.0)

    yield partial(put_in_force, desk.owner)
    active_policies._kept.cache_clear()


def ask(desk: SimpleNamespace, *numbers: str, key: str = KEY, printer: str = "label-1") -> Any:
    documents = [AskedDocument(document=f"D{n}", reference=number) for n, number in enumerate(numbers)]
    return desk.keys.post(PRINT, PrintAsk(key=key, printer=printer, documents=documents))


def taken(answer: Any) -> list[tuple[str, bool]]:
    assert answer.status_code == 200, answer.content
    return [(one.document, bool(one.ticket)) for one in decode(PrintTaken, answer.content).documents]


def test_orders_that_are_found_get_tickets_and_the_rest_a_reason(desk: SimpleNamespace) -> None:
    answer = ask(desk, "WG-0", "WG-NONE", "WG-TWO", "WG-1")
    assert taken(answer) == [("D0", True), ("D1", False), ("D2", False), ("D3", True)]
    said = decode(PrintTaken, answer.content).documents
    assert "no order" in said[1].en
    assert "several" in said[2].en
    assert Ticket.objects.filter(printer__device=desk.device, state="issued").count() == 2


def test_the_same_task_again_prints_nothing_again(desk: SimpleNamespace) -> None:
    first, second = ask(desk, "WG-0"), ask(desk, "WG-0")
    assert first.content == second.content
    assert Ticket.objects.filter(printer__device=desk.device).count() == 1


def test_the_number_of_a_task_is_not_taken_for_other_documents(desk: SimpleNamespace) -> None:
    ask(desk, "WG-0")
    for other in (["WG-1"], ["WG-0", "WG-1"]):
        answer = ask(desk, *other)
        assert (answer.status_code, answer.json()["title"]) == (422, "task_reused")
    assert Ticket.objects.filter(printer__device=desk.device).count() == 1
    ShimTask.objects.update(fingerprint=b"")  # from before fingerprints were kept
    assert taken(ask(desk, "WG-1")) == [("D0", True)]
    assert Ticket.objects.filter(printer__device=desk.device).count() == 1


def test_an_order_that_already_waits_is_not_queued_by_another_task(desk: SimpleNamespace) -> None:
    ask(desk, "WG-0")
    again = ask(desk, "WG-0", "WG-1", key="2" * 64)
    assert taken(again) == [("D0", False), ("D1", True)]


@pytest.mark.parametrize("state", ["sent", "confirmed", "printed", "uncertain"])
def test_an_order_whose_label_lies_there_is_printed_again_by_the_print_page_alone(
    desk: SimpleNamespace, state: str
) -> None:
    ask(desk, "WG-0")
    Ticket.objects.filter(printer__device=desk.device).update(state=state, attempt=1)
    answer = ask(desk, "WG-0", "WG-1", key="2" * 64)
    assert taken(answer) == [("D0", False), ("D1", True)]
    said = decode(PrintTaken, answer.content).documents[0]
    assert "print page" in said.en
    assert "打印页" in said.zh
    assert Ticket.objects.filter(order=desk.orders[0]).count() == 1


def test_an_order_that_was_printed_to_a_file_is_not_printed_by_an_erp(desk: SimpleNamespace) -> None:
    type(desk.orders[0]).objects.filter(pk=desk.orders[0].pk).update(printed_at=datetime.now(UTC))
    assert taken(ask(desk, "WG-0")) == [("D0", False)]
    assert not Ticket.objects.filter(printer__device=desk.device).exists()


def test_a_label_that_failed_before_its_first_byte_is_printed_again_and_counted(
    desk: SimpleNamespace,
) -> None:
    ask(desk, "WG-0")
    Ticket.objects.filter(printer__device=desk.device).update(state="void", how="agent", attempt=1)
    assert taken(ask(desk, "WG-0", "WG-1", key="2" * 64)) == [("D0", True), ("D1", True)]
    runs = LabelRun.objects.filter(printer__device=desk.device).order_by("pk")
    assert [(run.reason, run.wanted) for run in runs] == [("", 1), ("", 1), ("jam", 1)]
    assert reprinted_this_shift(desk.owner, datetime.now(UTC)) == 1


def failed(desk: SimpleNamespace) -> None:
    ask(desk, "WG-0")
    Ticket.objects.filter(printer__device=desk.device).update(state="void", how="agent", attempt=1)
    desk.asked.clear()


def announced(desk: SimpleNamespace) -> list[tuple[Any, Any]]:
    details = [one.detail for one in desk.asked if getattr(one, "kind", "") == "print_asked"]
    return [(detail["labels"], detail.get("reason")) for detail in details]


def test_the_ledger_tells_labels_printed_again_from_the_others(desk: SimpleNamespace) -> None:
    failed(desk)
    ask(desk, "WG-0", "WG-1", "WG-2", key="2" * 64)
    assert announced(desk) == [(2, None), (1, "jam")]


def test_who_may_not_print_again_prints_the_rest_of_a_task(desk: SimpleNamespace, enforced: Any) -> None:
    type(desk.device).objects.filter(pk=desk.device.pk).update(holder=desk.clerk)
    failed(desk)
    enforced(shift_actions=["reprint"])
    answer = ask(desk, "WG-0", "WG-1", key="2" * 64)
    assert taken(answer) == [("D0", False), ("D1", True)]
    assert announced(desk) == [(1, None)]
    assert not LabelRun.objects.filter(reason="jam").exists()


def test_a_printer_of_another_station_is_unknown(desk: SimpleNamespace) -> None:
    answer = ask(desk, "WG-0", printer="label-9")
    assert (answer.status_code, answer.json()["title"]) == (422, "not_printed")
    assert not Ticket.objects.filter(printer__device=desk.device).exists()


def test_a_shim_whose_person_has_left_prints_nothing(desk: SimpleNamespace) -> None:
    User.objects.filter(pk=desk.owner.pk).update(is_active=False)
    answer = ask(desk, "WG-0")
    assert (answer.status_code, answer.json()["title"]) == (422, "not_printed")


def test_outcomes_are_told_to_the_station_that_asked_and_to_no_other(desk: SimpleNamespace) -> None:
    ticket = decode(PrintTaken, ask(desk, "WG-0").content).documents[0].ticket
    question = OutcomesAsk(tickets=[ticket])
    told = decode(Outcomes, desk.keys.post(OUTCOMES, question).content).tickets
    assert [(one.ticket, one.outcome) for one in told] == [(ticket, "")]
    Ticket.objects.filter(uid=bytes.fromhex(ticket)).update(state="sent")
    told = decode(Outcomes, desk.keys.post(OUTCOMES, question).content).tickets
    assert told[0].outcome == "printed"
    _, other = enrolled(desk.owner, station="打包台2")
    assert decode(Outcomes, other.post(OUTCOMES, question).content).tickets == []


def test_notes_are_kept_with_number_time_and_station_and_counted_in_the_ledger(desk: SimpleNamespace) -> None:
    at = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    notes = Notes(
        notes=[
            Note(kind="passed_on", at=at, document="SF1234", printer="平台打印机"),
            Note(kind="refused", at=at, code="plaintext_refused", erp="erp"),
        ]
    )
    assert decode(NotesTaken, desk.keys.post(NOTES, notes).content).kept == 2
    rows = list(StationNote.objects.order_by("pk").values_list("kind", "document", "code", "station", "at"))
    assert rows == [
        ("passed_on", "SF1234", "", "打包台1", at),
        ("refused", "", "plaintext_refused", "打包台1", at),
    ]
    details = [one.detail for one in desk.asked if getattr(one, "kind", "") == "print_asked"]
    assert details[-1] == {"what": "station notes", "device": desk.device.uid, "refused": 1, "passed_on": 1}


def test_an_order_of_a_platform_is_told_whose_component_prints_it(desk: SimpleNamespace) -> None:
    desk.orders[0].lane = Lane.A
    desk.orders[0].save(update_fields=["lane"])
    answer = ask(desk, "WG-0", "WG-1")
    assert taken(answer) == [("D0", False), ("D1", True)]
    assert "platform" in decode(PrintTaken, answer.content).documents[0].en


def test_an_order_that_stands_in_a_task_twice_gets_one_label_and_says_so(desk: SimpleNamespace) -> None:
    answer = ask(desk, "WG-0", "WG-0", "WG-1")
    assert taken(answer) == [("D0", True), ("D1", False), ("D2", True)]
    assert "more than once" in decode(PrintTaken, answer.content).documents[1].en
    assert Ticket.objects.filter(printer__device=desk.device).count() == 2


def test_a_note_that_is_told_twice_is_kept_once(desk: SimpleNamespace) -> None:
    at = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
    first, second = (Note(kind="passed_on", at=at, document=f"SF{n}", number=f"{n:032x}") for n in (1, 2))
    desk.keys.post(NOTES, Notes(notes=[first]))
    for _ in range(2):
        told = desk.keys.post(NOTES, Notes(notes=[first, second]))
        assert decode(NotesTaken, told.content).kept == 2
    assert list(StationNote.objects.order_by("pk").values_list("document", flat=True)) == ["SF1", "SF2"]
    details = [one.detail for one in desk.asked if getattr(one, "kind", "") == "print_asked"]
    assert [one["passed_on"] for one in details] == [1, 1]
    _, other = enrolled(desk.owner, station="打包台2")
    other.post(NOTES, Notes(notes=[first]))
    assert StationNote.objects.count() == 3
