"""A warehouse whose decisions are recorded, a real key process, and a store in its own folder."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django_scopes import scope

from support.loading import beside
from waybillguard.service.audit.models import OutboxEvent
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.platform.config import Config


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The requests to keyd, in order; keyd is real and uses its own ledger."""
    sealing = beside("sealing")
    made = sealing.operations(tmp_path / "ledger")
    asked: list[Any] = []
    monkeypatch.setattr(KeydClient, "call", sealing.caller(made, asked))
    yield asked
    made._ledger.close()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """A data folder for the test."""
    settings.CONFIG = Config(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def scene(warehouse: SimpleNamespace, written: list[Any]) -> Iterator[SimpleNamespace]:
    """The warehouse with an open scope, twelve sealed orders and no recorded decisions."""
    from waybillguard.service.authorization import active_policies

    warehouse.asked = written
    warehouse.orders = beside("sealing").seal_orders(warehouse.owner, 12)
    for order in warehouse.orders:
        order.tenant = warehouse.tenant
    with scope(tenant=warehouse.tenant):
        OutboxEvent.objects.all().delete()
        yield warehouse
    active_policies._kept.cache_clear()


@pytest.fixture
def events() -> Callable[[], list[OutboxEvent]]:
    """Return the entries of the outbox, oldest first."""
    return lambda: list(OutboxEvent.objects.order_by("pk"))
