# ruff: noqa: ARG001 - fixtures are asked for by name
"""A device's key that is used on two machines is noticed; restarts and late requests are no sign of it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone
from django_scopes import scope
from support.devices import enrolled

from waybillguard.service.identity.devices import services
from waybillguard.service.identity.devices.runs import KEPT, note_run
from waybillguard.service.identity.models import AccountChange, Device, User

NOW = datetime.fromisoformat("2026-11-30T09:00:00+08:00")


@pytest.fixture
def asks(warehouse: SimpleNamespace, no_keyd: None) -> Iterator[Callable[[int, str], bool]]:
    """Yield what asks for work some seconds later in the name of a run, and says whether a copy has been seen."""
    device, _ = enrolled(warehouse.owner, station="打包台1")

    def ask(seconds: int, run: str) -> bool:
        note_run(Device.objects.get(pk=device.pk), run, NOW + timedelta(seconds=seconds))
        return Device.objects.filter(pk=device.pk).exclude(copy_seen_at=None).exists()

    with scope(tenant=warehouse.tenant):
        yield ask


def test_an_agent_that_is_started_again_and_again_is_no_copy(asks: Callable[[int, str], bool]) -> None:
    runs = [f"{number:016x}" for number in range(3 * KEPT)]
    assert not any(asks(60 * at, run) for at, run in enumerate(runs))
    (device,) = Device.objects.exclude(runs=[])
    assert [name for name, _ in device.runs] == runs[-KEPT:]


def test_a_request_of_the_run_before_that_arrives_late_is_no_copy(asks: Callable[[int, str], bool]) -> None:
    assert not any(asks(*one) for one in ((0, "a" * 16), (30, "b" * 16), (80, "a" * 16), (600, "b" * 16)))


@pytest.mark.parametrize("copy", ["b" * 16, ""], ids=["agent", "program of its own"])
def test_a_copy_that_asks_once_is_seen_when_the_agent_asks_again(
    copy: str, asks: Callable[[int, str], bool]
) -> None:
    assert not any(asks(*one) for one in ((0, "a" * 16), (30, copy), (55, "a" * 16), (80, "a" * 16)))
    assert asks(105, "a" * 16)
    (change,) = AccountChange.objects.filter(what="device_copied")
    assert change.at == NOW + timedelta(seconds=105)
    assert asks(130, copy), "noted once"
    assert AccountChange.objects.filter(what="device_copied").count() == 1


def test_the_owner_is_told_until_the_device_is_revoked(
    asks: Callable[[int, str], bool], warehouse: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    browser, others = signed_in(warehouse.owner), signed_in(warehouse.clerk)
    assert "two machines" not in browser.get("/todo/").text
    for one in ((0, "a" * 16), (30, "b" * 16), (120, "a" * 16)):
        asks(*one)
    assert "The key of 1 device is used on two machines" in browser.get("/todo/").text
    assert "Key copied" in browser.get("/devices/").text
    assert "two machines" not in others.get("/todo/").text
    services.revoke(warehouse.owner, Device.objects.exclude(copy_seen_at=None).get(), timezone.now())
    assert "two machines" not in browser.get("/todo/").text
    assert "Key copied" not in browser.get("/devices/").text


def test_a_release_counts_anew(asks: Callable[[int, str], bool], warehouse: SimpleNamespace) -> None:
    for one in ((0, "a" * 16), (30, "b" * 16), (120, "a" * 16)):
        asks(*one)
    device = Device.objects.select_related("tenant").exclude(copy_seen_at=None).get()
    services.release(
        warehouse.owner, services.restrict(warehouse.owner, device, timezone.now()), timezone.now()
    )
    assert not asks(600, "a" * 16)
