"""Logs of other systems: upload sealed, map the columns, import into the event table, undo the import."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db import transaction
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from waybillguard.access.registry import fold
from waybillguard.events.errors import EventsError
from waybillguard.events.foreign import LogAnswer, LogMapping
from waybillguard.service.activity.child import read_in_child
from waybillguard.service.activity.models import ForeignLog, ForeignMapping
from waybillguard.service.activity.names import is_own
from waybillguard.service.activity.withdrawing import withdraw
from waybillguard.service.audit.models import BaseCount, DayCount, HourCount
from waybillguard.service.audit.recording import record
from waybillguard.service.audit.store import event_store
from waybillguard.service.external_accounts.models import OutsideAccount
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import Employment, User
from waybillguard.service.keyd import messages
from waybillguard.service.platform.queue import enqueue
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import remove_spool, spool_chunks
from waybillguard.service.vault.uploads import SealedUpload

KEPT: Final = timedelta(days=1)
"""How long an upload waits to be mapped before it is discarded."""

_SOURCE: Final = 60


def take_log(user: User, source: str, upload: object) -> ForeignLog:
    """Store an upload encrypted until its column mapping is confirmed.

    Raises:
        EventsError (foreign_log): no file, or no name of the source system.
    """
    source = " ".join(source.split())[:_SOURCE]
    if not isinstance(upload, SealedUpload) or upload.writer is None:
        raise EventsError(code="foreign_log", zh="请选择日志文件。", en="choose the log's file.")
    if not source:
        raise EventsError(
            code="foreign_log",
            zh="请填写日志来自哪个系统，例如 ERP 的名称。",
            en="name the system the log is of, for example the ERP.",
        )
    return ForeignLog.objects.create(
        tenant=tenant_of(user),
        created_by=user,
        source=source,
        source_key=fold(source)[:_SOURCE],
        kind=upload.kind,
        bytes_total=upload.size or 0,
        file_sha256=upload.writer.sha256,
        spool_name=upload.writer.name,
        wrapped_key=upload.writer.wrapped_key,
    )


def preview(log: ForeignLog) -> LogAnswer:
    """Read an upload with the mapping chosen for it, else with the one remembered for its source.

    Raises:
        EventsError (foreign_log): the upload cannot be read, or was discarded.
    """
    return _read(log, mapping_of(log))


def mapping_of(log: ForeignLog) -> LogMapping | None:
    """Return the mapping chosen for a log, or the one remembered for its source."""
    stored = log.mapping
    if not stored:
        known = ForeignMapping.objects.filter(tenant=log.tenant, source_key=log.source_key).first()
        stored = known.mapping if known else {}
    return msgspec.convert(stored, LogMapping) if stored else None


def choose(log: ForeignLog, mapping: LogMapping) -> None:
    """Store the mapping chosen on the mapping page, so that the preview uses it."""
    ForeignLog.objects.filter(pk=log.pk, tenant=log.tenant, state=ForeignLog.State.MAPPING).update(
        mapping=msgspec.to_builtins(mapping)
    )


def import_log(user: User, log: ForeignLog, mapping: LogMapping) -> None:
    """Confirm a mapping: remember it for the source and queue the log for import by the worker.

    Raises:
        EventsError (foreign_log): the log was already imported or discarded.
    """
    stored = msgspec.to_builtins(mapping)
    with transaction.atomic():
        if not ForeignLog.objects.filter(pk=log.pk, tenant=log.tenant, state=ForeignLog.State.MAPPING).update(
            state=ForeignLog.State.WAITING, mapping=stored
        ):
            raise _not_now()
        ForeignMapping.objects.update_or_create(
            tenant=log.tenant,
            source_key=log.source_key,
            defaults={"mapping": stored, "confirmed_at": timezone.now()},
        )
        record(log.tenant, "import", user=user, purpose="activity_log")
        enqueue("activity.tasks.read_foreign_log", log.pk)


def undo_log(user: User, log: ForeignLog) -> None:
    """Undo an import: remove a log's events and counts.

    Raises:
        EventsError (foreign_log): the log is not imported, or a later log of the source skipped events that this one holds.
        KeydError: the ledger cannot be written; nothing was removed.
    """
    relying = (
        ForeignLog.objects.filter(
            tenant=log.tenant,
            source_key=log.source_key,
            state=ForeignLog.State.DONE,
            pk__gt=log.pk,
            known__gt=0,
        )
        .order_by("-pk")
        .first()
    )
    if relying is not None:
        raise EventsError(
            code="foreign_log",
            zh=f"较晚的日志 #{relying.pk} 与本日志重叠，重叠部分只存一份。请先撤销 #{relying.pk}。",
            en=f"the later log #{relying.pk} overlaps with this one, and what both hold is kept once. Undo #{relying.pk} first.",
        )
    if log.state != ForeignLog.State.DONE:
        raise _not_now()
    keyd().call(
        messages.Record(
            context=context_of(user), kind="undo", detail={"activity_log": log.pk, "events": log.events}
        ),
        messages.Recorded,
    )
    with transaction.atomic():
        if not ForeignLog.objects.filter(pk=log.pk, tenant=log.tenant, state=ForeignLog.State.DONE).update(
            state=ForeignLog.State.UNDONE, finished_at=timezone.now()
        ):
            raise _not_now()
        for model in (DayCount, HourCount, BaseCount):
            model.objects.filter(tenant=log.tenant, log=log.pk).delete()
    remove_parts(log)


def remove_parts(log: ForeignLog) -> None:
    """Remove a log's events from the store, day by day. Idempotent."""
    store = event_store(log.tenant)
    for day in log.days:
        withdraw(store, log.tenant.slug, day, part_name(log), prefix_of(log))


