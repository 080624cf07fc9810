"""Retention and destruction as an owner does it in the console."""

import re
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from waybillguard.service.keyd import messages, plans
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.vault.models import Order, RetentionRule, Shredded


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[messages.Request]:
    requests: list[messages.Request] = []

    def answer(_self: KeydClient, request: messages.Request, _answer: type) -> Any:
        if isinstance(request, plans.ListPlans):
            return plans.PlansAnswer([])
        requests.append(request)
        return messages.Recorded(len(requests), f"{len(requests):064x}", "test")

    monkeypatch.setattr(KeydClient, "call", answer)
    return requests


@pytest.fixture
def owner(warehouse: SimpleNamespace, signed_in: Callable[..., Client]) -> Client:
    """The owner, who has just confirmed by authenticator app."""
    client = signed_in(warehouse.owner)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "totp", "at": time.time() - 1, "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(warehouse.owner.pk)
    session.save()
    return client


def test_destroying_asks_for_a_fresh_confirmation(
    warehouse: SimpleNamespace, signed_in: Callable[..., Client], asked: list[Any]
) -> None:
    answer = signed_in(warehouse.owner).post("/retention/destroy/", {"scope": "tenant", "sure": "1"})
    assert answer.status_code == 302
    assert "/account/confirm/" in answer["Location"]
    assert not asked


def test_one_order_is_shown_before_it_is_destroyed(
    warehouse: SimpleNamespace, owner: Client, asked: list[Any]
) -> None:
    with scope(tenant=warehouse.tenant):
        order = Order.objects.filter(batch=warehouse.batch).order_by("pk")[0]
        many = Order.objects.filter(tenant=warehouse.tenant, order_no=order.order_no).count()
    sure = owner.post("/retention/destroy/", {"scope": "orders", "number": order.order_no})
    assert order.masked_name in sure.content.decode()
    assert not asked, "nothing has happened yet"
    owner.post("/retention/destroy/", {"scope": "orders", "number": order.order_no, "sure": "1"})
    (shred,) = [one for one in asked if isinstance(one, messages.Shred)]
    assert shred.orders == many
    with scope(tenant=warehouse.tenant):
        act = Shredded.objects.get()
    page = owner.get("/retention/").content.decode()
    assert f"/retention/{act.pk}/certificate.txt" in page
    certificate = owner.get(f"/retention/{act.pk}/certificate.txt")
    assert "销毁证明" in certificate.content.decode()
    assert act.mark in certificate.content.decode()
    again = owner.post("/retention/destroy/", {"scope": "orders", "number": order.order_no}, follow=True)
    assert len([one for one in asked if isinstance(one, messages.Shred)]) == 1
    assert re.search("没有可销毁|no order to destroy", again.content.decode())


def test_everything_asks_for_the_code_of_the_warehouse(
    warehouse: SimpleNamespace, owner: Client, asked: list[Any]
) -> None:
    ask = {"scope": "tenant", "sure": "1"}
    owner.post("/retention/destroy/", {**ask, "confirm": "another"})
    assert not asked
    owner.post("/retention/destroy/", {**ask, "confirm": warehouse.tenant.slug})
    assert [one.what.scope for one in asked if isinstance(one, messages.Shred)] == ["tenant"]


def test_a_legal_hold_set_on_the_page_stops_destruction_there(
    warehouse: SimpleNamespace, owner: Client, asked: list[Any]
) -> None:
    owner.post("/retention/rule/", {"legal_hold": "义公〔2026〕1 号"})
    with scope(tenant=warehouse.tenant):
        rule = RetentionRule.objects.get()
        day = Order.objects.filter(batch=warehouse.batch).earliest("pk").day
    assert (rule.legal_hold, rule.contact_days) == ("义公〔2026〕1 号", 90)
    owner.post("/retention/destroy/", {"scope": "day", "day": f"{_date(day)}", "sure": "1"})
    assert not [one for one in asked if isinstance(one, messages.Shred)]
    assert "义公〔2026〕1 号" in owner.get("/retention/").content.decode()
    owner.post("/retention/rule/", {"lift": "1"})
    owner.post("/retention/destroy/", {"scope": "day", "day": f"{_date(day)}", "sure": "1"})
    assert [one.what.scope for one in asked if isinstance(one, messages.Shred)] == ["day"]


@pytest.mark.usefixtures("asked")
def test_an_empty_field_lifts_no_hold(warehouse: SimpleNamespace, owner: Client) -> None:
    owner.post("/retention/rule/", {"legal_hold": "义公〔2026〕1 号"})
    owner.post("/retention/rule/", {"legal_hold": " "})
    with scope(tenant=warehouse.tenant):
        assert RetentionRule.objects.get().legal_hold == "义公〔2026〕1 号"


def _date(day: int) -> str:
    from datetime import date, timedelta

    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()
