"""Clients that seal orders and import files, retry unanswered requests, and record all acknowledgements."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from support.running import Running

PAUSE = 0.5
"""Seconds between two calls of one client; all clients stay below the API's limit of 600 calls per minute."""
ROWS_OF_A_FILE = 60
_HEAD = "订单编号,店铺,下单时间,收货人,手机号码,省,市,区,详细地址,商品名称,数量\n"
_PLACE = {"province": "浙江省", "city": "金华市", "district": "义乌市"}


@dataclass
class Record:
    """The responses that the clients received."""

    sealed: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    """Idempotency key → batch size and response."""
    imported: list[list[str]] = field(default_factory=list)
    """Order numbers of accepted files."""
    repeated: int = 0
    longest_409: float = 0.0
    """Longest time in seconds for which one key continuously got "still running"."""
    stuck: list[str] = field(default_factory=list)
    unexpected: dict[str, int] = field(default_factory=dict)

    def numbers(self) -> list[str]:
        """Return every acknowledged order number."""
        batches = [numbers_of(key, count) for key, (count, _) in self.sealed.items()]
        return [number for part in (*batches, *self.imported) for number in part]

    def note(self, what: str) -> None:
        self.unexpected[what] = self.unexpected.get(what, 0) + 1


def numbers_of(key: str, count: int) -> list[str]:
    """Return the order numbers of the batch under a key."""
    return [f"{key}-{n:04}" for n in range(count)]


def orders_of(key: str, count: int) -> list[dict[str, str]]:
    """Return an invented batch; equal keys give equal batches."""
    return [
        {
            "order_no": number, "shop": "风暴店", "created_at": "2026-11-01 09:00:00", "name": f"测试{n}甲",
            "phone": f"199{n:08}", **_PLACE, "detail": f"风暴路{n}号3幢{n}室", "goods": "袜子",
        }
        for n, number in enumerate(numbers_of(key, count))
    ]  # fmt: skip


def file_of(key: str, count: int) -> bytes:
    """Return the export of a shop with these orders."""
    place = ",".join(_PLACE.values())
    rows = [
        f"{number},风暴店,2026-11-01 09:00:00,测试{n}乙,199{n:08},{place},风暴路{n}号,袜子,1\n"
        for n, number in enumerate(numbers_of(key, count))
    ]
    return (_HEAD + "".join(rows)).encode("utf-8-sig")


class Client:
    """A client of the machine API for one thread; returns None if the service is unreachable, instead of raising."""

    def __init__(self, service: Running, token: str) -> None:
        self._service, self._token = service, token
        self._http: httpx.Client | None = None

    def call(self, method: str, path: str, **options: Any) -> httpx.Response | None:
        headers = {"Authorization": f"Bearer {self._token}", **options.pop("headers", {})}
        try:
            if self._http is None:
                self._http = self._service.http()
                self._http.timeout = 30.0
            return self._http.request(method, f"/api/v1{path}", headers=headers, **options)
        except (OSError, httpx.HTTPError):
            self.close()  # the next call reloads the certificate authority
            return None

    def seal(self, key: str, orders: Sequence[dict[str, str]]) -> httpx.Response | None:
        return self.call("POST", "/orders/seal", json={"orders": orders}, headers={"Idempotency-Key": key})

    def close(self) -> None:
        if self._http is not None:
            self._http.close()
            self._http = None


class Load:
    """Threads that work until they are stopped, and then finish open requests."""

    def __init__(self, service: Running, token: str, *, sealers: int = 2, batch: int = 20) -> None:
        self.record = Record()
        self._service, self._token, self._batch = service, token, batch
        self._stop, self._give_up = threading.Event(), threading.Event()
        work = [*(lambda n=n: self._seal(n) for n in range(sealers)), self._import]
        self._threads = [threading.Thread(target=one, daemon=True) for one in work]
        self._lock = threading.Lock()

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def finish(self, seconds: float) -> None:
        """Start nothing new and retry open requests until they are answered; those never answered count as stuck."""
        self._stop.set()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._give_up.set()
        for thread in self._threads:
            thread.join(60)

    def _seal(self, number: int) -> None:
        client, turn = Client(self._service, self._token), 0
        while not self._stop.is_set():
            turn += 1
            key = f"s{number}-{turn:06}"
            answer = self._settle(client, key, orders_of(key, self._batch))
            if answer is None:
                self.record.stuck.append(key)
                break
            self.record.sealed[key] = (self._batch, answer)
            self._stop.wait(PAUSE)
        client.close()

    def _settle(self, client: Client, key: str, orders: list[dict[str, str]]) -> dict[str, Any] | None:
        """Send a batch under its idempotency key, and retry until it is answered."""
        running_since = None
        while not self._give_up.is_set():
            answer = client.seal(key, orders)
            if answer is not None and answer.status_code == 200:
                body: dict[str, Any] = answer.json()
                return body
            status = 0 if answer is None else answer.status_code
            running_since = (running_since or time.monotonic()) if status == 409 else None
            with self._lock:
                self.record.repeated += 1
                if running_since is not None:
                    self.record.longest_409 = max(self.record.longest_409, time.monotonic() - running_since)
                if status not in {0, 401, 409, 429, 502, 503}:
                    self.record.note(f"seal {status}")
            time.sleep(PAUSE)
        return None

    def _import(self) -> None:
        client, turn = Client(self._service, self._token), 0
        while not self._stop.is_set():
            turn += 1
            key = f"f-{turn:06}"
            while not self._give_up.is_set():
                if import_file(client, key, self._give_up.is_set, self.record):
                    self.record.imported.append(numbers_of(key, ROWS_OF_A_FILE))
                    break
                time.sleep(PAUSE)
            else:
                self.record.stuck.append(key)
            self._stop.wait(5 * PAUSE)
        client.close()


def import_file(
    client: Client, key: str, ended: Callable[[], bool], record: Record, rows: int = ROWS_OF_A_FILE
) -> bool:
    """Upload a file, wait until it is read, and accept it; return False if it must be sent again."""
    sent = client.call("POST", "/imports", files={"file": (f"{key}.csv", file_of(key, rows))})
    if sent is None or sent.status_code != 202:
        if sent is not None and sent.status_code not in {401, 429, 502, 503}:
            record.note(f"import {sent.status_code}")
        return False
    number = sent.json()["id"]
    since = time.monotonic()
    while not ended():
        answer = client.call("GET", f"/imports/{number}")
        if answer is None or answer.status_code != 200:
            time.sleep(PAUSE)
            continue
        state = answer.json()["state"]
        if state == "committed":
            return True
        if state == "preview":
            client.call("POST", f"/imports/{number}/commit")
        elif state not in {"waiting", "reading"}:
            record.note(f"import {state} {answer.json().get('error_code', '')}")
            return False
        if time.monotonic() - since > 300:
            record.note("import never read")
            return False
        time.sleep(PAUSE)
    return False
