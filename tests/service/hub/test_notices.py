"""Notices for the town are sent, fetched with a report and read; warehouses report tasks done."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.agent.protocol_town import POSTURE, Done, Given, Notice, Posture, PostureTaken, Reported
from waybillguard.inspect.cases import Event
from waybillguard.service.cases.joint import open_joint, read
from waybillguard.service.hub.downlink import send_notice
from waybillguard.service.hub.errors import HubError
from waybillguard.service.hub.inbox import (
    acknowledge,
    read_notice_numbers,
    report_task_done,
    store_hub_answer,
    tasks_reported_done,
)
from waybillguard.service.hub.models import HubNotice, HubTask, NoticeTo, Seat
from waybillguard.service.hub.tasks_of import give_tasks, tasks_for
from waybillguard.service.identity.models import User
from waybillguard.service.platform.risks import risks_of

pytestmark = pytest.mark.django_db


def report(sequence: int, **more: Any) -> Posture:
    good = Reported(control="LBL-01", version=1, status="satisfied")
    return Posture(sequence=sequence, **{"made_at": datetime.now(UTC), "controls": (good,), **more})


@pytest.fixture
def hub(town: SimpleNamespace) -> SimpleNamespace:
    """The hub's owner represents the procuratorate."""
    with scope(tenant=town.tenant):
        Seat.objects.create(tenant=town.tenant, user=town.owner, authority="procuratorate")
        yield town


def test_a_notice_comes_with_the_report_until_it_is_read(hub: SimpleNamespace) -> None:
    sent = send_notice(hub.owner, "warning", "假冒客服", "近期多发", due=date(2026, 12, 10))
    first = hub.keys.post(POSTURE, report(1)).json()
    assert [one["title"] for one in first["notices"]] == ["假冒客服"]
    assert NoticeTo.objects.get().fetched_at is not None
    second = hub.keys.post(POSTURE, report(2, read=(sent.pk,))).json()
    assert second["notices"] == []
    assert NoticeTo.objects.get().read_at is not None


def test_what_was_never_fetched_cannot_be_read(hub: SimpleNamespace) -> None:
    sent = send_notice(hub.owner, "warning", "假冒客服", "近期多发")
    hub.keys.post(POSTURE, report(1, read=(sent.pk, 10**9)))
    assert NoticeTo.objects.get().read_at is None


def test_a_notice_of_a_district_goes_nowhere_else(hub: SimpleNamespace, more_warehouses: Any) -> None:
    more_warehouses(9)
    sent = send_notice(hub.owner, "training", "再学一遍", "请组织学习", district="片区3")
    assert list(sent.copies.values_list("warehouse__district", flat=True)) == ["片区3"]
    with pytest.raises(HubError):
        send_notice(hub.owner, "training", "再学一遍", "请组织学习", district="没有的片区")


def test_a_task_is_told_and_done_and_waits_for_the_retest(hub: SimpleNamespace) -> None:
    first = Event(on=date(2026, 7, 1), kind="open", actor="procuratorate")
    joint = open_joint(hub.owner, "procuratorate", "测试案", "post", [], first)
    tasks = tasks_for(hub.listed, date(2026, 12, 31), read(joint), chosen=["4", "7"])
    give_tasks(joint, 1, hub.listed, tasks, by=hub.owner, authority="procuratorate")
    told = hub.keys.post(POSTURE, report(1)).json()["tasks"]
    assert [(one["item"], one["state"]) for one in told] == [("4", "notified"), ("7", "notified")]
    done = Done(case=joint.pk, item="4", at=datetime.now(UTC))
    after = hub.keys.post(POSTURE, report(2, done=(done, done))).json()["tasks"]
    assert [one["state"] for one in after] == ["self_certified", "notified"]
    task = read(joint).task("甲仓", "4")
    assert not task.closed
    assert [step.by for step in task.steps] == ["甲仓"]


def test_a_warehouse_says_nothing_of_anothers_task(hub: SimpleNamespace, more_warehouses: Any) -> None:
    (other,) = more_warehouses(1)
    first = Event(on=date(2026, 7, 1), kind="open", actor="procuratorate")
    joint = open_joint(hub.owner, "procuratorate", "测试案", "post", [], first)
    tasks = tasks_for(other, date(2026, 12, 31), read(joint), chosen=["4"])
    give_tasks(joint, 1, other, tasks, by=hub.owner, authority="procuratorate")
    done = Done(case=joint.pk, item="4", at=datetime.now(UTC))
    answer = hub.keys.post(POSTURE, report(1, done=(done, Done(case=10**9, item="99", at=done.at))))
    assert answer.json()["tasks"] == []
    assert read(joint).task(other.name, "4").state == "notified"


NOW = datetime(2026, 11, 28, 4, tzinfo=UTC)
TASK = Given(case=3, title="测试案", item="4", authority="police", due=date(2026, 12, 20), state="notified")
TOLD = PostureTaken(
    sha256="0" * 64,
    notices=(
        Notice(id=7, kind="warning", authority="police", title="假冒客服", text="近期多发", sent_at=NOW),
    ),
    tasks=(TASK,),
)


def test_what_the_hub_tells_stands_in_the_queue_until_it_is_answered(warehouse: SimpleNamespace) -> None:
    with scope(tenant=warehouse.tenant):
        for _ in range(2):
            store_hub_answer(warehouse.tenant, TOLD, NOW)
        assert {one.address for one in risks_of(warehouse.owner)} >= {reverse("hub_inbox")}
        acknowledge(warehouse.owner, HubNotice.objects.get(), NOW)
        report_task_done(warehouse.owner, HubTask.objects.get(), NOW)
        assert read_notice_numbers(warehouse.tenant) == (7,)
        assert [(one.case, one.item) for one in tasks_reported_done(warehouse.tenant)] == [(3, "4")]
        assert reverse("hub_inbox") not in {one.address for one in risks_of(warehouse.owner)}
        with pytest.raises(HubError):
            report_task_done(warehouse.owner, HubTask.objects.get(), NOW)


def test_a_failed_retest_brings_the_task_back(warehouse: SimpleNamespace) -> None:
    with scope(tenant=warehouse.tenant):
        store_hub_answer(warehouse.tenant, TOLD, NOW)
        report_task_done(warehouse.owner, HubTask.objects.get(), NOW)
        failed = PostureTaken(
            sha256="0" * 64,
            tasks=(
                Given(
                    case=3, title="测试案", item="4", authority="police", due=TASK.due, state="retest_failed"
                ),
            ),
        )
        store_hub_answer(warehouse.tenant, failed, NOW + timedelta(hours=1))
        assert tasks_reported_done(warehouse.tenant) == ()
        report_task_done(warehouse.owner, HubTask.objects.get(), NOW + timedelta(hours=2))
        assert len(tasks_reported_done(warehouse.tenant)) == 1


def test_the_pages_of_both_sides_show_it(hub: SimpleNamespace, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(hub.owner)
    sent = client.post(
        reverse("town_notice_send"),
        {"kind": "warning", "title": "假冒客服", "text": "近期多发", "due": "2026-12-20"},
    )
    assert "甲仓" in client.get(sent.url).content.decode()
    store_hub_answer(hub.tenant, TOLD, timezone.now())
    assert "测试案" in client.get(reverse("hub_inbox")).content.decode()
    client.post(reverse("hub_notice_read", args=[HubNotice.objects.get().pk]))
    client.post(reverse("hub_task_done", args=[HubTask.objects.get().pk]))
    assert HubNotice.objects.get().read_by == hub.owner
    assert HubTask.objects.get().done_by == hub.owner
