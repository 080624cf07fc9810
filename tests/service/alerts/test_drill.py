"""The daily drill, and its facts for inspections: each control turns green and red."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.inspect import catalogue
from waybillguard.inspect.rules import holds
from waybillguard.service.alerts.drill import TAKEN, drill_due, is_delivered, run_drill
from waybillguard.service.alerts.facts import observe
from waybillguard.service.alerts.letter import letter
from waybillguard.service.alerts.models import Alert, Detection, Drill, Message
from waybillguard.service.alerts.tasks import watch_due
from waybillguard.service.audit.models import DayCount, OutboxEvent
from waybillguard.service.audit.recording import record
from waybillguard.service.audit.store import event_store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Store the events of each test in its own folder."""
    settings.CONFIG = type(settings.CONFIG)(tmp_path)


@pytest.fixture
def inside(warehouse: SimpleNamespace) -> Iterator[SimpleNamespace]:
    with scope(tenant=warehouse.tenant):
        yield warehouse


def test_the_drill_is_noticed_before_its_last_record_and_is_counted_nowhere(inside: SimpleNamespace) -> None:
    drill = run_drill(inside.tenant, timezone.now())
    assert drill.caught
    assert 0 < drill.records < TAKEN / 2
    alert = Alert.objects.get()
    assert alert.drill
    assert alert.reason_zh.startswith("【演练】")
    assert not OutboxEvent.objects.filter(tenant=inside.tenant).exists()
    assert not DayCount.objects.filter(tenant=inside.tenant).exists()
    assert event_store(inside.tenant).files(inside.tenant.slug) == []
    assert "告警 0 条" in letter(inside.tenant, timezone.now())[0]


def test_a_drill_is_made_once_a_day_from_nine(inside: SimpleNamespace) -> None:
    noon = timezone.now().astimezone(ZoneInfo(inside.tenant.time_zone)).replace(hour=12)
    assert drill_due(noon.replace(hour=7)) == 0
    assert drill_due(noon) == 1
    assert drill_due(noon + timedelta(hours=1)) == 0


def test_a_drill_that_is_not_noticed_is_critical_and_seen(
    inside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, signed_in: Callable[..., Client]
) -> None:
    monkeypatch.setattr("waybillguard.service.alerts.drill.detect_in", lambda *_: [])
    assert not run_drill(inside.tenant, timezone.now()).caught
    page = signed_in(inside.owner).get(reverse("alerts")).content.decode()
    assert "The last drill was not noticed" in page


def test_a_drill_counts_as_caught_only_once_its_message_arrived(inside: SimpleNamespace) -> None:
    from waybillguard.service.alerts.messages import add_channel

    add_channel(inside.owner, "webhook", "", "http://127.0.0.1:9/none", (None, None), "")
    drill = run_drill(inside.tenant, timezone.now())
    assert not observe(inside.tenant, timezone.now())["theft_drill_caught"]
    Message.objects.filter(mark=f"drill:{drill.day}").update(state=Message.State.SENT)
    assert is_delivered(drill)
    facts = observe(inside.tenant, timezone.now() + timedelta(hours=2))
    assert facts["theft_drill_caught"] is True
    assert facts["theft_drill_hours"] == pytest.approx(2, abs=0.1)


def test_the_lag_grows_while_nothing_judges_and_while_events_wait(inside: SimpleNamespace) -> None:
    now = timezone.now()
    assert "detector_lag_minutes" not in observe(inside.tenant, now)
    watch_due(now)
    assert observe(inside.tenant, now)["detector_lag_minutes"] == 0
    assert observe(inside.tenant, now + timedelta(minutes=40))["detector_lag_minutes"] == 40
    record(inside.tenant, "view", user=inside.owner, at=now - timedelta(minutes=30))
    assert observe(inside.tenant, now)["detector_lag_minutes"] == pytest.approx(30, abs=1)


def test_detection_reports_as_a_part_only_while_it_runs(inside: SimpleNamespace) -> None:
    now = timezone.now()
    watch_due(now)
    assert observe(inside.tenant, now)["parts_reporting"] == ("detect",)
    assert "parts_reporting" not in observe(inside.tenant, now + timedelta(days=2))


def test_a_detection_that_fails_does_not_count_as_current(
    inside: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from waybillguard.service.alerts.services import run

    def broken(*_: object, **__: object) -> None:
        raise OSError

    now = timezone.now()
    watch_due(now - timedelta(hours=3))
    monkeypatch.setattr("waybillguard.service.alerts.services._detect", broken)
    run(inside.tenant, now)
    assert Detection.objects.get().error == "OSError"
    assert observe(inside.tenant, now)["detector_lag_minutes"] == 180


def test_the_page_shows_drills_and_makes_one(
    inside: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    browser = signed_in(inside.owner)
    browser.post(reverse("drill_now"))
    assert Drill.objects.get().caught
    assert "Records before the alert" in browser.get(reverse("detectors")).content.decode()


def passes(control: str, facts: dict[str, Any]) -> bool:
    (found,) = (one for one in catalogue().controls if one.id == control)
    return all(one.fact in facts and holds(one, facts) for one in found.passes)


def test_the_control_of_monitoring_is_green_and_turns_red_by_lag_by_age_and_by_a_missed_drill(
    inside: SimpleNamespace,
) -> None:
    from waybillguard.service.alerts.messages import add_channel

    now = timezone.now()
    watch_due(now)
    assert not passes("DET-01", dict(observe(inside.tenant, now)))
    add_channel(inside.owner, "webhook", "", "http://127.0.0.1:9/none", (None, None), "")
    run_drill(inside.tenant, now)
    Message.objects.update(state=Message.State.SENT)
    assert passes("DET-01", dict(observe(inside.tenant, now)))
    assert not passes("DET-01", dict(observe(inside.tenant, now + timedelta(minutes=20))))
    Detection.objects.update(good_at=now + timedelta(hours=27))
    assert not passes("DET-01", dict(observe(inside.tenant, now + timedelta(hours=27))))
    Drill.objects.update(caught=False)
    Detection.objects.update(good_at=now)
    assert not passes("DET-01", dict(observe(inside.tenant, now)))
