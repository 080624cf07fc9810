"""Export from the outbox to Parquet, exactly once: fix a batch's rows, write its part, mark it written, prune later.

If a worker is killed in between, the batch keeps its rows. The next worker writes it again under the same name, and its
counts are added by the one UPDATE that marks it. The rows of a batch carry its number, instead of being a range of
keys, so a transaction that commits late goes into the next batch.
"""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Min, QuerySet
from django.utils import timezone
from django_scopes import scope

from waybillguard.errors import WaybillGuardError
from waybillguard.events.errors import EventsError
from waybillguard.service.audit.counting import Counted, Counts
from waybillguard.service.audit.models import ExportBatch, OutboxEvent
from waybillguard.service.audit.readers import STILL_WANTED
from waybillguard.service.audit.recording import micros
from waybillguard.service.audit.store import (
    FIRST_DAY,
    LAST_DAY,
    ROW,
    column_index,
    columns_of_rows,
    event_store,
)
from waybillguard.service.platform.disk import is_full
from waybillguard.service.tenancy.models import Tenant

logger = logging.getLogger(__name__)

BATCH_ROWS: Final = 50_000
ENOUGH_ROWS: Final = 5_000
LONGEST_WAIT_US: Final = 5 * 60 * 1_000_000
KEPT: Final = timedelta(hours=24)
"""How long exported rows stay in the database, for fault analysis."""

_PRUNED_AT_ONCE: Final = 5_000
_COUNTED: Final = (
    "day", "ts", "account", "workstation", "action", "category", "order_id", "exposed", "allowed",
)  # fmt: skip
WINDOW_US: Final = 900_000_000
"""Every time zone's hours begin at a multiple of 15 minutes."""


def export_due(now: datetime) -> int:
    """Export the events of every tenant that have waited long enough; return how many were written."""
    written = 0
    for tenant in Tenant.objects.order_by("pk"):
        try:
            with scope(tenant=tenant):
                written += _finish(tenant)
                if _is_due(tenant, now):
                    written += export(tenant)
        except WaybillGuardError as error:  # the next round tries again; other tenants continue
            logger.warning("events of a tenant are not exported: %s", error.code)
    return written


def _is_due(tenant: Tenant, now: datetime) -> bool:
    waiting = waiting_events(tenant)
    first = waiting.order_by("day", "pk").values_list("ts", flat=True).first()
    if first is None:
        return False
    # If the clock was set back, events in its future are due as well.
    return not 0 <= micros(now) - first < LONGEST_WAIT_US or waiting[:ENOUGH_ROWS].count() >= ENOUGH_ROWS


def export(tenant: Tenant) -> int:
    """Write all waiting events to Parquet; return how many were written.

    Raises:
        EventsError: a part could not be written (disk full, for example); nothing is lost, try again.
    """
    written = 0
    with scope(tenant=tenant):
        written += _finish(tenant)
        while fix_batches(tenant):
            written += _finish(tenant)
    return written


def fix_batches(tenant: Tenant) -> list[ExportBatch]:
    """Assign the waiting events of each day to batches of at most ``BATCH_ROWS``; existing batches do not change."""
    with transaction.atomic():
        waiting = waiting_events(tenant)
        days = list(waiting.order_by("day").values_list("day", flat=True).distinct())
        fixed = []
        for day in days:
            batch = ExportBatch.objects.create(tenant=tenant, day=day, part="", rows=0)
            some = waiting.filter(day=day).order_by("pk").values("pk")[:BATCH_ROWS]
            # Checked again outside the subquery, to exclude rows that another worker took meanwhile.
            OutboxEvent.objects.filter(tenant=tenant, batch=None, pk__in=some).update(batch=batch)
            found = OutboxEvent.objects.filter(tenant=tenant, batch=batch).aggregate(
                n=Count("pk"), first=Min("pk")
            )
            if not found["n"]:
                batch.delete()
                continue
            batch.rows, batch.part = found["n"], f"own-{found['first']:012d}"
            batch.save(update_fields=["rows", "part"])
            fixed.append(batch)
    return fixed


def waiting_events(tenant: Tenant) -> QuerySet[OutboxEvent]:
    """Return events without a batch, except those with an impossible time, which no file can store."""
    return OutboxEvent.objects.filter(tenant=tenant, batch=None, day__range=(FIRST_DAY, LAST_DAY))


