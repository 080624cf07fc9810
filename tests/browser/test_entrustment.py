"""The pages of contracts in a browser: a contract is entered, ended by two people, and each page passes axe."""

from collections.abc import Callable
from datetime import timedelta
from types import ModuleType, SimpleNamespace

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page, expect

from waybillguard.service.contracts import ending
from waybillguard.service.contracts.models import Entrustment, EntrustmentEnd
from waybillguard.service.contracts.terms import Terms, begin
from waybillguard.service.exports.models import Recipient
from waybillguard.service.identity.models import Merchant, MerchantShop, Role
from waybillguard.service.vault.models import RetentionRule


@pytest.fixture
def contracts(warehouse: SimpleNamespace) -> SimpleNamespace:
    """A contract in every state, a merchant without one, and a proposal that waits."""
    today, now = timezone.localdate(), timezone.now()
    warehouse.contracts = []
    with scope(tenant=warehouse.tenant):
        bare = Merchant.objects.create(tenant=warehouse.tenant, name="无合同商家")
        MerchantShop.objects.create(tenant=warehouse.tenant, merchant=bare, shop="测试旗舰店")
        to = Recipient.objects.create(
            tenant=warehouse.tenant, name="商家", organisation="某商贸", public_key=bytes(32),
            registered_by=warehouse.owner, confirmed_by=warehouse.clerk, confirmed_at=now,
        )  # fmt: skip
        for state, left in (
            ("", 200), ("", 10), ("", -3), ("proposed", 90), ("returning", 90), ("destroying", 90), ("held", 90),
            ("done", 90),
        ):  # fmt: skip
            merchant = Merchant.objects.create(tenant=warehouse.tenant, name=f"商家{state}{left}")
            terms = Terms(
                "代发货", "姓名、电话、地址", "密封", today - timedelta(days=30), today + timedelta(days=left), "加密",
                sub_entrusting=True, sub_entrusted="某快递，运输", contact="数据负责人",
            )  # fmt: skip
            row = begin(warehouse.owner, merchant, terms)
            warehouse.contracts.append(row)
            if not state:
                continue
            EntrustmentEnd.objects.create(
                tenant=warehouse.tenant, entrustment=row, way="return" if state == "returning" else "delete",
                recipient=to if state == "returning" else None, proposed_by=warehouse.owner, orders=60, destroyed=20,
                state="destroying" if state == "held" else state, held="义公 2026-1" if state == "held" else "",
                certificate="销毁证明" if state == "done" else "",
            )  # fmt: skip
            if state != "proposed":
                Entrustment.objects.filter(pk=row.pk).update(
                    ended_at=now, closed_at=now if state == "done" else None
                )
    return warehouse


def test_every_page_of_contracts_is_accessible(
    contracts: SimpleNamespace, accessible: Callable[..., None]
) -> None:
    paths = ["/entrustments/", "/entrustments/new/", "/merchants/", "/retention/"]
    paths += [f"/entrustments/{row.pk}/" for row in contracts.contracts]
    paths.append(f"/entrustments/{contracts.contracts[0].pk}/change/")
    accessible(contracts.owner, paths, stepped_up=True)


def test_two_people_enter_and_end_a_contract(
    warehouse: SimpleNamespace,
    made_up: ModuleType,
    sign_in: Callable[..., None],
    page: Page,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ending, "allow", lambda *_: None)  # none runs beside the pages
    supervisor = made_up.make_user(warehouse.tenant, "supervisor", Role.SUPERVISOR)
    with scope(tenant=warehouse.tenant):
        merchant = Merchant.objects.create(tenant=warehouse.tenant, name="山里商贸")
        MerchantShop.objects.create(tenant=warehouse.tenant, merchant=merchant, shop="山里干货")
        RetentionRule.objects.create(tenant=warehouse.tenant)
    sign_in(warehouse.owner, "en", stepped_up=True)
    page.goto(f"{warehouse.server}/entrustments/")
    page.get_by_role("link", name="Enter the contract").click()
    page.get_by_label("First day of the contract").fill("2026-01-01")
    page.get_by_label("Last day of the contract").fill("2099-12-31")
    page.get_by_label("The merchant's contact for personal data").fill("数据负责人")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Version 1")).to_be_visible()
    page.get_by_role("button", name="Propose the end").click()
    expect(page.get_by_text("Another owner or supervisor answers.")).to_be_visible()
    expect(page.get_by_role("button", name="Agree")).to_have_count(0)
    address = page.url
    sign_in(supervisor, "en", stepped_up=True)
    page.goto(f"{warehouse.server}/exports/")
    page.get_by_role("link", name="Open the contract").click()
    expect(page).to_have_url(address)
    page.get_by_role("button", name="Agree").click()
    expect(page.get_by_role("status").filter(has_text="Being destroyed")).to_be_visible()
    with scope(tenant=warehouse.tenant):
        end = EntrustmentEnd.objects.get()
        assert (end.second, end.shops) == (supervisor, ["山里干货"])
