"""``make bench ROOM=pages``: every page of the console over 30,000 orders.

A service's database and keyd in a folder of their own, filled as a demo is, with a month of 1,000 parcels a day in
the activity and 30,000 orders imported beside the demo's. Starting from the home page every address that a page links
to is asked for as the owner, one page of each kind, in this process: routing, rights, queries and template, without
network. Each is asked for once to warm it, then five times, of which the best counts. The value is CPU time, all threads
of the page included: on a machine that does other work, wall time says how long the page waited for its turn. ``WAYBILLGUARD_BENCH_ROWS`` changes the number of orders.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from html import unescape
from typing import Any, Final

from benchmarks import ROOT

ROWS: Final = 30_000
PARCELS: Final = 1_000.0
"""A day, in the simulated month of activity."""
ROUNDS: Final = 5
TARGET_MS: Final = 80
SHOWN: Final = 5
FEWEST: Final = 100
"""Fewer pages than these: links were not followed."""
_LINK: Final = re.compile(r'href="(/[^"#]*)')
_FILE: Final = re.compile(r"\.(csv|json|jsonl|pdf|docx|xlsx|zip|txt|pem|wgx)$")


def run(rows: int | None = None, parcels: float = PARCELS) -> list[dict[str, Any]]:
    """Measure in a process of its own; the slowest pages first, then the middle one."""
    import msgspec

    rows = rows or int(os.environ.get("WAYBILLGUARD_BENCH_ROWS", ROWS))
    with tempfile.TemporaryDirectory(prefix="waybillguard-bench-") as folder:
        environment = {**os.environ, "WAYBILLGUARD_HOME": f"{folder}/data", "XDG_RUNTIME_DIR": folder}
        environment["WAYBILLGUARD_DATABASE_URL"] = ""
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "benchmarks.pages", str(rows), str(parcels)],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
    found: list[dict[str, Any]] = msgspec.json.decode(done.stdout)
    return found


def _main(rows: int, parcels: float) -> None:
    import msgspec

    from benchmarks.store import keyd_running

    with keyd_running():
        sys.stdout.buffer.write(msgspec.json.encode(_measure(rows, parcels)))


def _measure(rows: int, parcels: float) -> list[dict[str, Any]]:
    from django.test import Client

    client = Client(HTTP_HOST="localhost", headers={"accept-language": "zh-hans"})
    client.force_login(_fill(rows, parcels))
    times = dict(_walk(client))
    if len(times) < FEWEST:
        raise RuntimeError(f"only {len(times)} pages were found: {sorted(times)}")
    slowest = sorted(times, key=lambda path: -times[path][0])
    note = f"best of {ROUNDS}; {{:.0f}} ms of wall time, {{}} queries"
    found = [
        {
            "name": f"page: {path}",
            "value": times[path][0],
            "unit": "ms",
            "note": note.format(*times[path][1:]),
        }
        for path in slowest[:SHOWN]
    ]
    middle = statistics.median(cpu for cpu, _, _ in times.values())
    told = f"target ≤ {TARGET_MS} for the slowest; {len(times)} pages, {rows:,} orders"
    return [*found, {"name": "page in the middle", "value": middle, "unit": "CPU-ms", "note": told}]


def _fill(rows: int, parcels: float) -> Any:  # noqa: ANN401 - Django models, imported late
    """Fill a demo, and import an export of as many rows; return its owner."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django_scopes import scope

    from benchmarks.store import make_import
    from waybillguard.service.activity import demo as activity
    from waybillguard.service.identity.accounts.factors import expect
    from waybillguard.service.identity.models import Role, User
    from waybillguard.service.operations.demo import fill_demo
    from waybillguard.service.operations.schema_state import migrate
    from waybillguard.service.tenancy.models import Tenant
    from waybillguard.service.vault.services import commit_import
    from waybillguard.service.vault.tasks import read_import

    migrate()
    tenant = Tenant.objects.create(slug="demo", name="bench", carrier="simulator")
    owner = User.objects.create_user(username="owner", tenant=tenant, role=Role.OWNER)
    expect(owner, owner)
    activity.PARCELS = parcels  # type: ignore[misc]  # the demo's month, larger
    fill_demo(owner)
    with scope(tenant=tenant):
        batch = make_import(owner, rows)
        read_import.call(batch.pk)
        batch.refresh_from_db()
        if batch.rows_ok != rows:
            raise RuntimeError(f"{batch.rows_ok} of {rows} rows were sealed: {batch.error_en}")
        commit_import(owner, batch)
    TOTP.activate(owner, generate_totp_secret())
    return owner


def _walk(client: Any) -> Any:  # noqa: ANN401
    """Yield each kind of page that can be reached by links, with its CPU and wall milliseconds and its queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    waiting, seen = ["/"], set()
    while waiting:
        path = waiting.pop(0)
        kind = re.sub(r"\d+|[0-9a-f]{16,}", "N", path.partition("?")[0])
        if kind in seen or "logout" in kind or _FILE.search(kind):
            continue
        seen.add(kind)
        answer = client.get(path, secure=True)
        if answer.status_code != 200 or answer.streaming or 'id="main"' not in (page := answer.text):
            continue
        waiting += [unescape(link) for link in _LINK.findall(page)]
        taken = []
        for _ in range(ROUNDS):
            wall, cpu = time.perf_counter(), time.process_time()
            with CaptureQueriesContext(connection) as queries:
                client.get(path, secure=True)
            taken.append((time.perf_counter() - wall, time.process_time() - cpu))
        walls, cpus = zip(*taken, strict=True)
        yield kind, (min(cpus) * 1e3, min(walls) * 1e3, len(queries))


if __name__ == "__main__":
    _main(int(sys.argv[1]), float(sys.argv[2]))
