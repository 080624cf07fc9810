"""Set the sign-in and origin of each request, end badge sessions that are over, and limit badges to masked work."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_scopes import scope

from waybillguard.service.authorization.access import BADGE_PAGES, MASKED_WORK
from waybillguard.service.authorization.principal import BADGE_SESSION, confirmed_at, sign_in_of
from waybillguard.service.identity.devices.browsers import device_facts, renew_cookie
from waybillguard.service.identity.models import Here, User
from waybillguard.service.people.badges.sessions import still_good
from waybillguard.service.people.badges.shared import note_use

type Respond = Callable[[HttpRequest], HttpResponse]


class HereMiddleware:
    """Set how and where the request's user is signed in (``User.here``)."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; a badge session that is over ends here."""
        user = request.user
        if user.is_authenticated and user.tenant is not None:
            begun = request.session.get(BADGE_SESSION)
            if begun:
                with scope(tenant=user.tenant):
                    good = still_good(request, user, begun, timezone.now())
                if not good:
                    logout(request)
                    messages.info(request, _("The session of the badge is over. Scan again."))
                    return _to_station(request)
            user.here = Here(
                sign_in_of(request), *device_facts(request, user.tenant), confirmed_at=confirmed_at(request)
            )
        response = self.get_response(request)
        renew_cookie(request, response)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., object],
        args: object,
        kwargs: object,
    ) -> HttpResponse | None:
        """Limit a badge to masked work, and ask who is working under a shared account."""
        del args, kwargs
        user = request.user
        if not isinstance(user, User) or user.here is None:
            return None
        page = request.resolver_match.view_name if request.resolver_match else ""
        asks = getattr(view, "asks_for", None)
        if user.by_badge:
            if page not in BADGE_PAGES and asks not in MASKED_WORK:
                raise PermissionDenied(
                    _("A sign-in by badge does masked work only. Sign in with the password for your account.")
                )
        elif user.shared and asks in MASKED_WORK:
            allowed = user.may(asks)
            note_use(request, user, timezone.localtime(), refused=not allowed)
            if not allowed:
                messages.warning(request, _("Several people use this account. Scan your badge to work."))
                return _to_station(request)
        return None


def _to_station(request: HttpRequest) -> HttpResponse:
    """Redirect a browser to the station's page; for an htmx fragment, redirect the whole window."""
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=401)
        response["HX-Redirect"] = reverse("station")
        return response
    return redirect("station")
