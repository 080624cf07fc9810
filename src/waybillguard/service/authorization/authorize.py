"""`authorize`: the only place where the policies decide whether a person may do something.

Actions on a record pass their facts: purpose, order, quota, second person. Everyday work (import, print, look up
orders) has no such facts; it is decided inside ``User.may``, so that pages, API operations and background tasks get the
same decision. For example, a temp cannot print in the first week, a person who has just left cannot commit an import,
and nobody can do outside the shift what the owner has restricted to the shift.
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
"""Permissions decided by the policies inside ``User.may``; other actions are authorized with facts where they happen.

Administration is also decided there if the sign-in or the device may forbid it (``plain`` is false).
"""

IN_THE_PRINT_ROOM: Final = frozenset({"print", "reprint"})
"""Actions that count as done in the print room, wherever the person sits."""

KEPT: Final = timedelta(days=90)
"""How long recorded decisions are kept for trying out drafts."""
_MOST_POLICIES: Final = 300
_pruned: Final = threading.local()


class Resource(TypedDict, total=False):
    """Facts about the resource, as fields of `access.request.Request`."""

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
    """Decide whether a person may do something now; store the decision if ``recorded``.

    The account is read again, so a person who left since the page was opened is refused. Called in a transaction that
    locks the person's quota, decision and count are consistent.
    """
    request = _question(principal, still_employed(principal), action, **resource)
    return _decide(principal, request, recorded=recorded)


@everyday_decision.answer
def everyday(user: User, what: Permission) -> Decision | None:
    """Return the policies' decision on everyday work; None if policies do not decide ``what`` or there is no tenant."""
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
    """Return whether the user may reprint labels: the role may print, and the policies allow "reprint" now."""
    return user.may(Permission.PRINT) and _everyday(user, "reprint").allowed


def may_print_at(user: User, site: str, action: str = "print") -> Decision:
    """Decide whether the user may print or reprint at a printer of this site. Refusals are recorded."""
    with scope(tenant=user.tenant):
        principal = current_principal(user)
        request = _everyday_question(principal, action)
        request = msgspec.structs.replace(request, place=msgspec.structs.replace(request.place, site=site))
        decision = _decide(principal, request, recorded=False)
        if not decision.allowed:
            _record(principal, request, decision)
        return decision


def may_take_files(user: User) -> Decision | None:
    """Decide whether a restricted user may download label files, which count as a virtual printer.

    Return None for a user without restriction.
    """
    with scope(tenant=user.tenant):
        principal = current_principal(user)
        if principal.person.restriction == "none":
            return None
        request = msgspec.structs.replace(_everyday_question(principal, "print"), virtual_printer=True)
        return _decide(principal, request, recorded=True)


def _everyday(user: User, action: str) -> Decision:
    """Return the decision on an action without facts, cached in the principal."""
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
    """Store one decision. Once per day and thread, delete decisions older than 90 days."""
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
    """Delete decisions older than 90 days; return how many."""
    return RecordedDecision.objects.filter(tenant=tenant, at__lt=now - KEPT).delete()[0]


def _own_order(principal: Principal) -> OrderFacts | None:
    """Return placeholder facts of an own order for a merchant's user, who only ever works on own orders; else None."""
    if principal.user.role != Role.MERCHANT:
        return None
    return OrderFacts(tenant=principal.tenant.slug, merchant=next(iter(principal.person.merchants), ""))
