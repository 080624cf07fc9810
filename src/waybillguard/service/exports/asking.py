"""Requests for exports: one person requests, another agrees or refuses; a request can be withdrawn."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from waybillguard.access.request import UNNAMED
from waybillguard.access.vocabulary import purposes
from waybillguard.seal.exportkey import fingerprint
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.principal import Principal
from waybillguard.service.exports.deciding import (
    as_second,
    denied,
    load_requester,
    may_export,
    quota_of,
    require_allowed,
    stand_in,
)
from waybillguard.service.exports.errors import ExportDeniedError, ExportError, not_now
from waybillguard.service.exports.files import shred
from waybillguard.service.exports.models import Export, Recipient
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.merchants.scope import inside
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.keyd import mandates, messages
from waybillguard.service.lookups import guard
from waybillguard.service.lookups.errors import GuardError
from waybillguard.service.platform.hooks import Question
from waybillguard.service.platform.queue import enqueue
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.vault.facts import closed_rows
from waybillguard.service.vault.listing import visible
from waybillguard.service.vault.models import Lane, Order

MOST_RECORDS: Final = 5_000
ASKS_OPEN: Final = 20
"""Most requests of one person that may wait for an answer."""
ANSWER_WITHIN: Final = timedelta(hours=24)
"""Requests expire after this time without an answer: the reason for them may be gone."""
KEPT: Final = timedelta(days=7)
"""How long a file can be fetched before it is shredded."""

_OPEN: Final = (Export.State.ASKED, Export.State.AGREED, Export.State.MAKING)


ends_waiting_for: Question[[User], QuerySet[Any]] = Question(
    "ends of contracts that somebody may answer as the second person"
)
"""Answered by the contracts app; they wait on the same page as exports."""


def selected(user: User, ids: Sequence[int], form: str) -> list[int]:
    """Return which orders the person may see; for a sealed export, those with a contact that are not closed."""
    with inside(user):
        orders = visible(tenant_of(user)).filter(pk__in=list(ids)[:MOST_RECORDS])
        if form == Export.Form.SEALED:
            orders = orders.filter(lane__in=[Lane.B, Lane.C]).exclude(closed_rows(timezone.now()))
        return list(orders.order_by("pk").values_list("pk", flat=True))


def ask(
    who: Principal,
    ids: Sequence[int],
    *,
    form: str,
    purpose: str,
    recipient: Recipient | None = None,
    table: str = Export.Table.CSV,
) -> Export:
    """Request an export; nothing is made before a second person agrees. ``table`` is the format of a masked one.

    Raises:
        ExportError: no orders, no purpose, an unknown form, or too many waiting requests.
        ExportDeniedError: the policies refuse, regardless of the second person; the refusal is recorded.
        GuardError: the guard slows the person down, requires a confirmation, or refuses.
        KeydError: the ledger cannot be written; nothing was requested.
    """
    if form not in Export.Form.values or table not in Export.Table.values or purpose not in purposes():
        raise ExportError(zh="请选择导出形式和用途。", en="choose a form and a purpose.")
    recipient = recipient if form == Export.Form.SEALED else None
    chosen = selected(who.user, ids, form)
    if not chosen:
        raise ExportError(
            zh="没有可导出的订单：未选择，或所选订单在本系统中没有联系方式或已关闭。",
            en="there is nothing to export: no order was chosen, or none of them holds a contact here and is still open.",
        )
    if Export.objects.filter(asked_by=who.user, state__in=_OPEN).count() >= ASKS_OPEN:
        raise ExportError(
            zh=f"您已有 {ASKS_OPEN} 个导出在等待，请先处理或撤回。",
            en=f"{ASKS_OPEN} exports of yours are waiting; have them answered or withdraw some.",
        )
    quota = quota_of(who, form, chosen)
    decision = may_export(who, form, recipient, purpose, len(chosen), quota, stand_in(who))
    if not decision.allowed:
        refusal = denied(decision)
        record(who.tenant, "export", user=who.user, purpose=purpose, allowed=False, at=who.now)
        _step(who, "ask_refused", None, form=form, records=len(chosen), policies=" ".join(refusal.policies))
        raise refusal
    try:
        guard.hold(who, "export", orders=Order.objects.filter(tenant=who.tenant, pk__in=chosen).only("uid"))
    except GuardError as error:
        if error.kind == "refuse":
            record(who.tenant, "export", user=who.user, purpose=purpose, allowed=False, at=who.now)
            _step(who, "ask_refused", None, form=form, records=len(chosen), policies=" ".join(error.policies))
        raise
    with transaction.atomic():
        export = Export.objects.create(
            tenant=who.tenant, asked_by=who.user, asked_at=who.now, form=form, table=table, purpose=purpose,
            recipient=recipient, selection=chosen, records=len(chosen), policies=" ".join(decision.policies)[:300],
            policy_version=decision.version, expires_at=who.now + ANSWER_WITHIN,
            device="" if who.device.id in UNNAMED else who.device.id, station=who.place.station,
        )  # fmt: skip
        _step(who, "asked", export, form=form, records=len(chosen), purpose=purpose)
        export.mandate = propose(who, export)
        export.save(update_fields=["mandate"])
    return export


def agree(who: Principal, export: Export) -> None:
    """Agree to an export as the second person; the worker then makes it.

    Raises:
        ExportDeniedError: the policies refuse the requester or the second person.
        ExportError (export_not_now): answered, withdrawn or expired.
        KeydError: the ledger cannot be written; nothing was agreed to.
    """
    require_allowed(who, export)
    with transaction.atomic():
        row = locked(export)
        _still_asked(row, who.now)
        asker = load_requester(row, who.now)
        quota = quota_of(asker, row.form, row.selection)
        decision = may_export(
            asker, row.form, row.recipient, row.purpose, row.records, quota, as_second(who)
        )  # fmt: skip
        if decision.allowed:
            row.state, row.second, row.second_at = Export.State.AGREED, who.user, who.now
            row.policies, row.policy_version = " ".join(decision.policies)[:300], decision.version
            row.mandate = mandate(who, row)
            row.save(update_fields=["state", "second", "second_at", "policies", "policy_version", "mandate"])
            _step(who, "agreed", row, asked_by=asker.person.id)
            enqueue("exports.tasks.make_export", row.pk)
    if not decision.allowed:
        record(who.tenant, "export", user=row.asked_by, purpose=row.purpose, allowed=False, at=who.now)
        raise denied(decision)


def refuse(who: Principal, export: Export) -> None:
    """Refuse an export as the second person, without waiting for the ledger.

    Raises:
        ExportDeniedError: the role may not answer exports, or it is the person's own.
        ExportError (export_not_now): answered or withdrawn.
    """
    if not who.user.may(Permission.SECOND) or export.asked_by_id == who.user.pk:
        raise ExportDeniedError(
            zh="自己的导出请撤回；他人的导出由负责人或主管答复。",
            en="withdraw your own export; those of others are answered by an owner or supervisor.",
        )
    with transaction.atomic():
        changed = Export.objects.filter(pk=export.pk, state=Export.State.ASKED).update(
            state=Export.State.REFUSED, second=who.user, second_at=who.now, finished_at=who.now
        )
        if not changed:
            raise not_now()
        note(who.tenant, "export_refused", actor=who.user, now=who.now, export=export.pk)


def withdraw(who: Principal, export: Export) -> None:
    """Withdraw an export and its file, as the requester or a person who may agree. Does not wait for the ledger.

    Raises:
        ExportDeniedError: somebody else's export.
        ExportError (export_not_now): it has ended, and there is no file any more.
    """
    if export.asked_by_id != who.user.pk and not who.user.may(Permission.SECOND):
        raise ExportDeniedError(zh="这不是您的导出。", en="this export is not yours.")

    with transaction.atomic():
        row = locked(export)
        if row.state not in {*_OPEN, Export.State.READY}:
            raise not_now()
        row.state, row.finished_at = Export.State.WITHDRAWN, who.now
        row.save(update_fields=["state", "finished_at"])
        note(
            who.tenant,
            "export_withdrawn",
            actor=who.user,
            now=who.now,
            export=export.pk,
            fetched=row.downloads,
        )
    shred(row)


def locked(export: Export) -> Export:
    """Return an export's row, locked until the transaction ends."""
    rows = Export.objects.select_for_update(of=("self",)).select_related(
        "tenant", "asked_by__tenant", "second__tenant", "recipient"
    )
    return rows.get(pk=export.pk)


