# ruff: noqa: ARG001 - fixtures are asked for by name
"""Events reach a real collector over TCP, in order and resuming after failures; failures are shown."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.activity.errors import SiemError
from waybillguard.service.activity.models import SiemTarget
from waybillguard.service.activity.siem import send_due, set_target, waits_for_siem
from waybillguard.service.audit.export import export
from waybillguard.service.audit.models import ExportBatch
from waybillguard.service.audit.recording import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def collector() -> Iterator[SimpleNamespace]:
    """A real syslog collector: octet-counted frames over TCP."""
    got: list[bytes] = []
    arrived = threading.Condition()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while digits := _number(self.rfile):
                body = self.rfile.read(digits)
                with arrived:
                    got.append(body)
                    arrived.notify_all()

    def _number(stream: object) -> int:
        text = b""
        while (one := stream.read(1)) not in {b"", b" "}:  # type: ignore[attr-defined]
            text += one
        return int(text or 0)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def wait(count: int) -> list[dict[str, object]]:
        with arrived:
            assert arrived.wait_for(lambda: len(got) >= count, timeout=30)
            return [json.loads(one[one.index(b"\xef\xbb\xbf") + 3 :]) for one in got]

    yield SimpleNamespace(port=server.server_address[1], wait=wait, got=got)
    server.shutdown()
    server.server_close()


@pytest.fixture
def target(warehouse: SimpleNamespace, collector: SimpleNamespace) -> Iterator[SiemTarget]:
    with scope(tenant=warehouse.tenant):
        yield set_target(warehouse.owner, "127.0.0.1", collector.port, "", tls=False, now=timezone.now())


def looked(warehouse: SimpleNamespace, count: int) -> None:
    for _ in range(count):
        record(warehouse.tenant, "view", user=warehouse.owner, at=timezone.now() - timedelta(minutes=1))


def test_events_arrive_once_and_in_order(
    warehouse: SimpleNamespace, target: SiemTarget, collector: SimpleNamespace
) -> None:
    looked(warehouse, 3)
    assert send_due(timezone.now()) == 3
    assert send_due(timezone.now()) == 0
    collector.wait(3)  # each sending is a connection of its own, read by a thread of its own
    looked(warehouse, 1)
    assert send_due(timezone.now()) == 1
    told = collector.wait(4)
    uids = [int(str(one["metadata"]["uid"])[1:]) for one in told]  # type: ignore[index]
    assert uids == sorted(set(uids))
    assert SiemTarget.objects.get().sent == 4


def test_a_collector_that_is_away_is_shown_and_nothing_is_lost(
    warehouse: SimpleNamespace,
    target: SiemTarget,
    collector: SimpleNamespace,
    signed_in: Callable[..., Client],
) -> None:
    SiemTarget.objects.update(port=9)
    looked(warehouse, 2)
    now = timezone.now()
    assert send_due(now) == 0
    row = SiemTarget.objects.get()
    assert row.failed_at is not None
    page = signed_in(warehouse.owner).get(reverse("siem")).content.decode()
    assert "Sending fails since" in page
    SiemTarget.objects.update(port=collector.port)
    assert send_due(now + timedelta(minutes=2)) == 2
    assert SiemTarget.objects.get().failed_at is None
    assert len(collector.wait(2)) == 2


def test_what_the_siem_has_not_got_stays_in_the_outbox(
    warehouse: SimpleNamespace, target: SiemTarget
) -> None:
    looked(warehouse, 1)
    export(warehouse.tenant)
    batch = ExportBatch.objects.get(tenant=warehouse.tenant)
    assert waits_for_siem(warehouse.tenant, batch)
    send_due(timezone.now())
    assert not waits_for_siem(warehouse.tenant, batch)


def test_the_test_button_says_whether_it_arrived(
    warehouse: SimpleNamespace,
    target: SiemTarget,
    collector: SimpleNamespace,
    signed_in: Callable[..., Client],
) -> None:
    signed_in(warehouse.owner).post(reverse("siem_act"))
    (told,) = collector.wait(1)
    assert told["actor"]["user"]["name"] == "siem-test"  # type: ignore[index]


@pytest.mark.parametrize(
    ("host", "port", "authority"), [("", 6514, ""), ("a b", 6514, ""), ("h", 0, ""), ("h", 1, "x")]
)
def test_an_address_that_cannot_work_is_refused(
    warehouse: SimpleNamespace, host: str, port: int, authority: str
) -> None:
    with scope(tenant=warehouse.tenant):
        with pytest.raises(SiemError):
            set_target(warehouse.owner, host, port, authority, tls=True, now=timezone.now())
        assert not SiemTarget.objects.exists()
