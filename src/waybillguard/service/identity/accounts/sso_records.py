"""What a session remembers of the identity provider: when it vouched for the person, and with how many factors."""

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
    """Note that ``provider`` vouched for ``user``.

    Args:
        request: whose session remembers it.
        user: for whom.
        provider: who vouched.
        proof: what the provider has proven.
        again: whether the person was asked for it just now, at our wish.
    """
    record_authentication(
        request, user, method=METHOD, provider=provider.pk, proven=min(proof.proven_at, time.time()),
        factor=proof.factor(provider), sid=proof.session, reauthenticated=True if again else None,
        who=_mark(proof.subject),
    )  # fmt: skip


def records(request: HttpRequest, user: object = None) -> list[dict[str, Any]]:
    """Return the session's notes about ``user``, by default the person signed in."""
    found = get_authentication_records(request, user or request.user)
    return [record for record in found if record.get("method") == METHOD]


def opened_by_provider(request: HttpRequest | None) -> bool:
    """Tell whether the provider had a part in this session."""
    return request is not None and hasattr(request, "session") and bool(records(request))


def provider_factor(request: HttpRequest, user: object = None) -> bool:
    """Tell whether the provider vouched for a second factor in this session."""
    return any(record.get("factor") for record in records(request, user))


def factor_proven_at(request: HttpRequest) -> float:
    """Return when a second factor was last proven at the provider, in seconds since 1970; 0 for never."""
    return max(
        (float(record.get("proven", 0)) for record in records(request) if record.get("factor")), default=0.0
    )


def fresh(request: HttpRequest, seconds: float) -> bool:
    """Tell whether the person confirmed at the provider within so many seconds, at our wish."""
    last = max(
        (float(record.get("proven", 0)) for record in records(request) if record.get("reauthenticated")),
        default=0.0,
    )
    return 0 <= time.time() - last < seconds


def still_vouched(request: HttpRequest, user: User) -> bool:
    """Tell whether every provider that had a part in this session is still on, and still knows this person.

    A session that another identity opened than the one linked now, or that began before the provider was last switched
    on, is over: whoever was put out stays out.
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
    """Return what a session keeps of the provider's name for a person."""
    return hashlib.sha256(b"waybillguard sso subject\0" + subject.encode()).hexdigest()[:32]
