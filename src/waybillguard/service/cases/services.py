"""Functions by which other applications write into a case. Each is idempotent and works without keyd."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from waybillguard.service.cases.models import Case, CaseEvent, CaseEvidence, CaseOrder
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.models import User
from waybillguard.service.platform.hooks import Registry
from waybillguard.service.tenancy.models import Tenant

_TRIES = 20


@dataclass(frozen=True, slots=True)
class Panel:
    """An application's content on a tab of a case.

    Attributes:
        tab: ``tracing``, ``notice`` or ``handover``.
        template: the template, rendered with the result of ``context`` as ``panel``.
        context: function of the case and the user; it returns None if there is nothing to show.
    """

    tab: str
    template: str
    context: Callable[[Case, User], Any]


PANELS = Registry[Panel]()
"""Panels registered by other applications."""


def open_case(
    tenant: Tenant,
    source: str,
    kind: str,
    title_zh: str,
    title_en: str,
    *,
    by: User | None = None,
    at: datetime | None = None,
) -> Case:
    """Return the case of ``source``. It is created if there is none, and reopened if it is closed."""
    now = at or timezone.now()
    case = Case.objects.filter(tenant=tenant, source=source).first()
    if case is None:
        case = _create(tenant, source, kind, title_zh, title_en, by, now)
        add_event(case, "opened", f"立案：{title_zh}", f"Case opened: {title_en}", who=by, at=now)
    elif case.state == Case.State.CLOSED:
        Case.objects.filter(pk=case.pk).update(
            state=Case.State.OPEN, closed_at=None, closed_by=None, outcome=""
        )
        case.refresh_from_db()
        add_event(
            case, "reopened", "又有新情况，案件重新打开", "New facts: the case is open again", who=by, at=now
        )
    return case


def _create(
    tenant: Tenant, source: str, kind: str, title_zh: str, title_en: str, by: User | None, now: datetime
) -> Case:
    year = f"{timezone.localtime(now):%Y}"
    for _ in range(_TRIES):
        taken = Case.objects.filter(tenant=tenant, number__startswith=f"{year}-").count()
        try:
            with transaction.atomic():
                return Case.objects.create(
                    tenant=tenant,
                    number=f"{year}-{taken + 1:04d}",
                    kind=kind,
                    source=source,
                    title_zh=title_zh[:200],
                    title_en=title_en[:200],
                    opened_by=by,
                    opened_at=now,
                )
        except IntegrityError:
            # Another process used the number or opened the same case.
            found = Case.objects.filter(tenant=tenant, source=source).first()
            if found is not None:
                return found
    raise RuntimeError("no number for the case could be taken")


def add_event(
    case: Case,
    kind: str,
    text_zh: str,
    text_en: str,
    *,
    who: User | None = None,
    address: str = "",
    at: datetime | None = None,
) -> CaseEvent:
    """Add an entry to the timeline, unless the same entry exists with the same time."""
    known, _ = CaseEvent.objects.get_or_create(
        tenant=case.tenant,
        case=case,
        kind=kind,
        text_zh=text_zh[:400],
        at=at or timezone.now(),
        defaults={"text_en": text_en[:400], "address": address, "who": who},
    )
    return known


def add_orders(case: Case, order_ids: Iterable[int], why: str) -> int:
    """Add affected orders to the case; return how many it has now."""
    rows = (CaseOrder(tenant=case.tenant, case=case, order_id=pk, why=why) for pk in order_ids)
    CaseOrder.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return CaseOrder.objects.filter(case=case).count()


def add_evidence(
    case: Case,
    kind: str,
    name: str,
    sha256: str,
    *,
    size: int = 0,
    address: str = "",
    by: User | None = None,
) -> CaseEvidence:
    """Attach evidence by its hash, unless it is already attached."""
    known, made = CaseEvidence.objects.get_or_create(
        tenant=case.tenant,
        case=case,
        sha256=sha256,
        defaults={"kind": kind, "name": name[:200], "size": size, "address": address, "added_by": by},
    )
    if made:
        add_event(
            case,
            "evidence",
            f"证据入卷：{name[:120]}",
            f"Evidence attached: {name[:120]}",
            who=by,
            at=known.at,
        )
    return known


def close_case(case: Case, who: User, outcome: str, *, watching: bool = False) -> None:
    """Close a case, or keep it under watch, with a written outcome. Recorded as a change."""
    now = timezone.now()
    state = Case.State.WATCHING if watching else Case.State.CLOSED
    ended = {"closed_at": now, "closed_by": who} if not watching else {}
    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state=state, outcome=outcome[:400], **ended)
        zh, en = ("转入观察", "Being watched") if watching else ("结案", "Case closed")
        add_event(case, str(state), f"{zh}：{outcome[:300]}", f"{en}: {outcome[:300]}", who=who, at=now)
        note(case.tenant, "case_closed", actor=who, now=now, case=case.pk, state=str(state))
