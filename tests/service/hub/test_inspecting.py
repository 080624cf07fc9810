"""Special inspections: no item inspected twice, no finding lost or duplicated, and the effects of a finding."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.inspect.cases import Event, Task, report_step
from waybillguard.service.cases.joint import StepTaken, append, open_joint, read
from waybillguard.service.hub.errors import HubError
from waybillguard.service.hub.inspecting import draw, keep_finding, plan
from waybillguard.service.hub.models import Check, CheckPhoto, Seat, Special, Warehouse
from waybillguard.service.identity.models import Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspectors(town: SimpleNamespace, made_up: Any) -> SimpleNamespace:
    """Two authorities with an inspector each, and three warehouses."""
    with scope(tenant=town.tenant):
        for name in ("乙仓", "丙仓"):
            Warehouse.objects.create(tenant=town.tenant, name=name, district="福田", added_by=town.owner)
        for authority in ("post", "police"):
            user = made_up.make_user(town.tenant, authority, Role.INSPECTOR)
            Seat.objects.create(tenant=town.tenant, user=user, authority=authority)
            setattr(town, authority, user)
        yield town


def planned(by: User, *items: str, count: int = 3, **more: Any) -> Special:
    return plan(by, "测试检查", list(items), timezone.localdate(), count, **more)


def find(by: User, check: Check, result: str = "passed", *, uid: str = "", claim: str = "retested") -> bool:
    return keep_finding(by, check, uid or f"uid-{check.pk:08}", result, claim, "", timezone.now())


def test_the_seed_draws_the_same_sample_again(inspectors: SimpleNamespace) -> None:
    special = planned(inspectors.post, "1", count=2)
    drawn = {check.warehouse.name for check in special.checks.select_related("warehouse")}
    again = [one.name for one in draw(list(Warehouse.objects.all()), special.seed)][:2]
    assert drawn == set(again)


def test_an_item_planned_by_one_authority_is_left_out_of_anothers_plan(inspectors: SimpleNamespace) -> None:
    planned(inspectors.post, "1", "2")
    second = planned(inspectors.police, "1", "4")
    assert {check.item for check in second.checks.all()} == {"4"}
    assert {(item, authority) for _, item, authority, _ in second.left_out} == {("1", "post")}
    with pytest.raises(HubError):
        planned(inspectors.police, "1", "2", "4")


def test_a_finding_sent_twice_counts_once(inspectors: SimpleNamespace) -> None:
    check = planned(inspectors.post, "1").checks.select_related("special", "warehouse__tenant").first()
    assert find(inspectors.post, check, uid="the-same-uid")
    assert not find(inspectors.post, check, uid="the-same-uid")
    with pytest.raises(HubError):
        find(inspectors.post, check, "failed", uid="another-uid")
    assert Check.objects.get(pk=check.pk).result == "passed"


def test_an_item_found_elsewhere_within_the_period_is_refused_when_the_phone_is_online_again(
    inspectors: SimpleNamespace,
) -> None:
    first = planned(inspectors.post, "1")
    # The planned day lies before the period; the inspection takes place today.
    Special.objects.filter(pk=first.pk).update(on=date(2026, 1, 1))
    second = planned(inspectors.police, "1")
    one = first.checks.select_related("special", "warehouse__tenant").get(warehouse=inspectors.listed)
    other = second.checks.select_related("special", "warehouse__tenant").get(warehouse=inspectors.listed)
    find(inspectors.post, one)
    with pytest.raises(HubError):
        find(inspectors.police, other)
    assert Check.objects.get(pk=other.pk).result == ""


def test_a_finding_shows_in_the_table_in_its_own_words(inspectors: SimpleNamespace) -> None:
    special = planned(inspectors.post, "1", "2")
    rows = special.checks.select_related("special", "warehouse__tenant").filter(warehouse=inspectors.listed)
    find(inspectors.post, rows.get(item="1"), "failed")
    find(inspectors.post, rows.get(item="2"), claim="witnessed")
    items = Warehouse.objects.get(pk=inspectors.listed.pk).summary["items"]
    assert items["1"] == ["not_satisfied", "retested"]
    assert items["2"] == ["satisfied", "witnessed"]


@pytest.mark.parametrize(
    ("result", "claim", "closed"),
    [("passed", "retested", True), ("failed", "retested", False), ("passed", "witnessed", False)],
)
def test_only_a_passed_retest_closes_a_task(
    inspectors: SimpleNamespace, result: str, claim: str, closed: bool
) -> None:
    opened = Event(on=date(2026, 11, 2), kind="open", actor="procuratorate")
    joint = open_joint(inspectors.owner, "procuratorate", "测试案", "post", [], opened)
    task = Task(warehouse="甲仓", item="1", authority="post", owner="warehouse", due=date(2026, 12, 1))
    done = report_step(task, "self_certified", "甲仓", datetime.now(UTC) - timedelta(hours=1)).steps[-1]
    append(joint, 1, "tasks", (task,), by=inspectors.owner, authority="procuratorate")
    step = StepTaken(warehouse="甲仓", item="1", step=done)
    append(joint, 2, "step", step, by=inspectors.owner, authority="procuratorate")
    check = (
        planned(inspectors.post, "1")
        .checks.select_related("special", "warehouse__tenant")
        .get(warehouse=inspectors.listed)
    )
    find(inspectors.post, check, result, claim=claim)
    assert read(joint).task("甲仓", "1").closed is closed


def test_a_phone_sends_findings_and_photos_and_sends_them_again(
    inspectors: SimpleNamespace, signed_in: Callable[[User], Client], written: list[Any]
) -> None:
    del written
    special = planned(inspectors.post, "1")
    check, client = special.checks.first(), signed_in(inspectors.post)
    told = {"uid": "phone-uid-1", "check": check.pk, "result": "failed", "at": timezone.now().isoformat()}
    address = reverse("special_finding", args=[special.pk])
    assert [client.post(address, told).json()["state"] for _ in range(2)] == ["kept", "known"]
    states = []
    for _ in range(2):
        photo = SimpleUploadedFile("label.jpg", b"\xff\xd8made up", content_type="image/jpeg")
        sent = {"uid": "photo-uid-1", "check": check.pk, "photo": photo}
        states.append(client.post(reverse("special_photo", args=[special.pk]), sent).json()["state"])
    assert states == ["kept", "known"]
    kept = CheckPhoto.objects.get()
    assert client.get(reverse("check_photo", args=[kept.pk])).content == b"\xff\xd8made up"


def test_another_authority_reaches_neither_the_inspection_nor_its_photos(
    inspectors: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    special = planned(inspectors.post, "1")
    client = signed_in(inspectors.police)
    assert client.get(reverse("special_state", args=[special.pk])).status_code == 404
    assert client.get(reverse("special", args=[special.pk])).status_code == 302
    finding = {"uid": "phone-uid-1", "check": special.checks.first().pk, "result": "passed"}
    assert client.post(reverse("special_finding", args=[special.pk]), finding).status_code == 404


def test_a_finding_of_the_night_counts_for_the_day_on_the_wall(
    inspectors: SimpleNamespace, time_machine: Any
) -> None:
    time_machine.move_to(
        datetime(2026, 11, 23, 18, 0, tzinfo=UTC), tick=False
    )  # 02:00 on the 24th at the warehouse
    first = (
        planned(inspectors.post, "1", count=1, joint=True).checks.select_related("special", "tenant").get()
    )
    second = Check.objects.create(
        tenant=first.tenant, warehouse=first.warehouse, item="1",
        special=Special.objects.create(
            tenant=first.tenant, title="另一次", authority="police", joint=True, items=["1"], on=date(2026, 11, 24),
            seed="0", made_by=inspectors.police,
        ),
    )  # fmt: skip
    find(inspectors.post, first)
    with pytest.raises(HubError, match="2026-11-24"):
        find(inspectors.post, first, uid="another-uid")
    assert find(inspectors.police, second)  # both are joint, on one day: no inspection twice
