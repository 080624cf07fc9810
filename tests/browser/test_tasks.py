"""Everyday tasks in Chinese, each from the home page of its role, in no more clicks than stand here.

A page that comes to need more clicks fails here; one that needs fewer lowers its number.
"""

from collections.abc import Callable
from datetime import timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page, expect
from support.axe import DESK

from waybillguard.service.alerts.models import Alert
from waybillguard.service.exports.models import Export
from waybillguard.service.identity.models import Role, Site
from waybillguard.service.sensors.models import PrintPc
from waybillguard.service.vault.models import Order, RetentionRule
from waybillguard.service.vault.search import SearchResult


class Visit:
    """Somebody at the home page, whose clicks are counted; typing and the Enter that ends it are none."""

    def __init__(self, page: Page, home: str) -> None:
        self.page, self.clicks = page, 0
        page.goto(home)

    def click(self, name: str, role: Any = "link") -> None:
        self.page.get_by_role(role, name=name).first.click()
        self.clicks += 1

    def press(self, name: str) -> None:
        self.click(name, "button")


@pytest.fixture
def visit(
    warehouse: SimpleNamespace, sign_in: Callable[..., None], page: Page, made_up: ModuleType
) -> Callable[[Role], Visit]:
    """Sign somebody of a role in, at a desk and freshly confirmed, and go to the home page."""

    def begin(role: Role) -> Visit:
        people = {Role.OWNER: warehouse.owner, Role.CLERK: warehouse.clerk}
        person = people.get(role) or made_up.make_user(warehouse.tenant, f"some-{role}", role)
        page.set_viewport_size(DESK)
        sign_in(person, "zh-hans", stepped_up=True)
        return Visit(page, warehouse.server + "/")

    return begin


