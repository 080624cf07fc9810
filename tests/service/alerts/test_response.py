# ruff: noqa: ARG001 - fixtures are asked for by name
"""The response to an alert: store evidence, restrict by time of day, lift restrictions with a ledger entry."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.access.request import SignIn
from waybillguard.service.alerts import response
from waybillguard.service.alerts import views as alert_views
from waybillguard.service.alerts.errors import AlertError
from waybillguard.service.alerts.models import Alert, KeptEvidence
from waybillguard.service.alerts.response import in_force, respond, respond_automatically, undo
from waybillguard.service.alerts.risks import alerts_open
from waybillguard.service.alerts.services import confirm
from waybillguard.service.authorization.errors import RestrictionError
from waybillguard.service.authorization.models import Restriction
from waybillguard.service.authorization.principal import load_principal
from waybillguard.service.cases.models import CaseEvidence
from waybillguard.service.identity.models import AccountChange, Permission, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(warehouse: SimpleNamespace) -> Alert:
    now = timezone.now()
    with scope(tenant=warehouse.tenant):
        return Alert.objects.create(
            tenant=warehouse.tenant, rule="off_shift", rules=["off_shift"], severity="critical",
            account=f"u{warehouse.clerk.pk}", person=warehouse.clerk, first_at=now - timedelta(hours=1), last_at=now,
            raised_at=now, records=300, score=0.9, reason_zh="测试", reason_en="A test",
            evidence=[{"ts": now.isoformat(), "action": "reveal", "order_id": "a" * 32}],
        )  # fmt: skip


def shift(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(response, "kind_for", lambda _person: kind)


def facts(user: User) -> str:
    fresh = User.objects.get(pk=user.pk)
    return load_principal(
        fresh, SignIn(method="second_factor", stepped_up=True), timezone.now()
    ).person.restriction


def test_in_shift_plaintext_stops_and_printing_goes_on(
    warehouse: SimpleNamespace, alert: Alert, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift(monkeypatch, "no_plaintext")
    with scope(tenant=warehouse.tenant):
        respond(alert, warehouse.owner, timezone.now())
        assert facts(warehouse.clerk) == "no_plaintext"
        assert User.objects.get(pk=warehouse.clerk.pk).may(Permission.PRINT)


def test_in_shift_files_of_labels_stop_as_virtual_printers(
    warehouse: SimpleNamespace,
    alert: Alert,
    monkeypatch: pytest.MonkeyPatch,
    signed_in: Callable[..., Client],
) -> None:
    shift(monkeypatch, "no_plaintext")
    with scope(tenant=warehouse.tenant):
        respond(alert, warehouse.owner, timezone.now())
    answer = signed_in(warehouse.clerk).post(reverse("run_file", args=[warehouse.run.pk]))
    assert answer.status_code == 409
    assert "files of labels" in answer.content.decode()


def test_out_of_shift_the_account_is_locked_and_signed_out(
    warehouse: SimpleNamespace,
    alert: Alert,
    monkeypatch: pytest.MonkeyPatch,
    signed_in: Callable[..., Client],
) -> None:
    shift(monkeypatch, "locked")
    client = signed_in(warehouse.clerk)
    assert client.get(reverse("orders")).status_code == 200
    with scope(tenant=warehouse.tenant):
        respond(alert, None, timezone.now())
    assert client.get(reverse("orders")).status_code in {302, 403}
    with scope(tenant=warehouse.tenant):
        locked = User.objects.get(pk=warehouse.clerk.pk)
        assert not any(locked.may(what) for what in Permission)


@pytest.mark.parametrize(
    ("kind", "said"),
    [("no_plaintext", "An owner stops plaintext"), ("locked", "An owner locks the account")],
)
def test_a_supervisor_reads_that_an_owner_stops_and_gives_access_back(
    warehouse: SimpleNamespace, alert: Alert, monkeypatch: pytest.MonkeyPatch,
    signed_in: Callable[..., Client], made_up: ModuleType, kind: str, said: str,
) -> None:  # fmt: skip
    shift(monkeypatch, kind)
    monkeypatch.setattr(alert_views, "kind_for", response.kind_for)
    with scope(tenant=warehouse.tenant):
        Alert.objects.filter(pk=alert.pk).update(evidence=[])
    owner = signed_in(warehouse.owner)
    supervisor = signed_in(made_up.make_user(warehouse.tenant, "vera", Role.SUPERVISOR))
    address, lifted = reverse("alert", args=[alert.pk]), "An owner gives access back"
    assert said in supervisor.get(address).content.decode()
    assert said not in owner.get(address).content.decode()
    with scope(tenant=warehouse.tenant):
        respond(alert, warehouse.owner, timezone.now())
    page = supervisor.get(address).content.decode()
    assert lifted in page
    assert said not in page
    assert lifted not in owner.get(address).content.decode()


def test_evidence_is_kept_before_anything_is_done_and_is_what_its_hash_says(
    warehouse: SimpleNamespace, alert: Alert, signed_in: Callable[..., Client]
) -> None:
    with scope(tenant=warehouse.tenant):
        respond(alert, warehouse.owner, timezone.now())
        kept = KeptEvidence.objects.get()
        assert kept.at <= Restriction.objects.get().since + timedelta(seconds=5)
        assert hashlib.sha256(bytes(kept.body)).hexdigest() == kept.sha256
        case = confirm(alert, warehouse.owner, timezone.now())
        assert kept.sha256 in set(CaseEvidence.objects.filter(case=case).values_list("sha256", flat=True))
    body = signed_in(warehouse.owner).get(reverse("alert_evidence", args=[kept.pk])).content
    assert json.loads(body)["evidence"] == alert.evidence


def test_an_undo_needs_a_reason_stands_on_record_and_gives_everything_back(
    warehouse: SimpleNamespace, alert: Alert, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift(monkeypatch, "no_plaintext")
    with scope(tenant=warehouse.tenant):
        respond(alert, None, timezone.now())
        with pytest.raises(RestrictionError):
            undo(alert, warehouse.owner, " ", timezone.now())
        with pytest.raises(RestrictionError):
            undo(alert, warehouse.clerk, "是我自己", timezone.now())
        assert facts(warehouse.clerk) == "no_plaintext"
        assert undo(alert, warehouse.owner, "误报：月末盘点", timezone.now()) == 1
        assert facts(warehouse.clerk) == "none"
        changes = set(AccountChange.objects.filter(person=warehouse.clerk).values_list("what", flat=True))
        assert {"restricted", "restriction_lifted"} <= changes


def test_the_button_answers_and_the_undo_asks_for_a_confirmation(
    warehouse: SimpleNamespace,
    alert: Alert,
    signed_in: Callable[..., Client],
    confirmed: Callable[..., Client],
) -> None:
    address = reverse("alert_stop", args=[alert.pk])
    signed_in(warehouse.owner).post(address)
    with scope(tenant=warehouse.tenant):
        assert in_force(alert).exists()
    asked = signed_in(warehouse.owner).post(address, {"undo": "1", "why": "误报"})
    assert "confirm" in asked["Location"]
    page = signed_in(warehouse.owner).get(reverse("person", args=[warehouse.clerk.pk])).content.decode()
    assert "in answer to an alert" in page


def test_a_critical_alert_of_today_is_answered_by_itself_and_no_other(
    warehouse: SimpleNamespace, alert: Alert
) -> None:
    now = timezone.now()
    changes: list[dict[str, Any]] = [
        {"severity": "high"}, {"state": "explained"}, {"drill": True}, {"last_at": now - timedelta(days=3)},
        {"person": warehouse.owner},
    ]  # fmt: skip
    with scope(tenant=warehouse.tenant):
        for change in changes:
            other = Alert.objects.get(pk=alert.pk)
            for name, value in change.items():
                setattr(other, name, value)
            assert respond_automatically(other, now) == []
        assert len(respond_automatically(alert, now)) == 1


def test_the_only_owner_is_never_restricted(warehouse: SimpleNamespace, alert: Alert) -> None:
    with scope(tenant=warehouse.tenant):
        alert.person = warehouse.owner
        with pytest.raises(RestrictionError):
            respond(alert, None, timezone.now())


def test_of_a_foreign_account_the_station_is_restricted_for_whoever_works_there(
    warehouse: SimpleNamespace, alert: Alert
) -> None:
    with scope(tenant=warehouse.tenant):
        alert.person, alert.workstation = None, "打单01"
        respond(alert, warehouse.owner, timezone.now())
        row = Restriction.objects.get()
        assert (row.person, row.station, row.kind) == (None, "打单01", "no_plaintext")
        alert.workstation = ""
        with pytest.raises(AlertError):
            respond(alert, warehouse.owner, timezone.now())


def test_what_is_not_stopped_yet_comes_first(
    warehouse: SimpleNamespace, alert: Alert, signed_in: Callable[..., Client]
) -> None:
    with scope(tenant=warehouse.tenant):
        Alert.objects.filter(pk=alert.pk).update(stopped_at=timezone.now(), raised_at=timezone.now())
        alert.pk, alert.person, alert.account = None, None, "erp-2"
        alert.raised_at -= timedelta(hours=3)
        alert.save()
        (risk,) = alerts_open(warehouse.owner)
    assert risk.address == reverse("alert", args=[alert.pk])
    listed = signed_in(warehouse.owner).get(reverse("alerts"))
    assert [bool(one.stopped_at) for one in listed.context["page"]] == [False, True]
    assert listed.content.decode().count(">Stopped<") == 1
