"""The inspector's page on a phone: opened online, used without a network, sent when there is one again, once."""

import hashlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import BrowserContext, Page, expect
from support.axe import PHONE

from waybillguard.inspect.cases import Event
from waybillguard.service.cases.joint import open_joint
from waybillguard.service.hub.criminal_views import add_criminal
from waybillguard.service.hub.downlink import send_notice
from waybillguard.service.hub.inspecting import plan
from waybillguard.service.hub.models import Check, Seat
from waybillguard.service.hub.rooms import open_room
from waybillguard.service.hub.towns import add_warehouse, open_town
from waybillguard.service.inspections.models import Document


@pytest.fixture
def special(warehouse: SimpleNamespace) -> Any:
    """An inspection of two items at one warehouse."""
    with scope(tenant=warehouse.tenant):
        open_town(warehouse.tenant, "测试镇")
        add_warehouse(warehouse.owner, "甲仓", "北苑")
        Seat.objects.create(tenant=warehouse.tenant, user=warehouse.owner, authority="post")
        yield plan(warehouse.owner, "面单检查", ["1", "7"], timezone.localdate(), 1)


def results(special: Any) -> list[str]:
    return list(Check.objects.filter(special=special).order_by("pk").values_list("result", flat=True))


def test_findings_made_without_a_network_arrive_once(
    special: Any,
    server: str,
    page: Page,
    context: BrowserContext,
    sign_in: Callable[[Any], None],
    warehouse: Any,
) -> None:
    address = f"{server}/town/inspections/{special.pk}/phone/"
    page.set_viewport_size(PHONE)
    sign_in(warehouse.owner)
    page.goto(address)
    page.wait_for_selector("#inspection[data-ready=yes]")
    context.set_offline(True)
    page.goto(address)
    first, second = page.locator(".town-check").all()
    first.locator("[name=result][value=failed]").check()
    first.locator("[name=note]").fill("姓名未隐藏")
    first.locator("button").click()
    second.locator("[name=result][value=passed]").check()
    second.locator("button").click()
    page.wait_for_selector("#waiting[data-count='2']")
    page.reload()  # the phone was put away: what was found lies on its disk
    page.wait_for_selector("#waiting[data-count='2']")
    assert results(special) == ["", ""]
    context.set_offline(False)
    page.locator("#send-now").click()
    page.wait_for_selector("#waiting[data-count='0']")
    assert results(special) == ["failed", "passed"]
    page.reload()
    page.wait_for_selector("#waiting[data-count='0']")
    assert page.locator(".town-check fieldset:disabled").count() == 2
    assert Check.objects.get(special=special, item="1").note == "姓名未隐藏"


def test_the_pages_of_the_town_are_accessible(
    special: Any, warehouse: Any, accessible: Callable[..., None]
) -> None:
    opened = Event(on=timezone.localdate(), kind="open", actor="procuratorate")
    joint = open_joint(warehouse.owner, "post", "测试案", "post", ["police"], opened)
    paths = [
        "/town/",
        "/town/settings/",
        "/town/link/",
        "/town/inspections/",
        f"/town/inspections/{special.pk}/",
    ]
    paths += [f"/town/inspections/{special.pk}/phone/", "/town/cases/", f"/town/cases/{joint.pk}/"]
    Seat.objects.update(authority="police")
    sent = send_notice(warehouse.owner, "warning", "假冒客服", "近期多发")
    add_criminal(warehouse.owner, "甲地公安", "1号", timezone.localdate(), None, "temp", "")
    paths += ["/town/criminal/", "/town/notices/", f"/town/notices/{sent.pk}/", "/town/inbox/", "/rules/"]
    Document.objects.create(
        tenant=warehouse.tenant, kind="policy_labels", effective_on=timezone.localdate(), sha256="a" * 64,
        added_by=warehouse.owner,
    )  # fmt: skip
    accessible(warehouse.owner, paths)


@pytest.mark.usefixtures("special")
def test_a_stranger_with_link_and_code_downloads_a_document(warehouse: Any, server: str, page: Page) -> None:
    opened = Event(on=timezone.localdate(), kind="open", actor="procuratorate")
    joint = open_joint(warehouse.owner, "procuratorate", "测试案", "post", [], opened)
    room = open_room(warehouse.owner, joint, "post", "某街道办", 7)
    page.goto(f"{server}/room/{room.token}/")
    page.fill("#room-code", "00000000" if room.code != "00000000" else "11111111")
    page.locator("main button").click()
    page.wait_for_selector("[role=alert]")
    page.fill("#room-code", room.code)
    page.locator("main button").click()
    with page.expect_download() as download:
        page.locator("[value='rectification.docx']").click()
    assert download.value.suggested_filename == f"rectification-{joint.case.number}.docx"


@pytest.mark.usefixtures("special")
def test_a_file_is_hashed_in_the_browser_and_known_again_until_it_changes(
    warehouse: Any, server: str, page: Page, sign_in: Callable[[Any], None]
) -> None:
    opened = Event(on=timezone.localdate(), kind="open", actor="procuratorate")
    Seat.objects.update(authority="procuratorate")
    joint = open_joint(warehouse.owner, "procuratorate", "测试案", "post", [], opened)
    sign_in(warehouse.owner)
    page.goto(f"{server}/town/cases/{joint.pk}/")
    evidence = {"name": "report.json", "mimeType": "application/json", "buffer": b"evidence"}
    page.set_input_files("#a-file", evidence)
    expect(page.locator("#a-sha")).to_have_value(hashlib.sha256(b"evidence").hexdigest())
    page.locator("form[action$='/attach/'] button").click()
    page.wait_for_selector("[data-sha]")
    page.set_input_files("#a-file", evidence)
    expect(page.locator("#a-said")).to_contain_text("report.json")
    page.set_input_files("#a-file", evidence | {"buffer": b"evidence, changed"})
    expect(page.locator("#a-said")).not_to_contain_text("report.json")
