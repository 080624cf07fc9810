"""The record of decisions: written at each, read by "what would happen if", gone after 90 days."""

import threading
from datetime import date, datetime, timedelta

from waybillguard.access.decision import Decision
from waybillguard.access.errors import RecordedRequestError
from waybillguard.access.request import Request
from waybillguard.service.authorization.models import RecordedDecision
from waybillguard.service.identity.models import User
from waybillguard.service.platform.database.bulk import insert_one
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import believed_now

KEPT = timedelta(days=90)
REPLAYED = 2_000
_MOST_POLICIES = 300

_pruned = threading.local()


def record_decision(tenant: Tenant, actor: User, request: Request, decision: Decision, now: datetime) -> None:
    """Write one decision down; once a day and thread, what is older than 90 days goes."""
    insert_one(
        RecordedDecision(
            tenant=tenant, at=now, actor=actor, action=request.action, allowed=decision.allowed,
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


def last_requests(tenant: Tenant) -> list[tuple[RecordedDecision, Request]]:
    """Return the last recorded decisions with their requests, newest first, at most ``REPLAYED``.

    One that a former program wrote and this one cannot read is left out.
    """
    found = []
    rows = RecordedDecision.objects.filter(tenant=tenant).select_related("actor").order_by("-at", "-pk")
    for row in rows[:REPLAYED]:
        try:
            found.append((row, Request.from_record(bytes(row.request))))
        except RecordedRequestError:
            continue
    return found
