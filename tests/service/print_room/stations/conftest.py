"""A print room: sealed orders, a wave, an enrolled agent with one printer, keyd running inside the test."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django_scopes import scope
from support.devices import Keys, enrolled
from support.loading import beside

from waybillguard.agent.protocol import (
    ACKS,
    LEASE,
    STATUS,
    Ack,
    Acks,
    AcksTaken,
    Lease,
    Leased,
    LeaseRequest,
    PrinterStatus,
    Status,
    decode,
)
from waybillguard.agent.sealedjob import open_job
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.print_room.models import Printer
from waybillguard.service.print_room.stations import tickets
from waybillguard.service.print_room.stations.printers import printers_of
from waybillguard.service.print_room.stations.waves import make_wave_of
from waybillguard.service.vault.models import Order


class FakeAgent:
    """Speaks the protocol as an agent does, through Django's test client."""

    def __init__(self, keys: Keys, printer: str = "label-1") -> None:
        self.keys = keys
        self.printer = printer

    def ask(self, path: str, message: Any) -> Any:
        return self.keys.post(path, message)

    def lease(self, most: int = 8, wait_s: int = 0, printers: list[str] | None = None) -> list[Lease]:
        asked = LeaseRequest(printers=printers or [self.printer], most=most, wait_s=wait_s)
        answer = self.ask(LEASE, asked)
        assert answer.status_code == 200, answer.content
        return decode(Leased, answer.content).jobs

    def open(self, job: Lease) -> bytes:
        return open_job(job, device=self.keys.uid, key=self.keys.sealing)

    def ack(self, *jobs: Lease, outcome: Any = "sent", reason: Any = "") -> AcksTaken:
        now = datetime.now(UTC)
        acks = [Ack(job=job.job, outcome=outcome, at=now, reason=reason) for job in jobs]
        answer = self.ask(ACKS, Acks(acks=acks))
        assert answer.status_code == 200, answer.content
        return decode(AcksTaken, answer.content)

    def report(self, state: Any) -> Any:
        one = PrinterStatus(printer=self.printer, state=state, at=datetime.now(UTC))
        return self.ask(STATUS, Status(printers=[one]))


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Requests to keyd, in order; keyd runs for real, on its own ledger."""
    sealing = beside("sealing")
    made = sealing.operations(tmp_path / "ledger")
    asked: list[Any] = []
    call = sealing.caller(made, asked)

    def outside_transactions(*arguments: Any) -> Any:
        """SQLite has one writer: asking keyd while holding its lock makes all other writers wait for a disk."""
        assert not connection.savepoint_ids, "keyd is asked inside a transaction"
        return call(*arguments)

    monkeypatch.setattr(KeydClient, "call", outside_transactions)
    yield asked
    made._ledger.close()


@pytest.fixture
def room(warehouse: SimpleNamespace, written: list[Any]) -> Iterator[SimpleNamespace]:
    """Twelve orders with numbers in one wave, an agent with one printer, the tenant's scope open."""
    tenant = warehouse.tenant
    orders = beside("sealing").seal_orders(warehouse.owner, 12, state="awaiting_shipment")
    with scope(tenant=tenant):
        for n, order in enumerate(orders):
            order.waybill_no, order.sort_code = f"SIM9{n:011}", "310-A7-12"
            order.masked_address, order.goods_class = "浙江省金华市义乌市北苑街道****", "服装"
            order.masked_phone, order.carrier = f"*******{n:04}", "simulator"
        fields = ["waybill_no", "sort_code", "masked_address", "goods_class", "masked_phone", "carrier"]
        Order.objects.bulk_update(orders, fields)
        device, keys = enrolled(warehouse.owner)
        (printer,) = printers_of(device, ["label-1"])
        wave = make_wave_of(warehouse.clerk, [order.pk for order in orders], timezone.now())
        written.clear()
        yield SimpleNamespace(
            **vars(warehouse), orders=orders, device=device, keys=keys, printer=printer, wave=wave,
            written=written, agent=FakeAgent(keys),
        )  # fmt: skip


@pytest.fixture
def print_all(room: SimpleNamespace) -> Callable[..., tickets.Issued]:
    """Queue places of the wave for the printer, as the clerk."""

    def go(first: int = 1, last: int = 12, **more: Any) -> tickets.Issued:
        printer = Printer.objects.select_related("device__holder").get(pk=room.printer.pk)
        places = list(room.wave.places.filter(position__range=(first, last)).order_by("position"))
        return tickets.issue(room.clerk, printer, places, room.wave, timezone.now(), **more)

    return go
