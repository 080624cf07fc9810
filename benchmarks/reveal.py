"""``make bench ROOM=reveal``: fifty clerks ask a running service for plaintext at the same time.

A service of its own is started in a temporary folder (its three processes, TLS, ledger on disk). Each clerk has a
session that has just been stepped up, and opens form after form (``GET``) and shows record after record
(``POST``): decision, quota, receipt in the durable ledger, opening, page. Clerks read for a while between two
looks (``READING_S``; still many times what a quota allows; who never rests is stopped by the guard). Waits are those that a client on the same machine sees; the client works on the same cores, and so does
whatever else runs there, so CPU time a look (all processes of the service, form and look together) stands beside
them. ``WAYBILLGUARD_BENCH_CLERKS`` and ``WAYBILLGUARD_BENCH_SECONDS`` change the size.
"""

import http.client
import importlib
import json
import os
import random
import re
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from benchmarks import ROOT

CLERKS: Final = 50
SECONDS: Final = 30.0
READING_S: Final = 10.0
WORKERS: Final = 2
TARGET_MS: Final = 30.0
ORDERS: Final = 400
_START_S: Final = 90.0
_FORM: Final = re.compile(rb'name="form" value="([^"]+)"')
_TOKEN: Final = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
_SHOWN: Final = b'id="secret"'


@dataclass
class _Waits:
    """Milliseconds of each request that came to its end, and what went wrong."""

    ask: list[float] = field(default_factory=list)
    show: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    cpu_s: float = 0.0


def run(
    clerks: int | None = None, seconds: float | None = None, reading: float = READING_S
) -> list[dict[str, Any]]:
    """Measure and return rows of name, value, unit, note; a look each ``reading`` seconds."""
    clerks = clerks or int(os.environ.get("WAYBILLGUARD_BENCH_CLERKS", CLERKS))
    seconds = seconds or float(os.environ.get("WAYBILLGUARD_BENCH_SECONDS", SECONDS))
    with tempfile.TemporaryDirectory(prefix="waybillguard-bench-") as folder:
        service = _Service(Path(folder))
        try:
            service.start()
            made = service.fill(clerks)
            waits = _work(service, made, seconds, reading)
        finally:
            service.stop()
    return _rows(f"{clerks} clerks, a look every {reading:.0f} s", waits, seconds)


def _rows(name: str, waits: _Waits, seconds: float) -> list[dict[str, Any]]:
    if waits.failures or not waits.show:
        note = "; ".join(sorted(set(waits.failures))[:3]) or "nothing was shown"
        return [{"name": name, "value": 0.0, "unit": "ms p99", "note": note}]
    p99 = _percentile(waits.show, 99)
    detail = (
        f"target {TARGET_MS:.0f} ms: {'met' if p99 < TARGET_MS else 'NOT met'}; median {statistics.median(waits.show):.1f} ms, p95 {_percentile(waits.show, 95):.1f} ms, "
        f"{len(waits.show)} looks; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    return [
        {"name": f"reveal, {name}", "value": p99, "unit": "ms p99", "note": detail},
        {
            "name": f"form before it, {name}",
            "value": _percentile(waits.ask, 99),
            "unit": "ms p99",
            "note": f"median {statistics.median(waits.ask):.1f} ms",
        },
        {
            "name": f"looks, {name}",
            "value": len(waits.show) / seconds,
            "unit": "looks/s",
            "note": f"{waits.cpu_s / len(waits.show) * 1000:.1f} ms CPU of the service for a form and its look",
        },
    ]


