"""`authorize`: the one place that asks the policies whether somebody may do something.

Whatever works on a record gives its facts: purpose, order, quota, second person. Everyday work (import, print, look up
orders) has none; there the answer stands behind ``User.may``, so that a page, an operation of the API and a piece of work
in the background get the same one: a temp in the first week prints nothing, whoever was let go a moment ago commits
nothing, and who is not in shift does nothing that the owner has bound to the shift.
"""

import threading
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final, TypedDict, Unpack

import msgspec
from django_scopes import scope

from waybillguard.access.decision import Decision
from waybillguard.access.request import OrderFacts, Person, QuotaFacts, Request, SecondPerson
from waybillguard.service.authorization.models import RecordedDecision
from waybillguard.service.authorization.principal import Principal, current_principal, still_employed
from waybillguard.service.identity.models import Permission, Role, User
from waybillguard.service.identity.models.people import everyday_decision
from waybillguard.service.platform.database.bulk import insert_one
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import believed_now

EVERYDAY: Final[Mapping[Permission, str]] = {
    Permission.IMPORT: "import",
    Permission.PRINT: "print",
    Permission.VIEW: "view",
    Permission.SEARCH: "search",
    Permission.LEDGER: "ledger_read",
}
"""What of a role's permissions is asked of the policies; the rest is asked with its facts, where it is done.

Administration is asked of them where something about the sign-in or the device may forbid it (``Here.plain``).
"""

IN_THE_PRINT_ROOM: Final = frozenset({"print", "reprint"})
"""What is done in the print room, wherever the person sits."""

KEPT: Final = timedelta(days=90)
"""So long a recorded decision is kept, for "what would happen if"."""
_MOST_POLICIES: Final = 300
_pruned: Final = threading.local()


class Resource(TypedDict, total=False):
    """What is acted on, as the policies take it (`access.request.Request`)."""

    purpose: str
    records: int
    form: str
    recipient: str
    order: OrderFacts | None
    quota: QuotaFacts | None
    second: SecondPerson | None


def authorize(
    principal: Principal, action: str, *, recorded: bool = True, **resource: Unpack[Resource]
) -> Decision:
    """Decide whether somebody may do something now, and write the decision down unless it is not ``recorded``.

    The account is read again: whoever was let go since the page was opened is refused. Within a transaction that holds
    the person's quota, decision and count agree.
    """
    request = _question(principal, still_employed(principal), action, **resource)
    return _decide(principal, request, recorded=recorded)


@everyday_decision.answer
def everyday(user: User, what: Permission) -> Decision | None:
    """Return the policies' decision on everyday work; None where ``what`` is none, or there is no tenant."""
    if user.tenant is None or user.pk is None:
        return None
    action = EVERYDAY.get(what)
    if action is None and (user.here is None or user.here.plain):
        with scope(tenant=user.tenant):
            principal = current_principal(user)
        if principal.person.employed(principal.now) and principal.person.restriction != "locked":
            return None
    return _everyday(user, action or "administer")


def may_print_again(user: User) -> bool:
    """Tell whether somebody may make labels again: the role prints, and the policies allow "reprint" now."""
    return user.may(Permission.PRINT) and _everyday(user, "reprint").allowed


def may_print_at(user: User, site: str, action: str = "print") -> Decision:
    """Decide whether somebody may print, or reprint, at a printer of this site; a refusal is written down."""
    with scope(tenant=user.tenant):
        principal = current_principal(user)
        request = _everyday_question(principal, action)
        request = msgspec.structs.replace(request, place=msgspec.structs.replace(request.place, site=site))
        decision = _decide(principal, request, recorded=False)
        if not decision.allowed:
            _record(principal, request, decision)
        return decision


def may_take_files(user: User) -> Decision | None:
    """Return the refusal of files of labels, which are a virtual printer, for somebody who is restricted; else None."""
    with scope(tenant=user.tenant):
        principal = current_principal(user)
        if principal.person.restriction == "none":
            return None
        request = msgspec.structs.replace(_everyday_question(principal, "print"), virtual_printer=True)
        return _decide(principal, request, recorded=True)


def _everyday(user: User, action: str) -> Decision:
    """Return the decision on an action without facts, worked out once for a principal."""
    with scope(tenant=user.tenant):
        principal = current_principal(user)
        if action not in principal.decided:
            request = _everyday_question(principal, action)
            principal.decided[action] = _decide(principal, request, recorded=False)
        return principal.decided[action]


def _everyday_question(principal: Principal, action: str) -> Request:
    request = _question(
        principal, principal.person, action, quota=QuotaFacts(left=1), order=_own_order(principal)
    )
    if action not in IN_THE_PRINT_ROOM:
        return request
    return msgspec.structs.replace(request, place=msgspec.structs.replace(request.place, print_room=True))


def _question(principal: Principal, person: Person, action: str, **resource: Unpack[Resource]) -> Request:
    return Request(
        at=principal.now, person=person, action=action, tenant=principal.tenant.slug, device=principal.device,
        place=principal.place, sign_in=principal.sign_in, shift=principal.duty.facts, **resource,
    )  # fmt: skip


def _decide(principal: Principal, request: Request, *, recorded: bool) -> Decision:
    decision = principal.policies.book.decide(request)
    if recorded:
        _record(principal, request, decision)
    return decision


def _record(principal: Principal, request: Request, decision: Decision) -> None:
    """Write one decision down; once a day and thread, what is older than 90 days goes."""
    tenant, now = principal.tenant, principal.now
    insert_one(
        RecordedDecision(
            tenant=tenant, at=now, actor=principal.user, action=request.action, allowed=decision.allowed,
            policies=" ".join(decision.policies)[:_MOST_POLICIES], version=decision.version,
            request=request.to_record(),
        )
    )  # fmt: skip
    done: dict[int, date] = _pruned.__dict__.setdefault("days", {})
    if done.get(tenant.pk) != now.date():
        done[tenant.pk] = now.date()
        prune_decisions(tenant, believed_now(now))


def prune_decisions(tenant: Tenant, now: datetime) -> int:
    """Delete what is older than 90 days; return how many."""
    return RecordedDecision.objects.filter(tenant=tenant, at__lt=now - KEPT).delete()[0]


def _own_order(principal: Principal) -> OrderFacts | None:
    """Return an order of one's own: what a merchant's person asks is always about one, whichever it will be."""
    if principal.user.role != Role.MERCHANT:
        return None
    return OrderFacts(tenant=principal.tenant.slug, merchant=next(iter(principal.person.merchants), ""))
