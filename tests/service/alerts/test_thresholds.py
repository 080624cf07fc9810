# ruff: noqa: ARG001 - fixtures are asked for by name
"""Thresholds changed by an owner within limits, and notices about the server."""

from collections.abc import Callable
from datetime import timedelta
from types import ModuleType, SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.errors import WaybillGuardError
from waybillguard.service.alerts import notices
from waybillguard.service.alerts.messages import add_channel
from waybillguard.service.alerts.models import Message
from waybillguard.service.alerts.services import changes_of
from waybillguard.service.alerts.thresholds import move, thresholds
from waybillguard.service.lookups.models import Threshold
from waybillguard.service.vault.models import Batch

pytestmark = pytest.mark.django_db


def test_a_threshold_moves_within_its_limits_and_back(warehouse: SimpleNamespace) -> None:
    with scope(tenant=warehouse.tenant):
        move(warehouse.owner, warehouse.tenant, "export.least", "40")
        (change,) = changes_of(warehouse.tenant)
        assert (change.detector, change.least) == ("export", 40)
        assert [row.value for row in thresholds(warehouse.tenant, english=True) if row.moved] == [40]
        move(warehouse.owner, warehouse.tenant, "export.least", "")
        assert changes_of(warehouse.tenant) == ()


def test_rarity_is_read_and_moved_in_days_and_kept_as_the_detectors_take_it(
    warehouse: SimpleNamespace,
) -> None:
    with scope(tenant=warehouse.tenant):
        move(warehouse.owner, warehouse.tenant, "export.rarity", "5000")
        (change,) = changes_of(warehouse.tenant)
        assert change.rarity == pytest.approx(3.69897)
        (row,) = [row for row in thresholds(warehouse.tenant, english=False) if row.moved]
        assert (round(row.value), row.low, row.high) == (5000, 1000, 10**9)


def test_the_chinese_page_says_days_and_sources_in_chinese(
    warehouse: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    page = signed_in(warehouse.owner).get(reverse("detectors"), headers={"Accept-Language": "zh-hans"})
    text = page.content.decode()
    assert "约每 N 天一次" in text
    assert "10^n" not in text
    assert "打单间经验" in text
    assert "practice of print rooms" not in text


@pytest.mark.parametrize(
    ("name", "value"),
    [("export.rarity", "999"), ("export.rarity", "-1"), ("export.least", "nan"), ("export.least", "1"), ("export.least", "many"), ("nothing.least", "5"), ("guard_burst.reveal.refuse", "1000"),
     ("guard_decoy.reveal.refuse", "1")],
)  # fmt: skip
def test_what_lies_outside_is_refused_and_nothing_changes(
    warehouse: SimpleNamespace, name: str, value: str
) -> None:
    with scope(tenant=warehouse.tenant):
        with pytest.raises(WaybillGuardError):
            move(warehouse.owner, warehouse.tenant, name, value)
        assert not Threshold.objects.exists()


def test_the_page_moves_a_threshold_after_a_confirmation(
    warehouse: SimpleNamespace, confirmed: Callable[..., Client], signed_in: Callable[..., Client]
) -> None:
    change = {"name": "guard_burst.reveal.refuse", "value": "30"}
    signed_in(warehouse.owner).post(reverse("threshold_set"), change)
    with scope(tenant=warehouse.tenant):
        assert not Threshold.objects.exists()
    confirmed(warehouse.owner).post(reverse("threshold_set"), change, secure=True)
    with scope(tenant=warehouse.tenant):
        assert Threshold.objects.get().value == 30


def test_a_full_disk_a_silent_key_process_and_a_waiting_import_reach_people(
    warehouse: SimpleNamespace, made_up: ModuleType, no_keyd: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.localtime()
    monkeypatch.setattr(notices.shutil, "disk_usage", lambda _path: SimpleNamespace(total=100, free=2))
    with scope(tenant=warehouse.tenant):
        add_channel(warehouse.owner, "webhook", "", "http://127.0.0.1:9/none", (None, None), "")
        made_up.make_batch(warehouse.owner, Batch.State.PREVIEW)
        Batch.objects.filter(state=Batch.State.PREVIEW).update(created_at=now - timedelta(days=1))
        notices.send_notices(warehouse.tenant, now)
        notices.send_notices(warehouse.tenant, now)
        marks = [mark.partition(":")[0] for mark in Message.objects.values_list("mark", flat=True)]
    assert marks.count("disk") == 1
    assert marks.count("keyd") == 1
    assert marks.count("due") >= 1