def _percentile(waits: list[float], percent: int) -> float:
    return sorted(waits)[min(len(waits) - 1, len(waits) * percent // 100)]


class _Service:
    """The service in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.port = _free_port()
        self._environment = {
            **os.environ, "XDG_RUNTIME_DIR": str(folder), "XDG_CONFIG_HOME": str(folder / "config"),
            "WAYBILLGUARD_PASSPHRASE_FILE": str(folder / "passphrase"),
        }  # fmt: skip
        for name in ("WAYBILLGUARD_DATABASE_URL", "WAYBILLGUARD_HOME", "DJANGO_SETTINGS_MODULE"):
            self._environment.pop(name, None)
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None

    def start(self) -> None:
        """Start it and wait for its address.

        Raises:
            RuntimeError: it did not start.
        """
        self._begin_as_demo()
        command = [
            sys.executable,
            "-m",
            "waybillguard",
            "up",
            "--port",
            str(self.port),
            "--data",
            str(self.data),
        ]
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            command, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        stream = self._process.stdout
        waiter = threading.Timer(_START_S, self.stop)
        waiter.start()
        try:
            said = b""
            while stream is not None and f"localhost:{self.port}/\n".encode() not in said:
                line = stream.readline()
                if not line:
                    raise RuntimeError("the service did not start")
                said += line
        finally:
            waiter.cancel()
        self._reader = threading.Thread(target=lambda: stream and stream.read(), daemon=True)
        self._reader.start()

    def _begin_as_demo(self) -> None:
        """Let the folder begin as a demo, in which the clerks' new factors are not held to five looks a day."""
        passphrase = Path(self._environment["WAYBILLGUARD_PASSPHRASE_FILE"])
        passphrase.touch(0o600)
        passphrase.write_text("the bench opens this\n", encoding="utf-8")
        keyd = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "waybillguard.service.keyd", "--data", str(self.data), "--demo"],
            env=self._environment, stdin=subprocess.PIPE,
        )  # fmt: skip
        if keyd.stdin is not None:
            keyd.stdin.write(passphrase.read_bytes())
            keyd.stdin.close()
        deadline = time.monotonic() + _START_S
        while not (self.data / "keyd" / "people.sealed").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        keyd.terminate()
        keyd.wait()

    def fill(self, clerks: int) -> dict[str, Any]:
        """Make sealed orders and clerks with stepped-up sessions; return cookies and order ids."""
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "benchmarks.reveal", str(clerks), str(ORDERS)], cwd=ROOT,
            env={**self._environment, "WAYBILLGUARD_HOME": str(self.data)}, stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        made: dict[str, Any] = json.loads(done.stdout)
        return made

    def connect(self) -> http.client.HTTPSConnection:
        """Return a connection that trusts this service's own authority."""
        context = ssl.create_default_context(cafile=str(self.data / "tls" / "ca.pem"))
        return http.client.HTTPSConnection("localhost", self.port, context=context, timeout=30)

    def cpu(self) -> float:
        """Return the CPU seconds of all its processes so far."""
        psutil = importlib.import_module("psutil")

        if self._process is None:
            return 0.0
        root = psutil.Process(self._process.pid)
        return float(sum(sum(one.cpu_times()[:2]) for one in [root, *root.children(recursive=True)]))

    def stop(self) -> None:
        """End it and what it started."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._reader is not None:
            self._reader.join(10)
        if self._process.stdout is not None:
            self._process.stdout.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _work(service: _Service, made: dict[str, Any], seconds: float, reading: float) -> _Waits:
    """Have every clerk look for ``seconds``, with ``reading`` seconds between the end of a look and the next."""
    waits, lock, stop = _Waits(), threading.Lock(), time.monotonic() + seconds

    def clerk(number: int) -> None:
        dice = random.Random(number)  # noqa: S311 - spreads the clerks, no secret
        cookies = {made["name"]: made["cookies"][number], made["grant_name"]: made["grants"][number]}
        connection = service.connect()
        own = _Waits()
        time.sleep(dice.random() * reading)
        while time.monotonic() < stop:
            order = dice.choice(made["orders"])
            began = time.perf_counter()
            status, page = _request(connection, "GET", f"/orders/{order}/reveal/", cookies)
            own.ask.append((time.perf_counter() - began) * 1000)
            form, token = _FORM.search(page), _TOKEN.search(page)
            if status != http.client.OK or not form or not token:
                own.failures.append(f"the form answered {status}")
                break
            body = {
                "csrfmiddlewaretoken": token[1].decode(), "form": form[1].decode(), "group": "phone",
                "purpose": "after_sales",
            }  # fmt: skip
            time.sleep(reading / 2 * dice.random())
            began = time.perf_counter()
            status, page = _request(
                connection, "POST", f"/orders/{order}/reveal/show/", cookies, urlencode(body)
            )
            own.show.append((time.perf_counter() - began) * 1000)
            if status != http.client.OK or _SHOWN not in page:
                own.failures.append(f"a look answered {status}")
                break
            time.sleep(reading / 2 + reading / 2 * dice.random())
        connection.close()
        with lock:
            waits.ask += own.ask
            waits.show += own.show
            waits.failures += own.failures

    threads = [threading.Thread(target=clerk, args=(number,)) for number in range(len(made["cookies"]))]
    before = service.cpu()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waits.cpu_s = service.cpu() - before
    return waits


def _request(
    connection: http.client.HTTPSConnection, verb: str, path: str, cookies: dict[str, str], body: str = ""
) -> tuple[int, bytes]:
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "Referer": f"https://localhost:{connection.port}{path}",
    }
    if verb == "POST":
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(verb, path, body.encode() or None, headers)
    answer = connection.getresponse()
    for name, value in answer.getheaders():
        if name.lower() == "set-cookie":
            pair = value.partition(";")[0]
            cookies[pair.partition("=")[0]] = pair.partition("=")[2]
    return answer.status, answer.read()


def _main() -> None:
    """Fill the running service's database: sealed orders, clerks, sessions. Prints JSON."""
    from waybillguard.service.operations.start import start_django

    start_django()
    from django.conf import settings
    from django_scopes import scope

    from waybillguard.service.tenancy.models import Tenant

    clerks, orders = int(sys.argv[1]), int(sys.argv[2])
    tenant = Tenant.objects.get()
    with scope(tenant=tenant):
        ids = _orders(tenant, orders)
        cookies, grants = _clerks(tenant, clerks)
    made = {"name": settings.SESSION_COOKIE_NAME, "cookies": cookies, "orders": ids}
    made |= {"grant_name": settings.GRANT_COOKIE_NAME, "grants": grants}
    sys.stdout.write(json.dumps(made))


