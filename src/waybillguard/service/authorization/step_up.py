"""Step-up authentication: a recent confirmation by authenticator app, passkey or identity provider."""

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
    """Return the principal of a request. A confirmation made in this request already counts."""
    user = signed_in(request)
    if user.here is not None:
        user.here = replace(user.here, confirmed_at=confirmed_at(request))
    return replace(current_principal(user), sign_in=sign_in_of(request))


_ACTION = "step_up_action"
_CONFIRMED = "step_up_confirmed"
"""Session key: the action confirmed by the last code, and when (seconds since 1970)."""
_SAYS = "step_up_says"
"""Description of the action on the confirmation page: an attribute of the action's request, then a session key."""


def action_to_confirm(request: HttpRequest) -> bytes:
    """Return the action that the next code confirms; empty if it only confirms the session."""
    return bytes.fromhex(request.session.get(_ACTION, ""))


def forget_action(request: HttpRequest) -> None:
    """Record that the pending action was confirmed now."""
    request.session[_CONFIRMED] = [request.session.pop(_ACTION, ""), time.time()]
    request.session.pop(_SAYS, None)


def is_confirmed(request: HttpRequest, action: bytes) -> bool:
    """Return whether the last code was for this action and is recent. Only keyd knows whether it was used since."""
    confirmed, at = request.session.get(_CONFIRMED, ["", 0.0])
    return bool(confirmed == action.hex() and 0 <= time.time() - at < STEP_UP_S)


def use_up_confirmation(request: HttpRequest) -> None:
    """Clear the confirmation after its action was done."""
    request.session.pop(_CONFIRMED, None)


def confirms(
    act: Callable[[HttpRequest, dict[str, Any]], keyd_messages.Request | None] = lambda _request, _of: None,
    says: Callable[[Any], str] = lambda _request: "",
) -> Callable[[View], View]:
    """Decorate a view: its action must first be confirmed by a code for exactly that action.

    Args:
        act: builds the keyd request from the submitted data. None if keyd itself decides whether a confirmation is
            needed; the view then lets its `RefusedError` pass (`attempt_act`).
        says: describes that request on the confirmation page.
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
    """Redirect to confirmation by authenticator app or passkey; a submitted form is then processed once, unchanged.

    If ``action`` is given, the code confirms only that action (`keyd.actions`), described by ``says``. After a GET
    request, or a confirmation at the identity provider, the user returns to ``back``.
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
    """Run an action like `attempt`, inside `confirms`: re-raise if keyd requires a code, so that it is requested."""
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
    """Run an action that needs a recent confirmation, then show its result on ``back``; request the code if missing."""
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
