"""``make bench ROOM=store``: from an export on disk to sealed rows in either database.

Sealing and storing alone (rows read beforehand) into SQLite and into a PostgreSQL server of its own, and a
whole import of a large file with the peak memory and CPU time of every process that takes part. All
processes are real: keyd, the parsing child, the worker, the server. ``WAYBILLGUARD_BENCH_STORE`` names some
of ``store``, ``postgresql`` and ``import``, comma-separated, to measure those alone.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks import ROOT
from benchmarks.temporary_postgres import Cluster, binaries, cpu_seconds

ROWS = 100_000
LARGE = 1_000_000
PIECE = 10_000


def run(rows: int = ROWS, large: int | None = None) -> list[dict[str, Any]]:
    """Measure; ``large`` rows for the whole import (``WAYBILLGUARD_BENCH_ROWS``, else a million)."""
    large = large or int(os.environ.get("WAYBILLGUARD_BENCH_ROWS", LARGE))
    wanted = os.environ.get("WAYBILLGUARD_BENCH_STORE", "store,postgresql,import").split(",")
    found: list[dict[str, Any]] = []
    if "store" in wanted:
        found += _in_child("store", rows)
    if "postgresql" in wanted:
        found += _in_postgresql(rows)
    if "import" in wanted:
        found += _in_child("import", large)
    return found


def _in_postgresql(rows: int) -> list[dict[str, Any]]:
    if binaries() is None:
        note = "not tried: install the package postgresql"
        return [
            {
                "name": "seal into PostgreSQL, all indexes",
                "value": "",
                "unit": "orders/s (wall)",
                "note": note,
            }
        ]
    # As an administrator would set it up for orders: room for the indexes, checkpoints apart, fsync on.
    with Cluster("shared_buffers=512MB", "max_wal_size=4GB", "wal_compression=lz4") as cluster:
        return _in_child("store", rows, cluster.url("bench"), str(cluster.pid))


def _in_child(what: str, rows: int, url: str = "", server: str = "0") -> list[dict[str, Any]]:
    """Run one measurement in a process of its own: its memory is then its own too."""
    import json

    with tempfile.TemporaryDirectory(prefix="waybillguard-bench-") as folder:
        environment = {**os.environ, "WAYBILLGUARD_HOME": f"{folder}/data", "XDG_RUNTIME_DIR": folder}
        environment["WAYBILLGUARD_DATABASE_URL"] = url
        result = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "benchmarks.store", what, str(rows), server], cwd=ROOT,
            env=environment, stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
    measured: list[dict[str, Any]] = json.loads(result.stdout)
    return measured


def _main() -> None:
    import json

    what, rows, server = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with keyd_running() as keyd_pid:
        sys.stdout.write(json.dumps(_measure(what, rows, keyd_pid, server)))


@contextmanager
def keyd_running() -> Iterator[int]:
    """Run keyd on a new data folder and set Django up against it; yields keyd's process number."""
    import secrets

    from waybillguard.service.keyd import messages
    from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError
    from waybillguard.service.operations.start import start_django
    from waybillguard.service.platform.config import Config, default_data_dir

    data = Path(os.environ["WAYBILLGUARD_HOME"])
    data.mkdir(mode=0o700, parents=True)
    keyd = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "waybillguard.service.keyd", "--data", str(data)], stdin=subprocess.PIPE
    )
    try:
        if keyd.stdin is None:
            raise RuntimeError("keyd has no standard input")
        keyd.stdin.write(secrets.token_urlsafe(24).encode() + b"\n")
        keyd.stdin.close()
        client = KeydClient(Config(default_data_dir()).keyd_socket)
        for _ in range(200):
            try:
                client.call(messages.Status(), messages.StatusAnswer)
                break
            except KeydUnavailableError:
                time.sleep(0.05)
        client.close()
        start_django()
        yield keyd.pid
    finally:
        keyd.terminate()
        keyd.wait()


