"""A browser enrolled as a station, a badge with a chosen PIN, and signing in with them."""

import secrets
from typing import Any

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone

PIN = "830417"


def station(owner: Any, name: str = "打包台1", kind: str = "station", **changes: Any) -> tuple[Any, Client]:
    """Return the device of an enrolled browser, and the browser."""
    from waybillguard.service.identity.devices.browsers import COOKIE, _hash
    from waybillguard.service.identity.models import Device

    secret = secrets.token_urlsafe(32)
    values = {"station": name, "kind": kind, "sealing_key": b"", "cookie_hash": _hash(secret)} | changes
    device = Device.objects.create(
        uid=secrets.token_hex(16), tenant=owner.tenant, enrolled_by=owner, last_seen=timezone.now(), **values
    )
    return device, browser(secret, COOKIE)


def browser(secret: str, name: str) -> Client:
    """Return a browser that sends this cookie."""
    client = Client(headers={"accept-language": "en"})
    client.cookies[name] = secret
    return client


def badge_of(owner: Any, user: Any, *, chosen: bool = True) -> Any:
    """Return a new badge (``services.Issued``), by default with a chosen PIN."""
    from waybillguard.service.people.badges import services

    issued = services.issue(owner, user, timezone.now())
    if chosen:
        issued.badge.pin, issued.badge.pin_chosen_at = make_password(PIN), timezone.now()
        issued.badge.save()
    return issued


def scan(client: Client, code: str, pin: str = PIN) -> Any:
    """Scan a badge and type a PIN."""
    return client.post(reverse("station"), {"badge": code, "pin": pin})
