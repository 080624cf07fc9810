"""What only a browser can show: keys, the drawer, polling, the policy against injected markup, passkeys."""

from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import BrowserContext, Page, expect
from support.axe import DESK
from support.grants import code_now

from waybillguard.service.identity.models import OneTimeLink, Role
from waybillguard.service.vault.models import Batch


@pytest.fixture
def orders(warehouse: SimpleNamespace, sign_in: Callable[..., None], page: Page) -> Page:
    sign_in(warehouse.owner)
    page.goto(f"{warehouse.server}/orders/")
    # htmx takes the links over a tick after the page is there; before that Enter follows a plain link.
    page.locator("[data-row-link][data-htmx-powered]").first.wait_for(state="attached")
    return page


def test_slash_goes_to_the_search_box(orders: Page) -> None:
    orders.keyboard.press("/")
    expect(orders.locator("#value")).to_be_focused()
    orders.keyboard.type("/")
    expect(orders.locator("#value")).to_have_value("/")


def test_j_and_k_walk_the_rows_and_x_chooses(orders: Page) -> None:
    rows = orders.locator("[data-row]")
    orders.keyboard.press("j")
    orders.keyboard.press("j")
    expect(rows.nth(1)).to_have_class("wg-current")
    orders.keyboard.press("x")
    orders.keyboard.press("k")
    orders.keyboard.press("x")
    expect(orders.locator("#printbar")).to_be_visible()
    expect(orders.locator("#chosen-count")).to_have_text("2")
    orders.locator("#choose-none").click()
    expect(orders.locator("#printbar")).to_be_hidden()


def test_p_takes_the_chosen_rows_to_the_print_page(orders: Page, complaints: list[str]) -> None:
    orders.keyboard.press("j")
    orders.keyboard.press("x")
    orders.keyboard.press("p")
    orders.wait_for_url("**/print/")
    assert orders.locator("input[name=ids]").first.input_value().isdigit()
    assert complaints == []


def test_shift_click_chooses_a_range_as_after_a_jam(orders: Page) -> None:
    boxes = orders.locator("input[name=id]")
    boxes.nth(2).click()
    boxes.nth(9).click(modifiers=["Shift"])
    expect(orders.locator("#chosen-count")).to_have_text("8")


def test_enter_opens_the_drawer_and_escape_closes_it(orders: Page, complaints: list[str]) -> None:
    orders.keyboard.press("j")
    orders.keyboard.press("Enter")
    drawer = orders.locator("#drawer")
    expect(drawer).to_be_visible()
    expect(drawer.locator("#drawer-title")).to_contain_text("T")
    expect(drawer.locator(".wg-preview img")).to_have_js_property("naturalWidth", 608)  # 76 mm
    orders.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(orders.locator("[data-row-link]").first).to_be_focused()
    assert complaints == []


def test_filters_survive_a_reload(orders: Page) -> None:
    orders.locator("#f-lane").select_option("C")
    orders.wait_for_url("**lane=C**")
    assert "state=" not in orders.url
    orders.reload()
    expect(orders.locator("#f-lane")).to_have_value("C")
    assert set(orders.locator("[data-row] .wg-tag b").all_text_contents()) == {"C"}


def test_a_preview_appears_by_itself_when_the_file_is_read(
    warehouse: SimpleNamespace, sign_in: Callable[..., None], page: Page, complaints: list[str]
) -> None:
    sign_in(warehouse.owner)
    page.goto(f"{warehouse.server}/imports/{warehouse.reading.pk}/")
    expect(page.get_by_text("Reading", exact=True)).to_be_visible()
    with scope(tenant=warehouse.tenant):
        Batch.objects.filter(pk=warehouse.reading.pk).update(state=Batch.State.PREVIEW)
    expect(page.get_by_role("button", name="Confirm the import")).to_be_visible()
    assert complaints == []


def test_a_page_that_polls_goes_to_the_sign_in_when_the_session_ends(
    warehouse: SimpleNamespace, sign_in: Callable[..., None], page: Page
) -> None:
    sign_in(warehouse.owner)
    page.goto(f"{warehouse.server}/imports/{warehouse.reading.pk}/")
    warehouse.owner.is_active = False
    warehouse.owner.save()
    page.wait_for_url("**/login/", timeout=20_000)