def timeless_events(tenant: Tenant) -> int:
    """Count events recorded while the clock was outside 2000 to 2100; they need a person."""
    return (
        OutboxEvent.objects.filter(tenant=tenant, batch=None)
        .exclude(day__range=(FIRST_DAY, LAST_DAY))
        .count()
    )


def _finish(tenant: Tenant) -> int:
    """Write and mark every batch that has its rows."""
    written = 0
    for batch in ExportBatch.objects.filter(tenant=tenant, state=ExportBatch.State.FIXED).order_by("pk"):
        rows = rows_of(batch)
        if len(rows) != batch.rows:  # another worker has marked and pruned it meanwhile
            continue
        try:
            event_store(tenant).write(tenant.slug, batch.day, batch.part, columns_of_rows(tenant, rows))
        except (OSError, duckdb.Error) as error:
            raise _not_written(error) from None
        written += mark(tenant, batch, rows)
    return written


def _not_written(error: Exception) -> EventsError:
    """Return the error for a part that could not be written. It omits the fault's text, which may quote a value."""
    if is_full(error, settings.CONFIG.data_dir):
        return EventsError(
            code="events_not_written",
            zh="磁盘已满，访问事件暂存在数据库中，没有丢失。请腾出空间，系统会自动继续写入。",
            en="the disk is full; access events stay in the database and none is lost. Free some space; writing goes "
            "on by itself.",
        )
    name = type(error).__name__
    return EventsError(
        code="events_not_written",
        zh=f"访问事件暂时写不进文件（{name}），仍在数据库中，没有丢失。请检查数据目录的权限与磁盘。",
        en=f"access events cannot be written to files now ({name}); they stay in the database and none is lost. Check "
        "rights and disk of the data folder.",
    )


def rows_of(batch: ExportBatch) -> list[tuple[Any, ...]]:
    """Return a batch's events by time, with values in the order of ``ROW``."""
    columns = ", ".join(f'"{name}"' for name in ROW)
    table = OutboxEvent._meta.db_table  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {columns} FROM {table} WHERE "batch_id" = %s ORDER BY "ts", "id"',  # noqa: S608 - our own names
            [batch.pk],
        )
        return list(cursor.fetchall())


def mark(tenant: Tenant, batch: ExportBatch, rows: list[tuple[Any, ...]]) -> int:
    """Mark a batch as written and add its counts; 0 if another worker has done so."""
    counts = Counts(tenant.pk)
    counts.take(cells_of(tenant, rows))
    with transaction.atomic():
        marked = ExportBatch.objects.filter(pk=batch.pk, tenant=tenant, state=ExportBatch.State.FIXED).update(
            state=ExportBatch.State.WRITTEN, written_at=timezone.now()
        )
        if not marked:
            return 0
        counts.add()
    return len(rows)


def cells_of(tenant: Tenant, rows: list[tuple[Any, ...]]) -> Counter[Counted]:
    """Return the counted cells of outbox rows (values in the order of ``ROW``) with their numbers."""
    hour = hour_of(tenant)
    pick = itemgetter(*(column_index(name) for name in _COUNTED))
    return Counter(
        Counted(
            day, hour(ts), account, station, action, category, order_id != "", bool(exposed), bool(allowed)
        )
        for day, ts, account, station, action, category, order_id, exposed, allowed in map(pick, rows)
    )


def hour_of(tenant: Tenant) -> Callable[[int], int]:
    """Return a function from microseconds to the hour of the day in the tenant's zone."""
    zone = ZoneInfo(tenant.time_zone)

    @lru_cache(4096)
    def of_window(window: int) -> int:
        return datetime.fromtimestamp(window * (WINDOW_US // 1_000_000), zone).hour

    return lambda micros: of_window(micros // WINDOW_US)


def prune(tenant: Tenant, now: datetime) -> int:
    """Delete outbox rows whose part was written a day ago and sent to platforms, in short locks; return how many."""
    gone = 0
    with scope(tenant=tenant):
        done = ExportBatch.objects.filter(
            tenant=tenant, state=ExportBatch.State.WRITTEN, written_at__lt=now - KEPT
        )
        for batch in done.order_by("pk"):
            if any(wanted(tenant, batch) for wanted in STILL_WANTED):
                continue
            while keys := list(
                OutboxEvent.objects.filter(tenant=tenant, batch=batch).values_list("pk", flat=True)[
                    :_PRUNED_AT_ONCE
                ]
            ):
                rows = OutboxEvent.objects.filter(tenant=tenant, pk__in=keys)
                gone += rows._raw_delete("default")  # noqa: SLF001 - nothing hangs on them
            batch.delete()
    return gone