def _orders(tenant: Any, count: int) -> list[int]:  # noqa: ANN401 - Django is imported late
    import secrets

    from django.utils import timezone

    from waybillguard.seal import Contact, SealInput
    from waybillguard.service.identity.models import User
    from waybillguard.service.keyd import messages
    from waybillguard.service.tenancy.days import day_number
    from waybillguard.service.tenancy.key_process import keyd
    from waybillguard.service.vault.epochs import EpochBook
    from waybillguard.service.vault.models import Batch, Order, Salt

    today = day_number(timezone.now(), tenant)
    epoch = EpochBook(tenant, keyd()).of_day(today)
    rows = [
        SealInput(
            order_uid=secrets.token_bytes(16),
            contact=Contact(name=f"测试人{n}", phone=f"1993{n:07}", detail=f"不存在路{n}号"),
            shop="山里干货", day=today, order_no=f"BENCH{n:08}",
        )
        for n in range(count)
    ]  # fmt: skip
    sealed = keyd().call(
        messages.SealBatch(tenant=tenant.slug, epochs=[epoch], rows=rows), messages.SealedBatch
    )
    batch = Batch.objects.create(
        tenant=tenant, created_by=User.objects.order_by("pk")[0], state=Batch.State.COMMITTED, kind="csv", label="bench"
    )  # fmt: skip
    pairs = list(zip(rows, sealed.rows, strict=True))
    Order.objects.bulk_create(
        Order(
            uid=row.order_uid, tenant=tenant, batch=batch, day=today, lane="B", lane_in="B", order_no=row.order_no,
            shop=row.shop, masked_name="测**", masked_phone="*******0000", province="浙江省", city="金华市",
            district="义乌市", epoch_id=epoch.epoch_id, blob=one.blob, person_token=one.person_token,
            person_token_previous=one.person_token_previous,
        )
        for row, one in pairs
    )  # fmt: skip
    Salt.objects.bulk_create(
        Salt(order_uid=row.order_uid, tenant=tenant, batch=batch, salt=one.salt) for row, one in pairs
    )
    return list(Order.objects.filter(batch=batch).values_list("pk", flat=True))


