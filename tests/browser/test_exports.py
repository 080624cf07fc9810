"""Exports, recipients, calls and merchants in a real browser: WCAG 2.2 AA, both languages, desk and phone."""

import os
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page, expect
from support.axe import DESK

from waybillguard.service.exports.models import Export, Recipient
from waybillguard.service.identity.models import Role
from waybillguard.service.lookups.models import Call, CallSetting


@pytest.fixture
def desk(warehouse: SimpleNamespace, made_up: ModuleType) -> SimpleNamespace:
    """Exports in every state, recipients in every state, a bound number, a merchant."""
    now = timezone.now()
    other = made_up.make_user(warehouse.tenant, "second", Role.OWNER)
    warehouse.supervisor = made_up.make_user(warehouse.tenant, "supervisor", Role.SUPERVISOR)
    somebody = made_up.make_user(warehouse.tenant, "merchant", Role.MERCHANT)
    warehouse.merchant = made_up.tie_merchant(somebody, ("山里干货",))
    with scope(tenant=warehouse.tenant):
        people = {"registered_by": other, "registered_at": now}
        names = [("陈某", {}), ("李某", {"confirmed_by": warehouse.owner, "confirmed_at": now})]
        names += [("王某", {"revoked_by": other, "revoked_at": now})]
        made = [
            Recipient.objects.create(
                tenant=warehouse.tenant, name=name, organisation="测试公安局", public_key=secrets.token_bytes(32),
                **people, **more,
            )
            for name, more in names
        ]  # fmt: skip
        for number, state in enumerate(Export.State.values):
            asker = other if state == "asked" else warehouse.owner
            Export.objects.create(
                tenant=warehouse.tenant, asked_by=asker, form="sealed" if number % 2 else "masked",
                purpose="authority_request", recipient=made[1] if number % 2 else None, selection=[], records=120,
                done=60, state=state, policies="allow-owner", expires_at=now + timedelta(days=1),
                second=None if state == "asked" else other, second_at=now, left_out=2,
                reason_zh="额度已用完" if state == "failed" else "",
                reason_en="the quota is used up" if state == "failed" else "",
            )  # fmt: skip
        warehouse.exports = list(Export.objects.order_by("pk").values_list("pk", flat=True))
        CallSetting.objects.create(tenant=warehouse.tenant, provider="simulator")
        for allowed in (True, False):
            Call.objects.create(
                tenant=warehouse.tenant, person=warehouse.owner, order=warehouse.order, purpose="after_sales",
                provider="simulator", allowed=allowed, policies="allow-owner", policy_version="", sample=True,
                number="95000123456" if allowed else "", extension="0042" if allowed else "",
                until=now + timedelta(minutes=9), receipt_index=7,
                reason_zh="" if allowed else "未接通：额度已用完。", reason_en="" if allowed else "the quota is used up",
            )  # fmt: skip
    return warehouse


def test_pages_of_exports_and_calls(desk: SimpleNamespace, accessible: Callable[..., None]) -> None:
    order = desk.order.pk
    paths = [
        "/exports/",
        "/exports/recipients/",
        "/calls/",
        f"/orders/{order}/call/",
        "/looks/",
        "/looks/people/",
    ]
    paths += ["/merchants/", f"/merchants/{desk.merchant.pk}/"] + [f"/exports/{pk}/" for pk in desk.exports]
    accessible(desk.owner, paths)


def test_chosen_orders_go_to_the_form_of_an_export(
    desk: SimpleNamespace, sign_in: Callable[..., None], page: Page, complaints: list[str]
) -> None:
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    sign_in(desk.owner, "en")
    page.goto(desk.server + "/orders/")
    for box in page.locator('#rows input[name="id"]').all()[:3]:
        box.check()
    page.get_by_role("button", name="Export chosen").click()
    expect(page).to_have_url(desk.server + "/exports/new/")
    assert page.locator("dd").first.inner_text() == "3"
    assert page.get_by_label("Recipient of a sealed export").count() == 1
    folder = os.environ.get("WAYBILLGUARD_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / "new.png")
    assert complaints == []
