"""Prepare a warehouse's events, kill an export with SIGKILL at each point, then count events in each place."""

import os
import signal
from datetime import UTC, datetime, timedelta
from typing import Any

EVENTS = 300
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
POINTS = ("fix", "write", "rename", "mark", "count")


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def prepare() -> None:
    from waybillguard.service.audit.recording import record
    from waybillguard.service.tenancy.models import Tenant

    tenant = Tenant.objects.create(slug="exports", name="测试云仓")
    for number in range(EVENTS):
        record(tenant, "view", account=f"u{number % 7}", at=NOON - timedelta(minutes=15 * number))


def export(point: str) -> None:
    """Run an export that is killed at a point.

    Points: fix (boundaries not committed), write (before the file), rename (file complete, not renamed), mark
    (file in place, not marked), count (counts added, not committed), none.
    """
    from waybillguard.events import store
    from waybillguard.service.audit import counting
    from waybillguard.service.audit import export as exporting
    from waybillguard.service.tenancy.models import Tenant

    exporting.BATCH_ROWS = 40  # type: ignore[misc]
    if point == "fix":
        exporting.ExportBatch.save = die  # type: ignore[method-assign]
    elif point == "write":
        exporting.columns_of_rows = die  # type: ignore[assignment]
    elif point == "rename":
        store.publish = die  # type: ignore[assignment]
    elif point == "mark":
        exporting.mark = die  # type: ignore[assignment]
    elif point == "count":
        real = counting.Counts.add

        def add_and_die(self: counting.Counts) -> None:
            real(self)
            die()

        counting.Counts.add = add_and_die  # type: ignore[method-assign]
    exporting.export(Tenant.objects.get(slug="exports"))


def check() -> dict[str, Any]:
    from django.db.models import Sum
    from django_scopes import scope

    from waybillguard.service.audit.models import DayCount, HourCount, OutboxEvent
    from waybillguard.service.audit.store import event_store
    from waybillguard.service.tenancy.models import Tenant

    tenant = Tenant.objects.get(slug="exports")
    with scope(tenant=tenant), event_store(tenant).open(tenant.slug) as connection:
        rows = connection.execute("SELECT count(*), count(DISTINCT event_id) FROM events").fetchone()
        return {
            "rows": rows,
            "days": DayCount.objects.filter(who="all").aggregate(n=Sum("n"))["n"] or 0,
            "hours": HourCount.objects.filter(who="all").aggregate(n=Sum("n"))["n"] or 0,
            "waiting": OutboxEvent.objects.filter(batch=None).count(),
        }
