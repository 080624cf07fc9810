"""Register of incidents and persons' requests: open an entry, record its steps. Each step is in the ledger."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from waybillguard.inspect.incident import NOTICE_ITEMS, Incident, duties
from waybillguard.service.identity.accounts import journal
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.inspections.errors import InspectionError
from waybillguard.service.inspections.models import RegisterEntry

#: PIPL 50 says "及时" without a number of days; 15 working days are our own deadline.
REQUEST_DAYS: Final = 21
_STEPS: Final = {
    RegisterEntry.Kind.INCIDENT: frozenset(duty.id for duty in duties()) | {"postal"},
    RegisterEntry.Kind.REQUEST: frozenset({"answered", "refused"}),
}


def open_entry(
    user: User,
    kind: str,
    title: str,
    opened_at: datetime,
    *,
    persons_high: int | None = None,
    theft: bool = False,
) -> RegisterEntry:
    """Open an entry. The ledger entry is written first.

    Raises:
        InspectionError: no title, or a time in the future.
        KeydError: the ledger cannot be written; nothing was opened.
    """
    title = title.strip()[:120]
    if (
        kind not in RegisterEntry.Kind.values
        or not title
        or opened_at > timezone.now() + timedelta(minutes=5)
    ):
        raise InspectionError(
            zh="请填写名称，时间不能在未来。未保存。",
            en="type a title; the time must not lie in the future. Nothing was saved.",
        )
    due = opened_at + timedelta(days=REQUEST_DAYS) if kind == RegisterEntry.Kind.REQUEST else None
    with transaction.atomic():
        row = RegisterEntry.objects.create(
            tenant=tenant_of(user), kind=kind, title=title, opened_at=opened_at, due_at=due, theft=theft,
            persons_high=persons_high, added_by=user,
        )  # fmt: skip
        _write(user, row, "opened")
    return row


def take_step(
    user: User,
    row: RegisterEntry,
    step: str,
    *,
    receipt: str = "",
    items: tuple[str, ...] = (),
    exempt: bool = False,
    persons_high: int | None = None,
) -> None:
    """Record that a step was taken now, with its receipt number. A step cannot be undone.

    Args:
        user: the person who takes the step.
        row: the entry.
        step: a step of the entry's kind; ``closed`` closes the entry.
        receipt: number of the police report or letter, or the reason for a refusal.
        items: contents of the notice to the persons (``NOTICE_ITEMS``).
        exempt: the persons are not notified, for a signed reason.
        persons_high: new upper bound of the number of persons.

    Raises:
        InspectionError: the step is not of this kind or was already taken, a request would be closed without an
            answer, or the persons are not notified and no reason is given.
    """
    if step != "closed" and (step not in _STEPS[RegisterEntry.Kind(row.kind)] or step in row.steps):
        raise InspectionError(
            zh="该步骤不适用或已完成。未更改。", en="the step does not apply or is done. Nothing was changed."
        )
    if step == "closed" and row.kind == RegisterEntry.Kind.REQUEST:
        raise InspectionError(
            zh="请求须先答复或说明理由拒绝，不能直接结案。未更改。",
            en="a request is answered, or refused with the reason; it is not closed without. Nothing was changed.",
        )
    if step == "persons" and exempt and not receipt.strip():
        raise InspectionError(
            zh="不通知本人须写明理由（已签字）。请填入回执栏。未更改。",
            en="not to tell the persons needs the signed reason: type it as the receipt. Nothing was changed.",
        )
    now = timezone.now()
    with transaction.atomic():
        held = RegisterEntry.objects.select_for_update().get(pk=row.pk, tenant=row.tenant)
        if step == "closed":
            held.closed_at = now
        else:
            known = {name for name, _ in NOTICE_ITEMS}
            held.steps[step] = {"at": now.isoformat(), "receipt": receipt.strip()[:80]} | (
                {"items": sorted(set(items) & known), "exempt": exempt} if step == "persons" else {}
            )
        if step == "refused":
            held.reason = receipt.strip()[:300]
        if step in {"answered", "refused"}:
            held.closed_at = now
        if persons_high is not None:
            held.persons_high = persons_high
        held.save()
        _write(user, held, step)


def incident_of(row: RegisterEntry) -> Incident:
    """Return an entry as an ``Incident``, from which its steps and deadlines are derived."""
    return Incident(detected_at=row.opened_at, ended_at=row.closed_at, persons_high=row.persons_high)


def _write(user: User, row: RegisterEntry, what: str) -> None:
    journal.put(
        row.tenant, "account", f"u{user.pk}", None,
        {"change": "inspection_register", "entry": row.pk, "kind": str(row.kind), "step": what},
    )  # fmt: skip
