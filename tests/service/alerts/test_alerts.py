# ruff: noqa: ARG001 - fixtures are asked for by name
"""Alerts raised from events, their growth, and people's decisions."""

import copy
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.template.defaultfilters import capfirst
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.detect import detectors
from waybillguard.events import AccessEvent
from waybillguard.service.alerts import services
from waybillguard.service.alerts.models import Alert, Detection, Explanation
from waybillguard.service.alerts.response import keep_evidence
from waybillguard.service.alerts.risks import alerts_open
from waybillguard.service.alerts.services import confirm, due, run
from waybillguard.service.alerts.tasks import watch_due
from waybillguard.service.audit.store import event_store
from waybillguard.service.cases.models import Case
from waybillguard.service.identity.models import Role
from waybillguard.service.lookups.models import QuotaState
from waybillguard.service.platform.config import Config
from waybillguard.service.tenancy.models import Tenant

pytestmark = pytest.mark.django_db


@contextmanager
def undone() -> Iterator[None]:
    """Roll back the database at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def robbed(
    django_db_setup: None,
    django_db_blocker: Any,
    made_up: ModuleType,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[SimpleNamespace]:
    """A warehouse with a detected theft, made once for all tests: a detection runs 32 queries and takes seconds."""
    folder = tmp_path_factory.mktemp("robbed")
    with django_db_blocker.unblock(), undone():
        here = made_up.make_warehouse("here")
        account = f"u{here.clerk.pk}"
        with override_settings(CONFIG=Config(folder)), scope(tenant=here.tenant):
            store = event_store(here.tenant)
            store.append("honest", honest(here.tenant, account))
            store.append("stolen", stolen(here.tenant, account, 60))
            (here.theft,) = run(here.tenant, timezone.now())
        yield SimpleNamespace(here=here, folder=folder)


@pytest.fixture
def warehouse(robbed: SimpleNamespace, settings: Any, tmp_path: Path, db: None) -> SimpleNamespace:
    """The warehouse right after detection, with its events in the test's own folder."""
    settings.CONFIG = Config(shutil.copytree(robbed.folder, tmp_path, dirs_exist_ok=True))
    return SimpleNamespace(**{name: copy.copy(one) for name, one in vars(robbed.here).items()})


@pytest.fixture
def theft(warehouse: SimpleNamespace) -> Alert:
    found: Alert = warehouse.theft
    return found


def at(days_ago: int, hour: float) -> datetime:
    now = timezone.localtime()
    return (
        now.replace(hour=0, minute=0, second=0, microsecond=0)
        - timedelta(days=days_ago)
        + timedelta(hours=hour)
    )


def look(tenant: Tenant, ts: datetime, account: str, order: str, *, ticket: bool) -> AccessEvent:
    return AccessEvent(
        tenant=tenant.slug, ts=ts, action="reveal", account=account, workstation="S1", order_id=order, exposed=True,
        explained_by="ticket" if ticket else None,
    )  # fmt: skip


def honest(tenant: Tenant, account: str) -> list[AccessEvent]:
    dice = random.Random(1)
    return [
        look(tenant, at(day, dice.uniform(9, 17)), account, f"D{day}-{n}", ticket=dice.random() > 0.03)
        for day in range(2, 16)
        for n in range(20)
    ]


def stolen(tenant: Tenant, account: str, count: int, *, first: int = 0) -> list[AccessEvent]:
    return [
        look(
            tenant, at(1, 12) + timedelta(seconds=4 * (first + n)), account, f"{first + n:032x}", ticket=False
        )
        for n in range(count)
    ]


def test_a_theft_is_one_alert_that_grows_and_is_told_once(warehouse: SimpleNamespace, theft: Alert) -> None:
    tenant = warehouse.tenant
    assert theft.state == Alert.State.OPEN
    assert theft.records >= 60
    event_store(tenant).append("more", stolen(tenant, theft.account, 30, first=60))
    with scope(tenant=tenant):
        assert due(tenant)
        assert run(tenant, timezone.now()) == []
        (grown,) = Alert.objects.all()
        assert grown.records >= 90
        assert grown.raised_at == theft.raised_at
        assert not due(tenant)


