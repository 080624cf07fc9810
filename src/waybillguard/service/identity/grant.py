"""The grant of keyd that a request came with: in the browser's own cookie, or behind a shell token or machine key.

It is never in a table or in the session: who copies the database holds no grant. `GrantMiddleware` takes it from the
cookie and puts a new one there; the API takes it from the bearer token.
"""

import base64
import binascii
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

SEPARATOR: Final = "."
"""Stands between a bearer secret and the grant behind it; no secret holds one."""
_NEW: Final = "waybillguard_new_grant"
_shown: ContextVar[bytes] = ContextVar("shown_grant", default=b"")


def shown_grant() -> bytes:
    """Return the grant that the present request came with; empty: none."""
    return _shown.get()


def show_grant(grant: bytes) -> None:
    """Let what follows in this request be asked with this grant."""
    _shown.set(grant)


def keep_grant(request: HttpRequest, grant: bytes) -> None:
    """Put a fresh grant into the browser with the answer, and use it from now on."""
    setattr(request, _NEW, grant)
    show_grant(grant)


def with_grant(secret: str, grant: bytes) -> str:
    """Return a bearer secret with the grant behind it."""
    return f"{secret}{SEPARATOR}{grant_text(grant)}" if grant else secret


def split_grant(token: str) -> tuple[str, bytes]:
    """Return a bearer token's secret and the grant behind it (empty: none)."""
    secret, _, text = token.partition(SEPARATOR)
    return secret, _bytes(text)


class GrantMiddleware:
    """Takes the grant from the browser's cookie, puts a fresh one there, takes it away at the end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the grant shown, and leave none behind in the thread."""
        name = settings.GRANT_COOKIE_NAME
        show_grant(_bytes(request.COOKIES.get(name, "")))
        try:
            response = self.get_response(request)
        finally:
            show_grant(b"")
        fresh = getattr(request, _NEW, None)
        if fresh is not None:
            response.set_cookie(
                name, grant_text(fresh), max_age=settings.SESSION_COOKIE_AGE, secure=settings.SESSION_COOKIE_SECURE,
                httponly=True, samesite="Strict",
            )  # fmt: skip
        elif name in request.COOKIES and not request.user.is_authenticated:
            response.delete_cookie(name, samesite="Strict")
        return response


def grant_text(grant: bytes) -> str:
    """Return a grant as a cookie or a token carries it."""
    return base64.urlsafe_b64encode(grant).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
