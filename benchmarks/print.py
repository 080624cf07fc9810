"""``make bench ROOM=print``: from a ticket to the job's bytes, and from a click to the first byte at an agent.

The first figure is CPU of the web process alone: queue, references from a real keyd with its ledger on disk,
drawing, the label's own check, the printer's language, sealing to the device, spending the ticket. The second is
wall time over real HTTP: twenty clerks click, each for a wave of eight labels, and twenty agents wait as they do.
"""

import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks import ROOT

LABELS: Final = 2_000
STATIONS: Final = 20
CLICKS: Final = 12
CONNECTED_S: Final = 5
"""Agents are there before the first click, as they are all day; the service gets ready to draw meanwhile."""
A_WAVE: Final = 8
TARGET: Final = 600
TARGET_MS: Final = 150


def run(labels: int = LABELS, clicks: int = CLICKS) -> list[dict[str, Any]]:
    """Measure both in a process of its own, on a data folder of its own."""
    import json
    import tempfile

    with tempfile.TemporaryDirectory(prefix="waybillguard-bench-") as folder:
        environment = {**os.environ, "WAYBILLGUARD_HOME": f"{folder}/data", "XDG_RUNTIME_DIR": folder}
        environment.pop("WAYBILLGUARD_DATABASE_URL", None)
        result = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "benchmarks.print", str(labels), str(clicks)], cwd=ROOT,
            env=environment, stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
    measured: list[dict[str, Any]] = json.loads(result.stdout)
    return measured


def _main() -> None:
    import json

    from benchmarks.store import keyd_running

    labels, clicks = int(sys.argv[1]), int(sys.argv[2])
    with keyd_running() as keyd:
        from allauth.mfa.totp.internal.auth import TOTP
        from django.core.management import call_command
        from django_scopes import scope

        from waybillguard.service.identity.models import Role, User
        from waybillguard.service.tenancy.models import Tenant

        call_command("migrate", verbosity=0)
        tenant = Tenant.objects.filter(slug="bench").first() or Tenant.objects.create(slug="bench", name="b")
        user = User.objects.create_user(username="printer-bench", tenant=tenant, role=Role.OWNER)
        TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
        with scope(tenant=tenant):
            rows = _throughput(user, labels, keyd)
            rows += _latency(user, clicks)
    sys.stdout.write(json.dumps(rows))


def _throughput(user: Any, labels: int, keyd: int) -> list[dict[str, Any]]:  # noqa: ANN401 - Django's, late
    from django.utils import timezone

    from waybillguard.agent.protocol import LeaseRequest
    from waybillguard.service.print_room.models import Printer
    from waybillguard.service.print_room.stations.leasing import lease_work
    from waybillguard.service.print_room.stations.tickets import issue
    from waybillguard.service.print_room.stations.waves import make_wave_of

    rows = []
    for language in ("zpl", "tspl"):
        device, _ = _agent(user, f"b-{language}", language)
        ids = _orders(user, labels)
        for start in range(0, labels, 500):
            wave = make_wave_of(user, ids[start : start + 500], timezone.now())
            printer = Printer.objects.select_related("device__holder").get(device=device)
            issue(user, printer, list(wave.places.order_by("position")), wave, timezone.now())
        asked = LeaseRequest(printers=["label-1"], most=32, wait_s=0)
        lease_work(device, asked)  # glyphs into the cache, as after some minutes of printing
        done, size = 0, 0
        keyd_before, wall, spent = _cpu(keyd), time.perf_counter(), time.process_time()
        while jobs := lease_work(device, asked).jobs:
            done += len(jobs)
            size += sum(len(job.sealed) for job in jobs)
        spent, wall = time.process_time() - spent, time.perf_counter() - wall
        rows.append(
            {
                "name": f"ticket to sealed job, {language.upper()}",
                "value": done / spent,
                "unit": "labels/CPU-s",
                "note": f"check on, {size // done:,} bytes a job, keyd {1000 * (_cpu(keyd) - keyd_before) / done:.2f}"
                f" ms CPU a label, {done / wall:,.0f}/s wall; target {TARGET}:"
                f" {'met' if done / spent >= TARGET else 'NOT met'}",
            }
        )
    return rows


