"""The keyd grant of the current request, taken from a cookie or appended to a CLI token or machine key.

Grants are never stored in the database or the session, so a copy of the database contains none. `GrantMiddleware`
reads and sets the cookie; the API reads the grant from the bearer token.
"""

import base64
import binascii
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

SEPARATOR: Final = "."
"""Separates a bearer secret from the grant after it; secrets never contain it."""
_NEW: Final = "waybillguard_new_grant"
_shown: ContextVar[bytes] = ContextVar("shown_grant", default=b"")


def shown_grant() -> bytes:
    """Return the grant of the current request; empty if it has none."""
    return _shown.get()


def show_grant(grant: bytes) -> None:
    """Use this grant for all further keyd requests of the current request."""
    _shown.set(grant)


def keep_grant(request: HttpRequest, grant: bytes) -> None:
    """Set a new grant in the response's cookie, and use it from now on."""
    setattr(request, _NEW, grant)
    show_grant(grant)


def with_grant(secret: str, grant: bytes) -> str:
    """Return a bearer secret with the grant appended."""
    return f"{secret}{SEPARATOR}{grant_text(grant)}" if grant else secret


def split_grant(token: str) -> tuple[str, bytes]:
    """Split a bearer token into its secret and its grant (empty if it has none)."""
    secret, _, text = token.partition(SEPARATOR)
    return secret, _bytes(text)


class GrantMiddleware:
    """Reads the grant from the browser's cookie, stores a new one there, and deletes it at sign-out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Process the request with its grant, then clear the grant from the thread."""
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
    """Encode a grant for a cookie or a token."""
    return base64.urlsafe_b64encode(grant).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
