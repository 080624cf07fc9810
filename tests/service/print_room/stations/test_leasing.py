# ruff: noqa: ARG001 - fixtures are asked for by name
"""Leases of agents and their outcomes: no label is lost, duplicated or leaked."""

import hashlib
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django_scopes import scope
from support.devices import enrolled

from waybillguard.agent.errors import SealedJobError
from waybillguard.agent.protocol import LEASE, MOST_ATTEMPTS, Leased, LeaseRequest, decode
from waybillguard.agent.signing import SKEW
from waybillguard.service.identity.devices import services as devices
from waybillguard.service.identity.models import Device
from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError
from waybillguard.service.keyd.label_messages import IssueReferences, RecordTicketSteps
from waybillguard.service.keyd.messages import Record
from waybillguard.service.print_room import labels as labels_module
from waybillguard.service.print_room.models import Printer, Ticket
from waybillguard.service.print_room.runs.numbers import label_content
from waybillguard.service.print_room.stations import moves
from waybillguard.service.print_room.stations.errors import WaveError
from waybillguard.service.print_room.stations.leasing import lease_work, take_lost
from waybillguard.service.print_room.stations.printers import printers_of, set_held
from waybillguard.service.vault.models import Order

State = Ticket.State


def labels() -> Any:
    """Return the tickets of printers; the warehouse also has some of a file."""
    return Ticket.objects.exclude(printer=None)


def states() -> list[str]:
    return list(labels().order_by("run_id", "position").values_list("state", flat=True))


def test_labels_come_in_the_order_of_the_wave(room: SimpleNamespace, print_all: Callable[..., Any]) -> None:
    print_all()
    first, second = room.agent.lease(most=8), room.agent.lease(most=8)
    assert (len(first), len(second)) == (8, 4)
    leased = [labels().get(uid=bytes.fromhex(job.ticket)).position for job in first + second]
    assert leased == list(range(1, 13))
    assert room.agent.lease() == []


def test_a_job_opens_for_its_device_alone_and_is_what_was_hashed(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 1)
    (job,) = room.agent.lease()
    content = room.agent.open(job)
    assert content.startswith(b"SIZE 76 mm")
    assert bytes(labels().get().job_sha256) == hashlib.sha256(content).digest()
    _, other = enrolled(room.owner, station="另一台")
    with pytest.raises(SealedJobError):
        type(room.agent)(other).open(job)


def test_a_job_says_nothing_of_the_consignee(room: SimpleNamespace, print_all: Callable[..., Any]) -> None:
    print_all()
    for job in room.agent.lease(most=12):
        content = room.agent.open(job)
        assert not any(word.encode() in content for word in ("测试人", "不存在路", "19900000"))


def test_the_print_stands_in_the_ledger_before_the_job_leaves(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 2)
    room.agent.lease()
    asked = [type(one) for one in room.written]
    assert asked == [Record, IssueReferences]
    assert room.written[0].kind == "print_asked"
    assert [ticket.attempt for ticket in room.written[1].tickets] == [1, 1]


def test_a_sent_label_counts_its_order_as_printed(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 1)
    (job,) = room.agent.lease()
    order = Order.objects.get(pk=room.orders[0].pk)
    assert (order.printed_at, order.attempts) == (None, 1)
    taken = room.agent.ack(job)
    assert taken.taken == [job.job]
    order.refresh_from_db()
    assert order.printed_at is not None
    assert states() == [State.SENT]
    (steps,) = [one for one in room.written if isinstance(one, RecordTicketSteps)]
    assert [(step.step, step.how) for step in steps.steps] == [("sent", "agent")]


def test_the_same_word_again_changes_nothing_and_another_word_is_refused(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 1)
    (job,) = room.agent.lease()
    room.agent.ack(job)
    asked = len(room.written)
    assert room.agent.ack(job).taken == [job.job]
    assert room.agent.ack(job, outcome="failed").refused == [job.job]
    assert states() == [State.SENT]
    assert len(room.written) == asked


def test_a_job_of_another_device_is_unknown(room: SimpleNamespace, print_all: Callable[..., Any]) -> None:
    print_all(1, 1)
    (job,) = room.agent.lease()
    with scope(tenant=room.tenant):
        _, other = enrolled(room.owner, station="另一台")
    assert type(room.agent)(other).ack(job).refused == [job.job]
    assert states() == [State.LEASED]


