"""Records a decision as an access event, in the transaction that makes it.

Events contain no personal data: accounts are ``u`` and a number, orders are their uid, sessions are keyed hashes.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Protocol

from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.audit.models import OutboxEvent
from waybillguard.service.audit.origin import request_origin
from waybillguard.service.platform.database.bulk import insert_rows
from waybillguard.service.platform.errors import NotAllowedError, not_allowed
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.models import Tenant

logger = logging.getLogger(__name__)

FIELDS: Final = (
    "tenant_id", "ts", "day", "account", "workstation", "ip", "session", "action", "order_id", "purpose",
    "exposed", "allowed", "person", "device", "explained_by", "explained_ref", "category", "order_created_at",
    "decoy", "person_token",
)  # fmt: skip


class Account(Protocol):
    """The acting person; an event stores only the key of the account."""

    pk: Any
    tenant: Any


class RecordedOrder(Protocol):
    """The fields of an order that an event stores."""

    uid: Any
    goods_class: Any
    created_at: Any
    person_token: Any


_MICRO: Final = 1_000_000


def record(
    tenant: Tenant,
    action: str,
    *,
    user: Account | None = None,
    account: str = "",
    orders: Sequence[RecordedOrder] = (),
    purpose: str = "",
    allowed: bool = True,
    exposed: bool = False,
    workstation: str = "",
    explained: tuple[str, str] = ("", ""),
    at: datetime | None = None,
) -> None:
    """Record that somebody did, or tried, something: one event per order, or one event that names no order.

    Args:
        tenant: the warehouse.
        action: import, print, reprint, search, view, reveal, export, login, login_failed or logout.
        user: the person; use ``account`` if it is not a person.
        account: the name of a non-person actor, for example ``carrier:simulator``.
        orders: the orders concerned.
        purpose: the stated reason; a code, never free text.
        allowed: the decision.
        exposed: plaintext was shown or handed out.
        workstation: used if the request does not identify one.
        explained: what explains the look (print_job, ticket, call, return, pick_list) and its number.
        at: time of the event; now by default.
    """
    moment = at or timezone.now()
    ip, session, browser = request_origin()
    who = f"u{user.pk}" if user is not None else account[:80]
    head = (tenant.pk, micros(moment), day_number(moment, tenant), who, (workstation or browser)[:60], ip, session, action)  # fmt: skip
    tail = (purpose[:40], exposed, allowed, who if user is not None else "", "", explained[0][:16], explained[1][:80])  # fmt: skip
    rows = [
        (
            *head, bytes(order.uid).hex(), *tail, order.goods_class,
            micros(order.created_at) if order.created_at else None, None, bytes(order.person_token).hex(),
        )
        for order in orders
    ] or [(*head, "", *tail, "", None, None, "")]  # fmt: skip
    with scope(tenant=tenant):  # a sign-in is recorded before any other scope is open
        insert_rows(OutboxEvent, FIELDS, rows)


def micros(moment: datetime) -> int:
    """Return whole microseconds since 1970-01-01 UTC, computed without floats."""
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * _MICRO + moment.microsecond


def refuse(user: Account, action: str) -> NotAllowedError:
    """Record that the role forbade ``action``, and return the error to raise."""
    if user.tenant is not None:
        record(user.tenant, action, user=user, allowed=False)
    return not_allowed()


def record_unhindered(
    tenant: Tenant | None, action: str, user: Account | None, *, allowed: bool = True
) -> None:
    """Record an act that must succeed even if recording fails: a sign-out, a refused sign-in."""
    if tenant is None:
        return
    try:
        record(tenant, action, user=user, allowed=allowed)
    except (DatabaseError, InterfaceError) as error:
        logger.warning("%s is not in the table of events: %s", action, type(error).__name__)
