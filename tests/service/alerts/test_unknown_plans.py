"""Destruction plans unknown to the console: the worker notifies people, owners see them and stop them by mark."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.alerts import receivers
from waybillguard.service.keyd import destroying, messages, plans
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.vault import planned
from waybillguard.service.vault.retention import last_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(
    warehouse: SimpleNamespace, sealing: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SimpleNamespace]:
    """A warehouse with a real key process, in which a thief has planned to destroy 900 orders."""
    keyd = sealing.operations(tmp_path)
    monkeypatch.setattr(KeydClient, "call", sealing.caller(keyd, []))
    told: list[tuple[Any, ...]] = []
    monkeypatch.setattr(receivers, "notify", lambda *words, **_: told.append(words))
    slug = warehouse.tenant.slug
    thief = messages.Context(slug, "retention", purpose="retention")
    up_to = last_day(warehouse.tenant, timezone.now())
    keyd.handle(destroying.PlanDestruction(thief, "77", 900, up_to))
    yield SimpleNamespace(
        tenant=warehouse.tenant, owner=warehouse.owner, told=told,
        waits=lambda: keyd.handle(plans.ListPlans(slug)).plans,
    )  # fmt: skip
    keyd.ledger.close()


def test_a_plan_that_nobody_here_asked_for_is_told(house: SimpleNamespace) -> None:
    with scope(tenant=house.tenant):
        receivers.notify_unknown_plans(house.tenant, timezone.now())
    ((_, mark, severity, _, text, address),) = house.told
    assert (severity, address) == ("critical", "/retention/")
    assert mark.startswith(f"plan:{house.waits()[0].mark.hex()}")
    assert "900 orders" in text


def test_a_row_of_the_same_mandate_with_fewer_orders_does_not_make_it_known(
    house: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """He writes the database: a plan of no orders would be shown to nobody."""
    monkeypatch.setattr(planned, "due_orders", lambda *_: SimpleNamespace(count=lambda: 3))
    with scope(tenant=house.tenant):
        planned.tend(house.tenant, timezone.now())
        (hidden, _), (ours, known) = planned.waiting(house.tenant)
        assert known, "what the worker planned itself"
        planned.PlannedDestruction.objects.update(orders=0)
        assert [known for _, known in planned.waiting(house.tenant)] == [False, False]
    assert (hidden.orders, ours.orders) == (900, 3)


def test_an_owner_sees_it_and_stops_it(house: SimpleNamespace, signed_in: Callable[..., Client]) -> None:
    browser = signed_in(house.owner)
    page = browser.get("/retention/", headers={"accept-language": "en"}).content.decode()
    mark = house.waits()[0].mark.hex()
    assert "Nobody asked for it here" in page
    assert "900" in page
    for none in ("", "none", "0" * 32):
        browser.post("/retention/waiting/stop/", {"mark": none})
    assert len(house.waits()) == 1
    browser.post("/retention/waiting/stop/", {"mark": mark})
    assert house.waits() == []
    assert "What waits in the key process" not in browser.get("/retention/").content.decode()
