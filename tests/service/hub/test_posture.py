"""Reports that a hub accepts or refuses, and the alarms it raises."""

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
from waybillguard.ledger.merkle import consistency_proof, leaf_hash, root_of
from waybillguard.service.hub.intake import raise_silence_alarms
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


LEAVES = [leaf_hash(bytes([number])) for number in range(40)]


def tree(size: int, since: int = 0, leaves: list[bytes] = LEAVES, shard: int = 0) -> Checkpoint:
    """A ledger's checkpoint with the proof that it extends its first ``since`` entries."""

    def node(height: int, n: int) -> bytes:
        return root_of(leaves[n << height : (n + 1) << height])

    proof = tuple(consistency_proof(node, since, size)) if since else ()
    return Checkpoint(shard=shard, size=size, root=root_of(leaves[:size]).hex(), since=since, proof=proof)


def test_a_ledger_that_proves_its_growth_raises_nothing(town: SimpleNamespace) -> None:
    for number, (size, since) in enumerate([(9, 0), (9, 9), (10, 9), (31, 10), (40, 31)], 1):
        answer = town.keys.post(POSTURE, posture(number, checkpoint=tree(size, since)))
        assert answer.json()["seen"] == {"shard": 0, "size": size}
    assert kinds(town) == []


def test_a_ledger_that_goes_back_or_changes_is_noticed(town: SimpleNamespace) -> None:
    other = [leaf_hash(b"changed"), *LEAVES[1:]]
    town.keys.post(POSTURE, posture(1, checkpoint=tree(20)))
    town.keys.post(POSTURE, posture(2, checkpoint=tree(12)))
    town.keys.post(POSTURE, posture(3, checkpoint=tree(12, leaves=other)))
    assert kinds(town) == ["ledger", "ledger"]


def test_a_ledger_rewritten_and_longer_than_before_is_noticed(town: SimpleNamespace) -> None:
    other = [leaf_hash(b"changed"), *LEAVES[1:]]
    town.keys.post(POSTURE, posture(1, checkpoint=tree(20)))
    town.keys.post(POSTURE, posture(2, checkpoint=tree(30, 20, other)))
    assert kinds(town) == ["ledger"]


def test_growth_without_a_proof_is_not_taken_for_seen_and_becomes_an_alarm(
    town: SimpleNamespace, time_machine: Any
) -> None:
    town.keys.post(POSTURE, posture(1, checkpoint=tree(20)))
    answer = town.keys.post(POSTURE, posture(2, checkpoint=tree(30)))
    assert answer.json()["seen"] == {"shard": 0, "size": 20}
    assert kinds(town) == []
    time_machine.move_to(datetime.now(UTC) + timedelta(hours=7))
    town.keys.post(POSTURE, posture(3, checkpoint=None))
    town.keys.post(POSTURE, posture(4, checkpoint=tree(30)))
    assert kinds(town) == ["hidden"]
    assert town.keys.post(POSTURE, posture(5, checkpoint=tree(40, 20))).json()["seen"]["size"] == 40


def test_a_second_ledger_within_a_quarter_is_noticed(town: SimpleNamespace) -> None:
    town.keys.post(POSTURE, posture(1, checkpoint=tree(20)))
    town.keys.post(POSTURE, posture(2, checkpoint=tree(5, shard=1)))
    assert kinds(town) == ["ledger"]


def test_a_ledger_begins_anew_with_a_quarter(town: SimpleNamespace, time_machine: Any) -> None:
    town.keys.post(POSTURE, posture(1, checkpoint=tree(20)))
    time_machine.move_to(datetime.now(UTC) + timedelta(days=95))
    town.keys.post(POSTURE, posture(2, checkpoint=tree(5, shard=1)))
    assert "ledger" not in kinds(town)


def test_a_time_without_its_zone_is_refused(town: SimpleNamespace) -> None:
    body = encode(posture()).replace(b"+00:00", b"").replace(b'Z"', b'"')
    headers = town.keys.headers(POSTURE, body)
    answer = Client().post(POSTURE, body, content_type="application/json", headers=headers)
    assert answer.status_code == 422


def test_silence_raises_one_alarm_and_a_report_ends_it(town: SimpleNamespace) -> None:
    town.keys.post(POSTURE, posture(1))
    later = datetime.now(UTC) + timedelta(hours=7)
    with scope(tenant=town.tenant):
        here = Town.objects.select_related("tenant").get(tenant=town.tenant)
        assert raise_silence_alarms(here, datetime.now(UTC)) == 0
        assert raise_silence_alarms(here, later) == 1
        assert raise_silence_alarms(here, later) == 0
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