def test_who_looked_at_an_order(
    visit: Callable[[Role], Visit], warehouse: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def search(_user: Any, _kind: str, value: str, **_rest: Any) -> SearchResult:
        with scope(tenant=warehouse.tenant):
            return SearchResult(list(Order.objects.filter(order_no=value)), truncated=False)

    monkeypatch.setattr("waybillguard.service.lookups.views_orders.search_orders", search)
    somebody = visit(Role.OWNER)
    somebody.page.keyboard.press("/")
    somebody.page.keyboard.type(warehouse.order.order_no)
    somebody.page.keyboard.press("Enter")
    somebody.page.locator("[data-row-link][data-htmx-powered]").wait_for(state="attached")
    somebody.click(warehouse.order.order_no)
    somebody.click("谁查看过这笔订单")
    expect(somebody.page.locator("h1")).to_contain_text(warehouse.order.order_no)
    assert somebody.clicks == 2
    somebody.page.go_back()
    expect(somebody.page.locator("[data-row-link]")).to_have_text(warehouse.order.order_no)


def test_a_leaver_out(visit: Callable[[Role], Visit], warehouse: SimpleNamespace) -> None:
    """Two clicks and the yes of the dialog."""
    somebody = visit(Role.OWNER)
    somebody.click("人员")
    somebody.press("停用访问：clerk")
    expect(somebody.page.locator("#confirm")).to_contain_text("clerk")
    somebody.press("停用访问")
    warehouse.clerk.refresh_from_db()
    expect(somebody.page.locator(".wg-gone")).to_have_count(1)
    assert somebody.clicks == 3


def test_an_alert_is_explained(visit: Callable[[Role], Visit], warehouse: SimpleNamespace) -> None:
    now = timezone.now()
    with scope(tenant=warehouse.tenant):
        alert = Alert.objects.create(
            tenant=warehouse.tenant, rule="off_shift", severity="high", account="kf01", first_at=now, last_at=now,
            raised_at=now, records=40, score=0.9, reason_zh="不在班查看", reason_en="Looked out of shift",
        )  # fmt: skip
    somebody = visit(Role.OWNER)
    somebody.click("去核查")
    somebody.press("有合理原因")
    somebody.page.get_by_label("为什么需要").fill("盘点")
    somebody.press("接受")
    expect(somebody.page.get_by_text("已说明").first).to_be_visible()
    alert.refresh_from_db()
    assert alert.state == "explained"
    assert somebody.clicks == 3


def test_an_export_is_agreed_to(visit: Callable[[Role], Visit], warehouse: SimpleNamespace) -> None:
    with scope(tenant=warehouse.tenant):
        Export.objects.create(
            tenant=warehouse.tenant, asked_by=warehouse.owner, form="masked", purpose="after_sales", selection=[],
            records=3, expires_at=timezone.now() + timedelta(hours=2),
        )  # fmt: skip
    somebody = visit(Role.SUPERVISOR)
    somebody.page.locator("#todo .btn").first.click()
    expect(somebody.page.get_by_role("button", name="同意")).to_be_visible()
    assert "/exports/" in somebody.page.url


def test_a_hold_is_set(visit: Callable[[Role], Visit], warehouse: SimpleNamespace) -> None:
    somebody = visit(Role.OWNER)
    somebody.click("保存与销毁")
    somebody.page.get_by_label("案件编号").fill("义公〔2026〕1 号")
    somebody.press("设置保全")
    expect(somebody.page.get_by_role("button", name="解除保全")).to_be_visible()
    with scope(tenant=warehouse.tenant):
        assert RetentionRule.objects.get().legal_hold == "义公〔2026〕1 号"
    assert somebody.clicks == 2


def test_a_print_pc_is_restricted(visit: Callable[[Role], Visit], warehouse: SimpleNamespace) -> None:
    with scope(tenant=warehouse.tenant):
        pc = PrintPc.objects.create(tenant=warehouse.tenant, station="打包台 1")
    somebody = visit(Role.OWNER)
    somebody.click("打印电脑")
    somebody.click("打包台 1")
    somebody.press("限制这个工位")
    expect(somebody.page.locator("#confirm")).to_contain_text("打包台 1")
    somebody.page.locator("#confirm").get_by_role("button", name="限制这个工位").click()
    expect(somebody.page.get_by_text("已限制").first).to_be_visible()
    pc.refresh_from_db()
    assert pc.stage == "restricted"
    assert somebody.clicks + 1 == 4


def test_a_callers_message_is_checked(visit: Callable[[Role], Visit]) -> None:
    somebody = visit(Role.SERVICE)
    somebody.click("防骗")
    somebody.page.get_by_label("收到的消息").fill("您的快递丢失，请加 QQ 群办理双倍理赔")
    somebody.press("核对消息")
    expect(somebody.page.locator("main")).to_contain_text("诈骗")
    assert somebody.clicks == 2


def test_an_inspector_finds_who_looked(visit: Callable[[Role], Visit]) -> None:
    somebody = visit(Role.INSPECTOR)
    somebody.click("查看记录")
    expect(somebody.page.locator("h1")).to_have_text("查看记录")
    assert somebody.clicks <= 1


def test_a_clerk_comes_to_the_print_page(visit: Callable[[Role], Visit]) -> None:
    somebody = visit(Role.CLERK)
    somebody.click("打印")
    expect(somebody.page.get_by_role("button", name="生成面单")).to_be_visible()
    assert somebody.clicks == 1


def test_a_site_is_added(visit: Callable[[Role], Visit], warehouse: SimpleNamespace) -> None:
    somebody = visit(Role.OWNER)
    somebody.click("设备")
    somebody.click("场地")
    somebody.press("添加场地")
    somebody.page.get_by_label("编码").fill("YW-9")
    somebody.page.locator("dialog[open]").get_by_label("名称").fill("九号仓")
    somebody.page.locator("dialog[open] button[type=submit]").click()
    expect(somebody.page.get_by_text("九号仓").first).to_be_visible()
    with scope(tenant=warehouse.tenant):
        assert Site.objects.filter(code="YW-9").exists()
    assert somebody.clicks + 1 == 4
