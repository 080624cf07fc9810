"""allauth's passkey pages with keyd's challenge in place of allauth's.

Adding a factor requires a code that is entered before this page: the answer of a passkey must not wait for a code.
"""

from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.webauthn import views as theirs
from allauth.mfa.webauthn.internal import auth
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from fido2.utils import websafe_encode

from waybillguard.service.authorization.access import has_second_factor, signed_in
from waybillguard.service.authorization.step_up import View, action_to_confirm, is_confirmed, step_up
from waybillguard.service.identity.accounts.factors import adding_factor, challenge


def use_keyd_challenge(options: Any, action: bytes = b"") -> Any:  # noqa: ANN401 - options as allauth builds them
    """Put keyd's challenge into the browser's options and into the state that allauth compares."""
    ours = websafe_encode(challenge(action))
    auth.set_state({**(auth.get_state() or {}), "challenge": ours})
    asked = options.get("publicKey", options)
    return {**options, "publicKey": {**dict(asked), "challenge": ours}}


def require_code(page: View) -> View:
    """Require a person who has a factor to confirm with it before another is added."""

    @wraps(page)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - any view
        user = signed_in(request)
        if has_second_factor(user) and not is_confirmed(request, action := adding_factor(user)):
            return step_up(request, request.path, action, says=_("Add another authenticator app or passkey"))
        return page(request, *args, **kwargs)

    return run


class AddPasskeyView(theirs.AddWebAuthnView):  # type: ignore[misc] # allauth is untyped
    """Add a passkey."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - Django's view
        """Ask the browser for a new key."""
        made: dict[str, Any] = super().get_context_data(**kwargs)
        made["js_data"] = {"creation_options": use_keyd_challenge(made["js_data"]["creation_options"])}
        return made


class ReauthenticateView(theirs.ReauthenticateWebAuthnView):  # type: ignore[misc] # allauth is untyped
    """Confirm by passkey within a session."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - Django's view
        """Ask the browser for an answer."""
        made: dict[str, Any] = super().get_context_data(**kwargs)
        options = use_keyd_challenge(made["js_data"]["request_options"], action_to_confirm(self.request))
        made["js_data"] = {"request_options": options}
        return made


class AuthenticateView(base.AuthenticateView):  # type: ignore[misc] # allauth is untyped
    """The second step of a sign-in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401 - Django's view
        """Ask for a code, and ask the browser for a passkey's answer."""
        made: dict[str, Any] = super().get_context_data(**kwargs)
        if "js_data" in made:
            made["js_data"] = {"request_options": use_keyd_challenge(made["js_data"]["request_options"])}
        return made


class LoginView(theirs.LoginWebAuthnView):  # type: ignore[misc] # allauth is untyped
    """A sign-in by passkey alone."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401 - Django's view
        """Ask the browser for an answer of any passkey it has for this address."""
        if get_adapter().is_ajax(request):
            options = auth.begin_authentication(user=None)
            return JsonResponse({"request_options": use_keyd_challenge(options)})
        page: HttpResponse = super().get(request, *args, **kwargs)
        return page