def _clerks(tenant: Any, count: int) -> tuple[list[str], list[str]]:  # noqa: ANN401
    """Make people of customer service whose quota this bench does not use up, each with a fresh session and grant."""
    from datetime import timedelta

    from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from waybillguard.service.identity.models import Role, User
    from waybillguard.service.lookups.models import QuotaRaise

    cookies: list[str] = []
    boss, second = (
        User.objects.create_user(username=f"bench-owner{n}", tenant=tenant, role=Role.OWNER) for n in (1, 2)
    )
    now = timezone.now()
    people = [boss, second]
    for number in range(count):
        # owners work at any hour, so that the bench does not hang on the time of day at which it runs
        user = User.objects.create_user(username=f"bench{number}", tenant=tenant, role=Role.OWNER)
        TOTP.activate(user, generate_totp_secret())
        QuotaRaise.objects.bulk_create(
            QuotaRaise(
                tenant=tenant, account=user, scope=scope, extra=100_000, until=now + timedelta(hours=2), asked_by=boss,
                agreed_by=second, agreed_at=now,
            )
            for scope in ("hour", "day", "persons_30d")
        )  # fmt: skip
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            {"method": "mfa", "type": "totp", "at": time.time(), "reauthenticated": True}
        ]
        session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
        session.create()
        cookies.append(str(session.session_key))
        people.append(user)
    return cookies, _grants(tenant.slug, people)


def _grants(tenant: str, people: Sequence[Any]) -> list[str]:
    """Enrol a factor for each, as a telephone would, lift keyd's limits by the word of the first two; return grants."""
    import base64

    import msgspec

    from waybillguard.service.identity.grant import grant_text
    from waybillguard.service.keyd import enrolling, factors, messages, policy, signing_in
    from waybillguard.service.keyd.actions import action_of
    from waybillguard.service.keyd.limits import shipped_limits
    from waybillguard.service.tenancy.key_process import keyd

    who = [messages.Context(tenant, f"u{person.pk}") for person in people]
    secrets: dict[str, bytes] = {}
    counter = int(time.time()) // factors.PERIOD_S - factors.TOLERANCE

    def enrol(context: messages.Context) -> bytes:
        begun = keyd().call(enrolling.BeginTotp(tenant, context.actor), enrolling.PendingTotp)
        secrets[context.actor] = base64.b32decode(begun.secret)
        taken = enrolling.EnrolTotp(
            context, begun.pending, factors.totp_code(secrets[context.actor], counter)
        )
        return keyd().call(taken, enrolling.EnrolledFactor).grant

    def confirmed[Asked: (enrolling.ExpectPerson, policy.SetLimits)](request: Asked, counts: int) -> Asked:
        """Return a request with a grant whose code confirms it; ``counts``: how many codes were used before."""
        code = factors.totp_code(secrets[request.context.actor], counter + counts)
        opened = keyd().call(
            signing_in.OpenSession(request.context, code, action_of(request)), signing_in.Session
        )
        return msgspec.structs.replace(
            request, context=msgspec.structs.replace(request.context, grant=opened.grant)
        )

    keyd().call(enrolling.ExpectPerson(who[0], who[0].actor, "owner"), messages.Done)
    made = [enrol(who[0])]
    rest = [context.actor for context in who[1:]]
    expected = enrolling.ExpectPerson(who[0], rest[0], "owner", new=True, also=tuple(rest[1:]))
    keyd().call(confirmed(expected, 1), messages.Done)
    made += [enrol(context) for context in who[1:]]
    much = dict.fromkeys(("reveals_hour", "reveals_day", "tenant_reveals_hour", "device_reveals_hour"), 10**6)
    limits = msgspec.structs.replace(shipped_limits(), **much)
    keyd().call(confirmed(policy.SetLimits(who[0], limits), 2), policy.SetLimitsAnswer)
    keyd().call(confirmed(policy.SetLimits(who[1], limits), 1), policy.SetLimitsAnswer)
    return [grant_text(grant) for grant in made[2:]]


if __name__ == "__main__":
    _main()