def test_a_bell_that_fails_puts_no_page_into_the_page(
    warehouse: SimpleNamespace, sign_in: Callable[..., None], page: Page
) -> None:
    sign_in(warehouse.owner)
    failed = "<header></header><main id='main'>failed</main>"
    page.route("**/bell/", lambda r: r.fulfill(status=503, content_type="text/html", body=failed))
    with page.expect_response("**/bell/") as answer:
        page.goto(f"{warehouse.server}/lanes/")
    answer.value.finished()
    page.wait_for_load_state("networkidle")
    expect(page.locator("#bell a.wg-bell")).to_be_visible()
    assert page.locator("main").count() == 1


def test_injected_markup_asks_the_server_for_nothing(orders: Page) -> None:
    asked: list[str] = []
    orders.on("request", lambda request: asked.append(request.url))
    blocked = orders.evaluate(
        """() => {
          let blocked = false
          try { document.querySelector('#main').innerHTML = '<b>x</b>' } catch (error) { blocked = true }
          const button = document.createElement('button')
          button.setAttribute('hx-get', '/people/'); button.setAttribute('hx-trigger', 'load')
          document.querySelector('#main').append(button)
          htmx.process(button)
          return blocked
        }"""
    )
    orders.wait_for_timeout(500)
    assert blocked
    assert not [url for url in asked if "/people/" in url]


def test_an_inline_script_does_not_run(orders: Page) -> None:
    refused = orders.evaluate(
        """() => { const s = document.createElement('img'); s.src = '/x'; document.body.append(s)
        try { s.setAttribute('onerror', 'window.ran = 1'); return false } catch (error) { return true } }"""
    )
    orders.wait_for_timeout(300)
    assert refused
    assert orders.evaluate("window.ran") is None


def test_the_language_switch_changes_the_page(orders: Page) -> None:
    orders.locator("details.wg-me summary").click()
    orders.get_by_role("button", name="中文").click()
    expect(orders.locator("h1")).to_have_text("订单")


def test_a_passkey_is_made_at_the_first_sign_in_and_signs_in_again(
    warehouse: SimpleNamespace,
    made_up: ModuleType,
    context: BrowserContext,
    page: Page,
    complaints: list[str],
) -> None:
    _virtual_authenticator(context, page)
    person = made_up.make_user(warehouse.tenant, "fresh", Role.OWNER, second_factor=False)
    secret = OneTimeLink.issue(person, timezone.now())
    page.goto(f"{warehouse.server}/setup/{secret}/")
    page.fill("#id_password1", "parcels leave at six sharp")
    page.fill("#id_password2", "parcels leave at six sharp")
    page.locator("main button[type=submit]").click()
    page.locator("a[href='/account/passkeys/add/']").click()
    page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/account/recovery/")
    expect(page.locator(".wg-codes li")).to_have_count(10)
    page.locator("a.btn-primary").click()
    expect(page.locator(".wg-rail")).to_be_visible()
    page.locator("details.wg-me summary").click()
    page.locator("form[action='/logout/'] button").click()
    page.wait_for_url("**/login/**")
    page.locator("#passkey_login").click()
    expect(page.locator(".wg-rail")).to_be_visible()
    _add_an_app(page, warehouse.server)
    assert complaints == []


def _add_an_app(page: Page, server: str) -> None:
    """Add an authenticator app beside the passkey: that is confirmed by the passkey first, for itself alone."""
    page.goto(f"{server}/account/app/")
    page.wait_for_url("**/account/confirm/passkey/**")
    page.locator("#mfa_webauthn_reauthenticate").click()
    page.wait_for_url("**/account/app/")
    secret = page.locator(".wg-code").text_content()
    assert secret
    page.fill("#id_code", code_now(secret.strip()))
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/account/security/")
    page.goto(f"{server}/account/passkeys/add/")
    page.wait_for_url("**/account/confirm/**")  # one more factor, one more code


