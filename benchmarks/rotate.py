"""``make bench ROOM=rotate``: ``keys rotate`` over a sealed warehouse, in CPU-seconds of all processes.

Orders are really sealed (keyd is a process of its own) and stored with all indexes, merged postings included.
Counted is the CPU time of worker and keyd together, from the first chunk to the destroyed old keys. With
``WAYBILLGUARD_BENCH_POSTGRESQL`` (URL of an empty database) it runs there; the server's time is not in it.
Beside it stands the floor (`rotate_floor`). The peer's figure, for 300,000 rows with blind indexes, is ten
hours and more (CipherSweet, its issue 84).
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import ROOT

ROWS = 300_000
_PART = 5_000


def run(rows: int | None = None) -> list[dict[str, Any]]:
    """Measure at ``rows`` orders (``WAYBILLGUARD_BENCH_ROWS``, else 300,000)."""
    import json

    rows = rows or int(os.environ.get("WAYBILLGUARD_BENCH_ROWS", ROWS))
    measured: list[dict[str, Any]] = []
    for url in filter(None, ("sqlite", os.environ.get("WAYBILLGUARD_BENCH_POSTGRESQL", ""))):
        with tempfile.TemporaryDirectory(prefix="waybillguard-bench-") as folder:
            environment = {**os.environ, "WAYBILLGUARD_HOME": f"{folder}/data", "XDG_RUNTIME_DIR": folder}
            environment["WAYBILLGUARD_DATABASE_URL"] = "" if url == "sqlite" else url
            result = subprocess.run(  # noqa: S603 - our own module
                [sys.executable, "-m", "benchmarks.rotate", str(rows)], cwd=ROOT,
                env=environment, stdout=subprocess.PIPE, check=True,
            )  # fmt: skip
        measured += json.loads(result.stdout)
    return measured


def _main() -> None:
    import json

    from benchmarks.store import keyd_running

    with keyd_running() as keyd_pid:
        sys.stdout.write(json.dumps(_measure(int(sys.argv[1]), keyd_pid)))


def _measure(rows: int, keyd_pid: int) -> list[dict[str, Any]]:
    from django.core.management import call_command
    from django.db import connection
    from django_scopes import scope

    from waybillguard.service.identity.models import Role, User
    from waybillguard.service.tenancy.models import Tenant

    call_command("migrate", verbosity=0)
    tenant = Tenant.objects.create(slug="bench", name="bench")
    user = User.objects.create_user(username="bench", tenant=tenant, role=Role.OWNER)
    from waybillguard.service.vault.rotation import start_rotation, work

    with scope(tenant=tenant):
        fill = time.perf_counter()
        _fill(user, rows)
        fill = time.perf_counter() - fill
        _sign_in(user)
        keyd, mine, wall = _cpu_of(keyd_pid), _cpu_of_this(), time.perf_counter()
        rotation = start_rotation(user)
        while not work(rotation):
            rotation.refresh_from_db()
        keyd, mine, wall = _cpu_of(keyd_pid) - keyd, _cpu_of_this() - mine, time.perf_counter() - wall
        rotation.refresh_from_db()
        if rotation.done != rows or rotation.unopened or not rotation.finished_at:
            raise RuntimeError(f"{rotation.done} of {rows} orders were rotated")
    from benchmarks.rotate_floor import floor

    least, stored = floor(rows)
    note = f"{rows:,} orders with all indexes and postings, {connection.vendor}"
    return [
        {"name": "rotate, CPU of worker and keyd", "value": keyd + mine, "unit": "CPU-s", "note": note},
        {"name": "of it, keyd", "value": keyd, "unit": "CPU-s", "note": "opens, seals, makes tokens"},
        {"name": "floor: bare seal and sorted SQLite", "value": least, "unit": "CPU-s", "note": f"same run; {stored:.1f} of it the database"},
        {"name": "rotate over that floor", "value": (keyd + mine) / least, "unit": "x", "note": note},
        {"name": "rotate, wall", "value": wall, "unit": "s", "note": "one worker"},
        {"name": "rotate, rate", "value": rows / (keyd + mine), "unit": "orders/CPU-s", "note": note},
        {"name": "fill by sealing", "value": rows / fill, "unit": "orders/s (wall)", "note": "this bench's own"},
    ]  # fmt: skip


def _sign_in(user: Any) -> None:  # noqa: ANN401 - Django models, imported late
    """Give the owner a factor and show the grant of its first code: without one no rotation begins."""
    import base64

    from waybillguard.service.identity.context import context_of
    from waybillguard.service.identity.grant import show_grant
    from waybillguard.service.keyd import enrolling, factors, messages
    from waybillguard.service.tenancy.key_process import keyd

    context = context_of(user)
    keyd().call(enrolling.ExpectPerson(context, context.actor, enrolling.OWNER), messages.Done)
    begun = keyd().call(enrolling.BeginTotp(context.tenant, context.actor), enrolling.PendingTotp)
    code = factors.totp_code(base64.b32decode(begun.secret), int(time.time()) // factors.PERIOD_S)
    made = keyd().call(enrolling.EnrolTotp(context, begun.pending, code), enrolling.EnrolledFactor)
    show_grant(made.grant)


def _fill(user: Any, rows: int) -> None:  # noqa: ANN401 - Django models, imported late
    from benchmarks.search import made_up_address
    from waybillguard.orders.model import OrderRow, Status
    from waybillguard.service.vault.importing import ImportReading
    from waybillguard.service.vault.models import Batch
    from waybillguard.service.vault.services import commit_import
    from waybillguard.service.vault.tasks import merge_fragments

    batch = Batch.objects.create(
        tenant=user.tenant, created_by=user, kind="bench", label="bench", state=Batch.State.READING
    )
    reading = ImportReading(batch)
    for first in range(0, rows, _PART):
        for n in range(first, min(rows, first + _PART)):
            reading.take(
                OrderRow(
                    row=n + 1, status=Status.OK, lane="B", order_no=f"B{n:09d}", waybill_no=f"YT{n:013d}",
                    shop=f"店{n % 50}", created_at=f"2026-11-{n % 20 + 1:02d}T08:00:00+08:00",
                    name=f"测试{chr(0x4E00 + n % 5000)}", phone=f"19{n:09d}", phones=(f"19{n:09d}",),
                    province="浙江省", city="金华市", district="义乌市", detail=made_up_address(n), goods="袜子",
                    quantity="1",
                )
            )  # fmt: skip
        reading.flush()
    reading.finish()
    reading.publish(Batch.State.PREVIEW)
    batch.refresh_from_db()
    commit_import(user, batch)
    merge_fragments.call(user.tenant_id)


def _cpu_of_this() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _cpu_of(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    _main()
