"""Background import of a foreign log: read it in a child process, skip known events, write the rest by day."""

import logging
from collections import defaultdict
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

import duckdb
import msgspec
from django.db import transaction
from django.tasks import task
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from waybillguard.access.registry import fold
from waybillguard.errors import WaybillGuardError
from waybillguard.events import AccessEvent, day_and_window
from waybillguard.events.foreign import Applied
from waybillguard.events.schema import micros
from waybillguard.service.activity import foreign
from waybillguard.service.activity.models import ForeignLog, RefusedLine
from waybillguard.service.audit.counting import Counted, Counts
from waybillguard.service.audit.export import hour_of
from waybillguard.service.audit.store import event_store
from waybillguard.service.platform.database.bulk import CHUNK, insert_rows
from waybillguard.service.platform.disk import WAITS
from waybillguard.service.platform.queue import no_room, put_off
from waybillguard.service.tenancy.spool import remove_spool

logger = logging.getLogger(__name__)

_STATION: Final = 60
_INSIDE_FAULT: Final = (
    "读取日志时发生内部错误，未导入任何内容。请重试；如再次发生，请联系维护人员。",
    "an internal fault while reading the log; nothing was taken in. Try again, then tell whoever runs this.",
)


@task()
def read_foreign_log(log_id: int, tried: int = 0) -> None:
    """Import one log into the event table. Safe to run twice: only one task leaves ``waiting``; part names are fixed.

    If the disk is full, the import is retried.
    """
    with scopes_disabled():
        log = ForeignLog.objects.select_related("tenant").get(pk=log_id)
    with scope(tenant=log.tenant):
        waiting = ForeignLog.objects.filter(pk=log_id, tenant=log.tenant, state=ForeignLog.State.WAITING)
        if not waiting.update(state=ForeignLog.State.READING, error_zh="", error_en=""):
            return
        try:
            _read(log)
        except Exception as error:  # noqa: BLE001 - the log must not stay unfinished; only the type is logged
            if no_room(error):
                put_off(
                    "activity.tasks.read_foreign_log", log_id, tried=tried, put_back=partial(_put_back, log)
                )
            elif isinstance(error, WaybillGuardError):
                _fail(log, error.zh, error.en)
            else:
                logger.error("log %d failed: %s", log_id, type(error).__name__)  # noqa: TRY400 - no traceback: it may hold cells
                _fail(log, *_INSIDE_FAULT)


def _read(log: ForeignLog) -> None:
    answer = foreign.preview(log)
    applied = answer.applied
    assert applied is not None
    by_day = _by_day(log, applied.events)
    # Store the days before writing the first part, so that a failed import can be removed.
    log.days = sorted(by_day)
    log.save(update_fields=["days"])
    store, counts, written = event_store(log.tenant), Counts(log.tenant_id, log.pk), 0
    for day, events in by_day.items():
        fresh = _new_events(log, day, events)
        if fresh:
            store.write(log.tenant.slug, day, foreign.part_name(log), fresh)
            counts.take(_cells(log, day, fresh))
            written += len(fresh)
    with transaction.atomic():
        RefusedLine.objects.filter(log=log, tenant=log.tenant).delete()
        _keep_refused(log, applied)
        counts.add()
        ForeignLog.objects.filter(pk=log.pk, tenant=log.tenant).update(
            state=ForeignLog.State.DONE, rows=applied.rows, events=written, known=len(applied.events) - written,
            refused=len(applied.refused), ignored=applied.ignored, finished_at=timezone.now(), spool_name="",
            wrapped_key=b"",
        )  # fmt: skip
    remove_spool(log.spool_name)


def _by_day(log: ForeignLog, events: list[AccessEvent]) -> dict[int, list[AccessEvent]]:
    """Prefix event ids and accounts with this log's names, and group the events by the warehouse's day."""
    import numpy as np

    behind = foreign.people_by_account(log)
    prefix, source = foreign.prefix_of(log), log.source_key
    days, windows = day_and_window(
        np.array([micros(one.ts) for one in events], dtype=np.int64), ZoneInfo(log.tenant.time_zone)
    )
    found: dict[int, list[AccessEvent]] = defaultdict(list)
    for one, day, window in zip(events, days.tolist(), windows.tolist(), strict=True):
        named = msgspec.structs.replace(
            one, day=day, w10=window, event_id=f"{prefix}{source}.{one.event_id}",
            account=foreign.account_name(log, one.account) if one.account else None,
            person=behind.get(fold(one.account or "")) or foreign.person_named(log, one.person),
            workstation=(one.workstation or "")[:_STATION] or None,
        )  # fmt: skip
        found[day].append(named)
    return found


def _new_events(log: ForeignLog, day: int, events: list[AccessEvent]) -> list[AccessEvent]:
    """Return the day's events that are neither in an earlier log of the same source nor repeated in this one."""
    store = event_store(log.tenant)
    seen: set[str] = set()
    if store.files(log.tenant.slug, first_day=day, last_day=day):
        with store.open(log.tenant.slug, first_day=day, last_day=day, memory="256MB") as connection:
            rows = connection.execute(
                "SELECT substr(event_id, strpos(event_id, ':') + 1) FROM events WHERE day = $day AND tenant = $tenant "
                "AND starts_with(event_id, 'log') AND NOT starts_with(event_id, $own)",
                {"day": day, "tenant": log.tenant.slug, "own": foreign.prefix_of(log)},
            ).fetchall()
        seen = {str(row[0]) for row in rows}
    fresh = []
    for one in events:
        name = (one.event_id or "").partition(":")[2]
        if name not in seen:
            seen.add(name)
            fresh.append(one)
    return fresh


def _cells(log: ForeignLog, day: int, events: list[AccessEvent]) -> list[Counted]:
    hour = hour_of(log.tenant)
    return [
        Counted(
            day, hour(micros(one.ts)), one.account or "", one.workstation or "", one.action, (one.category or "")[:20],
            names_order=one.order_id is not None, exposed=one.exposed, allowed=one.allowed,
        )
        for one in events
    ]  # fmt: skip


def _keep_refused(log: ForeignLog, applied: Applied) -> None:
    rows = [
        (log.pk, log.tenant_id, one.sheet[:80], one.row, str(one.reason), one.field[:20])
        for one in applied.refused
    ]
    for start in range(0, len(rows), CHUNK):
        insert_rows(
            RefusedLine,
            ("log_id", "tenant_id", "sheet", "row", "reason", "field"),
            rows[start : start + CHUNK],
        )


def _put_back(log: ForeignLog) -> None:
    """Set a log back to waiting when the disk is full; the next import overwrites its parts."""
    half = ForeignLog.objects.filter(pk=log.pk, tenant=log.tenant, state=ForeignLog.State.READING)
    half.update(state=ForeignLog.State.WAITING, error_zh=WAITS[0], error_en=WAITS[1])


def _fail(log: ForeignLog, zh: str, en: str) -> None:
    try:
        foreign.remove_parts(log)
    except (WaybillGuardError, OSError, duckdb.Error) as error:  # retried when the worker starts
        logger.warning("parts of log %d are not removed: %s", log.pk, type(error).__name__)
    remove_spool(log.spool_name)
    ForeignLog.objects.filter(pk=log.pk, tenant=log.tenant).update(
        state=ForeignLog.State.FAILED, error_zh=zh[:400], error_en=en[:400], spool_name="", wrapped_key=b"",
        finished_at=timezone.now(),
    )  # fmt: skip
