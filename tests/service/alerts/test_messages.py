# ruff: noqa: ARG001 - fixtures are asked for by name
"""Messages: sent once, no personal data, quiet hours, channels that fail or hang."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.alerts import messages
from waybillguard.service.alerts.errors import AlertError
from waybillguard.service.alerts.letter import send_letter
from waybillguard.service.alerts.messages import add_channel, deliver_due, notify
from waybillguard.service.alerts.models import Channel, Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def hook() -> Iterator[SimpleNamespace]:
    """A real web server that stores the messages it receives; ``held`` makes it hang."""
    got: list[dict[str, str]] = []
    held = threading.Event()
    held.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            held.wait(30)
            got.append(json.loads(body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Suppress request logging."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield SimpleNamespace(address=f"http://127.0.0.1:{server.server_port}/hook", got=got, held=held)
    held.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def channel(warehouse: SimpleNamespace, hook: SimpleNamespace) -> Channel:
    with scope(tenant=warehouse.tenant):
        return add_channel(
            warehouse.owner, "webhook", "值班", hook.address, (None, None), "https://guard.example/"
        )


def test_a_message_is_a_line_and_a_link_and_told_once(
    warehouse: SimpleNamespace, channel: Channel, hook: SimpleNamespace
) -> None:
    with scope(tenant=warehouse.tenant):
        for _ in range(2):
            notify(warehouse.tenant, "alert:1", "high", "疑似窃取", "Possible theft", "/alerts/1/")
    assert deliver_due(timezone.now()) == 1
    assert deliver_due(timezone.now()) == 0
    (told,) = hook.got
    assert told["message"].endswith("https://guard.example/alerts/1/")


def test_the_address_of_a_channel_is_sealed(channel: Channel, hook: SimpleNamespace) -> None:
    assert hook.address[7:] not in channel.sealed_address


def test_a_channel_that_fails_is_tried_again_and_then_shown(warehouse: SimpleNamespace) -> None:
    now = timezone.now()
    with scope(tenant=warehouse.tenant):
        add_channel(warehouse.owner, "webhook", "", "http://127.0.0.1:9/none", (None, None), "")
        notify(warehouse.tenant, "alert:1", "critical", "甲", "a", now=now)
    for _ in range(5):
        deliver_due(now)
        now += timedelta(hours=2)
    with scope(tenant=warehouse.tenant):
        message = Message.objects.get()
        assert (message.state, message.tries, message.error) == (Message.State.FAILED, 5, "refused")


def test_a_channel_that_hangs_holds_nothing_up(
    warehouse: SimpleNamespace, channel: Channel, hook: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "_PATIENCE_S", 0.2)
    hook.held.clear()
    with scope(tenant=warehouse.tenant):
        notify(warehouse.tenant, "alert:1", "high", "甲", "a")
        assert deliver_due(timezone.now()) == 0
        assert Message.objects.get().error == "timeout"


def test_in_quiet_hours_only_what_is_critical_is_told(
    warehouse: SimpleNamespace, hook: SimpleNamespace
) -> None:
    zone = ZoneInfo(warehouse.tenant.time_zone)
    night = datetime(2026, 11, 2, 23, 30, tzinfo=zone)
    with scope(tenant=warehouse.tenant):
        add_channel(warehouse.owner, "webhook", "", hook.address, (time(22), time(7)), "")
        notify(warehouse.tenant, "a", "high", "甲", "a", now=night)
        notify(warehouse.tenant, "b", "critical", "乙", "b", now=night)
        assert dict(Message.objects.values_list("mark", "due_at")) == {
            "a": datetime(2026, 11, 3, 7, tzinfo=zone),
            "b": night,
        }


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (
            "wecom",
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0a1b2c3d-0000-4000-8000-000000000000",
        ),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=" + "a" * 64),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/0a1b2c3d-0000-4000-8000-000000000000"),
        ("email", "mailtos://guard:secret@smtp.example.com?to=owner@example.com"),
        ("webhook", "https://siem.example.com/in"),
    ],
)
def test_an_address_as_the_chat_shows_it_is_understood(
    warehouse: SimpleNamespace, kind: str, address: str
) -> None:
    with scope(tenant=warehouse.tenant):
        assert add_channel(warehouse.owner, kind, "", address, (None, None), "").kind == kind


@pytest.mark.parametrize("address", ["", "ftp://x", "javascript:alert(1)", "https://example.com/x"])
def test_an_address_of_another_kind_is_refused(warehouse: SimpleNamespace, address: str) -> None:
    with scope(tenant=warehouse.tenant), pytest.raises(AlertError):
        add_channel(warehouse.owner, "wecom", "", address, (None, None), "")


def test_the_test_button_says_whether_it_arrived(
    warehouse: SimpleNamespace, channel: Channel, hook: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    client = signed_in(warehouse.owner)
    client.post(reverse("channel_act", args=[channel.pk]))
    assert len(hook.got) == 1
    assert "值班" in client.get(reverse("channels")).content.decode()


def test_the_weekly_letter_is_sent_on_monday_once(warehouse: SimpleNamespace, channel: Channel) -> None:
    zone = ZoneInfo(warehouse.tenant.time_zone)
    with scope(tenant=warehouse.tenant):
        assert send_letter(warehouse.tenant, datetime(2026, 11, 3, 10, tzinfo=zone)) == 0
        assert send_letter(warehouse.tenant, datetime(2026, 11, 2, 10, tzinfo=zone)) == 1
        assert send_letter(warehouse.tenant, datetime(2026, 11, 2, 11, tzinfo=zone)) == 0
