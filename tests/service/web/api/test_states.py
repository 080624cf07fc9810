"""State reports through the API: none makes a recent order due for deletion, and each is in the ledger."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from waybillguard.service.identity.models import ShellToken
from waybillguard.service.keyd import messages
from waybillguard.service.vault import api_sealing as machine
from waybillguard.service.vault import retention
from waybillguard.service.vault.models import Batch, Order


def report(scene: SimpleNamespace, at: datetime, **headers: str) -> Any:
    secret, _token = ShellToken.issue(scene.owner, "test", timezone.now())
    api = Client(headers={"authorization": f"Bearer {secret}", **headers}, raise_request_exception=False)
    change = {"id": scene.orders[0].pk, "state": "delivered", "at": at.isoformat()}
    return api.post("/api/v1/orders/state", {"changes": [change]}, content_type="application/json")


def delivered(scene: SimpleNamespace) -> datetime:
    moment = Order.objects.get(pk=scene.orders[0].pk).delivered_at
    assert moment is not None
    return moment


@pytest.fixture
def older(scene: SimpleNamespace) -> None:
    """Set the import date of the sealed orders to 100 days ago."""
    imported = timezone.now() - timedelta(days=100)
    Batch.objects.filter(pk=scene.orders[0].batch_id).update(created_at=imported)


@pytest.mark.usefixtures("older")
def test_a_delivery_reported_for_long_ago_makes_nothing_due(scene: SimpleNamespace) -> None:
    now = timezone.now()
    assert report(scene, now - timedelta(days=95)).status_code == 200
    assert delivered(scene) >= now - machine.LATE_REPORT
    assert retention.apply_rule(scene.tenant, now) == 0
    assert Order.objects.filter(shredded_at=None, pk=scene.orders[0].pk).exists()
    (entry,) = [one for one in scene.written if isinstance(one, messages.Record) and one.kind == "states"]
    assert entry.detail["delivered"] == entry.detail["late"] == 1
    assert str(entry.detail["earliest"]).startswith((now - timedelta(days=95)).date().isoformat())


@pytest.mark.usefixtures("older")
def test_a_delivery_counts_from_its_own_time_where_that_can_be(scene: SimpleNamespace) -> None:
    at = timezone.now() - timedelta(days=3)
    assert report(scene, at).status_code == 200
    assert delivered(scene) == at


def test_a_delivery_counts_from_no_time_before_the_import(scene: SimpleNamespace) -> None:
    batch = Batch.objects.get(pk=scene.orders[0].batch_id)
    assert report(scene, batch.created_at - timedelta(days=2)).status_code == 200
    assert delivered(scene) == batch.created_at


@pytest.mark.usefixtures("older")
@pytest.mark.parametrize("again", [85, 0])
def test_the_same_state_reported_again_puts_nothing_off(scene: SimpleNamespace, again: int) -> None:
    """Otherwise an ERP that sends all states every night would postpone deletion forever."""
    since = timezone.now() - timedelta(days=85)
    Order.objects.filter(pk=scene.orders[0].pk).update(state="delivered", delivered_at=since)
    assert report(scene, timezone.now() - timedelta(days=again)).status_code == 200
    assert delivered(scene) == since


@pytest.mark.usefixtures("older")
def test_a_return_counts_from_its_own_time(scene: SimpleNamespace) -> None:
    since, at = timezone.now() - timedelta(days=20), timezone.now() - timedelta(days=2)
    Order.objects.filter(pk=scene.orders[0].pk).update(state="returned", delivered_at=since)
    assert report(scene, at).status_code == 200
    assert delivered(scene) == at


@pytest.mark.parametrize("days", [-2, 11 * 365])
def test_a_time_that_cannot_be_is_refused_and_nothing_changes(scene: SimpleNamespace, days: int) -> None:
    answer = report(scene, timezone.now() - timedelta(days=days))
    assert (answer.status_code, answer.json()["title"]) == (422, "state_time")
    assert "position 0" in answer.json()["detail_en"]
    assert Order.objects.get(pk=scene.orders[0].pk).delivered_at is None
    assert not scene.written


@pytest.mark.usefixtures("older")
def test_a_report_that_broke_off_after_its_act_is_not_done_again(
    scene: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, at = machine.change_states, timezone.now() - timedelta(days=3)

    def break_off(*arguments: Any) -> int:
        real(*arguments)
        raise SystemError

    with monkeypatch.context() as patch:
        patch.setattr(machine, "change_states", break_off)
        assert report(scene, at, idempotency_key="k1").status_code == 500
    Order.objects.filter(pk=scene.orders[0].pk).update(state="returned")  # somebody else's report, meanwhile
    assert report(scene, at, idempotency_key="k1").json() == {"changed": 1, "unknown": []}
    assert Order.objects.get(pk=scene.orders[0].pk).state == "returned"
