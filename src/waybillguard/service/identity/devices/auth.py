"""Authentication of devices at the API by HTTP message signatures (RFC 9421)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from ninja.security.http import HttpAuthBase

from waybillguard.agent.errors import ClockSkewError, SignatureError
from waybillguard.agent.signing import Verified, verify
from waybillguard.service.identity.devices.errors import DeviceError, replayed, restricted, revoked
from waybillguard.service.identity.devices.nonces import NONCES_KEPT, drop_old_nonces, use_once
from waybillguard.service.identity.models import Device, DeviceKind
from waybillguard.service.platform.database.raw_sql import Rows
from waybillguard.service.platform.rates import Rate

SEEN_EVERY = timedelta(seconds=30)
"""Minimum interval between two updates of ``last_seen``."""
_DEVICE = Rows(Device, "WHERE identity_device.uid = %s", beside=("tenant", "holder"))
_SIGNING_HEADERS = ("Content-Digest", "Signature", "Signature-Input")


class DeviceAuth(HttpAuthBase):
    """Accepts requests signed by an active device, and sets ``request.device`` for the view.

    Limits the request's queries to the device's tenant. Use as ``auth=DeviceAuth()``, together with
    ``throttle=[DeviceRate(...)]``.

    Args:
        kinds: kinds of devices that may call. The default is those of a print room, which excludes warehouses that
            report to a hub.
    """

    def __init__(self, kinds: Sequence[str] = (DeviceKind.AGENT, DeviceKind.SHIM)) -> None:
        super().__init__()
        self._kinds = frozenset(map(str, kinds))

    openapi_scheme = "signature"
    openapi_description = "HTTP message signature (RFC 9421) of an enrolled device, Ed25519"

    def __call__(self, request: HttpRequest) -> Device | None:
        """Return the device; None if the request has no signature.

        Raises:
            DeviceError: the signature is invalid, or the device is restricted or revoked.
        """
        if "Signature" not in request.headers:
            return None
        now = timezone.now()
        with scopes_disabled():
            device = _sender(request, now)
        if device.kind not in self._kinds:
            raise restricted()
        tenant_scope = scope(tenant=device.tenant)
        tenant_scope.__enter__()
        request.tenant_scope = tenant_scope  # type: ignore[attr-defined]  # left by ApiScopeMiddleware
        request.device = device  # type: ignore[attr-defined]
        return device


class DeviceRate(Rate):
    """Limits the calls of one device to one operation, as ``Rate`` does for a person."""

    def __init__(self, name: str, rate: str) -> None:
        super().__init__(f"device-{name}", rate)

    def caller(self, request: HttpRequest) -> str:
        """Return the identifier of the device to count."""
        return str(device_of(request).pk)


def device_of(request: HttpRequest) -> Device:
    """Return the device of a request that passed `DeviceAuth`."""
    device = getattr(request, "device", None)
    if not isinstance(device, Device):
        raise PermissionError("the call is not signed by a device")
    return device


def signature_of(request: HttpRequest, keys: Mapping[str, bytes | None], now: datetime) -> Verified:
    """Verify a request's signature against ``keys``, public keys by key id.

    Raises:
        DeviceError (bad_signature): the signature is missing or invalid.
        DeviceError (clock_skew): the device's clock is wrong.
    """
    headers = {name: request.headers[name] for name in _SIGNING_HEADERS if name in request.headers}
    try:
        return verify(
            request.method or "",
            request.build_absolute_uri(),
            headers,
            request.body,
            find_key=keys.get,
            now=now,
        )
    except ClockSkewError as error:
        raise DeviceError(code="clock_skew", status=401, zh=error.zh, en=error.en) from None
    except SignatureError as error:
        raise DeviceError(code="bad_signature", status=401, zh=error.zh, en=error.en) from None


class _Keys(dict[str, bytes | None]):
    """Loads a device from the database when its key is looked up."""

    device: Device | None = None

    def get(self, key: str, default: bytes | None = None) -> bytes | None:  # type: ignore[override]
        found = _DEVICE.first(key)
        if found is None or found.signing_key is None:
            return default
        self.device = found
        return bytes(found.signing_key)


def _sender(request: HttpRequest, now: datetime) -> Device:
    keys = _Keys()
    verified = signature_of(request, keys, now)
    device = keys.device
    if device is None or device.uid != verified.key_id:
        raise PermissionError("a signature was checked without a device")
    if device.state == Device.State.RESTRICTED:
        raise restricted()
    if device.state != Device.State.ACTIVE or (device.holder is not None and not device.holder.is_active):
        raise revoked()
    if not use_once(device, verified.nonce, now):
        raise replayed()
    if cache.add("device-nonces-dropped", 1, NONCES_KEPT.seconds):
        drop_old_nonces(now)
    if device.last_seen is None or now - device.last_seen >= SEEN_EVERY:
        Device.objects.filter(pk=device.pk).update(last_seen=now)
        device.last_seen = now
    return device
