"""``waybillguard bench town``: a hub of 1,000 warehouses: its table, taking a report in, summing everything up anew."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

WAREHOUSES = 1_000
_TIMES = 20


def run(warehouses: int = WAREHOUSES) -> list[dict[str, Any]]:
    """Measure on SQLite in a process and a folder of its own."""
    import json

    with tempfile.TemporaryDirectory(prefix="waybillguard-bench-") as folder:
        environment = {**os.environ, "WAYBILLGUARD_HOME": f"{folder}/data", "XDG_RUNTIME_DIR": folder}
        environment.pop("WAYBILLGUARD_DATABASE_URL", None)
        result = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "waybillguard.cli.bench_town", str(warehouses)],
            env=environment, stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
    measured: list[dict[str, Any]] = json.loads(result.stdout)
    return measured


def _main() -> None:
    import json
    import secrets

    import django

    from waybillguard.service.platform.config import use_process_secret

    Path(os.environ["WAYBILLGUARD_HOME"]).mkdir(mode=0o700, parents=True)
    use_process_secret(secrets.token_hex(32))
    os.environ["DJANGO_SETTINGS_MODULE"] = "waybillguard.service.platform.settings"
    django.setup()
    from django.core.management import call_command
    from django_scopes import scope

    from waybillguard.service.identity.models import Role, User
    from waybillguard.service.tenancy.models import Tenant

    call_command("migrate", verbosity=0)
    tenant = Tenant.objects.create(slug="bench", name="bench")
    user = User.objects.create_user(username="bench", tenant=tenant, role=Role.OWNER)
    with scope(tenant=tenant):
        sys.stdout.write(json.dumps(_measure(user, int(sys.argv[1]))))


def _measure(user: Any, warehouses: int) -> list[dict[str, Any]]:  # noqa: ANN401 - Django models, imported late
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
    table = _median(lambda: overview(tenant, now.date()))
    device = Device.objects.create(
        uid="0" * 32, tenant=tenant, station=rows[0].name, kind="warehouse", signing_key=b"0" * 32, sealing_key=b"",
        enrolled_by=user, enrolled_at=now,
    )  # fmt: skip
    controls = tuple(Reported(control=name, version=1, status="satisfied") for name in names)
    numbers = iter(range(1, _TIMES + 1))
    taken = _median(
        lambda: take_posture(
            device, Posture(sequence=next(numbers), made_at=now, controls=controls), "0" * 64, now
        )
    )
    of = f"{warehouses} warehouses, {len(names)} controls, SQLite"
    return [
        {"name": "table of the town, with last month's", "value": round(table * 1000), "unit": "ms (wall, median)", "note": of},
        {"name": "every warehouse summed up anew", "value": round(again, 2), "unit": "s (wall)", "note": of},
        {"name": "a report taken in, signature aside", "value": round(taken * 1000, 1), "unit": "ms (wall, median)", "note": of},
    ]  # fmt: skip


def _median(work: Callable[[], object]) -> float:
    took = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return statistics.median(took)


if __name__ == "__main__":
    _main()
