"""The buyer's order page: which data is stored, who viewed it, and requests to the merchant.

Buyers come by a link on the merchant's order page. Nothing else proves their identity, so a link covers one order and
expires after a day. Its holder sees kinds of data and times, never a name, number or address.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django_scopes import scope

from waybillguard.access.shifts import is_working_day
from waybillguard.service.audit.listing import EventFilter, list_events
from waybillguard.service.audit.recording import record
from waybillguard.service.identity.models import Role, User
from waybillguard.service.scams.errors import ScamServiceError
from waybillguard.service.scams.models import PrivacyRequest
from waybillguard.service.tenancy.days import day_number, local_day
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.listing import visible
from waybillguard.service.vault.models import Order

LINK_LIFETIME: Final = timedelta(days=1)
TARGET_DAYS: Final = 15
"""Working days to answer a request. PIPL 50 only says "in time"; the number is the project's choice."""
_SALT: Final = "waybillguard.parcel"
_ACTIONS: Final[dict[str, Any]] = {
    "import": _("Received from the shop"),
    "print": _("Label printed"),
    "reprint": _("Label printed again"),
    "search": _("Looked up"),
    "view": _("Masked order seen"),
    "reveal": _("Phone or address opened"),
    "export": _("Exported for the merchant"),
}


@dataclass(frozen=True, slots=True)
class LookLine:
    """Accesses to an order by one kind of user on one day for one purpose; ``proof`` is the number of the last event."""

    kind: Any
    day: date
    action: Any
    purpose: str
    opened: bool
    times: int
    proof: str


def link_token(order: Order) -> str:
    """Return the token in the link to an order's page."""
    return signing.dumps([order.tenant_id, bytes(order.uid).hex()], salt=_SALT)


def order_of(token: str) -> Order | None:
    """Return the order of a link, or None if the link has expired or is forged, or the order was destroyed."""
    try:
        tenant_id, uid = signing.loads(token, salt=_SALT, max_age=LINK_LIFETIME)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    tenant = Tenant.objects.filter(pk=tenant_id).first()
    if tenant is None:
        return None
    with scope(tenant=tenant):
        return visible(tenant).select_related("tenant").filter(uid=bytes.fromhex(uid)).first()


def accesses_to(order: Order, now: datetime) -> list[LookLine]:
    """Return the accesses to an order, newest first. People are shown only as a kind of user."""
    tenant = order.tenant
    ids = tuple(one for one in (bytes(order.uid).hex(), order.order_no, order.waybill_no) if one)
    wanted = EventFilter(order.day - 1, day_number(now, tenant) + 1, orders=ids)
    events = list_events(tenant, wanted).events
    keys = {one.account[1:] for one in events if one.account[:1] == "u" and one.account[1:].isdigit()}
    roles = dict(User.objects.filter(tenant=tenant, pk__in=keys).values_list("pk", "role"))
    counts: Counter[tuple[Any, date, str, str, bool]] = Counter()
    proofs: dict[tuple[Any, date, str, str, bool], str] = {}
    for one in events:
        if not one.allowed:
            continue
        key = (_kind(one.account, roles), local_day(one.at, tenant), one.action, one.purpose, one.exposed)
        counts[key] += 1
        proofs.setdefault(key, one.event_id[:12])
    return [
        LookLine(
            kind,
            day,
            _ACTIONS.get(action, action),
            purpose,
            opened,
            times,
            proofs[kind, day, action, purpose, opened],
        )
        for (kind, day, action, purpose, opened), times in counts.items()
    ]


def ask(order: Order, kind: str, now: datetime) -> PrivacyRequest:
    """Store a buyer's request, to be forwarded to the merchant.

    Raises:
        ScamServiceError: the kind is unknown, or the same request is open already.
    """
    if kind not in PrivacyRequest.Kind.values:
        raise ScamServiceError(zh="请选择要办理的事项。", en="Choose what you ask for.")
    request = PrivacyRequest(
        tenant=order.tenant, order=order, order_no=order.order_no, shop=order.shop, kind=kind, asked_at=now,
        due_on=working_days_after(local_day(now, order.tenant), TARGET_DAYS),
    )  # fmt: skip
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError as error:
        raise ScamServiceError(
            zh="同一事项已经提交，商家处理后会在这里显示。",
            en="This request is open already; its outcome will show here.",
        ) from error
    record(order.tenant, "view", account="buyer", orders=[order], purpose="privacy_request", at=now)
    return request


def move(user: User, request: PrivacyRequest, state: str, now: datetime) -> None:
    """Record that a request was forwarded, or that the merchant fulfilled or refused it.

    Raises:
        ScamServiceError: the new state cannot follow the current one.
    """
    states = PrivacyRequest.State
    before = {
        states.FORWARDED: [states.OPEN],
        states.DONE: [states.FORWARDED],
        states.REFUSED: [states.FORWARDED],
    }
    allowed = before.get(states(state)) if state in states.values else None
    if allowed is None:
        raise ScamServiceError(zh="未知的状态。", en="Unknown state.")
    times = {"forwarded_at": now} if state == states.FORWARDED else {"finished_at": now}
    rows = PrivacyRequest.objects.filter(pk=request.pk, state__in=allowed)
    if not rows.update(state=state, handled_by=user, **times):
        raise ScamServiceError(
            zh="该事项的状态已变化，请刷新页面。", en="This request has moved on; load the page again."
        )


def working_days_after(day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day`` by the calendar of the State Council."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def stored_kinds(order: Order) -> dict[str, Any]:
    """Return which kinds of data of an order are stored, without the data."""
    return {
        "contact": order.lane != "A" and order.shredded_at is None,
        "sealed_on": datetime.fromtimestamp(order.day * 86400, UTC).date(),
        "shop": order.shop,
    }


def _kind(account: str, roles: dict[int, str]) -> Any:  # noqa: ANN401 - a lazy translation
    if account == "buyer":
        return _("You")
    role = roles.get(int(account[1:])) if account[:1] == "u" and account[1:].isdigit() else None
    return Role(role).label if role else _("Automatic")