def _measure(what: str, rows: int, keyd_pid: int, server: int) -> list[dict[str, Any]]:
    from django.core.management import call_command
    from django_scopes import scope, scopes_disabled

    from waybillguard.service.identity.models import Role, User
    from waybillguard.service.tenancy.models import Tenant

    with scopes_disabled():
        call_command("migrate", verbosity=0)
    tenant = Tenant.objects.create(slug="bench", name="bench")
    user = User.objects.create_user(username="bench", tenant=tenant, role=Role.OWNER)
    with scope(tenant=tenant):
        return _store(user, rows, keyd_pid, server) if what == "store" else _import(user, rows, keyd_pid)


def _csv(first: int, rows: int) -> bytes:
    header = "订单编号,店铺,下单时间,收货人,手机号码,省,市,区,详细地址,商品名称,数量,买家留言\n"
    body = "".join(
        f"B{n:09d},青禾自营店,2026-11-{n % 20 + 1:02d} {n % 24:02d}:{n % 60:02d}:00,测试人{chr(0x4E00 + n % 5000)},"
        f"19{n % 1_000_000_000:09d},浙江省,金华市,义乌市,机场路{n % 900 + 1}号向阳花园{n % 30 + 1}幢{n % 4 + 1}单元{n % 30 + 1}0{n % 4 + 1}室,"
        f"纯棉四件套 1.8 米,1,请放门口\n"
        for n in range(first, first + rows)
    )
    return (("" if first else header) + body).encode()


def make_import(user: Any, rows: int) -> Any:  # noqa: ANN401 - Django models, imported late
    """Spool an export of ``rows`` made-up rows, a piece at a time, and enter it as an import."""
    from waybillguard.service.tenancy.spool import SpoolWriter
    from waybillguard.service.vault.services import start_import
    from waybillguard.service.vault.uploads import SealedUpload

    writer = SpoolWriter(user.tenant, "import")
    for first in range(0, rows, PIECE):
        writer.write(_csv(first, min(PIECE, rows - first)))
    writer.finish()
    return start_import(user, SealedUpload(kind="csv", writer=writer, size=writer.size, too_large=False))


def _store(user: Any, rows: int, keyd_pid: int, server: int) -> list[dict[str, Any]]:  # noqa: ANN401
    import io

    from django.db import connection

    from waybillguard.orders.reader import read_orders
    from waybillguard.service.platform.database.bulk import CHUNK
    from waybillguard.service.vault.importing import ImportReading

    read = list(read_orders(io.BytesIO(_csv(0, rows)), "bench.csv"))
    batch = make_import(user, 1)
    reading = ImportReading(batch)
    if server:
        connection.close()  # what making the tables took is not counted
        time.sleep(0.5)
    before = cpu_seconds(keyd_pid), cpu_seconds(server) if server else 0.0
    wall, cpu = time.perf_counter(), time.process_time()
    for start in range(0, len(read), CHUNK):
        for row in read[start : start + CHUNK]:
            reading.take(row)
        reading.flush()
    reading.finish()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    spent = {"worker": cpu, "keyd": cpu_seconds(keyd_pid) - before[0]}
    if server:
        connection.close()  # what a backend used is its parent's to tell once it has ended
        time.sleep(0.5)
        spent["server"] = cpu_seconds(server) - before[1]
    kept = "PostgreSQL" if server else "SQLite"
    note = f"{rows:,} rows read beforehand; keyd in its own process; durable chunks of {CHUNK:,}"
    return [
        {"name": f"seal into {kept}, all indexes", "value": rows / wall, "unit": "orders/s (wall)", "note": note},
        {
            "name": f"of it ({kept}), CPU time of all processes",
            "value": rows / sum(spent.values()),
            "unit": "orders/CPU-s",
            "note": ", ".join(f"{name} {seconds:.2f} s" for name, seconds in spent.items()),
        },
        *([_size_in_postgresql(rows)] if server else []),
    ]  # fmt: skip


def _size_in_postgresql(rows: int) -> dict[str, Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname LIKE 'vault_%'"
        )
        size = int(cursor.fetchone()[0])
    note = "all indexes; gram tokens as they wait for the merge"
    return {"name": "PostgreSQL an order", "value": size / rows, "unit": "bytes", "note": note}


