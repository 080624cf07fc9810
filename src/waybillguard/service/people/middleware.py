"""Middleware of pages: require sign-in and, for some roles, a second factor; open the person's tenant."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user, logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django_scopes import scope

from waybillguard.service.authorization.access import (
    ENROLMENT_PAGES,
    OPEN_PAGES,
    OWN_SIGN_IN,
    has_second_factor,
    needs_second_factor,
    signed_in,
)
from waybillguard.service.authorization.principal import sign_in_of
from waybillguard.service.authorization.step_up import step_up
from waybillguard.service.identity.accounts.sso_records import provider_factor, still_vouched
from waybillguard.service.identity.merchants.scope import inside
from waybillguard.service.keyd.client import KeydError, RefusedError
from waybillguard.service.platform.limits import client_address, over_limit

PERSON_A_MINUTE = 1200
STRANGER_A_MINUTE = 300
"""Requests per minute and process: far above people with several polling tabs, far below a script."""

SEEN_EVERY = timedelta(minutes=1)
_SESSIONS_REMEMBERED = 2_000
_AGENT = UserSession._meta.get_field("user_agent").max_length  # noqa: SLF001 - Django's documented model API

type Respond = Callable[[HttpRequest], HttpResponse]


class PersonMiddleware(AuthenticationMiddleware):
    """Load the request's user at once, because every page uses it many times.

    Django's lazy user object loads the person at the first use, but adds a forwarding step to every later use.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Set ``request.user``."""
        super().process_request(request)
        request.user = get_user(request)


class SignedInMiddleware:
    """Refuse requests before the body is read: an upload without sign-in is never parsed."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or redirect to sign-in or to the enrolment of a second factor."""
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)  # no such page: nothing to protect
        if OWN_SIGN_IN & set(match.namespaces):
            return self.get_response(request)
        if self._too_many(request):
            return render(request, "429.html", status=429)
        refusal = None if match.view_name in OPEN_PAGES else self._refusal(request, match.view_name)
        return refusal if refusal is not None else self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Show a page if keyd or the ledger refused; nothing was opened or changed."""
        if not isinstance(error, KeydError):
            return None
        if (
            isinstance(error, RefusedError)
            and error.reason == "not_granted"
            and request.user.is_authenticated
        ):
            user = signed_in(request)
            if has_second_factor(user) and not sign_in_of(request).stepped_up:
                return step_up(request, request.path)
        text = error.message(get_language() or "zh-hans")
        return render(request, "503.html", {"trouble": text}, status=503)

    def _refusal(self, request: HttpRequest, page: str) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return _go(request, "account_login", back=request.get_full_path())
        user = signed_in(request)
        with scope(tenant=user.tenant):
            vouched = still_vouched(request, user)
        if not vouched:
            logout(request)
            return _go(request, "account_login")
        if user.by_badge:
            return None  # badge and PIN are two factors, for masked work only
        proven = provider_factor(request) or page in ENROLMENT_PAGES
        if not proven and needs_second_factor(user) and not has_second_factor(user):
            return _go(request, "second_factor")
        return None

    def _too_many(self, request: HttpRequest) -> bool:
        if request.user.is_authenticated:
            return over_limit("person", str(request.user.pk), limit=PERSON_A_MINUTE, seconds=60)
        return over_limit("stranger", client_address(request), limit=STRANGER_A_MINUTE, seconds=60)


class LastSeenMiddleware:
    """Record the last use of a session (address and time), at most once a minute, so that reading pages rarely writes.

    A change of address or browser is recorded at once. Records of the last minute are remembered in this process,
    so most requests need no query.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self._noted: dict[str, tuple[datetime, object]] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Record the use, then answer."""
        key = request.session.session_key
        if request.user.is_authenticated and key:
            here = (
                request.user.pk,
                client_address(request),
                request.META.get("HTTP_USER_AGENT", "")[:_AGENT],
            )
            now = timezone.now()
            seen = self._noted.get(key)
            if seen is None or seen[1] != here or not timedelta() <= now - seen[0] <= SEEN_EVERY:
                self._remember(key, self._note(request, key, here, now), here)
        return self.get_response(request)

    @staticmethod
    def _note(request: HttpRequest, key: str, here: tuple[object, ...], now: datetime) -> datetime:
        """Record the use unless this or another process did so within the minute; return when it was recorded."""
        row = (
            UserSession.objects.filter(session_key=key)
            .values_list("user_id", "last_seen_at", "ip", "user_agent")
            .first()
        )
        if row is not None and (row[0], *row[2:]) == here and now - row[1] <= SEEN_EVERY:
            seen: datetime = row[1]
            return seen
        UserSession.objects.create_from_request(request)
        return now

    def _remember(self, key: str, seen: datetime, here: object) -> None:
        if len(self._noted) >= _SESSIONS_REMEMBERED:
            self._noted.clear()
        self._noted[key] = (seen, here)


class TenantMiddleware:
    """Open the tenant's scope for the request; without a tenant no data is visible."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within the person's tenant and time zone."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        tenant = signed_in(request).tenant
        if tenant is None:
            if request.path_info == reverse("account_logout"):
                return self.get_response(request)
            raise PermissionDenied
        with (
            scope(tenant=tenant),
            inside(signed_in(request)),
            timezone.override(ZoneInfo(tenant.time_zone)),
        ):
            response = self.get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
            return response


def _go(request: HttpRequest, page: str, back: str = "") -> HttpResponse:
    """Redirect a browser to a page; for an htmx fragment, redirect the whole window."""
    address = reverse(page)
    fragment = request.headers.get("HX-Request") == "true"
    if back and request.method == "GET" and not fragment:
        address += "?" + urlencode({"next": back})
    if fragment:
        response = HttpResponse(status=401)
        response["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)
