"""The page that shows a record once: what was shown goes at once when the sign-in ends."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

SECRET = "19900001111"


@pytest.fixture
def shown(
    warehouse: SimpleNamespace, sign_in: Callable[..., None], page: Page, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    from waybillguard.service.keyd import messages
    from waybillguard.service.lookups import views
    from waybillguard.service.lookups.models import Look
    from waybillguard.service.lookups.services import Shown

    look = Look(group="phone", purpose="after_sales", receipt_index=7, receipt_hash="0" * 64, allowed=True)
    record = messages.Revealed(7, "0" * 64, "made.up/here", name="测试人甲", phone=SECRET)
    monkeypatch.setattr(views, "reveal", lambda *_args, **_more: Shown(look, record))

    def show() -> None:
        sign_in(warehouse.owner, stepped_up=True)
        page.goto(f"{warehouse.server}/orders/{warehouse.order.pk}/reveal/")
        page.select_option("#purpose", "after_sales")
        page.locator("main form button[type=submit]").click()
        page.wait_for_selector("#secret")

    return show


def test_what_was_shown_goes_when_the_sign_in_ends(shown: Callable[[], None], page: Page) -> None:
    shown()
    with page.expect_response(lambda answer: answer.url.endswith("/signed-in/")) as asked:
        assert SECRET in page.content()
    assert asked.value.status == 204
    assert SECRET in page.content(), "a sign-in that lasts takes nothing away"
    page.context.clear_cookies()
    expect(page.locator("body")).not_to_contain_text(SECRET, timeout=20_000)


def test_a_console_that_cannot_be_reached_takes_nothing_away(shown: Callable[[], None], page: Page) -> None:
    page.route("**/signed-in/", lambda route: route.abort())
    with page.expect_request("**/signed-in/"):
        shown()
    with page.expect_request("**/signed-in/"):
        pass
    assert SECRET in page.content()
