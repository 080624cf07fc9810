"""Logout sent by the provider (OpenID Connect Back-Channel Logout 1.0).

It is sent from server to server, without a browser, so the token alone must prove everything (2.6): signed by the
provider, addressed to us, recent, a logout token, and not used before.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import jwt
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.sso_proof import LEEWAY_S, MOST_SUBJECT
from waybillguard.service.identity.accounts.sso_records import METHOD
from waybillguard.service.identity.models import IdentityProvider, LogoutToken, SignInLink, User
from waybillguard.service.people.sso.errors import SingleSignOnError
from waybillguard.service.people.sso.fetching import Fetcher
from waybillguard.service.people.sso.oidc import ALGORITHMS, configuration, verified

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
MOST_AGE_S: Final = 300
"""Longest age of a logout token, which is sent as soon as it is made.

The specification requires ``exp``, but not every provider sends it, so the age is always limited. A token's ``jti``
is remembered for this long.
"""

_TYPES: Final = frozenset({"logout+jwt", "application/logout+jwt", "jwt"})
_MOST_TOKEN: Final = 16_384


def log_out(provider: IdentityProvider, token: str) -> int:
    """End the sessions that a logout token names, without waiting for the ledger; return how many.

    Raises:
        SingleSignOnError: the token is invalid or was used before; nothing was ended.
    """
    claims = _claims(provider, token)
    tenant, now = provider.tenant, timezone.now()
    with scope(tenant=tenant), transaction.atomic():
        _use(provider, claims["jti"], now)
        ended = 0
        for user, sessions in _sessions(provider, claims.get("sub", ""), claims.get("sid", "")).items():
            for session in sessions:
                session.end()
            ended += len(sessions)
            note(tenant, "sso_logged_out", person=user, now=now, sessions=len(sessions))
    return ended


def _claims(provider: IdentityProvider, token: str) -> Mapping[str, Any]:
    """Return the claims of a valid token. The provider's keys are fetched only if all other checks pass."""
    if len(token) > _MOST_TOKEN:
        raise SingleSignOnError("unproven", "size of the logout token")
    try:
        header = jwt.get_unverified_header(token)
        said = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, RecursionError):
        raise SingleSignOnError("unproven", "logout token") from None
    if header.get("alg") not in ALGORITHMS:
        raise SingleSignOnError("unproven", "algorithm")
    if str(header.get("typ", "jwt")).lower() not in _TYPES:
        raise SingleSignOnError("unproven", "type")
    if said.get("iss") != provider.issuer:
        raise SingleSignOnError("unproven", "issuer")
    _check_logout(said)
    fetcher = Fetcher(provider.issuer, provider.authority)
    found = configuration(fetcher, provider)
    claims = verified(fetcher, provider, found, token, ("iat", "iss", "aud", "jti"))
    _check_age(claims)
    return claims


def _check_logout(claims: Mapping[str, Any]) -> None:
    """Check that a token is a logout token: the event, a subject or session, an id, and no nonce."""
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise SingleSignOnError("unproven", "events")
    if "nonce" in claims:
        raise SingleSignOnError("unproven", "nonce")
    for name in ("sub", "sid", "jti"):
        value = claims.get(name)
        if value is not None and not (isinstance(value, str) and 0 < len(value) <= MOST_SUBJECT):
            raise SingleSignOnError("unproven", name)
    if claims.get("sub") is None and claims.get("sid") is None:
        raise SingleSignOnError("unproven", "neither sub nor sid")
    if claims.get("jti") is None:
        raise SingleSignOnError("unproven", "jti")
    _check_age(claims)


def _check_age(claims: Mapping[str, Any]) -> None:
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        raise SingleSignOnError("unproven", "iat")
    now = time.time()
    if (
        not now - MOST_AGE_S - LEEWAY_S <= issued <= now + LEEWAY_S
    ):  # compared, not subtracted: any number is safe
        raise SingleSignOnError("unproven", "age")


def _use(provider: IdentityProvider, token_id: str, now: datetime) -> None:
    """Mark a token as used; of two concurrent uses, one succeeds.

    Raises:
        SingleSignOnError: the token was used before.
    """
    known = LogoutToken.objects.filter(tenant=provider.tenant)
    known.filter(forget_at__lt=now).delete()
    until = now + timedelta(seconds=MOST_AGE_S + 2 * LEEWAY_S)
    mark = sha256(f"{provider.issuer}\0{token_id}".encode()).digest()
    try:
        with transaction.atomic():
            LogoutToken.objects.create(tenant=provider.tenant, mark=mark, forget_at=until.astimezone(UTC))
    except IntegrityError:
        raise SingleSignOnError("unproven", "replay") from None


def _sessions(provider: IdentityProvider, subject: str, session: str) -> dict[User, list[UserSession]]:
    """Return the sessions that the provider opened or confirmed and the token names, by person.

    A session for which the provider never sent a session id ends only if the token names the person.
    """
    links = SignInLink.objects.filter(tenant=provider.tenant, kind=provider.kind, issuer=provider.issuer)
    if subject:
        links = links.filter(subject=subject)
    rows = list(UserSession.objects.filter(user__in=links.values("user")).select_related("user__tenant"))
    stored = Session.objects.filter(session_key__in=[row.session_key for row in rows])
    contents = {one.session_key: one.get_decoded() for one in stored}
    found: dict[User, list[UserSession]] = {}
    for row in rows:
        opened = [
            record
            for record in contents.get(row.session_key, {}).get(AUTHENTICATION_METHODS_SESSION_KEY, [])
            if record.get("method") == METHOD and record.get("provider") == provider.pk
        ]
        theirs = {record["sid"] for record in opened if record.get("sid")}
        if opened and (not session or session in theirs or (subject and not theirs)):
            found.setdefault(row.user, []).append(row)
    return found