def test_a_cancelled_passkey_is_explained(warehouse: SimpleNamespace, page: Page) -> None:
    page.goto(f"{warehouse.server}/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('cancelled')) }")
    page.locator("#passkey_login").click()
    expect(page.locator("#passkey-problem")).to_be_visible()


def test_an_upload_that_breaks_off_is_explained(
    warehouse: SimpleNamespace, sign_in: Callable[..., None], page: Page
) -> None:
    sign_in(warehouse.owner)
    page.goto(f"{warehouse.server}/imports/")
    page.route("**/imports/", lambda r: r.abort() if r.request.method == "POST" else r.continue_())
    page.set_input_files("#file", {"name": "orders.csv", "mimeType": "text/csv", "buffer": b"a,b\n"})
    page.get_by_role("button", name="Upload and preview").click()
    expect(page.locator("#upload-problem")).to_contain_text("nothing was kept")


def test_a_dropped_file_is_taken(
    warehouse: SimpleNamespace, sign_in: Callable[..., None], page: Page
) -> None:
    sign_in(warehouse.owner)
    page.goto(f"{warehouse.server}/imports/")
    page.evaluate(
        """() => { const data = new DataTransfer(); data.items.add(new File(['a,b'], 'orders.csv'));
        const drop = new DragEvent('drop', {dataTransfer: data, bubbles: true})
        document.querySelector('#drop').dispatchEvent(drop) }"""
    )
    assert page.evaluate("document.querySelector('#file').files.length") == 1


def _virtual_authenticator(context: BrowserContext, page: Page) -> None:
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_on_a_phone_every_room_is_two_touches_away(
    warehouse: SimpleNamespace, sign_in: Callable[..., None], page: Page, complaints: list[str]
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(warehouse.owner)
    page.goto(f"{warehouse.server}/")
    rooms = page.locator("#menu")
    expect(rooms).to_be_hidden()
    assert page.locator(".wg-dock").bounding_box()["height"] < 80, "the bar leaves the page its room"  # type: ignore[index]
    page.locator(".wg-dock button").click()
    expect(rooms).to_be_visible()
    page.keyboard.press("Escape")
    expect(rooms).to_be_hidden()
    page.locator(".wg-dock button").click()
    rooms.locator("a[href='/policies/']").click()
    page.wait_for_url("**/policies/")
    page.set_viewport_size({"width": 1366, "height": 768})
    expect(rooms).to_be_visible()
    expect(page.locator(".wg-dock")).to_be_hidden()
    assert complaints == []


def test_on_a_low_screen_the_menu_shows_where_one_is(
    warehouse: SimpleNamespace, sign_in: Callable[..., None], page: Page
) -> None:
    page.set_viewport_size(DESK)
    sign_in(warehouse.owner)
    page.goto(f"{warehouse.server}/merchants/")
    menu, entry = (
        page.locator(".wg-nav").bounding_box(),
        page.locator(".wg-nav [aria-current]").bounding_box(),
    )
    assert menu
    assert entry
    assert menu["y"] <= entry["y"]
    assert entry["y"] + entry["height"] <= menu["y"] + menu["height"] + 1


def test_a_column_of_rises_and_falls_is_sorted_as_numbers(orders: Page) -> None:
    sorted_cells = orders.evaluate(
        """() => {
          const table = document.createElement('table')
          table.className = 'wg-table'
          table.createTHead().insertRow().append(document.createElement('th'))
          table.tHead.rows[0].cells[0].textContent = 'Since last month'
          table.createTBody()
          const card = document.createElement('section')
          card.className = 'card'
          card.append(table)
          document.querySelector('main').append(card)
          for (const text of ['+64', '0', '-40', '+8', '—']) table.tBodies[0].insertRow().insertCell().textContent = text
          document.dispatchEvent(new Event('htmx:after:swap'))
          table.tHead.querySelector('button').click()
          return Array.from(table.tBodies[0].rows).map((row) => row.cells[0].textContent)
        }"""
    )
    assert sorted_cells == ["—", "-40", "0", "+8", "+64"]
