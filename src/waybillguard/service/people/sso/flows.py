"""Act on a proof from the provider: sign in, link, confirm again, or try the connection."""

import logging
import time
from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.models import Login
from django.contrib.auth import logout
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.authorization.access import has_second_factor
from waybillguard.service.identity.accounts import journal
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.services import take_link
from waybillguard.service.identity.accounts.sso_proof import LEEWAY_S, Proof, State
from waybillguard.service.identity.accounts.sso_records import remember
from waybillguard.service.identity.models import IdentityProvider, OneTimeLink, SignInLink, User
from waybillguard.service.people.sso import saml
from waybillguard.service.people.sso.errors import SingleSignOnError

logger = logging.getLogger(__name__)
TRIAL = "sso_trial"
"""Session key of a trial's result, shown on the owner's next page only."""

ANEW = frozenset({"again", "link", "invite"})
"""Intents that force a new sign-in at the provider; an open session there is not enough."""


def begin(request: HttpRequest, provider: IdentityProvider, process: str, **about: Any) -> HttpResponse:  # noqa: ANN401
    """Redirect the browser to the provider. ``about`` is kept in the session, not the URL, and returned afterwards."""
    state: State = {"process": process, "asked": time.time(), "revision": provider.revision, **about}
    fresh = process in ANEW
    if provider.kind == IdentityProvider.Kind.OIDC:
        # On first use, because few have a provider: without it and what it needs, a start is faster.
        from waybillguard.service.people.sso import oidc

        return oidc.begin(request, provider, state, fresh=fresh)
    return saml.begin(request, provider, state, fresh=fresh)


def arrive(request: HttpRequest, provider: IdentityProvider, proof: Proof, state: State) -> HttpResponse:
    """Complete the intent with which the browser was sent to the provider.

    Raises:
        SingleSignOnError: no linked person, another person, or the proof is too old for the intent.
    """
    process = state["process"]
    if provider.active_since is None and process != "try":
        raise SingleSignOnError("off")
    if process in ANEW and proof.proven_at < state["asked"] - LEEWAY_S:
        raise SingleSignOnError("not_fresh")
    return _STEPS[process](request, provider, proof, state)


def linked(provider: IdentityProvider, proof: Proof) -> SignInLink | None:
    """Return the person's link with this identity, if there is one."""
    with scope(tenant=provider.tenant):
        return (
            SignInLink.objects.select_related("user__tenant")
            .filter(
                tenant=provider.tenant, kind=provider.kind, issuer=provider.issuer, subject=proof.subject,
                user__tenant=provider.tenant,
            )
            .first()
        )  # fmt: skip


def _sign_in(request: HttpRequest, provider: IdentityProvider, proof: Proof, state: State) -> HttpResponse:
    link = linked(provider, proof)
    if link is None or not link.user.is_active:
        journal.refused(link.user if link else None, request, step="provider")
        raise SingleSignOnError("unknown")
    with scope(tenant=provider.tenant):
        SignInLink.objects.filter(pk=link.pk).update(used_at=timezone.now())
    return _enter(request, provider, proof, link.user, state.get("next") or "", again=False)


def _enter(
    request: HttpRequest, provider: IdentityProvider, proof: Proof, user: User, back: str, *, again: bool
) -> HttpResponse:
    logout(request)  # the new session takes nothing from the old one
    remember(request, user, provider, proof, again=again)
    answer: HttpResponse = perform_login(request, Login(user=user, redirect_url=back or None))
    return answer


def _invite(request: HttpRequest, provider: IdentityProvider, proof: Proof, state: State) -> HttpResponse:
    now = timezone.now()
    invited = (
        OneTimeLink.objects.select_related("user__tenant")
        .filter(pk=state["link"], used_at=None, expires_at__gt=now, user__tenant=provider.tenant)
        .first()
    )
    if invited is None or not invited.user.is_active:
        raise SingleSignOnError("unknown")
    if has_second_factor(invited.user):
        raise SingleSignOnError("has_factor")
    with transaction.atomic():
        if not take_link(invited, now):
            raise SingleSignOnError("unknown")
        tie(provider, proof, invited.user, invited.user)
    return _enter(request, provider, proof, invited.user, reverse("home"), again=True)


def _link(request: HttpRequest, provider: IdentityProvider, proof: Proof, state: State) -> HttpResponse:
    user = _same_person(request, provider, state)
    with transaction.atomic():
        tie(provider, proof, user, user)
    return redirect("mfa_index")


def _again(request: HttpRequest, provider: IdentityProvider, proof: Proof, state: State) -> HttpResponse:
    user = _same_person(request, provider, state)
    link = linked(provider, proof)
    if link is None or link.user_id != user.pk:
        raise SingleSignOnError("other_person")
    remember(request, user, provider, proof, again=True)
    answer: HttpResponse | None = resume_request(request)
    return answer or redirect(state.get("next") or "home")


def _try(request: HttpRequest, provider: IdentityProvider, proof: Proof, state: State) -> HttpResponse:
    _same_person(request, provider, state)
    with scope(tenant=provider.tenant):
        IdentityProvider.objects.filter(pk=provider.pk, revision=state["revision"]).update(
            tried_revision=state["revision"]
        )
    request.session[TRIAL] = {
        "revision": state["revision"], "issuer": provider.issuer, "subject": proof.subject,
        "contexts": list(proof.contexts), "proven_at": proof.proven_at, "factor": proof.factor(provider),
    }  # fmt: skip
    return redirect("single_sign_on")


_STEPS = {"login": _sign_in, "invite": _invite, "link": _link, "again": _again, "try": _try}


def _same_person(request: HttpRequest, provider: IdentityProvider, state: State) -> User:
    """Return the person who was sent to the provider, if the same person is still signed in."""
    user = request.user
    if not isinstance(user, User) or user.pk != state.get("user") or user.tenant_id != provider.tenant_id:
        raise SingleSignOnError("other_person")
    return user


def tie(provider: IdentityProvider, proof: Proof, user: User, actor: User) -> None:
    """Link a person with their identity at the provider; an earlier link of that person ends."""
    tenant = provider.tenant
    known = linked(provider, proof)
    if known is not None and known.user_id != user.pk:
        raise SingleSignOnError("taken")
    note(tenant, "sso_linked", person=user, actor=actor)
    try:
        with scope(tenant=tenant), transaction.atomic():
            SignInLink.objects.filter(user=user).delete()
            SignInLink.objects.create(
                tenant=tenant, user=user, kind=provider.kind, issuer=provider.issuer, subject=proof.subject
            )
    except IntegrityError:  # the identity was just linked to somebody else
        raise SingleSignOnError("taken") from None


def unlink(user: User, actor: User) -> bool:
    """Remove a person's link; sessions opened by the provider end with their next request."""
    if user.tenant is None:
        return False
    with transaction.atomic(), scope(tenant=user.tenant):
        ended = SignInLink.objects.filter(user=user).delete()[0] > 0
        if ended:
            note(user.tenant, "sso_unlinked", person=user, actor=actor)
    return ended
