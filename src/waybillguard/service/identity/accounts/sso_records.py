"""Records in a session of when the identity provider authenticated the person, and with which factors."""

import hashlib
import time
from typing import Any, Final

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest

from waybillguard.service.identity.accounts.sso_proof import Proof
from waybillguard.service.identity.models import IdentityProvider, SignInLink, User

METHOD: Final = "sso"


def remember(
    request: HttpRequest,
    user: User,
    provider: IdentityProvider,
    proof: Proof,
    *,
    again: bool,
) -> None:
    """Record in the session that ``provider`` authenticated ``user``.

    Args:
        request: the request whose session stores the record.
        user: the authenticated person.
        provider: the identity provider.
        proof: the identity that the provider has proven.
        again: whether the provider just asked the person again, as we requested.
    """
    record_authentication(
        request, user, method=METHOD, provider=provider.pk, proven=min(proof.proven_at, time.time()),
        factor=proof.factor(provider), sid=proof.session, reauthenticated=True if again else None,
        who=_mark(proof.subject),
    )  # fmt: skip


def records(request: HttpRequest, user: object = None) -> list[dict[str, Any]]:
    """Return the session's records about ``user``, by default the signed-in person."""
    found = get_authentication_records(request, user or request.user)
    return [record for record in found if record.get("method") == METHOD]


def opened_by_provider(request: HttpRequest | None) -> bool:
    """Tell whether the provider took part in the sign-in of this session."""
    return request is not None and hasattr(request, "session") and bool(records(request))


def provider_factor(request: HttpRequest, user: object = None) -> bool:
    """Tell whether the provider proved a second factor in this session."""
    return any(record.get("factor") for record in records(request, user))


def factor_proven_at(request: HttpRequest) -> float:
    """Return when the provider last proved a second factor, in seconds since 1970; 0 for never."""
    return max(
        (float(record.get("proven", 0)) for record in records(request) if record.get("factor")), default=0.0
    )


def fresh(request: HttpRequest, seconds: float) -> bool:
    """Tell whether the person re-authenticated at the provider, on our request, within the last ``seconds``."""
    last = max(
        (float(record.get("proven", 0)) for record in records(request) if record.get("reauthenticated")),
        default=0.0,
    )
    return 0 <= time.time() - last < seconds


def still_vouched(request: HttpRequest, user: User) -> bool:
    """Tell whether every provider of this session is still switched on and still linked to this person.

    A session is invalid if it was opened by an identity other than the linked one, or before the provider was last
    switched on.
    """
    mine = records(request)
    if not mine:
        return True
    link = SignInLink.objects.filter(tenant=user.tenant, user=user).first()
    if link is None:
        return False
    on = dict(
        IdentityProvider.objects.filter(
            tenant=user.tenant, kind=link.kind, issuer=link.issuer, active_since__isnull=False
        ).values_list("pk", "active_since")
    )
    return all(
        (since := on.get(int(record["provider"]))) is not None
        and record.get("at", 0) >= since.timestamp()
        and record.get("who") == _mark(link.subject)
        for record in mine
    )


def _mark(subject: str) -> str:
    """Return the hash of a subject that the session stores."""
    return hashlib.sha256(b"waybillguard sso subject\0" + subject.encode()).hexdigest()[:32]
