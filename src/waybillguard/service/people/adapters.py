"""allauth adapters: no sign-up, sealed secrets of second factors, and the last factor cannot be removed."""

import time
from collections.abc import Iterable
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows, suspend_request
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.access import is_last_second_factor, needs_second_factor
from waybillguard.service.identity.accounts import journal
from waybillguard.service.identity.accounts.browsers import is_known
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.guesses import count_wrong_password, wrong_passwords
from waybillguard.service.identity.accounts.sealing import open_text, seal_text
from waybillguard.service.identity.accounts.sso_records import (
    fresh,
    opened_by_provider,
    provider_factor,
    records,
)
from waybillguard.service.identity.models import User
from waybillguard.service.platform.limits import client_address

_CONTEXT = b"waybillguard second factor v1"
GUESSES_AN_HOUR = 50
"""Wrong passwords per person and hour, over all addresses and processes, before unknown browsers must wait."""


_BOTH_AT_ONCE = "waybillguard_both_factors_at_once"


def ask_both_at_once(request: HttpRequest) -> None:
    """Mark a sign-in that asks for password and code together and never says which was wrong (the CLI's).

    Guessing a password there gains nothing without the code, whose tries are counted per person. Wrong passwords
    from elsewhere therefore do not lock the person out.
    """
    setattr(request, _BOTH_AT_ONCE, True)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth is untyped
    """Accounts are made by the owner, never by visitors; no mail is sent."""

    error_messages = {  # noqa: RUF012 - allauth reads it
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The sign-in name or the password is not right."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: the owner adds people."""
        del request
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the peer's address for the rate limits."""
        return client_address(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ANN401
        """Count wrong passwords per name *and* address, so that guessing locks out only the guesser."""
        return f"{client_address(request)}:{super()._get_login_attempts_cache_key(request, **credentials)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401
        """Slow down guesses from many addresses; browsers that the person has used are not affected."""
        name = str(credentials.get("username", "")).lower()
        guessed = not hasattr(request, _BOTH_AT_ONCE) and wrong_passwords(name) >= GUESSES_AN_HOUR
        if guessed and not is_known(request, name):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ANN401
        """Count a wrong password against the name, from any address."""
        if not hasattr(request, _BOTH_AT_ONCE):
            count_wrong_password(str(credentials.get("username", "")))
        super().authentication_failed(request, **credentials)

    def get_login_stages(self) -> list[str]:
        """Use the stage that skips the second factor if the identity provider already checked one."""
        theirs, ours = "allauth.mfa.stages.AuthenticateStage", f"{__name__}.SecondFactorStage"
        return [ours if stage == theirs else stage for stage in super().get_login_stages()]

    def is_reauthentication_required(self, *, app: str, **about: Any) -> bool:  # noqa: ANN401
        """Redirect a person who has nothing to confirm with here to the identity provider.

        allauth would let such a person pass without any confirmation. To set up the first factor, the password of a
        sign-in counts as long as a confirmation does: the password is all that could be asked for again.

        Raises:
            ImmediateHttpResponse: the redirect to the provider; the request continues afterwards.
        """
        request = self.request
        if (
            opened_by_provider(request)
            and not get_reauthentication_flows(request.user)
            and not fresh(request, app_settings.REAUTHENTICATION_TIMEOUT)
        ):
            raise ImmediateHttpResponse(suspend_request(request, reverse("sso_again")))
        if app == "allauth.mfa" and _password_just_given(request):
            return False
        return bool(super().is_reauthentication_required(app=app, **about))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to the security page."""
        del request
        return reverse("mfa_index")

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign a person in, once the sign-in is in the ledger.

        Raises:
            KeydError: the ledger cannot be written; nobody is signed in.
        """
        if isinstance(user, User):
            how = {"how": "provider"} if records(request, user) else {}
            journal.write("sign_in", user, request, **how)
        super().login(request, user)
        if isinstance(user, User) and user.tenant is not None:
            record(user.tenant, "login", user=user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """Send nothing: the service has no mail."""


def _password_just_given(request: HttpRequest) -> bool:
    """Tell whether a person without any factor has given the password in this session a short time ago."""
    given = [
        float(record["at"])
        for record in get_authentication_records(request, request.user)
        if record["method"] == "password"
    ]
    if not given or not 0 <= time.time() - given[-1] < app_settings.REAUTHENTICATION_TIMEOUT:
        return False
    return not Authenticator.objects.filter(user_id=request.user.pk).exists()


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc] # allauth is untyped
    """Ask for the second factor, unless the provider's answer to this sign-in counts as one."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return not provider_factor(request, self.login.user) and super()._should_handle(request)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth is untyped
    """Seal the secrets of second factors under a key derived from the process secret."""

    def encrypt(self, text: str) -> str:
        """Seal a TOTP secret or a seed of recovery codes (AES-256-GCM)."""
        return seal_text(text, _CONTEXT)

    def decrypt(self, encrypted_text: str) -> str:
        """Open what ``encrypt`` sealed.

        Raises:
            cryptography.exceptions.InvalidTag: sealed under another key, or altered.
        """
        return open_text(encrypted_text, _CONTEXT)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the last strong factor of a role that needs one."""
        return not (needs_second_factor(authenticator.user) and is_last_second_factor(authenticator))

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, object]:
        """Name a passkey after the sign-in name, never the e-mail address."""
        entity: dict[str, object] = super().get_public_key_credential_user_entity(user)
        entity["name"] = user.get_username()
        return entity


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc] # allauth is untyped
    """Record who ended which sessions, without waiting for the ledger."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """End the sessions that their owner selected."""
        for session in sessions:
            with transaction.atomic():
                session.end()
                if session.user.tenant is not None:
                    note(session.user.tenant, "session_ended", person=session.user, actor=session.user)
