# ruff: noqa: ARG001 - fixtures are asked for by name
"""A device enrols with an owner's code: once, before it expires, and into that owner's warehouse."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from support.devices import Keys

from waybillguard.agent.protocol import ENROL, Enrol, Enrolled, PrinterInfo, decode
from waybillguard.agent.signing import ENROL_KEY_ID
from waybillguard.service.identity.accounts.employment import let_go, sleep
from waybillguard.service.identity.accounts.services import cut
from waybillguard.service.identity.devices.services import CODE_LIFETIME, end_devices_of, issue_code
from waybillguard.service.identity.models import Device, EnrolmentCode, User
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The entries written to the ledger."""
    seen: list[Any] = []

    def call(_self: KeydClient, request: Any, _answer: Any) -> Any:
        seen.append(request)
        return messages.Recorded(index=len(seen), leaf_hash="00" * 32, origin="test")

    monkeypatch.setattr(KeydClient, "call", call)
    return seen


def code_for(warehouse: SimpleNamespace, **change: Any) -> bytes:
    given = {"station": "打包台1", "kind": "agent", "holder": None, "certificate": b"der", **change}
    return issue_code(warehouse.owner, now=timezone.now(), **given).secret


def enrol(keys: Keys, secret: bytes, **change: Any) -> Any:
    asked = Enrol(
        secret=secret, signing_key=keys.signing_public, sealing_key=keys.sealing_public, os="Debian 13",
        printers=[PrinterInfo(name="label-1", transport="raw", languages=["tspl"])],
    )  # fmt: skip
    return keys.post(ENROL, asked, key_id=ENROL_KEY_ID, **change)


def test_a_code_enrols_a_device_of_its_station(warehouse: SimpleNamespace, asked: list[Any]) -> None:
    keys = Keys()
    response = enrol(keys, code_for(warehouse))
    assert response.status_code == 200
    answer = decode(Enrolled, response.content)
    assert answer.station == "打包台1"
    with scope(tenant=warehouse.tenant):
        device = Device.objects.get(uid=answer.device)
    assert bytes(device.signing_key) == keys.signing_public
    assert (device.state, device.enrolled_by, device.printers[0]["name"]) == (
        "active",
        warehouse.owner,
        "label-1",
    )
    written = [one.detail for one in asked if one.detail.get("change") == "device_enrolled"]
    assert written == [{"change": "device_enrolled", "device": device.uid, "kind": "agent"}]


@pytest.mark.parametrize("place", ["", "tpm", "keyring", "file"])
def test_a_device_says_where_its_key_lies(
    warehouse: SimpleNamespace, asked: list[Any], signed_in: Callable[[User], Client], place: Any
) -> None:
    keys = Keys()
    message = Enrol(
        secret=code_for(warehouse), signing_key=keys.signing_public, sealing_key=keys.sealing_public,
        key_place=place,
    )  # fmt: skip
    answer = decode(Enrolled, keys.post(ENROL, message, key_id=ENROL_KEY_ID).content)
    with scope(tenant=warehouse.tenant):
        assert Device.objects.get(uid=answer.device).key_place == place
    page = signed_in(warehouse.owner).get(reverse("devices")).content.decode()
    words = {"tpm": "Key in the TPM", "keyring": "Key in the keyring", "file": "Key in a file"}
    assert [shown for shown, text in words.items() if text in page] == ([place] if place else [])
    assert ("as the device says" in page) is bool(place)


def test_a_code_works_once(warehouse: SimpleNamespace, asked: list[Any]) -> None:
    secret = code_for(warehouse)
    assert enrol(Keys(), secret).status_code == 200
    second = enrol(Keys(), secret)
    assert (second.status_code, second.json()["title"]) == (403, "code_unknown")
    with scopes_disabled():
        assert Device.objects.count() == 1


def test_a_code_ends_after_fifteen_minutes(warehouse: SimpleNamespace, asked: list[Any]) -> None:
    secret = code_for(warehouse)
    with scopes_disabled():
        EnrolmentCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert enrol(Keys(), secret).json()["title"] == "code_unknown"
    assert timedelta(minutes=15) == CODE_LIFETIME


def test_an_unknown_code_is_answered_like_a_used_one(warehouse: SimpleNamespace, asked: list[Any]) -> None:
    secret = code_for(warehouse)
    enrol(Keys(), secret)
    assert enrol(Keys(), bytes(16)).content == enrol(Keys(), secret).content


def test_who_does_not_hold_the_key_he_brings_is_refused(warehouse: SimpleNamespace, asked: list[Any]) -> None:
    keys, other = Keys(), Keys()
    keys.signing, kept = other.signing, keys.signing
    message = Enrol(
        secret=code_for(warehouse), signing_key=kept.public_key().public_bytes_raw(), sealing_key=bytes(32)
    )
    response = keys.post(ENROL, message, key_id=ENROL_KEY_ID)
    assert (response.status_code, response.json()["title"]) == (401, "bad_signature")
    with scopes_disabled():
        assert EnrolmentCode.objects.get().used_at is None


def test_a_code_stays_unused_when_the_ledger_cannot_write(
    warehouse: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise KeydUnavailableError(zh="密钥进程没有应答", en="no answer")

    monkeypatch.setattr(KeydClient, "call", refuse)
    assert enrol(Keys(), code_for(warehouse)).status_code == 503
    with scopes_disabled():
        assert EnrolmentCode.objects.get().used_at is None
        assert not Device.objects.exists()


def test_a_key_enrols_once(warehouse: SimpleNamespace, asked: list[Any]) -> None:
    keys = Keys()
    assert enrol(keys, code_for(warehouse)).status_code == 200
    assert enrol(keys, code_for(warehouse)).json()["title"] == "code_unknown"


def test_the_codes_of_a_leaver_end(warehouse: SimpleNamespace, asked: list[Any]) -> None:
    secret = code_for(warehouse)
    cut(warehouse.owner)
    assert enrol(Keys(), secret).json()["title"] == "code_unknown"


def test_only_a_hash_of_the_code_is_kept(warehouse: SimpleNamespace, asked: list[Any]) -> None:
    secret = code_for(warehouse)
    with scopes_disabled():
        row = EnrolmentCode.objects.values().get()
    assert secret not in bytes(row["secret_hash"])
    assert all(secret.hex() not in str(value) for value in row.values())


def test_a_body_that_is_no_message_is_refused_without_repeating_it(warehouse: SimpleNamespace) -> None:
    from django.test import Client

    response = Client().post(ENROL, '{"secret":"张三 13800000000"}', content_type="application/json")
    assert response.status_code == 422
    assert "13800000000" not in response.content.decode()
    assert Client().post(ENROL, b"\xff{", content_type="application/json").status_code == 422


def test_a_leavers_device_ends_with_his_account(warehouse: SimpleNamespace, asked: list[Any]) -> None:
    keys = Keys()
    enrol(keys, code_for(warehouse, holder=warehouse.clerk, kind="agent"))
    sleep(warehouse.clerk, timezone.now())
    with scope(tenant=warehouse.tenant):
        assert Device.objects.get().state == Device.State.ACTIVE, "sleep suspends"
    let_go(None, warehouse.clerk, timezone.now())
    with scope(tenant=warehouse.tenant):
        assert Device.objects.get().state == Device.State.REVOKED
    assert end_devices_of(warehouse.clerk, timezone.now()) == 0


def test_twenty_tries_a_minute_are_the_most(warehouse: SimpleNamespace, asked: list[Any]) -> None:
    codes = [enrol(Keys(), bytes(16)).status_code for _ in range(21)]
    assert codes == [403] * 20 + [429]