def _latency(user: Any, clicks: int) -> list[dict[str, Any]]:  # noqa: ANN401 - Django's, late
    from django.test import Client
    from django.utils import timezone

    from waybillguard.service.print_room.models import Printer
    from waybillguard.service.print_room.stations.waves import make_wave_of

    stations = []
    for number in range(STATIONS):
        device, keys = _agent(user, f"s{number:02}", "tspl")
        ids = _orders(user, A_WAVE * clicks)
        waves = [
            make_wave_of(user, ids[n * A_WAVE : (n + 1) * A_WAVE], timezone.now()).pk for n in range(clicks)
        ]
        stations.append((device.uid, keys, Printer.objects.get(device=device).pk, waves))
    client = Client()
    client.force_login(user)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with _web() as address:
        times: list[float] = []
        threads = [
            threading.Thread(target=_station, args=(address, cookies, *station, times))
            for station in stations
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    times.sort()
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    note = f"{STATIONS} stations, {len(times)} clicks for {A_WAVE} labels each, one web process"
    return [
        {"name": "click to first byte at the agent, median", "value": 1000 * times[len(times) // 2], "unit": "ms",
         "note": note},
        {"name": "click to first byte at the agent, p99", "value": 1000 * p99, "unit": "ms",
         "note": f"target {TARGET_MS}: {'met' if 1000 * p99 < TARGET_MS else 'NOT met'}"},
    ]  # fmt: skip


def _station(
    address: str,
    cookies: dict[str, str],
    uid: str,
    keys: Any,  # noqa: ANN401 - Ed25519
    printer: int,
    waves: list[int],
    times: list[float],
) -> None:
    """One clerk and one agent: click, wait for the job, acknowledge it, breathe."""
    import httpx

    from waybillguard.agent import protocol
    from waybillguard.agent.signing import sign

    dice = secrets.SystemRandom()
    clicked = 0.0
    with (
        httpx.Client(base_url=address, timeout=60.0) as agent,
        httpx.Client(base_url=address, timeout=60.0) as web,
    ):

        def send(path: str, message: protocol.Message) -> bytes:
            body = protocol.encode(message)
            headers = sign(
                "POST",
                f"{address}{path}",
                body,
                key=keys,
                key_id=uid,
                now=datetime.now(UTC),
                random=os.urandom,
            )
            answer = agent.post(path, content=body, headers={**headers, "Content-Type": "application/json"})
            answer.raise_for_status()
            return answer.content

        def click(wave: int) -> None:
            nonlocal clicked
            time.sleep(dice.uniform(1.0, 3.0))
            token = secrets.token_hex(16)
            cookie = "; ".join(f"{name}={value}" for name, value in {**cookies, _CSRF: token}.items())
            clicked = time.perf_counter()
            web.post(
                f"/print/waves/{wave}/print/", data={"what": "new", "printer": printer},
                headers={"Cookie": cookie, "X-CSRFToken": token},
            )  # fmt: skip

        def lease(wait_s: int) -> list[protocol.Lease]:
            asked = protocol.LeaseRequest(printers=["label-1"], most=A_WAVE, wait_s=wait_s)
            return protocol.decode(protocol.Leased, send(protocol.LEASE, asked)).jobs

        lease(wait_s=CONNECTED_S)
        for wave in waves:
            clerk = threading.Thread(target=click, args=(wave,))
            clerk.start()
            jobs = lease(wait_s=20)
            if jobs:
                times.append(time.perf_counter() - clicked)
                while len(jobs) < A_WAVE and (more := lease(wait_s=0)):
                    jobs += more
                now = datetime.now(UTC)
                acks = [protocol.Ack(job=job.job, outcome="sent", at=now) for job in jobs]
                send(protocol.ACKS, protocol.Acks(acks=acks))
            clerk.join()


_CSRF: Final = "__Host-waybillguard-csrf"


@contextmanager
def _web() -> Iterator[str]:
    """Run the web process on loopback without TLS, as it stands behind nothing else; yield its address."""
    import httpx

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603 - our own module
        [
            sys.executable,
            "-m",
            "waybillguard.service.operations.web",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
        ],
        stdin=subprocess.PIPE,
        stdout=sys.stderr,  # our own answer alone goes to standard output
    )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"{address}/health/", timeout=5.0)
                break
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)
        if process.stdin is not None:
            process.stdin.close()


def _agent(user: Any, station: str, language: str) -> tuple[Any, Any]:  # noqa: ANN401 - Django's, late
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    from waybillguard.service.identity.models import Device
    from waybillguard.service.print_room.stations.printers import printers_of

    signing = Ed25519PrivateKey.generate()
    device = Device.objects.create(
        uid=secrets.token_hex(16), tenant=user.tenant, station=station, enrolled_by=user,
        signing_key=signing.public_key().public_bytes_raw(),
        sealing_key=X25519PrivateKey.generate().public_key().public_bytes_raw(),
        printers=[{"name": "label-1", "transport": "raw", "languages": [language], "dpi": 203}],
    )  # fmt: skip
    printers_of(device, ["label-1"])
    return device, signing


def _orders(user: Any, count: int) -> list[int]:  # noqa: ANN401 - Django's, late
    """Put invented orders in, with the masked view that a label takes."""
    from django.utils import timezone

    from benchmarks.label import _contents
    from waybillguard.service.tenancy.days import day_number
    from waybillguard.service.vault.models import Batch, Order

    day = day_number(timezone.now(), user.tenant)
    batch = Batch.objects.create(
        tenant=user.tenant, created_by=user, state=Batch.State.COMMITTED, kind="bench", label="bench"
    )
    Order.objects.bulk_create(
        Order(
            uid=secrets.token_bytes(16), tenant=user.tenant, batch=batch, day=day, lane="B", lane_in="B",
            order_no=f"B{batch.pk}{n:06}", waybill_no=one.waybill_no, sort_code=one.sort_code, hub=one.hub,
            carrier=one.carrier, goods_class=one.goods_class, masked_name=one.name, masked_phone=one.phone,
            masked_address=one.address,
        )
        for n, one in enumerate(_contents(count))
    )  # fmt: skip
    return list(Order.objects.filter(batch=batch).order_by("pk").values_list("pk", flat=True))


def _cpu(pid: int) -> float:
    """Return the CPU seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    _main()