def test_nobody_explains_an_alert_about_himself_nor_decoys_and_critical_ones_to_come(
    warehouse: SimpleNamespace, theft: Alert, signed_in: Callable[..., Client], made_up: ModuleType
) -> None:
    supervisor = made_up.make_user(warehouse.tenant, "vera", Role.SUPERVISOR)
    client, address = signed_in(supervisor), reverse("alert_decide", args=[theft.pk])
    until = (timezone.localdate() + timedelta(days=300)).isoformat()
    for changed, sent in (
        ({"account": f"u{supervisor.pk}"}, {"why": "对账"}),
        ({"person": supervisor}, {"why": "对账"}),
        ({"rule": "decoy"}, {"why": "对账", "until": until}),
        ({"severity": "critical"}, {"why": "对账", "until": until}),
    ):
        with scope(tenant=warehouse.tenant):
            before = Alert.objects.filter(pk=theft.pk).values("account", "person", "rule", "severity").get()
            Alert.objects.filter(pk=theft.pk).update(**changed)
        page = client.get(reverse("alert", args=[theft.pk])).content.decode()
        assert ("This alert is about you" in page) == ("until" not in sent), (
            "the page offers what can be done, and no more"
        )
        assert ('data-open="explain"' in page) == ("until" in sent)
        assert 'name="until"' not in page or "until" not in sent
        client.post(address, sent)
        with scope(tenant=warehouse.tenant):
            theft.refresh_from_db()
            assert theft.state == Alert.State.OPEN, changed
            Alert.objects.filter(pk=theft.pk).update(**before)
    with scope(tenant=warehouse.tenant):
        assert not Explanation.objects.exists()


