"""Browsers that people sign in from; a sign-in from a new browser is shown to them and written to the ledger.

A browser is identified by a random cookie that lasts a year; the database holds its hash, one row per person.
"""

import hashlib
import secrets
from collections.abc import Callable
from typing import Final

from allauth.account.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.devices.browsers import browser_of
from waybillguard.service.identity.models import Browser, User
from waybillguard.service.platform.limits import client_address

COOKIE: Final = "__Host-waybillguard-browser"
_YEAR: Final = 365 * 24 * 3600
_LENGTH: Final = 43

type Respond = Callable[[HttpRequest], HttpResponse]


class BrowserMiddleware:
    """Sets the browser's cookie in the response to its first sign-in."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response, with the cookie if a new one was made."""
        response = self.get_response(request)
        if secret := getattr(request, "new_browser", ""):
            response.set_cookie(COOKIE, secret, max_age=_YEAR, secure=True, httponly=True, samesite="Lax")
        return response


def mark_of(request: HttpRequest) -> bytes:
    """Return the hash of the browser's cookie; empty if it has none."""
    secret = request.COOKIES.get(COOKIE, "")
    return hashlib.sha256(secret.encode()).digest() if len(secret) == _LENGTH else b""


def mark_given(request: HttpRequest) -> bytes:
    """Return the hash of the cookie that this response sets; empty if it sets none."""
    secret = getattr(request, "new_browser", "")
    return hashlib.sha256(secret.encode()).digest() if secret else b""


def is_known(request: HttpRequest, username: str) -> bool:
    """Tell whether the person with this sign-in name has signed in from this browser before."""
    mark = mark_of(request)
    return bool(mark) and Browser.objects.filter(user__username__iexact=username, mark=mark).exists()


def unknown_browsers(user: User) -> list[Browser]:
    """Return the browsers that a person has not yet confirmed as their own, newest first."""
    return list(Browser.objects.filter(user=user, known_since=None).order_by("-pk")[:20])


@receiver(user_logged_in)
def remember_browser(request: HttpRequest, user: User, **_: object) -> None:
    """Record a sign-in from a browser; notify of a new one, except an account's first or an enrolled one."""
    now = timezone.now()
    mark = mark_of(request)
    if mark and Browser.objects.filter(user=user, mark=mark).update(last_seen=now, ip=_address(request)):
        return
    if not mark:
        secret = secrets.token_urlsafe(32)
        request.new_browser = secret  # type: ignore[attr-defined]
        mark = hashlib.sha256(secret.encode()).digest()
    first = not Browser.objects.filter(user=user).exists()
    device = browser_of(request)
    enrolled = device is not None and device.tenant_id == user.tenant_id
    Browser.objects.create(
        user=user,
        mark=mark,
        user_agent=request.META.get("HTTP_USER_AGENT", "")[:200],
        ip=_address(request),
        first_seen=now,
        last_seen=now,
        known_since=now if first or enrolled else None,
    )
    if user.tenant is not None:
        note(user.tenant, "new_browser", person=user, actor=user, now=now, first=int(first))


def _address(request: HttpRequest) -> str | None:
    address = client_address(request)
    return None if address == "unknown" else address