def discard_log(log: ForeignLog) -> None:
    """Discard an upload that was not imported."""
    left = ForeignLog.objects.filter(pk=log.pk, tenant=log.tenant, state=ForeignLog.State.MAPPING)
    if left.update(state=ForeignLog.State.DISCARDED, spool_name="", wrapped_key=b""):
        remove_spool(log.spool_name)


def discard_old_logs(tenant: Tenant, now: datetime) -> None:
    """Discard uploads that were not mapped within a day."""
    with scope(tenant=tenant):
        old = ForeignLog.objects.filter(
            tenant=tenant, state=ForeignLog.State.MAPPING, created_at__lt=now - KEPT
        )
        for log in old.select_related("tenant"):
            discard_log(log)


def sweep_interrupted_logs() -> int:
    """Recover after a crash: restart unfinished imports, finish unfinished undos; return the number of logs."""
    touched = 0
    with scopes_disabled():
        half = [ForeignLog.State.WAITING, ForeignLog.State.READING]
        for log in ForeignLog.objects.filter(state__in=half):
            ForeignLog.objects.filter(pk=log.pk).update(state=ForeignLog.State.WAITING)
            enqueue("activity.tasks.read_foreign_log", log.pk)
            touched += 1
        gone = [ForeignLog.State.UNDONE, ForeignLog.State.FAILED]
        for log in ForeignLog.objects.filter(state__in=gone).exclude(days=[]).select_related("tenant"):
            remove_parts(log)
            ForeignLog.objects.filter(pk=log.pk).update(days=[])
            touched += 1
    return touched


def part_name(log: ForeignLog) -> str:
    """Return the name of a log's parts in the store."""
    return f"log-{log.pk:09d}"


def prefix_of(log: ForeignLog) -> str:
    """Return the unique prefix of a log's event ids."""
    return f"log{log.pk}:"


def account_name(log: ForeignLog, account: str) -> str:
    """Return an account prefixed with its system: ``admin`` of two systems are two accounts."""
    return f"{log.source}/{account}"[:80]


def people_by_account(log: ForeignLog) -> Mapping[str, str]:
    """Map the accounts of a source to people, from the register of external accounts.

    Ambiguous names and accounts used by several people are left out, so that nobody is blamed by chance.
    """
    staff = Employment.objects.filter(tenant=log.tenant).exclude(user=None)
    users: dict[str, set[str]] = defaultdict(set)
    for number, name, user in staff.values_list("number", "name", "user_id"):
        for key in {fold(number), fold(name)} - {""}:
            users[key].add(f"u{user}")
    owners: dict[str, set[str]] = defaultdict(set)
    known = OutsideAccount.objects.filter(tenant=log.tenant, system__name_key=log.source_key, gone_at=None)
    for account, owner in known.values_list("account_key", "owner_key"):
        owners[account] |= users.get(owner) or {""}
    return {account: found.pop() for account, found in owners.items() if len(found) == 1 and found != {""}}


def person_named(log: ForeignLog, person: str | None) -> str | None:
    """Return the person named in the log; a name that looks like one of our keys gets the source as prefix."""
    return f"{log.source}/{person}"[:80] if person and is_own(person) else person


def _read(log: ForeignLog, mapping: LogMapping | None) -> LogAnswer:
    try:
        who = messages.Context(tenant=log.tenant.slug, actor=f"u{log.created_by_id}", purpose="foreign_log")
        content = b"".join(spool_chunks(who, "foreign_log", log.spool_name, bytes(log.wrapped_key)))
    except FileNotFoundError:
        raise EventsError(
            code="foreign_log",
            zh="日志文件已过期并被删除，请重新上传。",
            en="the log's file has expired and was removed. Upload it again.",
        ) from None
    return read_in_child(
        content, tenant=log.tenant.slug, zone=log.tenant.time_zone, now=timezone.now(), mapping=mapping
    )


def _not_now() -> EventsError:
    return EventsError(
        code="foreign_log",
        zh="该日志已处理过，未再次更改。请刷新页面。",
        en="this log was dealt with before; nothing changed. Reload the page.",
    )
