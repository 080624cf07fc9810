"""The pages of scam prevention, seen by a browser: on a phone and at a desk, in both languages."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django_scopes import scope
from playwright.sync_api import Page
from support.axe import PHONE, check

from waybillguard.service.scams import demo
from waybillguard.service.scams.models import WarningList
from waybillguard.service.scams.parcels import link_token

SCAM = "您的快递丢失，请加微信 kf8812 理赔"


@pytest.fixture
def warning(warehouse: SimpleNamespace) -> WarningList:
    demo.fill(warehouse.owner)
    with scope(tenant=warehouse.tenant):
        return WarningList.objects.get()


@pytest.fixture
def phone(browser: Any) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN", viewport=PHONE)
    yield context.new_page()
    context.close()


def test_pages_of_the_console(
    warehouse: SimpleNamespace, warning: WarningList, accessible: Callable[..., None]
) -> None:
    paths = ["/scams/", "/scams/check/", "/scams/warnings/new/", f"/scams/warnings/{warning.pk}/"]
    accessible(warehouse.owner, paths)


def test_pages_without_a_sign_in(warehouse: SimpleNamespace, phone: Page, axe: str) -> None:
    base = warehouse.server
    parcel = f"/parcel/{link_token(warehouse.order)}/"
    assert check(phone, axe, [base + path for path in ("/scam/", "/scam/paid/", parcel)]) == []


def test_a_pasted_scam_is_answered_on_a_phone(warehouse: SimpleNamespace, phone: Page) -> None:
    phone.goto(f"{warehouse.server}/scam/")
    phone.fill("textarea", SCAM)
    phone.locator("main form button[type=submit]").click()
    phone.get_by_role("heading", name="这是诈骗").wait_for()
    assert phone.locator("mark").count() > 0
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
