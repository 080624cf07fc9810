"""The page that shows a record once: what was shown goes at once when the sign-in ends."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.test.utils import override_settings
from playwright.sync_api import Page, expect

SECRET = "19900001111"


class Stream:
    """Stands where the live process does: a stream that stays open until ``end``, and then refuses."""

    def __init__(self) -> None:
        ended = self.ended = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if ended.is_set():
                    self.send_error(401)
                    return
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Access-Control-Allow-Origin", self.headers["Origin"])
                self.send_header("Access-Control-Allow-Credentials", "true")
                self.end_headers()
                self.wfile.write(b"retry: 2000\n\n")
                self.wfile.flush()
                ended.wait(60)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("localhost", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def end(self) -> None:
        self.ended.set()


@pytest.fixture
def stream() -> Iterator[Stream]:
    made = Stream()
    origin = f"http://localhost:{made.port}"
    csp = {**django_settings.SECURE_CSP, "connect-src": ["'self'", origin]}
    with override_settings(LIVE_ORIGINS=[origin], SECURE_CSP=csp):
        yield made
    made.end()
    made.server.shutdown()
    made.server.server_close()


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


def test_what_was_shown_goes_when_the_live_stream_ends(
    shown: Callable[[], None], stream: Stream, page: Page
) -> None:
    with page.expect_request(lambda request: request.url.endswith("/events")):
        shown()
    page.wait_for_timeout(1000)
    assert SECRET in page.content(), "an open stream takes nothing away"
    stream.end()
    expect(page.locator("body")).not_to_contain_text(SECRET, timeout=20_000)


def test_a_live_process_that_cannot_be_reached_takes_nothing_away(
    shown: Callable[[], None], stream: Stream, page: Page
) -> None:
    stream.end()
    with page.expect_request(lambda request: request.url.endswith("/events")):
        shown()
    page.wait_for_timeout(1500)
    assert SECRET in page.content()
