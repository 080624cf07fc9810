"""The devices page: a code shown once, and devices that are revoked with one click."""

import html
import re
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from support.devices import enrolled

from waybillguard.agent.enrolcode import read_code
from waybillguard.service.identity.devices.services import authority_certificate
from waybillguard.service.identity.models import Device, EnrolmentCode, User
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.people.devices import views
from waybillguard.service.platform.config import Config
from waybillguard.service.platform.tls import ensure_certificate


@pytest.fixture
def console(
    warehouse: SimpleNamespace, signed_in: Callable[[User], Client], tmp_path: Path, settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Client:  # fmt: skip
    """The browser of an owner who has just confirmed; the service has a certificate authority, the ledger works."""
    from django.utils import timezone

    settings.CONFIG = Config(tmp_path)
    (tmp_path / "tls").mkdir()
    ensure_certificate(tmp_path / "tls", "secret", ["localhost"], timezone.now())
    monkeypatch.setattr(
        KeydClient, "call", lambda *_: messages.Recorded(index=1, leaf_hash="00" * 32, origin="test")
    )
    client = signed_in(warehouse.owner)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(warehouse.owner.pk)
    session.save()
    return client


def shown_code(text: str) -> str:
    found = re.search(r"agent enrol --server \S+ (WG1-[0-9A-Z-]+)", html.unescape(text))
    assert found
    return found.group(1)


def test_a_code_is_shown_once_and_names_the_services_authority(console: Client, settings: Any) -> None:
    answer = console.post(reverse("device_code"), {"station": "打包台3", "holder": ""})
    code = read_code(shown_code(answer.content.decode()))
    assert code.believes(authority_certificate(settings.CONFIG.tls_dir / "ca.pem"))
    assert answer["Cache-Control"] == "no-store"
    assert "WG1-" not in console.get(reverse("devices")).content.decode()


def test_a_code_needs_a_fresh_proof_of_who_asks(
    warehouse: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    answer = signed_in(warehouse.owner).post(reverse("device_code"), {"station": "x"})
    assert (answer.status_code, answer["Location"].startswith("/account/confirm/")) == (302, True)


def test_a_form_without_a_station_makes_no_code(console: Client, warehouse: SimpleNamespace) -> None:
    assert console.post(reverse("device_code"), {"station": ""}).status_code == 422
    with scope(tenant=warehouse.tenant):
        assert not EnrolmentCode.objects.exists()


def test_somebody_of_another_tenant_cannot_be_the_holder(console: Client, elsewhere: SimpleNamespace) -> None:
    answer = console.post(reverse("device_code"), {"station": "x", "holder": elsewhere.clerk.pk})
    assert answer.status_code == 422


def test_without_an_authority_there_is_a_word_and_no_code(
    console: Client, settings: Any, tmp_path: Path
) -> None:
    settings.CONFIG = Config(tmp_path / "empty")
    answer = console.post(reverse("device_code"), {"station": "x"}, follow=True)
    assert "waybillguard up" in answer.content.decode()


def test_a_device_is_restricted_released_and_revoked(console: Client, warehouse: SimpleNamespace) -> None:
    with scope(tenant=warehouse.tenant):
        device, _ = enrolled(warehouse.owner)

    def state_after(name: str) -> str:
        console.post(reverse(name, args=[device.pk]))
        with scope(tenant=warehouse.tenant):
            return str(Device.objects.get().state)

    assert state_after("device_restrict") == "restricted"
    assert state_after("device_release") == "active"
    assert state_after("device_revoke") == "revoked"
    assert state_after("device_release") == "revoked"
    assert state_after("device_restrict") == "revoked"


def test_a_device_enrolled_by_a_leaver_is_flagged(console: Client, warehouse: SimpleNamespace) -> None:
    with scope(tenant=warehouse.tenant):
        enrolled(warehouse.clerk)
    User.objects.filter(pk=warehouse.clerk.pk).update(is_active=False)
    assert "has left since" in console.get(reverse("devices")).content.decode()


def test_the_page_needs_few_queries_whatever_it_lists(
    console: Client, warehouse: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    with scope(tenant=warehouse.tenant):
        for number in range(40):
            enrolled(warehouse.owner, station=f"打包台{number}", holder=warehouse.clerk)
    console.get(reverse("devices"))  # the first page of a session also notes the session
    with django_assert_max_num_queries(20):
        assert console.get(reverse("devices")).status_code == 200


def test_every_station_is_offered_whatever_the_page_lists(
    console: Client, warehouse: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LISTED", 1)
    with scope(tenant=warehouse.tenant):
        for station in ("打包台2", "打包台1", "打包台1"):
            enrolled(warehouse.owner, station=station)
    page = console.get(reverse("devices")).content.decode()
    assert re.findall(r'<option value="(打包台\d)">', page) == ["打包台1", "打包台2"]


def test_an_empty_page_says_what_to_do(console: Client) -> None:
    assert "make a code here" in console.get(reverse("devices")).content.decode()
