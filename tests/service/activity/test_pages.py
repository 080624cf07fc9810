# ruff: noqa: ARG001 - fixtures are asked for by name
"""The activity pages: a month, single events, one order; visibility of other people's events; speed."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from support.in_force import put_in_force

from waybillguard.access.settings import default_settings
from waybillguard.service.audit.counting import Counted, Counts
from waybillguard.service.audit.export import export
from waybillguard.service.audit.models import Actor, HourCount, OutboxEvent
from waybillguard.service.audit.overview import heat_map, lines
from waybillguard.service.audit.recording import record
from waybillguard.service.audit.store import event_store
from waybillguard.service.identity.models import Role
from waybillguard.service.tenancy.days import day_number

NIGHT = datetime(2026, 11, 3, 19, 30, tzinfo=UTC)  # 03:30 on the fourth in the warehouse
MONTH = {"month": "2026-11"}


@pytest.fixture
def owner(scene: SimpleNamespace, signed_in: Callable[..., Client]) -> Client:
    return signed_in(scene.owner)


def look(scene: SimpleNamespace, at: datetime = NIGHT, number: int = 0, **about: Any) -> None:
    values = {"action": "reveal", "user": scene.clerk, "orders": [scene.orders[number]], **about}
    record(scene.tenant, values.pop("action"), at=at, **values)


def text(client: Client, name: str, query: dict[str, Any] | None = None, **args: Any) -> str:
    page = client.get(reverse(name, kwargs=args or None), query or {})
    assert page.status_code == 200
    return page.content.decode()


def test_an_hour_of_the_month_is_counted_once_before_and_after_the_export(scene: SimpleNamespace) -> None:
    month = datetime(2026, 11, 1, tzinfo=UTC).date()
    look(scene, exposed=True)
    look(scene, number=1, allowed=False)
    before = heat_map(scene.tenant, month)
    export(scene.tenant)
    after = heat_map(scene.tenant, month)
    assert before == after
    cell = after.rows[3].cells[3]
    assert (cell.n, cell.exposed, cell.refused) == (2, 1, 1)
    assert (after.total, after.exposed, after.refused) == (2, 1, 1)
    look(scene, number=2)
    assert heat_map(scene.tenant, month).total == 3


def test_a_month_of_one_account_or_station_holds_only_its_own(scene: SimpleNamespace) -> None:
    month = datetime(2026, 11, 1, tzinfo=UTC).date()
    look(scene, workstation="pc-1")
    export(scene.tenant)
    look(scene, user=scene.owner, workstation="pc-2")
    assert heat_map(scene.tenant, month, account=f"u{scene.clerk.pk}").total == 1
    assert heat_map(scene.tenant, month, account=f"u{scene.owner.pk}").total == 1
    assert heat_map(scene.tenant, month, station="pc-2").total == 1
    assert heat_map(scene.tenant, month).total == 2


def test_a_program_that_looks_every_hour_is_named_beside_the_map_and_not_drawn(
    scene: SimpleNamespace, owner: Client
) -> None:
    first = day_number(datetime(2026, 11, 1, tzinfo=UTC), scene.tenant)
    with scope(tenant=scene.tenant):
        HourCount.objects.bulk_create(
            HourCount(tenant=scene.tenant, who=who, name=name, day=first + day, hour=hour, n=n, exposed=shown, refused=0)
            for day in range(4)
            for hour in range(24)
            for who, name, n, shown in (
                ("account", "sync", 2, 0), ("account", "spy", 2, 1), ("all", "", 4, 1),
            )
        )  # fmt: skip
    heat = heat_map(scene.tenant, datetime(2026, 11, 1, tzinfo=UTC).date())
    assert heat.steady == {"sync": 2}, "who sees plaintext is never left out"
    assert {cell.n for row in heat.rows[:4] for cell in row.cells} == {2}
    assert heat.total == 4 * 24 * 4, "nothing is missing in the sum of the month"
    page = text(owner, "activity", MONTH)
    assert "sync" in page[page.index("Left out of the cells") :][:400]


def test_accounts_stand_by_how_much_plaintext_they_saw(scene: SimpleNamespace) -> None:
    for number in range(3):
        look(scene, number=number, action="view", user=scene.owner)
    look(scene, exposed=True)
    export(scene.tenant)
    look(scene, action="reprint")
    day = day_number(NIGHT, scene.tenant)
    found, _ = lines(scene.tenant, day, day)
    assert [(one.name, one.n, one.exposed, one.prints) for one in found] == [
        (f"u{scene.clerk.pk}", 2, 1, 1), (f"u{scene.owner.pk}", 3, 0, 0),
    ]  # fmt: skip


def test_the_page_shows_the_month_and_leads_to_the_hour(scene: SimpleNamespace, owner: Client) -> None:
    look(scene, exposed=True, workstation="打印台 3")
    export(scene.tenant)
    page = text(owner, "activity", MONTH)
    assert "?from=2026-11-04&amp;to=2026-11-04&amp;hour=3" in page
    assert "heat-6 shown-3" in page
    assert "打印台 3" in page
    hour = text(owner, "activity_events", {"from": "2026-11-04", "to": "2026-11-04", "hour": "3"})
    assert "2026-11-04 03:30:00" in hour
    assert scene.orders[0].order_no in hour
    other = text(owner, "activity_events", {"from": "2026-11-04", "to": "2026-11-04", "hour": "4"})
    assert "No event in these days matches." in other


def test_a_name_stands_on_the_page_and_never_in_an_address(scene: SimpleNamespace, owner: Client) -> None:
    look(scene, user=None, account="某ERP/张三")
    export(scene.tenant)
    key = Actor.objects.get(name="某ERP/张三").pk
    page = text(owner, "activity", {**MONTH, "account": str(key)})
    assert "某ERP/张三" in page
    assert f"account={key}" in page
    assert "account=某" not in page
    assert "account=%E6" not in page


def test_staff_see_their_own_record_and_nobody_elses(
    scene: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    look(scene, at=timezone.now(), user=scene.owner, number=1)
    look(scene, at=timezone.now(), user=scene.clerk, number=2, action="view")
    clerk = signed_in(scene.clerk)
    listed = text(clerk, "activity_events", {"account": f"u{scene.owner.pk}"})
    assert scene.orders[2].order_no in listed
    assert scene.orders[1].order_no not in listed
    month = text(clerk, "activity", {"account": f"u{scene.owner.pk}"})
    assert "My own activity" in month
    assert "1 events, 0 in plaintext" in month
    assert "By station" not in month
    assert clerk.get(reverse("order_activity", args=[scene.orders[1].pk])).status_code == 403


def test_an_inspector_sees_everybodys_record_while_the_role_may_read_the_ledger(
    scene: SimpleNamespace, signed_in: Callable[..., Client], made_up: ModuleType
) -> None:
    look(scene, at=timezone.now(), user=scene.owner, number=1)
    look(scene, at=timezone.now(), user=scene.clerk, number=2, action="view")
    inspector = signed_in(made_up.make_user(scene.tenant, "inspector", Role.INSPECTOR))
    listed = text(inspector, "activity_events")
    assert scene.orders[1].order_no in listed
    assert scene.orders[2].order_no in listed
    of_one = text(inspector, "activity_events", {"account": f"u{scene.clerk.pk}"})
    assert scene.orders[1].order_no not in of_one
    month = text(inspector, "activity")
    assert "By station" in month
    assert f"account=u{scene.owner.pk}" in month
    assert inspector.get(reverse("order_activity", args=[scene.orders[1].pk])).status_code == 403
    roles = default_settings().to_form()["roles"]
    roles["inspector"]["actions"] = ["sign_in", "view"]
    put_in_force(scene.owner, roles=roles)
    listed = text(inspector, "activity_events", {"account": f"u{scene.owner.pk}"})
    assert "My own activity" in listed
    assert scene.orders[1].order_no not in listed


def test_filters_of_the_list_stand_in_the_address_and_on_the_page(
    scene: SimpleNamespace, owner: Client
) -> None:
    look(scene, number=1, exposed=True)
    look(scene, number=2, allowed=False)
    look(scene, number=3, action="view")
    export(scene.tenant)
    look(scene, number=4, action="view")
    days = {"from": "2026-11-01", "to": "2026-11-30"}

    def shown(**query: str) -> list[int]:
        page = text(owner, "activity_events", {**days, **query})
        return [n for n in range(1, 5) if scene.orders[n].order_no in page]

    assert shown() == [1, 2, 3, 4]
    assert shown(action="view") == [3, 4]
    assert shown(only="exposed") == [1]
    assert shown(only="refused") == [2]
    assert shown(account=f"u{scene.owner.pk}") == []
    page = text(owner, "activity_events", {**days, "action": "view", "only": "refused"})
    assert '<option value="view" selected>' in page
    assert '<option value="refused" selected>' in page
    assert 'value="2026-11-30"' in page


def test_pages_of_the_list_lead_through_everything_once(scene: SimpleNamespace, owner: Client) -> None:
    for number in range(130):
        look(scene, at=NIGHT + timedelta(seconds=number // 3), number=number % 12, purpose=f"p{number:03}")
        if number == 70:
            export(scene.tenant)
    seen: list[str] = []
    query = {"from": "2026-11-01", "to": "2026-11-30"}
    for _ in range(5):
        page = owner.get(reverse("activity_events"), query)
        seen += [row["event"].purpose for row in page.context["rows"]]
        if not page.context["page"].older:
            break
        query["cursor"] = page.context["page"].older
    assert len(seen) == 130
    assert set(seen) == {f"p{number:03}" for number in range(130)}


def test_an_event_whose_part_is_there_but_not_marked_is_shown_once(
    scene: SimpleNamespace, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from waybillguard.service.audit import export as exporting

    look(scene)
    monkeypatch.setattr(exporting, "mark", lambda *_: 0)
    exporting.fix_batches(scene.tenant)
    exporting._finish(scene.tenant)
    page = owner.get(reverse("activity_events"), {"from": "2026-11-04", "to": "2026-11-04"})
    assert len(page.context["rows"]) == 1


def test_a_damaged_file_is_named_and_the_rest_is_shown(scene: SimpleNamespace, owner: Client) -> None:
    look(scene, number=1)
    export(scene.tenant)
    look(scene, number=2)
    export(scene.tenant)
    first, _second = event_store(scene.tenant).files(scene.tenant.slug)
    content = bytearray(first.read_bytes())
    content[-400:-8] = bytes(392)
    first.write_bytes(content)
    page = text(owner, "activity_events", {"from": "2026-11-01", "to": "2026-11-30"})
    assert first.name in page
    assert "damaged" in page
    assert scene.orders[2].order_no in page
    assert scene.orders[1].order_no not in page


def test_an_order_shows_all_that_happened_to_it(scene: SimpleNamespace, owner: Client) -> None:
    order = scene.orders[5]
    now = timezone.now()
    look(scene, at=now, number=5, exposed=True)
    look(scene, at=now, number=6)
    record(scene.tenant, "export", account="某ERP/张三", at=now, purpose=order.order_no)
    OutboxEvent.objects.filter(purpose=order.order_no).update(order_id=order.order_no)
    page = owner.get(reverse("order_activity", args=[order.pk]))
    assert [row["event"].action for row in page.context["rows"]] == ["export", "reveal"]
    assert "某ERP/张三" in page.content.decode()
    detail = text(owner, "order_detail", pk=order.pk)
    assert reverse("order_activity", args=[order.pk]) in detail


def test_an_empty_warehouse_is_told_what_will_appear(
    made_up: ModuleType, signed_in: Callable[..., Client], db: None
) -> None:
    user = made_up.make_user(made_up.make_tenant("empty"), "alone", Role.OWNER)
    assert "Nothing was recorded yet" in text(signed_in(user), "activity")


def test_events_of_a_wrong_clock_are_named(scene: SimpleNamespace, owner: Client) -> None:
    look(scene, at=datetime(1970, 1, 1, 9, tzinfo=UTC))
    assert "clock was wrong" in text(owner, "activity")


@pytest.mark.parametrize(
    "query", [{"month": "2026-13"}, {"month": "x"}, {"account": "999"}, {"station": "u1"}]
)
def test_nonsense_in_the_address_shows_a_page(
    query: dict[str, str], scene: SimpleNamespace, owner: Client
) -> None:
    look(scene, at=timezone.now())
    text(owner, "activity", query)
    text(owner, "activity_events", {"from": "x", "hour": "99", "cursor": "1.'", "action": "x", **query})


def test_a_busy_month_asks_little_and_answers_soon(scene: SimpleNamespace, owner: Client) -> None:
    counts = Counts(scene.tenant.pk)
    first = day_number(datetime(2026, 11, 1, 12, tzinfo=UTC), scene.tenant)
    cells = (
        Counted(first + day, hour, f"u{10_000 + person}", f"pc-{person % 25}", action, "", names_order=True, exposed=False, allowed=True)
        for day in range(30) for hour in range(8, 18) for person in range(60) for action in ("view", "print")
    )  # fmt: skip
    counts.take(cells)
    counts.add()
    text(owner, "activity", MONTH)
    with CaptureQueriesContext(connection) as queries:
        text(owner, "activity", MONTH)
    assert len(queries) <= 20
    took = []
    for _ in range(3):
        started = time.process_time()
        text(owner, "activity", MONTH)
        took.append(time.process_time() - started)
    # CPU time of this process, minimum of three runs: independent of machine load and garbage collection.
    assert min(took) < 0.5, took


def test_tenants_see_nothing_of_each_other(
    scene: SimpleNamespace, elsewhere: SimpleNamespace, owner: Client
) -> None:
    with scope(tenant=elsewhere.tenant):
        record(elsewhere.tenant, "reveal", user=elsewhere.clerk, at=NIGHT, workstation="别处的电脑")
        export(elsewhere.tenant)
    look(scene)
    assert "别处的电脑" not in text(owner, "activity", MONTH)
    days = {"from": "2026-11-01", "to": "2026-11-30"}
    assert len(owner.get(reverse("activity_events"), days).context["rows"]) == 1


@pytest.mark.parametrize("which", ["from", "to"])
def test_a_day_outside_the_calendar_counts_as_none(scene: SimpleNamespace, owner: Client, which: str) -> None:
    today = timezone.localdate().isoformat()
    assert today in text(owner, "activity_events", {which: "0001-01-01"})


def test_the_page_leads_to_no_month_that_has_not_begun(scene: SimpleNamespace, owner: Client) -> None:
    look(scene)
    this = timezone.localdate()
    before = (this.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    assert 'rel="next"' not in text(owner, "activity", {"month": this.strftime("%Y-%m")})
    assert 'rel="next"' in text(owner, "activity", {"month": before})
