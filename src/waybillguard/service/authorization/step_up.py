"""A fresh confirmation by authenticator app, passkey or identity provider, for what wants one."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import suspend_request
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from waybillguard.errors import WaybillGuardError
from waybillguard.service.authorization.access import has_second_factor, signed_in
from waybillguard.service.authorization.principal import Asker, asker_of, sign_in_of
from waybillguard.service.identity.accounts.sso_records import provider_factor
from waybillguard.service.platform.views import said

ORDER_OF_STEP_UP = (("totp", "mfa_reauthenticate"), ("webauthn", "mfa_reauthenticate_webauthn"))


def asker(request: HttpRequest) -> Asker:
    """Gather what is known of the person who asks."""
    return asker_of(signed_in(request), sign_in_of(request), timezone.now())


def step_up(request: HttpRequest, back: str) -> HttpResponse:
    """Send somebody to confirm by authenticator app or passkey; what was sent is then carried out, once, as it was sent.

    Who only looked, or confirms at the identity provider, comes back to ``back``.
    """
    user = signed_in(request)
    if not has_second_factor(user) and provider_factor(request):
        if request.method == "POST":
            messages.warning(request, _("Nothing was done yet. After confirming, please click once more."))
        return redirect(f"{reverse('sso_again')}?{urlencode({'next': back})}")
    if not has_second_factor(user):
        messages.info(request, _("Set up an authenticator app or a passkey first."))
        return redirect("second_factor")
    types = set(user.authenticator_set.values_list("type", flat=True))  # type: ignore[attr-defined]
    page = next(page for kind, page in ORDER_OF_STEP_UP if kind in types)
    if request.method == "POST":
        kept: HttpResponse = suspend_request(request, reverse(page))
        return kept
    return redirect(f"{reverse(page)}?{urlencode({'next': back})}")


def with_step_up(
    request: HttpRequest, back: str, action: Callable[[Asker], object], done: str = ""
) -> HttpResponse:
    """Do what wants a fresh confirmation, and say on the page ``back`` how it went; without one, send for it first."""
    who = asker(request)
    if not who.sign_in.stepped_up:
        return step_up(request, back)
    try:
        action(who)
    except WaybillGuardError as error:
        messages.error(request, said(error))
    else:
        if done:
            messages.success(request, done)
    return redirect(back)
