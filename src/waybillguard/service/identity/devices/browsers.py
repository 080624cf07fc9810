"""Enrolled browsers: at a station, in the office or on a phone, admitted with an owner's one-time code.

Typing the code in the browser sets a cookie that no script can read (HttpOnly, Secure, SameSite=Strict, ``__Host-``);
the database holds its hash beside the device. Why a cookie and not a key made by the browser: docs/adr/0015.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django_scopes import scopes_disabled

from waybillguard.access.request import BROWSER, Place
from waybillguard.access.request import Device as DeviceFacts
from waybillguard.service.identity.devices.errors import code_unknown
from waybillguard.service.identity.devices.services import keep_code, record_enrolment, take_code
from waybillguard.service.identity.models import BROWSERS, Device, DeviceKind, Site, User
from waybillguard.service.tenancy.models import Tenant

COOKIE: Final = "__Host-waybillguard-device"
KEPT_S: Final = 400 * 24 * 3600
"""Lifetime of the cookie in seconds: the maximum that browsers allow. Use of the browser renews it."""

SEEN_EVERY: Final = timedelta(minutes=5)
_SECRET_LENGTH: Final = 43
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS: Final = 16
"""Letters of a code, five bits each: 80 bits, usable once within 15 minutes, behind a rate limit."""

_GROUP: Final = 4
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": ""})
_KINDS: Final = {
    DeviceKind.AGENT: "print_station",
    DeviceKind.SHIM: "print_station",
    DeviceKind.STATION: "print_station",
    DeviceKind.DESK: "desk",
    DeviceKind.PHONE: "phone",
}
"""Kinds of devices by their names in the policies (access/data/device_kinds.csv)."""


def issue_code(
    owner: User,
    *,
    station: str,
    kind: DeviceKind,
    holder: User | None,
    now: datetime,
    site: Site | None = None,
) -> str:
    """Make a one-time code to be typed in a browser; only its hash is stored.

    Raises:
        KeydError: the ledger entry cannot be written; no code is made.
    """
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))
    keep_code(owner, _typed(letters), station=station, kind=kind, holder=holder, now=now, site=site)
    return "-".join(letters[n : n + _GROUP] for n in range(0, _LETTERS, _GROUP))


def enrol_browser(code_text: str, user_agent: str, now: datetime) -> tuple[Device, str]:
    """Consume a code and enrol the browser; return the device and the secret for its cookie.

    Raises:
        DeviceError (code_unknown): the code is unknown, used, expired, or not for a browser.
        KeydError: the ledger entry cannot be written; the code stays unused.
    """
    with scopes_disabled(), transaction.atomic():
        code = take_code(_typed(code_text), now, kinds=BROWSERS)
        secret = secrets.token_urlsafe(32)
        device = Device.objects.create(
            uid=secrets.token_hex(16), tenant=code.tenant, station=code.station, kind=code.kind, holder=code.holder,
            site=code.site, sealing_key=b"", cookie_hash=_hash(secret), os=user_agent[:80], enrolled_by=code.created_by,
            enrolled_at=now, last_seen=now,
        )  # fmt: skip
        record_enrolment(device)
    return device, secret


def give_cookie(response: HttpResponse, secret: str) -> None:
    """Set the cookie that identifies the browser."""
    response.set_cookie(COOKIE, secret, max_age=KEPT_S, secure=True, httponly=True, samesite="Strict")


def renew_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Extend the cookie of an active browser from time to time."""
    if getattr(request, "renew_device", False) and COOKIE not in response.cookies:
        give_cookie(response, request.COOKIES[COOKIE])


def browser_of(request: HttpRequest) -> Device | None:
    """Return the device of the browser's cookie, in any state; queried once per request."""
    if not hasattr(request, "browser_device"):
        request.browser_device = _find(request)  # type: ignore[attr-defined]
    found: Device | None = getattr(request, "browser_device", None)
    return found


def device_facts(request: HttpRequest, tenant: Tenant) -> tuple[DeviceFacts, Place]:
    """Return the policy attributes of the browser and of its place.

    A browser without a cookie counts as an office computer, so that a new warehouse can start working. The policies
    ``reveal-enrolled`` and ``enrolled-only`` close this gap: otherwise a restricted desk could go on in a private
    window. A cookie of a revoked device, of a leaver's device or of another warehouse makes the device unknown, and
    an unknown device is refused everything.
    """
    device = browser_of(request)
    if device is None:
        return DeviceFacts(id=BROWSER, tenant=tenant.slug, kind="desk", enrolled=True), Place()
    return facts_of(device)


def facts_of(device: Device) -> tuple[DeviceFacts, Place]:
    """Return the policy attributes of an enrolled browser from its current row."""
    holder_left = device.holder is not None and not device.holder.is_active
    facts = DeviceFacts(
        id=device.uid, tenant=device.tenant.slug, kind=_KINDS[DeviceKind(device.kind)],
        enrolled=device.state != Device.State.REVOKED and not holder_left,
        restricted=device.state == Device.State.RESTRICTED,
        remote_control=device.remote_control,
    )  # fmt: skip
    site = device.site.code if device.site is not None else ""
    return facts, Place(site=site, station=device.station, print_room=device.kind == DeviceKind.STATION)


def _find(request: HttpRequest) -> Device | None:
    secret = request.COOKIES.get(COOKIE, "")
    if len(secret) != _SECRET_LENGTH:
        return None
    now = timezone.now()
    with scopes_disabled():
        known = Device.objects.select_related("tenant", "holder", "site")
        found = known.filter(cookie_hash=_hash(secret)).first()
        if found is not None and (found.last_seen is None or now - found.last_seen > SEEN_EVERY):
            Device.objects.filter(pk=found.pk).update(last_seen=now)
            request.renew_device = found.state != Device.State.REVOKED  # type: ignore[attr-defined]
    return found


def _typed(text: str) -> bytes:
    """Parse a typed code into its secret; case and hyphens are ignored, look-alike letters are corrected.

    Raises:
        DeviceError (code_unknown): the text is not a code.
    """
    letters = text.upper().translate(_MISREAD)
    if len(letters) != _LETTERS or not set(letters) <= set(_ALPHABET):
        raise code_unknown()
    return b"browser " + letters.encode()


def _hash(secret: str) -> bytes:
    return hashlib.sha256(b"waybillguard browser\0" + secret.encode()).digest()
