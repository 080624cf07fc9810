"""A fresh confirmation by authenticator app, passkey or identity provider, for what wants one."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate, suspend_request
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from waybillguard.errors import WaybillGuardError
from waybillguard.service.authorization.access import has_second_factor, signed_in
from waybillguard.service.authorization.principal import (
    Principal,
    confirmed_at,
    current_principal,
    sign_in_of,
)
from waybillguard.service.identity.accounts.sso_records import provider_factor
from waybillguard.service.keyd import messages as keyd_messages
from waybillguard.service.keyd.actions import action_of
from waybillguard.service.keyd.client import RefusedError
from waybillguard.service.keyd.grants import STEP_UP_S
from waybillguard.service.platform.views import said

type View = Callable[..., HttpResponse]

ORDER_OF_STEP_UP = (("totp", "mfa_reauthenticate"), ("webauthn", "mfa_reauthenticate_webauthn"))


def principal_of(request: HttpRequest) -> Principal:
    """Return who asks, with all that the policies are told; a confirmation in this very request counts already."""
    user = signed_in(request)
    if user.here is not None:
        user.here = replace(user.here, confirmed_at=confirmed_at(request))
    return replace(current_principal(user), sign_in=sign_in_of(request))


_ACTION = "step_up_action"
_CONFIRMED = "step_up_confirmed"
"""The act that the last code in this session was for, and when it came (seconds since 1970)."""
_SAYS = "step_up_says"
"""What the page that asks for a code says of its act: on the request of the act, then in the session."""


def action_to_confirm(request: HttpRequest) -> bytes:
    """Return what the next code in this session is asked for; empty: a session alone."""
    return bytes.fromhex(request.session.get(_ACTION, ""))


def forget_action(request: HttpRequest) -> None:
    """Say that the code has come."""
    request.session[_CONFIRMED] = [request.session.pop(_ACTION, ""), time.time()]
    request.session.pop(_SAYS, None)


def is_confirmed(request: HttpRequest, action: bytes) -> bool:
    """Tell whether the last code was for this act and still counts; whether it was used since, keyd knows."""
    confirmed, at = request.session.get(_CONFIRMED, ["", 0.0])
    return bool(confirmed == action.hex() and 0 <= time.time() - at < STEP_UP_S)


def use_up_confirmation(request: HttpRequest) -> None:
    """Say that the act was done."""
    request.session.pop(_CONFIRMED, None)


def confirms(
    act: Callable[[HttpRequest, dict[str, Any]], keyd_messages.Request | None] = lambda _request, _of: None,
    says: Callable[[Any], str] = lambda _request: "",
) -> Callable[[View], View]:
    """Have what a view does confirmed by a code for that act alone, before it is done.

    Args:
        act: makes, from what was sent, the request that keyd will be asked; None where keyd itself says
            whether there is anything to confirm (the view lets its `RefusedError` pass: `attempt_act`).
        says: tells what of that request the page says on which the code is asked for.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - any view
            wanted = act(request, kwargs) if request.method == "POST" else None
            if wanted is not None:
                request.__dict__[_SAYS] = says(wanted)
            if wanted is not None and not did_recently_reauthenticate(request):
                if not has_second_factor(signed_in(request)) and not provider_factor(request):
                    answer: HttpResponse = suspend_request(request, reverse("account_reauthenticate"))
                    return answer
                return step_up(request, request.path, action_of(wanted))
            try:
                return view(request, *args, **kwargs)
            except RefusedError as error:
                if not error.action:
                    raise
                return step_up(request, request.path, error.action)

        return run

    return decorate


def step_up(request: HttpRequest, back: str, action: bytes = b"", says: str = "") -> HttpResponse:
    """Send somebody to confirm by authenticator app or passkey; what was sent is then carried out, once, as it was sent.

    ``action``: the code confirms this one act (`keyd.actions`), and ``says`` is how the page calls it. Who only looked, or confirms at the identity provider, comes back to ``back``.
    """
    user = signed_in(request)
    if not has_second_factor(user) and provider_factor(request):
        if request.method == "POST":
            messages.warning(request, _("Nothing was done yet. After confirming, please click once more."))
        return redirect(f"{reverse('sso_again')}?{urlencode({'next': back})}")
    if not has_second_factor(user):
        messages.info(request, _("Set up an authenticator app or a passkey first."))
        return redirect("second_factor")
    request.session[_ACTION] = action.hex()
    request.session[_SAYS] = says or request.__dict__.get(_SAYS, "")
    types = set(user.authenticator_set.values_list("type", flat=True))  # type: ignore[attr-defined]
    page = next(page for kind, page in ORDER_OF_STEP_UP if kind in types)
    if request.method == "POST":
        kept: HttpResponse = suspend_request(request, reverse(page))
        return kept
    return redirect(f"{reverse(page)}?{urlencode({'next': back})}")


def attempt_act[T](request: HttpRequest, action: Callable[[], T]) -> T | None:
    """Do what `attempt` does, inside `confirms`: a code that keyd wants is asked for."""
    try:
        return action()
    except WaybillGuardError as error:
        if isinstance(error, RefusedError) and error.action:
            raise
        messages.error(request, said(error))
        return None


def with_step_up(
    request: HttpRequest, back: str, action: Callable[[Principal], object], done: str = ""
) -> HttpResponse:
    """Do what wants a fresh confirmation, and say on the page ``back`` how it went; without one, send for it first."""
    who = principal_of(request)
    if not who.sign_in.stepped_up:
        return step_up(request, back)
    try:
        action(who)
    except WaybillGuardError as error:
        if isinstance(error, RefusedError) and error.action:
            return step_up(request, back, error.action)
        messages.error(request, said(error))
    else:
        if done:
            messages.success(request, done)
    return redirect(back)
