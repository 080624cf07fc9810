"""Redirects to the provider and back. They need no sign-in: each is rate limited and reveals nothing about people."""

import logging
import time
from collections.abc import Callable
from functools import wraps

from allauth.socialaccount.sessions import LoginSession
from cryptography.exceptions import InvalidTag
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe
from django_scopes import scopes_disabled

from waybillguard.service.authorization.access import signed_in
from waybillguard.service.identity.accounts.sealing import open_text, seal_text
from waybillguard.service.identity.models import IdentityProvider
from waybillguard.service.people.sso import saml
from waybillguard.service.people.sso.errors import SingleSignOnError
from waybillguard.service.people.sso.flows import arrive, begin
from waybillguard.service.platform.limits import client_address, over_limit, seen

logger = logging.getLogger(__name__)
A_MINUTE = 120
"""Requests per minute, address and process: a whole shift may share one address."""

INTENT = "sso_intent"
"""Session key of the intent of the next redirect to the provider; without it, the intent is to sign in."""

INTENT_S = 300
BRIDGE = "__Secure-waybillguard-saml"
_RESPONSE = b"waybillguard saml response v1"

type View = Callable[..., HttpResponse]


def provider_of(slug: str) -> IdentityProvider:
    """Return the provider of a warehouse.

    Raises:
        Http404: no such warehouse, or no provider set up; a visitor cannot tell which.
    """
    with scopes_disabled():
        found = IdentityProvider.objects.select_related("tenant").filter(tenant__slug=slug).first()
    if found is None:
        raise Http404
    return found


def guarded(view: View) -> View:
    """Limit the rate of requests, and show why a sign-in failed."""

    @wraps(view)
    @never_cache
    def counted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if over_limit("sso", client_address(request), limit=A_MINUTE, seconds=60):
            return render(request, "429.html", status=429)
        try:
            return view(request, *args, **kwargs)
        except SingleSignOnError as error:
            if error.detail:
                logger.warning("single sign-on refused: %s (%s)", error.why, error.detail)
            return failed(request, error)

    return counted


def failed(request: HttpRequest, error: SingleSignOnError) -> HttpResponse:
    """Return the page that shows why the sign-in failed."""
    words = error.message(get_language() or "zh-hans")
    return render(request, "people/sso_failed.html", {"why": words}, status=403)


@guarded
@require_safe
def which(request: HttpRequest) -> HttpResponse:
    """Ask which warehouse the visitor belongs to, and redirect to its provider."""
    slug = request.GET.get("warehouse", "").strip().lower()
    if not slug:
        return render(request, "people/sso_which.html")
    with scopes_disabled():
        known = IdentityProvider.objects.filter(tenant__slug=slug, active_since__isnull=False).exists()
    if not known:
        return render(request, "people/sso_which.html", {"unknown": True}, status=404)
    return redirect("sso_start", slug=slug)


@guarded
@require_GET
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Redirect a browser to the provider: to sign in, or for an intent in the session."""
    provider = provider_of(slug)
    if provider.active_since is None:
        raise SingleSignOnError("off")
    here = f"{request.scheme}://{request.get_host()}"
    if here != provider.origin:  # the provider knows only one address of this console
        return redirect(f"{provider.origin}{reverse('sso_start', args=[slug])}")
    intent = request.session.pop(INTENT, None)
    if intent and intent["slug"] == slug and time.time() - intent["at"] < INTENT_S:
        about = {name: value for name, value in intent.items() if name in {"user", "link"}}
        return begin(request, provider, intent["process"], **about)
    return begin(request, provider, "login", next=safe_next(request))


@guarded
@require_GET
def again(request: HttpRequest) -> HttpResponse:
    """Have a signed-in person sign in again at the provider."""
    user = signed_in(request)
    provider = provider_of(user.tenant.slug if user.tenant else "")
    return begin(request, provider, "again", user=user.pk, next=safe_next(request))


@guarded
@require_GET
def callback(request: HttpRequest, slug: str) -> HttpResponse:
    """Handle the browser's return from an OpenID Connect provider."""
    from waybillguard.service.people.sso import oidc  # on first use, as in `flows.begin`

    provider = _speaking(slug, IdentityProvider.Kind.OIDC)
    return arrive(request, provider, *oidc.prove(request, provider))


@csrf_exempt
@guarded
@require_POST
def acs(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept what a SAML provider had the browser post; it is processed once the browser's own cookies are available.

    A post from another site carries no session, so allauth's temporary session bridges the step.
    """
    provider = _speaking(slug, IdentityProvider.Kind.SAML)
    posted = request.POST.get("SAMLResponse", "")
    saml.validated(provider, posted)  # unsigned data is not stored, not even briefly
    answer = redirect("sso_acs_finish", slug=slug)
    kept = _bridge(request)
    kept.store.flush()
    kept.store["response"] = seal_text(posted, _RESPONSE)
    kept.store.set_expiry(INTENT_S)
    kept.save(answer)
    return answer


@guarded
@require_GET
def acs_finish(request: HttpRequest, slug: str) -> HttpResponse:
    """Process the response that was posted a moment ago."""
    provider = _speaking(slug, IdentityProvider.Kind.SAML)
    kept = _bridge(request)
    sealed = kept.store.get("response", "")
    kept.delete()
    try:
        posted = open_text(sealed, _RESPONSE)
    except (InvalidTag, ValueError):
        raise SingleSignOnError("unproven", "nothing posted") from None
    return arrive(request, provider, *saml.prove(request, provider, posted))


@guarded
@require_safe
def metadata(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the service's entity ID and answer address for the provider's administrator."""
    del request
    provider = _speaking(slug, IdentityProvider.Kind.SAML)
    if not saml.INSTALLED:
        raise SingleSignOnError("no_saml")
    return HttpResponse(saml.own_metadata(provider), content_type="application/samlmetadata+xml")


@csrf_exempt
@never_cache
@require_POST
def back_channel_logout(request: HttpRequest, slug: str) -> HttpResponse:
    """Handle a logout sent by the provider; only the token proves the sender.

    The answer is yes or no and reveals nothing about people (Back-Channel Logout 1.0, 2.8). Only refusals count
    against the rate limit of an address: a provider may end a whole shift at once.
    """
    provider = _speaking(slug, IdentityProvider.Kind.OIDC)
    address = client_address(request)
    if seen("sso_logout", address) >= A_MINUTE:
        return JsonResponse({"error": "invalid_request"}, status=429)
    try:
        from waybillguard.service.people.sso.logout import log_out  # on first use, as in `flows.begin`

        log_out(provider, request.POST.get("logout_token", ""))
    except SingleSignOnError as error:
        over_limit("sso_logout", address, limit=A_MINUTE, seconds=60)
        logger.warning("logout by the provider refused: %s (%s)", error.why, error.detail)
        return JsonResponse({"error": "invalid_request"}, status=400)
    return HttpResponse(status=200)


def _speaking(slug: str, kind: str) -> IdentityProvider:
    provider = provider_of(slug)
    if provider.kind != kind:
        raise Http404
    return provider


def _bridge(request: HttpRequest) -> LoginSession:
    return LoginSession(request, "saml_acs_session", BRIDGE)


def safe_next(request: HttpRequest) -> str:
    """Return the page to continue to: a page of this console, or ""."""
    wanted = request.GET.get("next", "")
    host = {request.get_host()}
    return wanted if url_has_allowed_host_and_scheme(wanted, host, require_https=request.is_secure()) else ""
