"""Accepted risks and the wall poster."""

import io
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import docx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.inspect import Status
from waybillguard.service.identity.models import User
from waybillguard.service.inspections import acceptances
from waybillguard.service.inspections.models import Document, RiskAcceptance
from waybillguard.service.inspections.services import judge_now
from waybillguard.service.keyd.client import KeydUnavailableError

type Browser = Callable[[User], Client]
OWN = "LBL-05"


def ask(house: SimpleNamespace, browser: Browser, **changes: str) -> Any:
    last = timezone.localdate() + timedelta(days=30)
    data = {"control": OWN, "reason": "新模板下月到", "measure": "每日抽查", "until": last.isoformat()}
    return browser(house.owner).post(reverse("accepted_risks"), data | changes)


def accepted(house: SimpleNamespace) -> RiskAcceptance:
    with scope(tenant=house.tenant):
        return RiskAcceptance.objects.select_related("tenant").get()


def test_an_accepted_risk_says_who_why_and_until_when_and_stands_in_the_ledger(
    green: SimpleNamespace, signed_in: Browser, journal: list[tuple[str, Any, dict[str, Any]]]
) -> None:
    assert ask(green, signed_in).status_code == 302
    page = signed_in(green.owner).get(reverse("accepted_risks")).content.decode()
    assert all(part in page for part in (OWN, "新模板下月到", "每日抽查", str(green.owner)))
    details = [detail for _, _, detail in journal if detail.get("change") == "risk_acceptance"]
    assert [(one["control"], one["step"]) for one in details] == [(OWN, "accepted")]


@pytest.mark.usefixtures("journal")
def test_a_control_that_is_not_met_is_risk_accepted_until_the_day_and_not_satisfied_after_it(
    green: SimpleNamespace, signed_in: Browser
) -> None:
    ask(green, signed_in)
    green.watching |= {"protected_share": 0, "protected_share_target": 1, "labels_checked": 20}
    with scope(tenant=green.tenant):
        now = timezone.now()
        found = next(one for one in judge_now(green.tenant, now).verdicts if one.control == OWN)
        assert (found.status, "新模板下月到" in found.reason_zh) == (Status.RISK_ACCEPTED, True)
        acceptances.end(green.owner, accepted(green))
        later = timezone.now() + timedelta(minutes=1)
        found = next(one for one in judge_now(green.tenant, later).verdicts if one.control == OWN)
        assert found.status is Status.NOT_SATISFIED


@pytest.mark.parametrize(
    "changes",
    [
        {"control": "LBL-01"},
        {"reason": " "},
        {"measure": ""},
        {"until": "2020-01-01"},
        {"until": "2999-01-01"},
        {"until": "tomorrow"},
    ],
    ids=["law demands it", "no reason", "no measure", "past", "too far", "no date"],
)
def test_what_cannot_be_accepted_is_refused_and_nothing_kept(
    green: SimpleNamespace, signed_in: Browser, changes: dict[str, str]
) -> None:
    assert ask(green, signed_in, **changes).status_code == 422
    with scope(tenant=green.tenant):
        assert not RiskAcceptance.objects.exists()


def test_without_the_ledger_nothing_is_accepted(
    green: SimpleNamespace, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise KeydUnavailableError(zh="密钥进程没有应答", en="the key process does not answer")

    monkeypatch.setattr(acceptances.journal, "put", away)
    assert ask(green, signed_in).status_code == 422
    with scope(tenant=green.tenant):
        assert not RiskAcceptance.objects.exists()


def test_the_poster_names_the_officer_of_the_appointment_in_force(
    green: SimpleNamespace, signed_in: Browser
) -> None:
    with scope(tenant=green.tenant):
        Document.objects.filter(tenant=green.tenant, kind="officer").update(
            values={"name": "测试人丁", "contact": "0579-00000000", "published": True}
        )
    client = signed_in(green.owner)
    word = docx.Document(io.BytesIO(client.get(reverse("wall_poster", args=["docx"])).content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert {"测试人丁", "0579-00000000"} <= set(cells)
    assert client.get(reverse("wall_poster", args=["pdf"])).content.startswith(b"%PDF")
