"""What a hub takes in, what it refuses, and what it notices."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from django.test import Client
from django_scopes import scope
from support.devices import Keys, enrolled

from waybillguard.agent.protocol import LEASE, LeaseRequest, encode
from waybillguard.agent.protocol_town import POSTURE, Alarm, Checkpoint, Posture, Reported
from waybillguard.service.hub.intake import silence
from waybillguard.service.hub.models import Town, TownAlarm, Warehouse

pytestmark = pytest.mark.django_db


def posture(sequence: int = 1, **changes: Any) -> Posture:
    controls = (
        Reported(control="LBL-01", version=1, status="satisfied"),
        Reported(control="ACC-01", version=1, status="not_satisfied"),
    )
    return Posture(sequence=sequence, **{"made_at": datetime.now(UTC), "controls": controls, **changes})


def kinds(town: SimpleNamespace) -> list[str]:
    with scope(tenant=town.tenant):
        return sorted(TownAlarm.objects.values_list("kind", flat=True))


def again(town: SimpleNamespace) -> Warehouse:
    with scope(tenant=town.tenant):
        return Warehouse.objects.get(pk=town.listed.pk)


def test_a_report_is_summed_up(town: SimpleNamespace) -> None:
    assert town.keys.post(POSTURE, posture()).status_code == 200
    kept = again(town)
    assert kept.sequence == 1
    assert kept.summary["gaps"]["account_management"] == "failing"
    assert kept.summary["items"]["1"][1] == "self_reported"


def test_the_same_signed_request_counts_once(town: SimpleNamespace) -> None:
    body = encode(posture())
    headers = town.keys.headers(POSTURE, body)
    sent = [Client().post(POSTURE, body, content_type="application/json", headers=headers) for _ in range(2)]
    assert [one.status_code for one in sent] == [200, 401]


@pytest.mark.parametrize("sequence", [5, 4])
def test_a_number_that_is_not_higher_is_refused_and_raises_an_alarm(
    town: SimpleNamespace, sequence: int
) -> None:
    assert town.keys.post(POSTURE, posture(5)).status_code == 200
    assert town.keys.post(POSTURE, posture(sequence)).status_code == 409
    assert again(town).sequence == 5
    assert kinds(town) == ["sequence"]


@pytest.mark.parametrize("off", [timedelta(hours=-2), timedelta(hours=2)])
def test_a_report_of_another_hour_is_refused(town: SimpleNamespace, off: timedelta) -> None:
    late = posture(made_at=datetime.now(UTC) + off)
    assert town.keys.post(POSTURE, late).status_code == 409


def test_a_foreign_key_or_an_old_signature_is_refused(town: SimpleNamespace) -> None:
    forger = Keys(uid=town.keys.uid)
    assert forger.post(POSTURE, posture()).status_code == 401
    yesterday = datetime.now(UTC) - timedelta(days=1)
    assert town.keys.post(POSTURE, posture(), now=yesterday).status_code == 401
    assert again(town).reported_at is None


def test_a_print_agent_cannot_report_and_a_warehouse_cannot_print(town: SimpleNamespace) -> None:
    with scope(tenant=town.tenant):
        _, agent = enrolled(town.owner, station="甲仓")
    assert agent.post(POSTURE, posture()).status_code == 403
    assert town.keys.post(LEASE, LeaseRequest(printers=["label-1"], wait_s=0)).status_code == 403


def test_a_newer_enrolment_replaces_the_older_one_for_good(town: SimpleNamespace) -> None:
    town.keys.post(POSTURE, posture(9))
    with scope(tenant=town.tenant):
        _, newer = enrolled(town.owner, station="甲仓", kind="warehouse")
    assert newer.post(POSTURE, posture(1)).status_code == 200
    assert town.keys.post(POSTURE, posture(10)).status_code == 403
    assert again(town).sequence == 1


def test_a_ledger_that_goes_back_or_changes_is_noticed(town: SimpleNamespace) -> None:
    def seen(size: int, root: str) -> Checkpoint:
        return Checkpoint(shard=0, size=size, root=root * 64)

    town.keys.post(POSTURE, posture(1, checkpoint=seen(100, "a")))
    town.keys.post(POSTURE, posture(2, checkpoint=seen(120, "b")))
    assert kinds(town) == []
    town.keys.post(POSTURE, posture(3, checkpoint=seen(110, "c")))
    town.keys.post(POSTURE, posture(4, checkpoint=seen(110, "d")))
    assert kinds(town) == ["ledger", "ledger"]


def test_silence_raises_one_alarm_and_a_report_ends_it(town: SimpleNamespace) -> None:
    town.keys.post(POSTURE, posture(1))
    later = datetime.now(UTC) + timedelta(hours=7)
    with scope(tenant=town.tenant):
        here = Town.objects.select_related("tenant").get(tenant=town.tenant)
        assert silence(here, datetime.now(UTC)) == 0
        assert silence(here, later) == 1
        assert silence(here, later) == 0
    town.keys.post(POSTURE, posture(2))
    with scope(tenant=town.tenant):
        assert TownAlarm.objects.get(kind="silent").ended_at is not None


def test_an_alarm_of_a_warehouse_is_raised_once(town: SimpleNamespace) -> None:
    at = datetime(2026, 11, 20, 3, tzinfo=UTC)
    told = (
        Alarm(rule="bulk_reveal", severity="critical", raised_at=at, records=400, account="P-0123456789ab"),
    )
    for sequence in (1, 2):
        town.keys.post(POSTURE, posture(sequence, alarms=told))
    with scope(tenant=town.tenant):
        (alarm,) = TownAlarm.objects.all()
    assert (alarm.kind, alarm.records, alarm.account) == ("theft", 400, "P-0123456789ab")


def test_a_field_that_the_format_does_not_know_is_refused(town: SimpleNamespace) -> None:
    body = msgspec.json.encode(msgspec.to_builtins(posture()) | {"consignee": "x"})
    headers = town.keys.headers(POSTURE, body)
    answer = Client().post(POSTURE, body, content_type="application/json", headers=headers)
    assert answer.status_code == 422
