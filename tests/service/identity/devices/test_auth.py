# ruff: noqa: ARG001 - fixtures are asked for by name
"""Device authentication: a signature is accepted once, within its time, and only from an active device."""

import os
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone
from django_scopes import get_scope, scope, scopes_disabled
from support.codes import has_code
from support.devices import HOST, Keys, enrolled

from waybillguard.agent.protocol import LEASE, LeaseRequest, encode
from waybillguard.service.identity.accounts.services import cut
from waybillguard.service.identity.devices import services
from waybillguard.service.identity.devices.auth import DeviceAuth, device_of
from waybillguard.service.identity.devices.errors import DeviceError
from waybillguard.service.identity.devices.nonces import NONCES_KEPT, drop_old_nonces
from waybillguard.service.identity.models import Device, DeviceNonce, User

BODY = encode(LeaseRequest(printers=["label-1"]))


@pytest.fixture
def known(warehouse: SimpleNamespace) -> SimpleNamespace:
    with scope(tenant=warehouse.tenant):
        device, keys = enrolled(warehouse.owner)
    return SimpleNamespace(device=device, keys=keys, owner=warehouse.owner, clerk=warehouse.clerk)


def request_of(headers: dict[str, str], body: bytes = BODY) -> Any:
    return RequestFactory().post(
        LEASE, body, content_type="application/json", headers={**headers, "Host": HOST}
    )


def ask(keys: Keys, **change: Any) -> Any:
    request = request_of(keys.headers(LEASE, BODY, **change))
    device = DeviceAuth()(request)
    if hasattr(request, "tenant_scope"):
        request.held = get_scope()
        request.tenant_scope.__exit__(None, None, None)
    return device, request


def test_an_active_device_is_known_by_its_signature(known: SimpleNamespace) -> None:
    device, request = ask(known.keys)
    assert device == known.device
    assert device_of(request) == known.device
    assert request.held["tenant"] == known.device.tenant


def test_a_request_without_a_signature_is_nobodys(known: SimpleNamespace) -> None:
    assert DeviceAuth()(request_of({})) is None


def test_an_unknown_device_is_refused(known: SimpleNamespace) -> None:
    with pytest.raises(DeviceError, check=has_code("bad_signature")):
        ask(Keys(uid=os.urandom(16).hex()))


def test_another_devices_name_with_ones_own_key_is_refused(known: SimpleNamespace) -> None:
    with pytest.raises(DeviceError, check=has_code("bad_signature")):
        ask(Keys(uid=known.keys.uid))


def test_the_same_request_counts_once(known: SimpleNamespace) -> None:
    headers = known.keys.headers(LEASE, BODY)
    request = request_of(headers)
    DeviceAuth()(request)
    request.tenant_scope.__exit__(None, None, None)
    with pytest.raises(DeviceError, check=has_code("replayed")):
        DeviceAuth()(request_of(headers))


def test_a_changed_body_is_refused(known: SimpleNamespace) -> None:
    with pytest.raises(DeviceError, check=has_code("bad_signature")):
        DeviceAuth()(request_of(known.keys.headers(LEASE, BODY), BODY + b" "))


@pytest.mark.parametrize("seconds", [-70, 70])
def test_a_clock_that_is_off_is_told_so(known: SimpleNamespace, seconds: int) -> None:
    with pytest.raises(DeviceError, check=has_code("clock_skew")):
        ask(known.keys, now=timezone.now() + timedelta(seconds=seconds))


def test_a_nonce_outlives_every_moment_at_which_its_signature_could_count(known: SimpleNamespace) -> None:
    ask(known.keys, now=timezone.now() + timedelta(seconds=55))
    drop_old_nonces(timezone.now() + timedelta(seconds=120))
    assert DeviceNonce.objects.count() == 1
    drop_old_nonces(timezone.now() + NONCES_KEPT + timedelta(seconds=1))
    assert not DeviceNonce.objects.exists()


def test_a_restricted_device_gets_nothing_until_it_is_released(known: SimpleNamespace) -> None:
    services.restrict(known.owner, known.device, timezone.now())
    with pytest.raises(DeviceError, check=has_code("device_restricted")):
        ask(known.keys)
    services.release(known.owner, known.device, timezone.now())
    assert ask(known.keys)[0] == known.device


def test_a_revoked_device_gets_nothing_ever_again(known: SimpleNamespace) -> None:
    services.revoke(known.owner, known.device, timezone.now())
    with pytest.raises(DeviceError, check=has_code("device_revoked")):
        ask(known.keys)
    with pytest.raises(DeviceError):
        services.release(known.owner, known.device, timezone.now())
    with pytest.raises(DeviceError):
        services.revoke(known.owner, known.device, timezone.now())


def test_a_leavers_device_is_cut_with_his_account(known: SimpleNamespace) -> None:
    with scopes_disabled():
        Device.objects.update(holder=known.clerk)
    assert ask(known.keys)[0] == known.device
    cut(known.clerk)
    with pytest.raises(DeviceError, check=has_code("device_revoked")):
        ask(known.keys)
    User.objects.filter(pk=known.clerk.pk).update(is_active=True)
    assert ask(known.keys)[0] == known.device, "whoever slept works on with it"
    cut(known.clerk, for_good=True)
    User.objects.filter(pk=known.clerk.pk).update(is_active=True)
    with pytest.raises(DeviceError, check=has_code("device_revoked")):
        ask(known.keys)


def test_a_device_is_seen_at_most_twice_a_minute(known: SimpleNamespace) -> None:
    ask(known.keys)
    with scopes_disabled():
        first = Device.objects.get().last_seen
    ask(known.keys)
    with scopes_disabled():
        assert Device.objects.get().last_seen == first
