"""What the policies say of somebody's everyday work: import, print, look up orders.

Asked wherever a role is asked (``User.may``), so that a page, an operation of the API and a piece of work in the
background get the same answer: a temp in the first week prints nothing, whoever was let go a moment ago commits
nothing, and who is not in shift does nothing that the owner has bound to the shift.
"""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import msgspec
from django.utils import timezone
from django_scopes import scope

from waybillguard.access.decision import Decision
from waybillguard.access.request import OrderFacts, Person, QuotaFacts, Request, SignIn
from waybillguard.service.authorization.decisions import record_decision
from waybillguard.service.identity.everyday import everyday_decision
from waybillguard.service.identity.models import Permission, Role, User
from waybillguard.service.platform.database.raw_sql import first_row

if TYPE_CHECKING:
    from waybillguard.service.authorization.principal import Asker

ACTIONS: Final[Mapping[Permission, str]] = {
    Permission.IMPORT: "import",
    Permission.PRINT: "print",
    Permission.VIEW: "view",
    Permission.SEARCH: "search",
    Permission.LEDGER: "ledger_read",
}
"""What is asked of the policies; the rest asks them itself, with step-up, purpose or a second person.

Administration is asked of them where something about the sign-in or the device may forbid it (``Here.plain``).
"""

PRINTS: Final = frozenset({"print", "reprint"})
"""What is done in the print room, wherever the person sits."""

FRESH_S: Final = 2.0
"""An answer counts so long for one loaded person: a page asks several times, a long piece of work asks anew."""

_STILL_ACTIVE: Final = "SELECT 1 FROM identity_user WHERE id = %s AND is_active = %s"
_KEPT: Final = "_standing"
_ASKER: Final = "_standing_asker"


@everyday_decision.answer
def standing(user: User, what: Permission) -> Decision | None:
    """Return the policies' decision on everyday work; None where ``what`` is none, or there is no tenant."""
    action = ACTIONS.get(what)
    if action is None and user.here is not None and not user.here.plain:
        action = "administer"
    if user.tenant is None or user.pk is None:
        return None
    if action is None and _still_employed(user):
        return None
    action = action or "administer"  # refused, by the rule about whoever is employed no more
    return _fresh(user, action)


def may_print_again(user: User) -> bool:
    """Tell whether somebody may make labels again: the role prints, and the policies allow "reprint" now."""
    return user.may(Permission.PRINT) and _fresh(user, "reprint").allowed


def _fresh(user: User, action: str) -> Decision:
    kept: dict[str, tuple[float, Decision]] = user.__dict__.setdefault(_KEPT, {})
    known = kept.get(action)
    if known is None or time.monotonic() - known[0] > FRESH_S:
        known = kept[action] = (time.monotonic(), _decide(user, action))
    return known[1]


def _still_employed(user: User) -> bool:
    with scope(tenant=user.tenant):
        who, person = asker(user)
        return person.employed(who.now)


def print_at(user: User, site: str, action: str = "print") -> Decision:
    """Decide whether somebody may print, or reprint, at a printer of this site, wherever he sits; a refusal is written down."""
    with scope(tenant=user.tenant):
        who, request = _question(user, action, site)
        decision = who.policies.book.decide(request)
        if not decision.allowed:
            record_decision(who.tenant, user, request, decision, who.now)
        return decision


def _decide(user: User, action: str) -> Decision:
    with scope(tenant=user.tenant):
        who, request = _question(user, action)
        return who.policies.book.decide(request)


def _question(user: User, action: str, site: str = "") -> tuple["Asker", Request]:
    """Return who asks, and the question; ``site`` stands for that of the device."""
    who, person = asker(user)
    place = msgspec.structs.replace(
        who.place, site=site or who.place.site, print_room=who.place.print_room or action in PRINTS
    )
    request = Request(
        at=who.now, person=person, action=action, tenant=who.tenant.slug, device=who.device, place=place,
        sign_in=who.sign_in, shift=who.duty.facts, quota=QuotaFacts(left=1), order=_own_order(who),
    )  # fmt: skip
    return who, request


def _own_order(who: "Asker") -> OrderFacts | None:
    """Return an order of one's own: what a merchant's person asks is always about one, whichever it will be."""
    if who.user.role != Role.MERCHANT:
        return None
    return OrderFacts(tenant=who.tenant.slug, merchant=next(iter(who.person.merchants), ""))


def asker(user: User) -> tuple["Asker", Person]:
    """Return who asks, and whether still employed; the same for every action within `FRESH_S`."""
    from waybillguard.service.authorization.principal import asker_of, left_now

    known: tuple[float, Asker, Person] | None = user.__dict__.get(_ASKER)
    if known is None or time.monotonic() - known[0] > FRESH_S:
        sign_in = user.here.sign_in if user.here else SignIn(method="password", shared=user.shared)
        who = asker_of(user, sign_in, timezone.now())
        active = first_row(_STILL_ACTIVE, user.pk, True) is not None  # noqa: FBT003 - a value of the question
        person = who.person if active else left_now(who)
        known = user.__dict__[_ASKER] = (time.monotonic(), who, person)
    return known[1:]
