"""Imports between upload and preview: starting, restarting, waiting for disk space, and recovery after a crash."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django_scopes import scopes_disabled

from waybillguard.service.platform import disk
from waybillguard.service.platform.lifeline import is_alive
from waybillguard.service.platform.queue import enqueue, queued
from waybillguard.service.tenancy.spool import sweep_spool
from waybillguard.service.vault.models import Batch, GramChunk, Order
from waybillguard.service.vault.removal import remove_rows

CALL_AT_MOST = timedelta(minutes=15)
"""A call of the machine API without an answer for this long counts as interrupted."""


def sweep_interrupted_imports() -> int:
    """Recover imports after a crash: half-read ones are read again, undone ones are emptied.

    Runs before the worker takes tasks, outside any tenant; returns the number of imports changed.
    """
    touched = 0
    half = [Batch.State.READING, Batch.State.WAITING]
    with scopes_disabled():
        later = queued("vault.tasks.read_import")
        for batch in Batch.objects.filter(state__in=half).exclude(kind=Batch.MACHINE):
            if batch.state == Batch.State.WAITING and batch.pk in later:
                continue
            put_back(batch)
            touched += 1
        touched += _fail_abandoned_calls(timezone.now()) + resume_purges()
        waiting = GramChunk.objects.filter(Q(batch__state=Batch.State.COMMITTED) | Q(batch=None))
        for tenant_id in set(waiting.values_list("tenant_id", flat=True)):
            enqueue("vault.tasks.merge_fragments", tenant_id)
        sweep_spool()
    return touched


def begin_reading(batch: Batch) -> bool:
    """Claim a waiting import; return whether this caller got it."""
    waiting = Batch.objects.filter(pk=batch.pk, tenant=batch.tenant, state=Batch.State.WAITING)
    return bool(waiting.update(state=Batch.State.READING, error_code="", error_zh="", error_en=""))


def put_back(batch: Batch, reading: int = 1) -> None:
    """Queue an interrupted import to be read again from its first row, for the ``reading``-th time."""
    remove_rows(batch)
    with transaction.atomic():
        _half_read(batch).update(state=Batch.State.WAITING)
        enqueue("vault.tasks.read_import", batch.pk, reading)


def take_back(batch: Batch) -> None:
    """Remove what was read of an import that ran out of disk space, and mark it as waiting for space."""
    remove_rows(batch)
    zh, en = disk.WAITS
    nothing = dict.fromkeys(("rows_read", "rows_ok", "rows_reference", "rows_refused", "rows_known"), 0)
    _half_read(batch).update(
        state=Batch.State.WAITING, error_code=disk.CODE, error_zh=zh, error_en=en, **nothing
    )


def as_it_stands(batch: Batch) -> Batch:
    """Show an unread import as waiting for space, without saving: the disk may have no room for that."""
    going_on = batch.state in {Batch.State.WAITING, Batch.State.READING} and batch.kind != Batch.MACHINE
    if going_on and disk.room(settings.CONFIG.data_dir) < disk.ENOUGH:
        batch.error_code, (batch.error_zh, batch.error_en) = disk.CODE, disk.WAITS
    return batch


def _half_read(batch: Batch) -> QuerySet[Batch]:
    half = [Batch.State.READING, Batch.State.WAITING]
    return Batch.objects.filter(pk=batch.pk, tenant=batch.tenant, state__in=half)


def _fail_abandoned_calls(now: datetime) -> int:
    """Fail the batches of abandoned machine calls; `resume_purges` then empties them.

    Calls that the web process is still running are left alone. Clients repeat unanswered calls, so nothing is read
    again.
    """
    open_ = Batch.objects.filter(kind=Batch.MACHINE, state__in=[Batch.State.READING, Batch.State.PREVIEW])
    abandoned = [
        pk
        for pk, owner, began in open_.values_list("pk", "owner", "created_at")
        if not is_alive(owner) or began < now - CALL_AT_MOST
    ]
    return sum(fail_call(pk) for pk in abandoned)


def fail_call(batch_id: int) -> int:
    """Fail a machine call's batch unless it was committed; return whether it failed. Its rows are removed later."""
    open_ = Batch.objects.filter(pk=batch_id, state__in=[Batch.State.READING, Batch.State.PREVIEW])
    return open_.update(
        state=Batch.State.FAILED, error_code="internal", error_zh="未导入任何内容，请重试",
        error_en="nothing was imported; try again", finished_at=timezone.now(),
    )  # fmt: skip


def resume_purges() -> int:
    """Empty imports that were undone and still have rows, because of a crash, a silent keyd or a legal hold.

    Returns how many. Does not include imports that already wait for the worker.
    """
    with scopes_disabled():
        out = Batch.objects.filter(state__in=[Batch.State.UNDONE, Batch.State.FAILED])
        holding = out.filter(Exists(Order.objects.filter(batch=OuterRef("pk"))))
        left = set(holding.values_list("pk", flat=True)) - queued("vault.tasks.purge_import")
        for batch_id in sorted(left):
            enqueue("vault.tasks.purge_import", batch_id)
    return len(left)