def test_a_lease_that_runs_out_is_uncertain_and_never_waits_again(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 1)
    (job,) = room.agent.lease()
    labels().update(lease_until=timezone.now() - timedelta(seconds=1))
    assert room.agent.lease() == []
    assert states() == [State.UNCERTAIN]
    assert room.agent.lease() == []
    # The agent may still report once it is back.
    room.agent.ack(job)
    assert states() == [State.SENT]


@pytest.mark.parametrize(("outcome", "state"), [("sent", State.SENT), ("failed", State.VOID)])
def test_a_word_whose_lease_runs_out_while_the_ledger_writes_still_counts(
    room: SimpleNamespace,
    print_all: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    outcome: str,
    state: str,
) -> None:
    print_all(1, 2)
    jobs = room.agent.lease()
    call = KeydClient.call

    def slowly(self: Any, message: Any, *rest: Any) -> Any:
        if isinstance(message, RecordTicketSteps) and message.steps[0].how == "agent":
            moves.expire(room.tenant, timezone.now() + timedelta(hours=1))
        return call(self, message, *rest)

    monkeypatch.setattr(KeydClient, "call", slowly)
    taken = room.agent.ack(*jobs, outcome=outcome)
    assert sorted(taken.taken) == sorted(job.job for job in jobs)
    assert states() == [state, state]
    assert set(labels().values_list("how", "reported")) == {("agent", outcome)}


def test_a_late_word_does_not_undo_what_a_person_said(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 1)
    (job,) = room.agent.lease()
    moves.expire(room.tenant, timezone.now() + timedelta(hours=1))
    moves.settle(room.owner, labels().select_related("order", "run").get(), printed=False, now=timezone.now())
    assert room.agent.ack(job).taken == [job.job]
    assert states() == [State.VOID]


def test_a_printer_that_was_off_loses_no_label(room: SimpleNamespace, print_all: Callable[..., Any]) -> None:
    print_all(1, 4)
    jobs = room.agent.lease(most=2)
    room.agent.ack(jobs[0])
    room.agent.ack(jobs[1], outcome="failed", reason="printer_offline")
    assert room.agent.report("offline").status_code == 200
    assert room.agent.lease() == []
    assert states() == [State.SENT, State.VOID, State.ISSUED, State.ISSUED]
    room.agent.report("ready")
    assert len(room.agent.lease()) == 2
    print_all(2, 2)
    (again,) = room.agent.lease()
    assert again.attempt == 2


def test_what_waits_for_a_printer_is_not_queued_twice(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 3)
    with pytest.raises(WaveError):
        print_all(1, 3)
    assert print_all(1, 4).labels == 1
    assert len(states()) == 4


def test_a_held_printer_gets_nothing(room: SimpleNamespace, print_all: Callable[..., Any]) -> None:
    print_all(1, 1)
    set_held(room.owner, room.printer, held=True)
    assert room.agent.lease() == []
    set_held(room.owner, room.printer, held=False)
    assert len(room.agent.lease()) == 1


def test_a_printer_that_the_device_did_not_bring_is_none_of_ours(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 1)
    assert room.agent.lease(printers=["pdf-writer"]) == []
    assert Printer.objects.count() == 1


def test_one_agent_does_not_get_what_waits_for_another(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 1)
    device, other = enrolled(room.owner, station="另一台")
    printers_of(device, ["label-1"])
    assert type(room.agent)(other).lease() == []
    assert len(room.agent.lease()) == 1


def test_a_restricted_device_is_cut_at_once(room: SimpleNamespace, print_all: Callable[..., Any]) -> None:
    print_all(1, 2)
    devices.restrict(room.owner, room.device, timezone.now())
    answer = room.agent.ask(LEASE, LeaseRequest(printers=["label-1"], wait_s=0))
    assert (answer.status_code, answer.json()["title"]) == (403, "device_restricted")
    assert states() == [State.ISSUED, State.ISSUED]
    with pytest.raises(WaveError):
        print_all(3, 3)


