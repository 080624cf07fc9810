"""Worker tasks of the vault: imports, postings, shredding, rotation, retention."""

import logging
from contextlib import suppress
from functools import partial
from typing import Final

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.tasks import task
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from waybillguard.errors import WaybillGuardError
from waybillguard.service.keyd.client import KeydUnavailableError, RefusedError
from waybillguard.service.platform.disk import refuse_without_room
from waybillguard.service.platform.errors import database_refused
from waybillguard.service.platform.queue import no_room, put_off
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.spool import remove_spool
from waybillguard.service.vault import partitions, planned, rotation, shred
from waybillguard.service.vault.api_sealing import forget_keys
from waybillguard.service.vault.fragments import merge_waiting
from waybillguard.service.vault.importing import ImportReading
from waybillguard.service.vault.interrupted import begin_reading, put_back, resume_purges, take_back
from waybillguard.service.vault.models import Batch, Rotation, Shredded
from waybillguard.service.vault.removal import remove_rows
from waybillguard.service.vault.shred import finish
from waybillguard.service.vault.signals import retention_applied

logger = logging.getLogger(__name__)


MOST_READINGS: Final = 4
"""How often a file is read again because keyd went away; the file itself may crash keyd."""


@task()
def read_import(batch_id: int, reading: int = 1, tried: int = 0) -> None:
    """Read and seal one import, for the ``reading``-th time. Safe to run twice: only one run gets past ``waiting``.

    If the disk is full, it is read again from its first row until there is room (``tried`` counts).
    """
    with scopes_disabled():
        batch = Batch.objects.select_related("tenant").get(pk=batch_id)
    with scope(tenant=batch.tenant):
        if not begin_reading(batch):
            return
        try:
            _read_or_fail(batch, reading)
        except Exception as error:
            if not no_room(error):
                raise
            back = partial(take_back, batch)
            put_off("vault.tasks.read_import", batch_id, reading, tried=tried, put_back=back)


def _read_or_fail(batch: Batch, reading: int) -> None:
    """Read an import. Only a full disk is raised, whether met while reading or while clearing up."""
    try:
        refuse_without_room(settings.CONFIG.data_dir)
        ImportReading(batch).run()
    except Exception as error:
        if no_room(error):
            raise
        if not isinstance(error, KeydUnavailableError):
            _fail_by(batch, error)
        elif reading >= MOST_READINGS:
            _fail(batch, error.code, error.zh, error.en)
        else:
            put_back(batch, reading + 1)


def _fail_by(batch: Batch, error: Exception) -> None:
    """Mark an import as failed. Only the type of an unexpected error is logged: its text may quote a cell."""
    if isinstance(error, WaybillGuardError):
        _fail(batch, error.code, error.zh, error.en)
    elif isinstance(error, OperationalError | InterfaceError):
        logger.error("import %d: the database refused: %s", batch.pk, type(error).__name__)
        refused = database_refused()
        _fail(batch, refused.code, refused.zh, refused.en)
    else:
        logger.error("import %d failed: %s", batch.pk, type(error).__name__)
        _fail(
            batch,
            "internal",
            "读取时发生内部错误，未导入任何内容。请重试；如再次发生，请联系维护人员。",
            "an internal fault while reading; nothing was imported. Try again, then tell whoever runs this.",
        )


@task()
def purge_import(batch_id: int) -> None:
    """Remove the rows of an undone or failed import.

    Orders of an undone import are first added to keyd's shred list, because an older backup may still have them.
    A legal hold set meanwhile keeps them, hidden, until it is lifted; so does a mandate that has not begun
    (`resume_purges`).
    """
    with scopes_disabled():
        batch = Batch.objects.select_related("tenant").get(pk=batch_id)
    with scope(tenant=batch.tenant):
        try:
            if batch.state == Batch.State.UNDONE and not shred.shred_import(batch):
                return
        except RefusedError as error:
            logger.warning("import %d that was taken out still lies there: %s", batch_id, error.reason)
            return
        if batch.state in {Batch.State.UNDONE, Batch.State.FAILED}:
            remove_rows(batch)


@task()
def merge_fragments(tenant_id: int) -> None:
    """Merge waiting gram tokens into postings until none is left."""
    tenant = Tenant.objects.get(pk=tenant_id)
    with scope(tenant=tenant):
        while merge_waiting(tenant):
            pass


@task()
def finish_shredding(shredded_id: int) -> None:
    """Clear masked views, tokens and postings of shredded orders."""
    with scopes_disabled():
        row = Shredded.objects.select_related("tenant").get(pk=shredded_id)
    with scope(tenant=row.tenant):
        finish(row)


@task()
def rotate_keys(rotation_id: int) -> None:
    """Reseal orders for a while, then let other tasks run and continue later."""
    with scopes_disabled():
        row = Rotation.objects.select_related("tenant", "started_by__tenant").get(pk=rotation_id)
    if row.finished_at is not None:
        return
    with scope(tenant=row.tenant):
        try:
            if not rotation.work(row):
                rotate_keys.enqueue(rotation_id)
        except WaybillGuardError as error:
            _mark_stopped(row, error)
            if no_room(error):
                raise
        except (OperationalError, InterfaceError) as error:
            logger.error("rotation %d: the database refused: %s", rotation_id, type(error).__name__)  # noqa: TRY400 - its text may quote a row
            _mark_stopped(row, database_refused())
            if no_room(error):
                raise  # the queue starts it again


@task()
def apply_retention() -> None:
    """Destroy what is due by every tenant's rules, delete expired rows, and prepare the monthly tables."""
    now = timezone.now()
    # Destruction comes first, so that a problem with the monthly tables does not delay it.
    planned.tend_all(now)
    resume_purges()
    retention_applied.send(sender=None, now=planned.cautious_now(now))
    forget_keys(planned.cautious_now(now))
    partitions.prepare_months(connection, now)
    partitions.drop_spent_months(connection, now)


def _mark_stopped(rotation: Rotation, error: WaybillGuardError) -> None:
    """Store why a rotation stopped. Completed work stays; the next call, or the next start, continues."""
    # On a full disk, or without a connection, even this may fail: then it shows as stopped for lack of progress.
    with suppress(DatabaseError, InterfaceError):
        Rotation.objects.filter(pk=rotation.pk, tenant=rotation.tenant).update(
            error_zh=error.zh[:400], error_en=error.en[:400]
        )


def _fail(batch: Batch, code: str, zh: str, en: str) -> None:
    remove_rows(batch)
    remove_spool(batch.spool_name)
    Batch.objects.filter(pk=batch.pk, tenant=batch.tenant).update(
        state=Batch.State.FAILED,
        error_code=code[:40],
        error_zh=zh[:400],
        error_en=en[:400],
        spool_name="",
        wrapped_key=b"",
        wrapped_password=b"",
        finished_at=timezone.now(),
    )
