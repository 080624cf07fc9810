"""``make bench ROOM=town``: a hub of 1,000 and of 3,000 warehouses: table, taking a report in, summing up, disk."""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.folder import measure, measured

WAREHOUSES = (1_000, 3_000)
_TIMES = 20


def run(sizes: Sequence[int] = WAREHOUSES) -> list[dict[str, Any]]:
    """Measure at so many warehouses each."""
    return [row for one in sizes for row in measured("benchmarks.town", str(one))]


def _measure(user: Any, warehouses: int) -> list[dict[str, Any]]:  # noqa: ANN401 - Django models, imported late
    from waybillguard.agent.protocol import encode
    from waybillguard.agent.protocol_town import Posture, Reported
    from waybillguard.inspect import catalogue
    from waybillguard.service.hub.intake import evaluate_all, take_posture
    from waybillguard.service.hub.models import MonthEnd, Warehouse
    from waybillguard.service.hub.table import overview
    from waybillguard.service.hub.towns import open_town
    from waybillguard.service.identity.models import Device

    tenant, now = user.tenant, datetime.now(UTC)
    open_town(tenant, "bench")
    names = [control.id for control in catalogue().controls]
    rows = Warehouse.objects.bulk_create(
        Warehouse(
            tenant=tenant, name=f"{n:05}", district=f"{n % 12}", added_by=user, reported_at=now,
            posture=[[name, "not_satisfied" if (n + at) % 9 == 0 else "satisfied"] for at, name in enumerate(names)],
        )
        for n in range(warehouses)
    )  # fmt: skip
    started = time.perf_counter()
    evaluate_all(tenant, now)
    again = time.perf_counter() - started
    month = (now.date().replace(day=1) - timedelta(days=1)).replace(day=1)
    kept = Warehouse.objects.filter(tenant=tenant)
    MonthEnd.objects.bulk_create(
        MonthEnd(tenant=tenant, warehouse=row, month=month, summary=row.summary) for row in kept
    )
    wall, cpu = _median(lambda: overview(tenant, now.date()))
    disk = _bytes() / warehouses
    device = Device.objects.create(
        uid="0" * 32, tenant=tenant, station=rows[0].name, kind="warehouse", signing_key=b"0" * 32, sealing_key=b"",
        enrolled_by=user, enrolled_at=now,
    )  # fmt: skip
    controls = tuple(
        Reported(control=name, version=1, status="satisfied", evidence="0" * 64) for name in names
    )
    size = len(encode(Posture(sequence=1, made_at=now, controls=controls)))
    numbers = iter(range(1, _TIMES + 1))
    report, taken = _median(
        lambda: take_posture(
            device, Posture(sequence=next(numbers), made_at=now, controls=controls), "0" * 64, now
        )
    )
    of = f"{warehouses} warehouses, {len(names)} controls, SQLite"
    return [
        {"name": "table of the town, with last month's", "value": round(wall * 1000), "unit": "ms (wall, median)", "note": of},
        {"name": "the same", "value": round(cpu * 1000), "unit": "ms (CPU, median)", "note": of},
        {"name": "every warehouse summed up anew", "value": round(again, 2), "unit": "s (wall)", "note": of},
        {"name": "a report taken in, signature aside", "value": round(report * 1000, 1), "unit": "ms (wall, median)", "note": of},
        {"name": "the same", "value": round(taken * 1000, 1), "unit": "ms (CPU, median)", "note": of},
        {"name": "a report on the wire", "value": size, "unit": "bytes", "note": of},
        {"name": "database, a warehouse with one month", "value": round(disk), "unit": "bytes", "note": of},
    ]  # fmt: skip


def _bytes() -> int:
    """Return how large the tables of the hub are: pages of SQLite in use, the empty schema's share included."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])


def _median(work: Callable[[], object]) -> tuple[float, float]:
    """Return wall seconds and CPU seconds of this process, which SQLite runs in."""
    wall, cpu = [], []
    for _ in range(_TIMES):
        started, used = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - started)
        cpu.append(time.process_time() - used)
    return statistics.median(wall), statistics.median(cpu)


if __name__ == "__main__":
    measure(lambda user: _measure(user, int(sys.argv[1])))