def test_work_for_an_earlier_run_of_the_agent_shows_that_its_key_was_copied(room: SimpleNamespace) -> None:
    def copied(run: str) -> bool:
        asked = LeaseRequest(printers=[room.agent.printer], wait_s=0, run=run)
        assert room.agent.ask(LEASE, asked).status_code == 200, "its owner decides what becomes of it"
        return Device.objects.filter(uid=room.agent.keys.uid).exclude(copy_seen_at=None).exists()

    first, second = "a" * 16, "b" * 16
    assert not copied(first)
    assert not copied(second)
    device = Device.objects.get(uid=room.agent.keys.uid)
    long_ago = (timezone.now() - 2 * SKEW).isoformat()
    Device.objects.filter(pk=device.pk).update(runs=[[run, long_ago] for run, _ in device.runs])
    assert not copied(second)
    assert copied(first)


def test_a_device_restricted_while_its_labels_are_drawn_gets_none(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 1)
    stale = room.device
    devices.restrict(room.owner, type(stale).objects.get(pk=stale.pk), timezone.now())
    with pytest.raises(Exception, match="restricted"):
        lease_work(stale, LeaseRequest(printers=["label-1"], wait_s=0))
    assert states() == [State.ISSUED]


def test_without_a_ledger_nothing_leaves_and_nothing_is_spent(
    room: SimpleNamespace, print_all: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    print_all(1, 1)

    def silent(*_: Any) -> None:
        raise KeydUnavailableError(zh="密钥进程没有应答", en="the key process does not answer")

    with monkeypatch.context() as off:
        off.setattr(KeydClient, "call", silent)
        answer = room.agent.ask(LEASE, LeaseRequest(printers=["label-1"], wait_s=0))
    assert answer.status_code == 503
    assert states() == [State.ISSUED]
    assert len(room.agent.lease()) == 1


def test_a_label_that_fails_its_check_is_refused_and_the_rest_goes_on(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    Order.objects.filter(pk=room.orders[1].pk).update(masked_phone="13800138000")
    print_all(1, 3)
    assert len(room.agent.lease()) == 2
    assert states() == [State.LEASED, State.REFUSED, State.LEASED]


def test_a_waiting_agent_is_woken_by_the_click(
    room: SimpleNamespace, print_all: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from waybillguard.service.print_room.stations import leasing

    monkeypatch.setattr(leasing, "LOOK_EVERY_S", 20.0)
    # The click comes from another thread of the same process; here the work already waits, and only `notify` is
    # called.
    found: list[Any] = []
    print_all(1, 1)
    labels().update(state=State.VOID)

    def click(*_: Any) -> None:
        labels().update(state=State.ISSUED)
        leasing.bell.notify(room.printer.pk)

    monkeypatch.setattr(leasing.bell, "wait", click)
    start = time.monotonic()
    found = lease_work(room.device, LeaseRequest(printers=["label-1"], wait_s=20)).jobs
    assert len(found) == 1
    assert time.monotonic() - start < 5


def test_the_bell_wakes_whoever_waits_for_that_printer() -> None:
    from waybillguard.service.print_room.stations.bell import PrintNotifier

    bell = PrintNotifier()
    version = bell.version()
    timer = threading.Timer(0.05, bell.notify, [7])
    timer.start()
    start = time.monotonic()
    bell.wait([7], version, 10)
    assert time.monotonic() - start < 5
    start = time.monotonic()
    bell.wait([8], version, 0.05)
    assert time.monotonic() - start >= 0.05


def test_a_label_bears_the_time_of_the_warehouse(
    room: SimpleNamespace, print_all: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    room.tenant.time_zone = "Asia/Urumqi"
    room.tenant.save(update_fields=["time_zone"])
    print_all(1, 1)
    drawn: list[str] = []

    def content(*args: Any, **about: Any) -> Any:
        drawn.append(about["printed_at"])
        return label_content(*args, **about)

    monkeypatch.setattr(labels_module, "label_content", content)
    before = timezone.now()
    room.agent.lease()
    there = ZoneInfo("Asia/Urumqi")
    assert drawn[0] in {f"{at.astimezone(there):%m-%d %H:%M}" for at in (before, timezone.now())}


def test_what_somebody_queued_who_may_no_longer_print_is_refused(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 3)
    type(room.clerk).objects.filter(pk=room.clerk.pk).update(is_active=False)
    assert room.agent.lease() == []
    assert states() == [State.REFUSED] * 3


def test_a_label_is_not_printed_more_often_than_the_protocol_can_say(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 2)
    Order.objects.filter(pk=room.orders[0].pk).update(attempts=MOST_ATTEMPTS)
    assert len(room.agent.lease()) == 1
    assert sorted(states()) == sorted([State.REFUSED, State.LEASED])


def test_a_job_that_was_lost_with_its_answer_is_taken_back_and_one_that_is_held_is_not(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 3)
    held, *_ = room.agent.lease(most=3)
    answer = room.agent.ask(LEASE, LeaseRequest(printers=["label-1"], most=1, wait_s=0, holding=[held.job]))
    assert answer.status_code == 200
    assert states() == [State.LEASED, State.VOID, State.VOID]
    assert set(labels().filter(state=State.VOID).values_list("how", "reported")) == {("agent", "failed")}
    assert room.agent.ack(held).taken == [held.job]


def asked_by_a_copy(room: SimpleNamespace) -> None:
    """Another machine with the same key and its own journal asks for work."""
    answer = room.agent.ask(LEASE, LeaseRequest(printers=["label-1"], most=1, wait_s=0, holding=[]))
    assert answer.status_code == 200


@pytest.mark.parametrize(("word", "state"), [("sent", State.SENT), ("uncertain", State.UNCERTAIN)])
def test_a_label_that_a_copy_of_the_agent_had_taken_for_lost_counts_as_its_printer_says(
    room: SimpleNamespace, print_all: Callable[..., Any], word: str, state: str
) -> None:
    print_all(1, 1)
    (job,) = room.agent.lease(most=1)
    asked_by_a_copy(room)
    assert states() == [State.VOID]
    for _ in range(2):
        assert room.agent.ack(job, outcome=word).taken == [job.job]
        assert states() == [state]
    assert labels().get().reason_zh == ""
    assert room.agent.ack(job, outcome="failed").refused == [job.job]


def test_the_word_on_a_label_that_was_taken_for_lost_comes_too_late_once_it_was_asked_for_again(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 1)
    (job,) = room.agent.lease(most=1)
    asked_by_a_copy(room)
    print_all(1, 1, reason="jam")
    assert room.agent.ack(job).refused == [job.job]
    assert sorted(states()) == [State.ISSUED, State.VOID]


def test_an_agent_that_does_not_say_what_it_holds_loses_nothing(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 2)
    room.agent.lease(most=2)
    room.agent.lease(most=2)
    assert states() == [State.LEASED] * 2


def numbered(number: int, **more: Any) -> LeaseRequest:
    return LeaseRequest(printers=["label-1"], wait_s=0, holding=[], number=number, **more)


def test_a_request_that_was_late_on_its_way_takes_back_no_job_of_a_later_one(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 3)
    later = decode(Leased, room.agent.ask(LEASE, numbered(8, most=2)).content)
    assert len(later.jobs) == 2
    late = decode(Leased, room.agent.ask(LEASE, numbered(7)).content)
    assert (late.jobs, late.after) == ([], 8)
    assert states() == [State.LEASED, State.LEASED, State.ISSUED]
    # The next request still notices a lost answer.
    room.agent.ask(LEASE, numbered(9, most=1))
    assert states() == [State.VOID, State.VOID, State.LEASED]


def test_jobs_leased_while_an_earlier_request_looks_for_lost_ones_stay_leased(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 1)
    stale = type(room.device).objects.get(pk=room.device.pk)
    assert len(decode(Leased, room.agent.ask(LEASE, numbered(8)).content).jobs) == 1
    # As if another process of the service had read the device before the later request arrived.
    assert take_lost(stale, numbered(7), timezone.now()) == 0
    assert states() == [State.LEASED]


def test_a_late_request_whose_labels_were_being_drawn_gets_none(
    room: SimpleNamespace, print_all: Callable[..., Any]
) -> None:
    print_all(1, 2)
    stale = type(room.device).objects.get(pk=room.device.pk)
    room.agent.ask(LEASE, numbered(8, most=1))
    assert lease_work(stale, numbered(7)).jobs == []
    assert states() == [State.LEASED, State.ISSUED]