def test_what_comes_to_an_alert_after_its_explanation_is_told_again(
    warehouse: SimpleNamespace,
    theft: Alert,
    signed_in: Callable[..., Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    monkeypatch.setattr(services, "notify", lambda _tenant, mark, *_: told.append(mark))
    signed_in(warehouse.owner).post(reverse("alert_decide", args=[theft.pk]), {"why": "月末对账"})
    event_store(warehouse.tenant).append("more", stolen(warehouse.tenant, theft.account, 30, first=60))
    with scope(tenant=warehouse.tenant):
        run(warehouse.tenant, timezone.now())
        theft.refresh_from_db()
        assert theft.state == Alert.State.OPEN
        assert len(told) == 1
        assert told[0].startswith(f"alert:{theft.pk}:")


def test_a_person_s_decision_outlasts_the_next_detection(
    warehouse: SimpleNamespace, theft: Alert, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(warehouse.owner)
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    client.post(reverse("alert_decide", args=[theft.pk]), {"why": "月末对账", "until": until})
    event_store(warehouse.tenant).append("more", stolen(warehouse.tenant, theft.account, 30, first=60))
    assert watch_due(timezone.now()) == 0
    with scope(tenant=warehouse.tenant):
        theft.refresh_from_db()
        assert (theft.state, theft.note) == (Alert.State.EXPLAINED, "月末对账")
        (kept,) = Explanation.objects.all()
        Alert.objects.all().delete()
        run(warehouse.tenant, timezone.now())
        assert Alert.objects.get().state == Alert.State.EXPLAINED
    rule = next(one.name_zh for one in detectors() if one.id == kept.rule)
    assert (
        rule
        in client.get(reverse("detectors"), headers={"accept-language": "zh-hans"})
        .content.decode()
        .split("<tbody>")[1]
    )
    client.post(reverse("explanation_end", args=[kept.pk]))
    with scope(tenant=warehouse.tenant):
        Alert.objects.all().delete()
        run(warehouse.tenant, timezone.now())
        assert Alert.objects.get().state == Alert.State.OPEN


def test_a_later_explanation_takes_the_place_of_an_earlier_one(
    warehouse: SimpleNamespace, theft: Alert, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(warehouse.owner)
    for why, days in (("月末对账", 90), ("每月对账", 30)):
        until = (timezone.localdate() + timedelta(days=days)).isoformat()
        client.post(reverse("alert_decide", args=[theft.pk]), {"why": why, "until": until})
    with scope(tenant=warehouse.tenant):
        (holds,) = Explanation.objects.filter(ended_at=None)
        assert holds.why == "每月对账"
        assert Explanation.objects.count() == 2, "what was accepted before stays on record"


def test_an_explained_alert_shows_its_reason_and_offers_no_stop(
    warehouse: SimpleNamespace, theft: Alert, signed_in: Callable[..., Client]
) -> None:
    client, page = signed_in(warehouse.owner), reverse("alert", args=[theft.pk])
    stop = reverse("alert_stop", args=[theft.pk])
    assert stop in client.get(page).content.decode(), "an open alert can be answered"
    client.post(reverse("alert_decide", args=[theft.pk]), {"why": "月末对账"})
    shown = client.get(page).content.decode()
    assert "月末对账" in shown
    assert stop not in shown
    assert "It was a theft after all: open a case" in shown, "and there is a way back"


def test_an_explanation_needs_a_reason_and_an_end_within_a_year(
    warehouse: SimpleNamespace, theft: Alert, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(warehouse.owner)
    far = (timezone.localdate() + timedelta(days=500)).isoformat()
    for said in ({"why": " "}, {"why": "对账", "until": far}):
        client.post(reverse("alert_decide", args=[theft.pk]), said)
        with scope(tenant=warehouse.tenant):
            theft.refresh_from_db()
            assert theft.state == Alert.State.OPEN


def test_a_day_that_no_calendar_has_is_refused_and_explains_nothing(
    warehouse: SimpleNamespace, theft: Alert, signed_in: Callable[..., Client]
) -> None:
    address = reverse("alert_decide", args=[theft.pk])
    sent = signed_in(warehouse.owner).post(address, {"why": "对账", "until": "2027-02-30"})
    assert sent.status_code == 302
    with scope(tenant=warehouse.tenant):
        assert Alert.objects.get(pk=theft.pk).state == Alert.State.OPEN


def test_a_theft_that_is_confirmed_opens_one_case(
    warehouse: SimpleNamespace, theft: Alert, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(warehouse.owner)
    for _ in range(2):
        client.post(reverse("alert_decide", args=[theft.pk]), {"verdict": "theft"})
    with scope(tenant=warehouse.tenant):
        (case,) = Case.objects.filter(source=f"alert:{theft.pk}")
        assert case.events.filter(kind="alert").count() == 1


def test_evidence_that_enters_a_case_is_named_by_the_hour_of_the_warehouse(
    warehouse: SimpleNamespace, theft: Alert
) -> None:
    at = datetime(2026, 11, 29, 20, 15, tzinfo=UTC)
    with scope(tenant=warehouse.tenant):
        keep_evidence(theft, at)
        confirm(theft, warehouse.owner, at)
        (case,) = Case.objects.filter(source=f"alert:{theft.pk}")
        assert any("2026-11-30 04:15" in one.name for one in case.evidence.all())


def test_the_story_says_what_it_is_worth_and_what_to_do(
    warehouse: SimpleNamespace, theft: Alert, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(warehouse.owner)
    page = client.get(reverse("alert", args=[theft.pk])).content.decode()
    assert f"¥{theft.records * 3}–{theft.records * 5}" in page
    assert "<svg" in page
    assert theft.reason_zh in page or capfirst(theft.reason_en) in page
    assert client.get(reverse("alerts")).status_code == 200
    assert client.get(reverse("detectors")).status_code == 200


def test_stopping_an_account_of_another_system_says_where_to_do_it(
    warehouse: SimpleNamespace, theft: Alert, signed_in: Callable[..., Client]
) -> None:
    with scope(tenant=warehouse.tenant):
        Alert.objects.filter(pk=theft.pk).update(person=None, workstation="")
    signed_in(warehouse.owner).post(reverse("alert_stop", args=[theft.pk]))
    with scope(tenant=warehouse.tenant):
        theft.refresh_from_db()
        assert theft.stopped_at is None
        assert not QuotaState.objects.exclude(frozen_at=None).exists()


def test_a_detection_that_fails_is_kept_and_seen(
    warehouse: SimpleNamespace, theft: Alert, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr("waybillguard.service.alerts.services.detect", broken)
    from waybillguard.service.alerts.risks import watching_failed

    with scope(tenant=warehouse.tenant):
        assert run(warehouse.tenant, timezone.now()) == []
        assert Detection.objects.get().error == "OSError"
        assert len(list(watching_failed(warehouse.owner))) == 1
        assert Alert.objects.count() == 1


def test_a_finding_on_the_station_is_joined_with_what_was_done_there(
    elsewhere: SimpleNamespace, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CONFIG, warehouse = Config(tmp_path), elsewhere
    from waybillguard.detect.stations import Held
    from waybillguard.service.audit.held import HELD_STATIONS

    held = Held(warehouse.tenant.slug, "S1", "ToDesk", at(1, 11.5), at(1, 13))
    monkeypatch.setattr(HELD_STATIONS, "_entries", [lambda _tenant, _now: [held]])
    account = f"u{warehouse.clerk.pk}"
    store = event_store(warehouse.tenant)
    store.append("honest", honest(warehouse.tenant, account))
    store.append("stolen", stolen(warehouse.tenant, account, 6))
    with scope(tenant=warehouse.tenant):
        (alert,) = run(warehouse.tenant, timezone.now())
    assert (alert.rule, alert.severity) == ("sensor_and_activity", "critical")
    assert "ToDesk" in alert.reason_zh


def test_the_list_of_things_to_do_says_how_many_alerts_are_of_today(
    warehouse: SimpleNamespace, theft: Alert
) -> None:
    with scope(tenant=warehouse.tenant):
        for days, words in ((0, "1 raised today. Somebody"), (2, "Somebody")):
            Alert.objects.filter(pk=theft.pk).update(raised_at=timezone.now() - timedelta(days=days))
            (told,) = alerts_open(warehouse.owner)
            assert told.why.startswith(words)


def test_what_a_supervisor_accepted_in_advance_hides_no_critical_alert(
    warehouse: SimpleNamespace, theft: Alert, made_up: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(services, "notify", lambda _tenant, _mark, severity, *_: told.append(severity))
    supervisor = made_up.make_user(warehouse.tenant, "vera", Role.SUPERVISOR)
    until, now = timezone.localdate() + timedelta(days=300), timezone.now()
    with scope(tenant=warehouse.tenant):
        services.explain(theft, supervisor, "对账", until, now)
        event_store(warehouse.tenant).append("more", stolen(warehouse.tenant, theft.account, 300, first=60))
        run(warehouse.tenant, now)
        theft.refresh_from_db()
        assert (theft.state, theft.severity) == (Alert.State.OPEN, "critical")
        assert told == ["critical"]
        services.explain(theft, warehouse.owner, "对账", until, now)
        Alert.objects.update(account="", last_at=now - timedelta(days=90))
        assert run(warehouse.tenant, now)[0].state == Alert.State.EXPLAINED, (
            "an owner may accept it in advance"
        )


def test_who_asks_for_a_decoy_after_a_theft_takes_nothing_from_the_alert(
    warehouse: SimpleNamespace, theft: Alert
) -> None:
    with scope(tenant=warehouse.tenant):
        before = Alert.objects.get(pk=theft.pk)
        services.raise_decoy_alert(warehouse.clerk, "S1", timezone.now())
        after = Alert.objects.get(pk=theft.pk)
        assert (after.first_at, after.records) == (before.first_at, before.records)
        assert after.evidence == before.evidence
        assert (after.rule, after.severity) == ("decoy", "critical")
        assert set(before.rules) < set(after.rules)
        event_store(warehouse.tenant).append("more", stolen(warehouse.tenant, theft.account, 30, first=60))
        run(warehouse.tenant, timezone.now())
        grown = Alert.objects.get(pk=theft.pk)
        assert (grown.rule, grown.severity, grown.last_at) == ("decoy", "critical", after.last_at)
        assert grown.records > after.records


def test_an_alert_that_becomes_critical_is_told_again_once(
    warehouse: SimpleNamespace, theft: Alert, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(services, "notify", lambda _tenant, _mark, severity, *_: told.append(severity))
    for first, count in ((60, 300), (360, 10)):
        more = stolen(warehouse.tenant, theft.account, count, first=first)
        event_store(warehouse.tenant).append(f"more-{first}", more)
        with scope(tenant=warehouse.tenant):
            run(warehouse.tenant, timezone.now())
    assert told == ["critical"]
