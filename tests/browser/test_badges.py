"""A station in a browser: enrolled by typing, entered by scan gun, handed to the next person by one scan."""

from collections.abc import Callable
from datetime import timedelta
from types import ModuleType, SimpleNamespace

import pytest
from browser.test_accessibility import DESK, PHONE, check, violations
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page, expect
from support.badges import PIN, badge_of

from waybillguard.service.authorization.shifts.services import declare_sale, grant_overtime
from waybillguard.service.identity.devices.browsers import issue_code
from waybillguard.service.identity.models import Role, SharedUse
from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError
from waybillguard.service.keyd.messages import Recorded, Status


@pytest.fixture(autouse=True)
def ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(_client: object, request: object, _answer: type) -> Recorded:
        if isinstance(request, Status):  # the bell asks: no key process runs here
            raise KeydUnavailableError(zh="没有密钥进程。", en="There is no key process.")
        return Recorded(index=1, leaf_hash="00", origin="test")

    monkeypatch.setattr(KeydClient, "call", write)


def scan(page: Page, code: str) -> None:
    """What a scan gun does: it types a code and presses Enter, wherever the focus is."""
    for digit in code:
        page.keyboard.press(digit)
    page.keyboard.press("Enter")


@pytest.fixture
def station(warehouse: SimpleNamespace, page: Page) -> SimpleNamespace:
    """A browser that was enrolled by typing an owner's code."""
    with scope(tenant=warehouse.tenant):
        code = issue_code(warehouse.owner, station="打包台1", kind="station", holder=None, now=timezone.now())
        warehouse.badge = badge_of(warehouse.owner, warehouse.clerk)
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": warehouse.server}])
    page.goto(f"{warehouse.server}/station/")
    page.get_by_label("One-time code").fill(code.lower())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="打包台1")).to_be_visible()
    return warehouse


def sign_in_by_badge(page: Page, code: str) -> None:
    scan(page, code)
    expect(page.get_by_label("PIN")).to_be_focused()
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    expect(page.locator(".wg-me")).to_be_visible()


def test_a_scan_a_pin_and_enter_sign_in_without_a_mouse(
    station: SimpleNamespace, page: Page, complaints: list[str]
) -> None:
    sign_in_by_badge(page, station.badge.code)
    expect(page.locator(".wg-me")).to_contain_text("clerk")
    page.goto(f"{station.server}/orders/")
    expect(page.locator("main table")).to_be_visible()
    assert complaints == []


def test_one_scan_on_any_page_hands_the_station_to_the_next_person(
    station: SimpleNamespace, made_up: ModuleType, page: Page
) -> None:
    second = made_up.make_user(station.tenant, "second", Role.CLERK, second_factor=False)
    with scope(tenant=station.tenant):
        code = badge_of(station.owner, second).code
    sign_in_by_badge(page, station.badge.code)
    page.goto(f"{station.server}/orders/")
    field = page.locator("main input:visible").first
    field.focus()
    before = field.input_value()
    scan(page, code)
    expect(page.locator("#switch-pin")).to_be_focused()
    assert field.input_value() == before, "the badge's code stays in no field of the page"
    assert code not in page.url
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    expect(page.locator(".wg-me")).to_contain_text("second")


def test_a_first_scan_leads_to_a_pin_of_ones_own(station: SimpleNamespace, page: Page, axe: str) -> None:
    with scope(tenant=station.tenant):
        fresh = badge_of(station.owner, station.clerk, chosen=False)
    scan(page, fresh.code)
    page.keyboard.type(fresh.start)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Choose a PIN")).to_be_visible()
    page.evaluate(axe)
    assert violations(page) == []
    page.get_by_label("Your own PIN").fill("123456")
    page.get_by_label("Once more").fill("123456")
    page.keyboard.press("Enter")
    expect(page.get_by_text("easily guessed")).to_be_visible()
    page.get_by_label("Your own PIN").fill(PIN)
    page.get_by_label("Once more").fill(PIN)
    page.keyboard.press("Enter")
    expect(page.locator(".wg-me")).to_contain_text("clerk")


@pytest.mark.parametrize(("language", "viewport"), [("zh-hans", PHONE), ("en", DESK)], ids=["phone", "desk"])
def test_pages_of_a_station_its_badges_and_its_calendar(
    language: str,
    viewport: dict[str, int],
    station: SimpleNamespace,
    sign_in: Callable[..., None],
    page: Page,
    axe: str,
    complaints: list[str],
) -> None:
    now, today = timezone.now(), timezone.localdate()
    with scope(tenant=station.tenant):
        declare_sale(station.owner, "双十二", today, today, now)
        grant_overtime(station.owner, station.clerk, now, now + timedelta(hours=2), "晚波次", now)
        for refused in (True, False):
            SharedUse.objects.create(
                tenant=station.tenant, account=station.clerk, station="打包台1", day=today, refused=refused,
                first_at=now, last_at=now, requests=3,
            )  # fmt: skip
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    page.context.add_cookies([{"name": "django_language", "value": language, "url": station.server}])
    wrong = check(page, axe, [f"{station.server}/station/"])
    sign_in(station.owner, language)
    wrong += check(
        page, axe,
        [station.server + path for path in ("/badges/", "/duty/", f"/people/{station.clerk.pk}/badge/", "/policies/edit/")],
    )  # fmt: skip
    page.goto(f"{station.server}/people/{station.clerk.pk}/badge/")
    page.locator("form[action$='/badge/issue/'] button").click()
    page.locator("#confirm button[value=yes]").click()
    page.locator(".wg-badge").wait_for()
    page.evaluate(axe)
    wrong += violations(page)
    assert wrong == [], "\n".join(wrong)
    assert complaints == []


def test_a_wrong_pin_is_said_and_the_field_is_ready_for_the_next_scan(
    station: SimpleNamespace, page: Page, axe: str
) -> None:
    scan(page, station.badge.code)
    page.keyboard.type("000001")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("badge or PIN is not right")
    expect(page.get_by_label("Badge", exact=True)).to_be_focused()
    page.evaluate(axe)
    assert violations(page) == []