def _import(user: Any, rows: int, keyd_pid: int) -> list[dict[str, Any]]:  # noqa: ANN401
    from waybillguard.service.vault.tasks import read_import

    batch = make_import(user, rows)
    size = batch.bytes_total
    before = cpu_seconds(keyd_pid)
    wall, cpu = time.perf_counter(), time.process_time()
    read_import.call(batch.pk)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    batch.refresh_from_db()
    if batch.rows_ok != rows:
        raise RuntimeError(f"{batch.rows_ok} of {rows} rows were sealed: {batch.error_en}")
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    worker = resource.getrusage(resource.RUSAGE_SELF)
    database = sum(p.stat().st_size for p in Path(os.environ["WAYBILLGUARD_HOME"]).glob("*.sqlite3*"))
    spent = {"reader": child.ru_utime + child.ru_stime, "worker": cpu, "keyd": cpu_seconds(keyd_pid) - before}
    peaks = {"reader": child.ru_maxrss, "keyd": _peak(keyd_pid), "worker": worker.ru_maxrss}
    note = f"{rows:,} rows, {size >> 20} MiB CSV, read, masked, sealed, stored"
    return [
        {"name": "whole import", "value": rows / wall, "unit": "orders/s (wall)", "note": note},
        {
            "name": "of it, CPU time of all processes",
            "value": rows / sum(spent.values()),
            "unit": "orders/CPU-s",
            "note": ", ".join(f"{name} {seconds:.1f} s" for name, seconds in spent.items()),
        },
        {
            "name": "peak memory, sum of reader, keyd and worker",
            "value": sum(peaks.values()) / 1024,
            "unit": "MiB",
            "note": ", ".join(f"{name} {kib >> 10}" for name, kib in peaks.items()),
        },
        {"name": "database an order", "value": database / rows, "unit": "bytes", "note": "all indexes"},
        *_pages(user, batch),
    ]


def _pages(user: Any, batch: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Time the console's pages over what was just imported: server time, median of five, and queries."""
    import statistics

    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from waybillguard.service.vault.models import Order
    from waybillguard.service.vault.services import commit_import

    commit_import(user, batch)
    TOTP.activate(user, generate_totp_secret())
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    found = (
        Order.objects.filter(batch=batch).order_by("-pk").values("pk", "order_no", "masked_phone", "day")[0]
    )
    middle = Order.objects.filter(batch=batch).order_by("pk").values_list("pk", flat=True)[1000]
    day = date(1970, 1, 1) + timedelta(days=found["day"])
    pages = {
        "home": "/",
        "orders": "/orders/",
        "orders, lane A (none)": "/orders/?lane=A",
        "orders, one shop, unprinted": "/orders/?shop=青禾自营店&printed=no",
        "orders, deep cursor": f"/orders/?cursor=<{middle}",
        "print": "/print/",
        "one order": f"/orders/{found['pk']}/",
    }
    rows = []
    for name, address in pages.items():
        times = []
        for _ in range(5):
            began = time.perf_counter()
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address, secure=True)
            times.append(time.perf_counter() - began)
            if answer.status_code != 200:
                raise RuntimeError(f"{name}: {answer.status_code}")
        rows.append(
            {
                "name": f"page: {name}",
                "value": statistics.median(times) * 1000,
                "unit": "ms",
                "note": f"{len(queries)} queries",
            }
        )
    from waybillguard.service.vault.search import search_orders

    phone = f"19{batch.rows_ok - 1:09d}"
    for kind, value in (
        ("order", found["order_no"]),
        ("phone", phone),
        ("last4", found["masked_phone"][-4:]),
    ):
        times = []
        for _ in range(5):
            began = time.perf_counter()
            result = search_orders(user, kind, value, day=day)
            times.append(time.perf_counter() - began)
            if not result.orders:
                raise RuntimeError(f"search by {kind} finds nothing")
        rows.append(
            {
                "name": f"search: {kind}",
                "value": statistics.median(times) * 1000,
                "unit": "ms",
                "note": f"{len(result.orders)} found; includes the ledger entry",
            }
        )
    return rows


def _peak(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    _main()
