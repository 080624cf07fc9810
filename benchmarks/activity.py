"""The outbox: what recording a decision costs, and how many events a second reach Parquet and the counts."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import ROOT

EVENTS = 200_000
RECORDED = 2_000
PEOPLE = 20


def run() -> list[dict[str, Any]]:
    """Measure on an embedded database of its own, in a process of its own."""
    import msgspec

    with tempfile.TemporaryDirectory(prefix="wg-bench-activity-") as folder:
        environment = {**os.environ, "WAYBILLGUARD_HOME": str(Path(folder) / "data")}
        environment |= {
            "WAYBILLGUARD_DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "waybillguard.service.platform.settings",
        }
        Path(environment["WAYBILLGUARD_HOME"]).mkdir()
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.activity"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
        )
    found: list[dict[str, Any]] = msgspec.json.decode(done.stdout)
    return found


def main() -> None:
    """Fill an outbox, export it, and print what it took."""
    import django
    import msgspec

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone
    from django_scopes import scope

    from waybillguard.service.audit.export import export
    from waybillguard.service.audit.models import OutboxEvent
    from waybillguard.service.audit.overview import heat_map
    from waybillguard.service.audit.recording import FIELDS, micros, record
    from waybillguard.service.platform.database.bulk import insert_rows
    from waybillguard.service.tenancy.days import day_number
    from waybillguard.service.tenancy.models import Tenant

    call_command("migrate", verbosity=0, interactive=False)
    tenant = Tenant.objects.create(slug="bench", name="bench")
    now = timezone.now()
    started = time.perf_counter()
    for number in range(RECORDED):
        record(tenant, "view", account=f"u{number % PEOPLE}", at=now)
    each = (time.perf_counter() - started) / RECORDED
    first, day = micros(now), day_number(now, tenant)
    row = dict.fromkeys(FIELDS, "") | {"tenant_id": tenant.pk, "day": day, "action": "view", "allowed": True}
    row |= {
        "exposed": False,
        "decoy": None,
        "order_created_at": None,
        "category": "clothes",
        "purpose": "detail",
    }
    rows = [
        tuple(
            {**row, "ts": first, "account": f"u{n % PEOPLE}", "order_id": f"{n:032x}"}[name]
            for name in FIELDS
        )
        for n in range(EVENTS)
    ]
    insert_rows(OutboxEvent, FIELDS, rows)
    started, cpu = time.perf_counter(), time.process_time()
    written = export(tenant)
    wall, spent = time.perf_counter() - started, time.process_time() - cpu
    started = time.perf_counter()
    with scope(tenant=tenant):
        heat_map(tenant, timezone.localdate())
    page = time.perf_counter() - started
    sys.stdout.buffer.write(
        msgspec.json.encode(
            [
                {
                    "name": "record one decision",
                    "value": each * 1e6,
                    "unit": "µs",
                    "note": "target < 1,000; own commit",
                },
                {
                    "name": "outbox to Parquet",
                    "value": written / wall,
                    "unit": "events/s",
                    "note": f"target ≥ 50,000; {EVENTS:,} events, durable",
                },
                {"name": "outbox to Parquet", "value": written / spent, "unit": "events/CPU-s"},
                {"name": "a month's heat map", "value": page * 1e3, "unit": "ms", "note": "from counts"},
            ]
        )
    )


if __name__ == "__main__":
    main()
