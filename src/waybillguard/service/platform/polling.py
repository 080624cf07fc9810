"""Page fragments that the browser polls every few seconds while something is in progress.

A poll of an unchanged fragment costs loading the session and one short query. The response carries an ETag keyed with
the session, so only a browser that was allowed to see the fragment can present it. If the browser sends a current ETag,
`PolledMiddleware` answers 304 without calling the view. After ``AT_MOST_S`` seconds the fragment is always rendered
again, which limits the delay of changes by time or by a revoked permission. The page's script does not poll while its
tab is hidden; a poll never extends a session.
"""

import time
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.crypto import salted_hmac
from django_scopes import scope

from waybillguard.service.platform.database.raw_sql import all_rows

AT_MOST_S: Final = 60
_REMEMBERED: Final = 1024
_QUESTION: Final = "polled_by"

type View = Callable[..., HttpResponseBase]


def polled(question: str) -> Callable[[View], View]:
    """Decorate the view of a polled fragment, which counts as unchanged while ``question`` has the same result.

    ``question`` is SQL; its parameters are the tenant and then the numbers in the view's URL.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def tagged(request: HttpRequest, **numbers: int) -> HttpResponseBase:
            tag = _tag(request, question, numbers)
            response = view(request, **numbers)
            response["ETag"] = tag
            response["Cache-Control"] = "no-store"
            return response

        setattr(tagged, _QUESTION, question)
        return tagged

    return decorate


class PolledMiddleware:
    """Answers 304 to a poll for a fragment that has not changed since the session last received it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 304, or call the view."""
        shown = request.headers.get("If-None-Match", "")
        if shown and request.method == "GET" and getattr(request.user, "tenant", None) is not None:
            question, numbers = _found(request.path_info)
            if question and shown == _tag(request, question, numbers):
                return HttpResponseNotModified()
        return self.get_response(request)


@lru_cache(maxsize=_REMEMBERED)
def _found(path: str) -> tuple[str, dict[str, int]]:
    try:
        match = resolve(path)
    except Resolver404:
        return "", {}
    return getattr(match.func, _QUESTION, ""), match.kwargs


def _tag(request: HttpRequest, question: str, numbers: dict[str, int]) -> str:
    tenant: Any = getattr(request.user, "tenant", None)  # the user model lies above
    with scope(tenant=tenant):
        seen = all_rows(question, tenant.pk, *numbers.values())
    slot = int(time.time()) // AT_MOST_S
    shown = f"{request.session.session_key} {request.get_full_path()} {slot} {seen}"
    return f'"{salted_hmac("waybillguard.polled", shown, algorithm="sha256").hexdigest()[:32]}"'