def seen_by(user: User) -> QuerySet[Export]:
    """Return the exports that a person may see: their own, or all of the warehouse if they may agree."""
    rows = Export.objects.filter(tenant=tenant_of(user)).select_related("asked_by", "second", "recipient")
    return rows if user.may(Permission.SECOND) else rows.filter(asked_by=user)


def waiting_for(user: User, now: datetime) -> QuerySet[Export]:
    """Return the exports that wait for this person's answer."""
    rows = seen_by(user).filter(state=Export.State.ASKED).filter(Q(expires_at=None) | Q(expires_at__gt=now))
    return rows.exclude(asked_by=user) if user.may(Permission.SECOND) else rows.none()


def orders_of(export: Export) -> QuerySet[Order]:
    """Return the remaining orders of an export."""
    return visible(export.tenant).filter(pk__in=export.selection)


def propose(who: Principal, export: Export) -> bytes:
    """Return keyd's proposal: the requester's half, for this export, recipient and number of records."""
    if export.form != Export.Form.SEALED or export.recipient is None:
        return b""
    return keyd().call(proposing(who, export.pk, export.recipient, export.records), mandates.Granted).grant


def proposing(who: Principal, number: int, recipient: Recipient, records: int) -> mandates.Propose:
    """Return the request of `propose`, for a confirmation."""
    job = mandates.export_job(number, fingerprint(bytes(recipient.public_key)))
    return mandates.Propose(context_of(who.user, workstation=who.workstation), job, records)


def mandate(who: Principal, export: Export) -> bytes:
    """Return keyd's mandate, made from the proposal to which the second person just agreed."""
    if export.form != Export.Form.SEALED:
        return b""
    return keyd().call(agreeing(who, export), mandates.Granted).grant


def agreeing(who: Principal, export: Export) -> mandates.Agree:
    """Return the request of `mandate`, for a confirmation."""
    return mandates.Agree(context_of(who.user, workstation=who.workstation), bytes(export.mandate))


def _still_asked(row: Export, now: datetime) -> None:
    if row.state != Export.State.ASKED:
        raise not_now()
    if row.expires_at is not None and row.expires_at <= now:
        raise ExportError(
            code="export_not_now",
            zh="该申请超过 24 小时未答复，已失效。请重新申请。",
            en="nobody answered within 24 hours, so this export is out of time; ask again.",
        )


def _step(who: Principal, what: str, export: Export | None, **detail: str | int) -> None:
    about: dict[str, str | int] = {"export": export.pk} if export is not None else {}
    keyd().call(
        messages.Record(
            context=context_of(who.user, workstation=who.workstation), kind="export_step",
            detail={"what": what, **about, **detail},
        ),
        messages.Recorded,
    )  # fmt: skip
