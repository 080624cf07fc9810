"""Reprints after a jam: a range with one key, and a second person only if required."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from support.codes import has_code

from waybillguard.service.platform.errors import NotAllowedError
from waybillguard.service.print_room.models import (
    HeadAlarm,
    LabelRun,
    Printer,
    PrinterFault,
    PrintRule,
    ReprintAsk,
    Ticket,
)
from waybillguard.service.print_room.runs import services
from waybillguard.service.print_room.runs.services import start_run, waiting_orders
from waybillguard.service.print_room.stations import moves, reprints, scans, tickets, waves
from waybillguard.service.print_room.stations.errors import StationError, WaveError
from waybillguard.service.print_room.stations.printers import add_fault, head_done, set_rule

State = Ticket.State


def printer_of(room: SimpleNamespace) -> Printer:
    return Printer.objects.select_related("device__holder").get(pk=room.printer.pk)


def print_wave(room: SimpleNamespace) -> None:
    reprints.print_new(room.clerk, room.wave, printer_of(room), timezone.now())
    while jobs := room.agent.lease(most=64):
        room.agent.ack(*jobs)


def words(room: SimpleNamespace) -> str:
    return " ".join(place.word for place in waves.places_of(room.wave, 1, 4))


def again(room: SimpleNamespace, first: int, last: int, *, user: Any = None) -> Any:
    return reprints.print_range(
        user or room.clerk, room.wave, printer_of(room), first, last, "jam", timezone.now()
    )


def test_a_clerk_sees_three_words(room: SimpleNamespace) -> None:
    assert words(room) == "new new new new"
    reprints.print_new(room.clerk, room.wave, printer_of(room), timezone.now())
    assert words(room) == "going going going going"
    jobs = room.agent.lease(most=4)
    room.agent.ack(*jobs[:2])
    room.agent.ack(jobs[2], outcome="failed", reason="paper_out")
    room.agent.ack(jobs[3], outcome="uncertain", reason="connection_lost")
    assert words(room) == "done done again again"
    assert waves.progress_of(room.wave) == waves.Progress(new=0, going=8, done=2, again=2)


def test_what_failed_is_printed_again_with_one_key(room: SimpleNamespace) -> None:
    reprints.print_new(room.clerk, room.wave, printer_of(room), timezone.now())
    jobs = room.agent.lease(most=12)
    room.agent.ack(*jobs[:11])
    room.agent.ack(jobs[11], outcome="failed", reason="paper_out")
    reprints.print_again(room.clerk, room.wave, printer_of(room), timezone.now())
    (job,) = room.agent.lease()
    assert job.attempt == 2
    with pytest.raises(WaveError):
        reprints.print_again(room.clerk, room.wave, printer_of(room), timezone.now())


def all_uncertain(room: SimpleNamespace) -> int:
    count = 0
    while jobs := room.agent.lease(most=64):
        room.agent.ack(*jobs, outcome="uncertain", reason="connection_lost")
        count += len(jobs)
    return count


def test_who_pulls_the_plug_after_each_label_prints_no_more_again_than_a_shift_allows(
    room: SimpleNamespace,
) -> None:
    PrintRule.objects.create(tenant=room.tenant, reprints_a_shift=20)
    reprints.print_new(room.clerk, room.wave, printer_of(room), timezone.now())
    assert all_uncertain(room) == 12
    assert reprints.print_again(room.clerk, room.wave, printer_of(room), timezone.now()).run.again == 12
    assert all_uncertain(room) == 12
    with pytest.raises(StationError, check=has_code("reprint"), match="12") as caught:
        reprints.print_again(room.clerk, room.wave, printer_of(room), timezone.now())
    assert "F8" in caught.value.zh
    assert all_uncertain(room) == 0
    assert isinstance(again(room, 1, 12), reprints.AwaitsSecondPerson)


def test_an_agreed_reprint_of_a_parcel_that_went_out_is_one_label(room: SimpleNamespace) -> None:
    print_wave(room)
    row = Ticket.objects.exclude(printer=None).select_related("order").get(position=2)
    context = moves.service_context(room.tenant)
    moves.move(room.tenant, [row], State.CONFIRMED, "scan", timezone.now(), context=context)
    again(room, 2, 2)
    ask = ReprintAsk.objects.select_related("wave", "asked_by__tenant", "printer__device__holder").get()
    reprints.decide(room.owner, ask, agreed=True, now=timezone.now())
    assert all_uncertain(room) == 1
    with pytest.raises(StationError, check=has_code("reprint")):
        reprints.print_again(room.clerk, room.wave, printer_of(room), timezone.now())


def test_what_was_never_begun_is_printed_again_whatever_else_needs_another_person(
    room: SimpleNamespace,
) -> None:
    PrintRule.objects.create(tenant=room.tenant, reprints_a_shift=2)
    reprints.print_new(room.clerk, room.wave, printer_of(room), timezone.now())
    jobs = room.agent.lease(most=12)
    room.agent.ack(*jobs[:4], outcome="uncertain", reason="connection_lost")
    room.agent.ack(*jobs[4:], outcome="failed", reason="paper_out")
    issued = reprints.print_again(room.clerk, room.wave, printer_of(room), timezone.now())
    assert (issued.labels, issued.run.again) == (8, 0)
    room.agent.ack(*room.agent.lease(most=12))
    with pytest.raises(StationError, check=has_code("reprint"), match="4"):
        reprints.print_again(room.clerk, room.wave, printer_of(room), timezone.now())


def test_a_range_is_printed_again_as_new_attempts(room: SimpleNamespace) -> None:
    print_wave(room)
    issued = again(room, 6, 4)
    assert isinstance(issued, tickets.Issued)
    assert issued.run.reason == LabelRun.Reason.JAM
    jobs = room.agent.lease(most=12)
    assert [job.attempt for job in jobs] == [2, 2, 2]
    room.agent.ack(*jobs)
    assert waves.progress_of(room.wave).done == 12


@pytest.mark.parametrize(("first", "last"), [(0, 3), (5, 13)])
def test_a_range_outside_the_wave_prints_nothing(room: SimpleNamespace, first: int, last: int) -> None:
    with pytest.raises(StationError, check=has_code("reprint")):
        again(room, first, last)
    assert not Ticket.objects.exclude(printer=None).exists()


def test_what_was_scanned_out_needs_another_person(room: SimpleNamespace) -> None:
    print_wave(room)
    row = Ticket.objects.exclude(printer=None).select_related("order").get(position=2)
    moves.move(
        room.tenant,
        [row],
        State.CONFIRMED,
        "scan",
        timezone.now(),
        context=moves.service_context(room.tenant),
    )
    asked = again(room, 1, 3)
    assert isinstance(asked, reprints.AwaitsSecondPerson)
    assert room.agent.lease() == []
    with pytest.raises(StationError, check=has_code("reprint")):
        reprints.decide(room.clerk, asked.ask, agreed=True, now=timezone.now())
    ask = ReprintAsk.objects.select_related("wave", "asked_by__tenant", "printer__device__holder").get()
    issued = reprints.decide(room.owner, ask, agreed=True, now=timezone.now())
    assert issued is not None
    assert (issued.run.created_by, issued.run.agreed_by) == (room.clerk, room.owner)
    assert len(room.agent.lease()) == 3
    with pytest.raises(StationError, check=has_code("reprint")):
        reprints.decide(room.owner, ask, agreed=True, now=timezone.now())


def test_what_was_scanned_out_needs_another_person_however_often_it_was_printed_since(
    room: SimpleNamespace,
) -> None:
    print_wave(room)
    row = Ticket.objects.exclude(printer=None).select_related("order").get(position=2)
    context = moves.service_context(room.tenant)
    moves.move(room.tenant, [row], State.CONFIRMED, "scan", timezone.now(), context=context)
    asked = again(room, 2, 2)
    assert isinstance(asked, reprints.AwaitsSecondPerson)
    ask = ReprintAsk.objects.select_related("wave", "asked_by__tenant", "printer__device__holder").get()
    reprints.decide(room.owner, ask, agreed=True, now=timezone.now())
    room.agent.ack(*room.agent.lease())
    assert isinstance(again(room, 2, 2), reprints.AwaitsSecondPerson)


def test_above_the_rule_another_person_agrees(room: SimpleNamespace) -> None:
    print_wave(room)
    set_rule(room.owner, {"reprints_a_shift": 5, "lease_seconds": 60, "misses": 5, "miss_minutes": 30})
    assert isinstance(again(room, 1, 3), tickets.Issued)
    room.agent.ack(*room.agent.lease(most=12))
    assert isinstance(again(room, 1, 3), reprints.AwaitsSecondPerson)
    assert isinstance(again(room, 1, 3, user=room.owner), tickets.Issued)
    ask = ReprintAsk.objects.select_related("wave", "asked_by", "printer").get()
    assert reprints.decide(room.owner, ask, agreed=False, now=timezone.now()) is None
    ask.refresh_from_db()
    assert ask.state == "refused"


def to_file(room: SimpleNamespace, *places: int, **more: Any) -> LabelRun:
    """Draw some places of the wave to a file, some time after the previous request."""
    LabelRun.objects.update(created_at=timezone.now() - timedelta(seconds=10))
    return start_run(room.clerk, order_ids=[room.orders[place - 1].pk for place in places], **more)


def test_a_file_of_what_was_printed_counts_as_printed_again(room: SimpleNamespace) -> None:
    reprints.print_new(room.clerk, room.wave, printer_of(room), timezone.now())
    room.agent.ack(*room.agent.lease(most=3))
    moves.cancel(room.clerk, printer_of(room), timezone.now())
    set_rule(room.owner, {"reprints_a_shift": 5, "lease_seconds": 60, "misses": 5, "miss_minutes": 30})
    assert (to_file(room, 2, 3, 4, 5).again, to_file(room, 6).again) == (2, 0)
    assert reprints.reprinted_this_shift(room.clerk, timezone.now()) == 2
    assert to_file(room, 1, 2, 3).again == 3
    with pytest.raises(StationError, check=has_code("reprint")):
        to_file(room, 1)
    assert LabelRun.objects.filter(printer=None, created_by=room.clerk).count() == 3
    assert isinstance(again(room, 1, 1), reprints.AwaitsSecondPerson)


def test_a_range_counts_only_what_was_printed_before(room: SimpleNamespace) -> None:
    reprints.print_new(room.clerk, room.wave, printer_of(room), timezone.now())
    room.agent.ack(*room.agent.lease(most=3))
    moves.cancel(room.clerk, printer_of(room), timezone.now())
    issued = again(room, 2, 5)
    assert (issued.labels, issued.run.again) == (4, 2)
    assert reprints.reprinted_this_shift(room.clerk, timezone.now()) == 2


@pytest.mark.parametrize(("outcome", "reason"), [("uncertain", "connection_lost"), ("failed", "paper_out")])
def test_who_may_not_print_again_gets_no_file_of_a_label_that_may_lie_there(
    room: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, outcome: str, reason: str
) -> None:
    reprints.print_new(room.clerk, room.wave, printer_of(room), timezone.now())
    room.agent.ack(*room.agent.lease(most=1), outcome=outcome, reason=reason)
    moves.cancel(room.clerk, printer_of(room), timezone.now())
    monkeypatch.setattr(services, "may_print_again", lambda _user: False)
    with pytest.raises(NotAllowedError):
        to_file(room, 1, 2)
    assert to_file(room, 2, 3).again == 0
    monkeypatch.undo()
    assert to_file(room, 1, 2).again == 1


def test_a_file_of_all_that_waits_counts_what_failed_before(
    room: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ticket.objects.all().delete()
    assert start_run(room.clerk, order_ids=None, everything=True).again == 0
    reprints.print_new(room.clerk, room.wave, printer_of(room), timezone.now())
    room.agent.ack(*room.agent.lease(most=1), outcome="failed", reason="paper_out")
    moves.cancel(room.clerk, printer_of(room), timezone.now())
    assert start_run(room.clerk, order_ids=None, everything=True).again == 1
    monkeypatch.setattr(services, "may_print_again", lambda _user: False)
    with pytest.raises(NotAllowedError):
        start_run(room.clerk, order_ids=None, everything=True)


def test_what_was_scanned_out_comes_into_no_file(room: SimpleNamespace) -> None:
    print_wave(room)
    row = Ticket.objects.exclude(printer=None).select_related("order").get(position=2)
    context = moves.service_context(room.tenant)
    moves.move(room.tenant, [row], State.CONFIRMED, "scan", timezone.now(), context=context)
    with pytest.raises(StationError, check=has_code("reprint"), match="another person"):
        to_file(room, 1, 2)


def test_a_file_of_all_that_waits_leaves_out_what_a_printer_holds(room: SimpleNamespace) -> None:
    before = waiting_orders(room.clerk).count()
    reprints.print_new(room.clerk, room.wave, printer_of(room), timezone.now())
    jobs = room.agent.lease(most=12)
    assert waiting_orders(room.clerk).count() == before - 12
    room.agent.ack(*jobs[:6], outcome="uncertain", reason="connection_lost")
    room.agent.ack(*jobs[6:], outcome="failed", reason="paper_out")
    assert waiting_orders(room.clerk).count() == before - 6


def test_customer_service_prints_nothing(room: SimpleNamespace) -> None:
    with pytest.raises(NotAllowedError):
        again(room, 1, 2, user=room.service)
    with pytest.raises(NotAllowedError):
        waves.make_wave_of(room.service, [room.orders[0].pk], timezone.now())


def test_an_order_comes_into_one_wave_of_its_import(room: SimpleNamespace) -> None:
    with pytest.raises(WaveError):
        waves.make_waves(room.clerk, timezone.now(), batch=room.orders[0].batch)
    (made,) = waves.make_waves(room.clerk, timezone.now(), batch=room.batch)
    orders = [place.order for place in made.places.select_related("order")]
    assert all(order.lane in {"B", "C"} and order.printed_at is None for order in orders)


def test_the_last_four_are_looked_for_in_shops_and_days_of_the_wave(room: SimpleNamespace) -> None:
    assert waves.last_four(room.clerk, room.wave, "0001") == []
    (asked,) = room.written[-1].queries
    assert (asked.field, asked.value) == ("last4", "0001")
    assert asked.shops == ["山里干货"]
    assert len(asked.days) == 1
    with pytest.raises(WaveError):
        waves.last_four(room.clerk, room.wave, "１２３４")


def test_many_failures_ask_for_a_clean_head_once(room: SimpleNamespace) -> None:
    now = timezone.now()
    PrintRule.objects.create(tenant=room.tenant, misses=3, miss_minutes=30)
    old = now - timedelta(hours=2)
    PrinterFault.objects.create(tenant=room.tenant, printer=room.printer, kind="miss", at=old)
    assert add_fault(room.printer, "miss", now) is None
    assert add_fault(room.printer, "failed", now) is None
    alarm = add_fault(room.printer, "miss", now)
    assert alarm is not None
    assert alarm.failures == 3
    assert add_fault(room.printer, "miss", now) is None
    assert HeadAlarm.objects.get().failures == 4
    head_done(room.owner, alarm, now)
    assert add_fault(room.printer, "miss", now + timedelta(seconds=1)) is None
    assert HeadAlarm.objects.count() == 1


def test_the_leader_settles_what_is_uncertain(room: SimpleNamespace, print_all: Callable[..., Any]) -> None:
    print_all(1, 2)
    room.agent.ack(*room.agent.lease(), outcome="uncertain", reason="connection_lost")
    rows = list(Ticket.objects.exclude(printer=None).select_related("order", "run").order_by("position"))
    moves.settle(room.owner, rows[0], printed=True, now=timezone.now())
    moves.settle(room.owner, rows[1], printed=False, now=timezone.now())
    assert words(room).startswith("done again")
    stale = Ticket.objects.exclude(printer=None).select_related("order", "run").get(position=1)
    with pytest.raises(StationError, check=has_code("ticket")):
        moves.settle(room.owner, stale, printed=False, now=timezone.now())


def test_an_import_that_was_taken_out_leaves_its_waves(room: SimpleNamespace) -> None:
    from waybillguard.service.vault.removal import remove_rows

    remove_rows(room.orders[0].batch)
    assert waves.places_of(room.wave) == []
    with pytest.raises(WaveError):
        reprints.print_new(room.clerk, room.wave, printer_of(room), timezone.now())


def test_taking_back_a_wave_leaves_what_others_wait_for(
    room: SimpleNamespace, signed_in: Callable[[Any], Client]
) -> None:
    orders = [place.order_id for place in room.wave.places.filter(position__lte=3)]
    mine = waves.make_wave_of(room.clerk, orders, timezone.now())
    reprints.print_new(room.clerk, mine, printer_of(room), timezone.now())
    reprints.print_new(room.owner, room.wave, printer_of(room), timezone.now())
    where = {"what": "cancel", "printer": room.printer.pk}
    signed_in(room.clerk).post(f"/print/waves/{mine.pk}/print/", where, secure=True)
    rows = Ticket.objects.exclude(printer=None)
    assert set(rows.filter(run__wave=mine).values_list("state", flat=True)) == {State.VOID}
    assert list(rows.filter(run__wave=room.wave).values_list("state", flat=True)) == [State.ISSUED] * 9


def test_the_stations_page_lists_what_is_stuck(
    room: SimpleNamespace, signed_in: Callable[[Any], Client]
) -> None:
    reprints.print_new(room.clerk, room.wave, printer_of(room), timezone.now())
    room.agent.lease(most=1)
    rows = Ticket.objects.exclude(printer=None)
    old = timezone.now() - timedelta(minutes=16)
    assert signed_in(room.owner).get("/print/stations/", secure=True).context["stuck"] == []
    rows.filter(position__in=[1, 2]).update(issued_at=old, lease_until=timezone.now() + timedelta(minutes=1))
    page = signed_in(room.owner).get("/print/stations/", secure=True)
    assert [(one.position, one.state) for one in page.context["stuck"]] == [(1, "leased"), (2, "issued")]
    assert room.orders[1].waybill_no in page.content.decode()


def test_a_reprint_taken_back_leaves_the_label_as_it_was(room: SimpleNamespace) -> None:
    print_wave(room)
    again(room, 2, 2)
    moves.cancel(room.clerk, printer_of(room), timezone.now())
    assert words(room) == "done done done done"
    row = Ticket.objects.exclude(printer=None).select_related("order").get(position=2, state=State.SENT)
    context = moves.service_context(room.tenant)
    moves.move(room.tenant, [row], State.CONFIRMED, "scan", timezone.now(), context=context)
    with pytest.raises(WaveError):
        reprints.print_new(room.clerk, room.wave, printer_of(room), timezone.now())
    assert isinstance(again(room, 2, 2), reprints.AwaitsSecondPerson)


@pytest.mark.parametrize("text", ["²", "①②"])
def test_a_sign_that_only_looks_like_a_digit_is_no_position(room: SimpleNamespace, text: str) -> None:
    assert scans.position_in(room.clerk, room.wave.pk, text) == 0


@pytest.mark.parametrize(
    ("state", "said"),
    [("paper_out", "Put paper in"), ("paused", "pause key"), ("offline", "cable"), ("unknown", "")],
)
def test_a_packer_reads_on_the_waves_page_what_to_do_about_a_printer_that_stopped(
    room: SimpleNamespace, signed_in: Callable[..., Client], state: str, said: str
) -> None:
    reprints.print_new(room.clerk, room.wave, printer_of(room), timezone.now())
    browser = signed_in(room.clerk)
    address = f"/print/waves/{room.wave.pk}/body/"
    before = browser.get(address, secure=True)
    room.agent.report(state)
    page = browser.get(address, secure=True, headers={"if-none-match": before["ETag"]})
    assert page.status_code == (200 if said else 304)
    assert said in page.content.decode()


def test_a_packer_reads_why_a_label_is_to_be_printed_again(
    room: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    reprints.print_new(room.clerk, room.wave, printer_of(room), timezone.now())
    jobs = room.agent.lease(most=2)
    room.agent.ack(jobs[0], outcome="failed", reason="paper_out")
    room.agent.ack(jobs[1], outcome="failed", reason="printer_refused")
    page = signed_in(room.clerk).get(f"/print/waves/{room.wave.pk}/body/", secure=True).content.decode()
    assert "Out of paper" in page
    assert "printer_refused" not in page
