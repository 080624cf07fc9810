"""The real service on a full disk and with failing databases: clear messages, no data lost or duplicated.

A full disk of the ledger is tested in ``keyd/test_no_receipt.py``; the messages of an import and a rotation in
``test_faults.py``.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from storm.disk import MIB, full, mount, unmount
from storm.load import file_of
from support.first_start import FirstStart
from support.missing import missing
from support.postgres import Cluster, binaries
from support.running import PASSWORD, Running, submit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


class Warehouse:
    """A running service whose owner is signed in, and batches of orders by the machine API."""

    def __init__(self, service: Running, first_start: FirstStart, cluster: Cluster | None = None) -> None:
        self.service, self.owner = service, first_start.service(service, cluster)
        self.token = self.owner.login_again(service)

    def call(self, method: str, path: str, body: Any = None, key: str = "") -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        if key:
            headers["Idempotency-Key"] = key
        with self.service.http() as client:
            return client.request(method, f"/api/v1{path}", json=body, headers=headers)

    def seal(self, key: str, count: int) -> httpx.Response:
        """Seal the batch of that name; the name determines the batch."""
        orders = [
            {
                "order_no": f"{key}-{n:04}", "shop": "断电店", "created_at": "2026-11-01 09:00:00", "name": f"测试{n}甲",
                "phone": f"199{sum(key.encode()):04}{n:04}", "province": "浙江省", "city": "金华市",
                "district": "义乌市", "detail": f"断电路{n}号3幢{n}室", "goods": "袜子",
            }
            for n in range(count)
        ]  # fmt: skip
        return self.call("POST", "/orders/seal", {"orders": orders}, key)

    def settled(self, key: str, count: int) -> httpx.Response:
        """Repeat a batch under its idempotency key until it is answered, as a client does."""
        deadline = time.monotonic() + 120
        while (answer := self.seal(key, count)).status_code != 200 and time.monotonic() < deadline:
            time.sleep(1)
        return answer

    def found(self, phone: str) -> list[str]:
        answer = self.call("POST", "/orders/search", {"kind": "phone", "value": phone})
        assert answer.status_code == 200, answer.text
        return [order["order_no"] for order in answer.json()["orders"]]


def says_what_to_do(answer: httpx.Response) -> None:
    """Assert that a refusal is a problem document in both languages without order data."""
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["detail_en"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said["detail_zh"])
    assert "断电路" not in answer.text
    assert "1990" not in answer.text


def sealed_once(warehouse: Warehouse, key: str, count: int) -> None:
    """Assert that a repeated batch is stored once and always gets the same answer."""
    first, again = warehouse.settled(key, count), warehouse.seal(key, count)
    assert first.status_code == 200, first.text
    assert first.json()["sealed"] + first.json()["known"] == count
    assert again.json() == first.json()
    for n in (0, count - 1):
        assert warehouse.found(f"199{sum(key.encode()):04}{n:04}") == [f"{key}-{n:04}"]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart) -> Iterator[Warehouse]:
    """A service with SQLite, everything on a disk of 64 MiB."""
    home = tmp_path_factory.mktemp("small")
    service = Running(home)
    if why := mount(service.data, 64):
        missing("a small disk", why)
    try:
        yield Warehouse(service, first_start)
    finally:
        service.stop()
        unmount(service.data)


def test_a_batch_on_a_full_disk_is_refused_whole_and_sealed_once_when_there_is_room(small: Warehouse) -> None:
    sealed_once(small, "before", 50)
    for left, orders in ((0, 50), (MIB // 4, 1000)):  # with a little space, it ends in the middle
        key = f"full-{left}"
        with full(small.service.data, left):
            says_what_to_do(small.seal(key, orders))
            if not left:
                says_what_to_do(small.call("GET", "/orders"))  # access is refused if it cannot be recorded
        sealed_once(small, key, orders)


def test_pages_and_health_tell_of_a_full_disk_and_go_on_by_themselves(small: Warehouse) -> None:
    page = "/login/"
    with small.service.http() as browser, full(small.service.data):
        health = browser.get("/health/")
        assert (health.status_code, health.text) == (503, "disk full\n")
        form = browser.get(page)
        assert form.status_code == 200, form.text
        answer = submit(browser, form, login="owner", password=PASSWORD)
        assert answer.status_code == 503
        assert "磁盘已满" in answer.text
    with small.service.http() as browser:
        assert browser.get("/health/").text == "ok\n"
        assert browser.get(page).status_code == 200


def test_a_start_on_a_full_disk_says_so_and_changes_nothing(small: Warehouse) -> None:
    small.service.stop()
    with full(small.service.data):
        done = small.service.cli("up", "--data", str(small.service.data), "--port", str(small.service.port))
        assert done.returncode == 2, done.stderr
        assert "磁盘已满" in done.stderr
        assert "Traceback" not in done.stderr
    small.service.start()
    sealed_once(small, "after the start", 20)


def test_a_backup_onto_a_full_disk_leaves_no_half_file(small: Warehouse, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    if why := mount(disk, 8):
        missing("a small disk", why)
    out = disk / "kept.wgb"
    try:
        with full(disk, MIB // 8):
            done = small.service.cli("backup", str(out), "--data", str(small.service.data))
            assert done.returncode == 2, done.stderr
            assert any("\u4e00" <= letter <= "\u9fff" for letter in done.stderr)
            assert "Traceback" not in done.stderr
        assert not list(disk.iterdir())
        done = small.service.cli("backup", str(out), "--data", str(small.service.data))
        assert done.returncode == 0, done.stderr
        assert out.stat().st_size
    finally:
        unmount(disk)


def test_a_rotation_on_a_full_disk_stands_still_and_goes_on(small: Warehouse) -> None:
    sealed_once(small, "rotate", 1000)
    with full(small.service.data, MIB // 2):
        small.call("POST", "/keys/rotation")
        time.sleep(5)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        small.call("POST", "/keys/rotation")
        with closing(sqlite3.connect(small.service.data / "database" / "waybillguard.sqlite3")) as database:
            (left,) = database.execute("SELECT count(*) FROM vault_order WHERE key_generation < 2").fetchone()
        if not left:
            break
        time.sleep(2)
    assert left == 0
    for n in (0, 999):
        assert small.found(f"199{sum(b'rotate'):04}{n:04}") == [f"rotate-{n:04}"]
    audit = small.service.cli("ledger", "fsck", "--data", str(small.service.data))
    assert audit.returncode == 0, audit.stdout + audit.stderr


def test_a_database_that_somebody_holds_is_said_to_refuse_and_takes_the_batch_afterwards(
    small: Warehouse,
) -> None:
    with closing(
        sqlite3.connect(small.service.data / "database" / "waybillguard.sqlite3", isolation_level=None)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        says_what_to_do(small.seal("held", 20))
        other.execute("ROLLBACK")
    sealed_once(small, "held", 20)


def _uploaded(warehouse: Warehouse, name: str, rows: int) -> httpx.Response:
    with warehouse.service.http() as client:
        client.timeout = 60.0
        return client.post(
            "/api/v1/imports",
            headers={"Authorization": f"Bearer {warehouse.token}"},
            files={"file": (f"{name}.csv", file_of(name, rows))},
        )


def _state(warehouse: Warehouse, number: int, *wanted: str) -> dict[str, Any]:
    """Poll an import until it is in one of the states, or, if requested, waits for disk space."""
    deadline = time.monotonic() + 180
    while True:
        answer = warehouse.call("GET", f"/imports/{number}")
        said: dict[str, Any] = answer.json()
        if answer.status_code == 200 and (said["state"] in wanted or said["error_code"] in wanted):
            return said
        assert time.monotonic() < deadline, said
        time.sleep(0.2)


def _stands_once(warehouse: Warehouse, name: str, rows: int) -> None:
    database = warehouse.service.data / "database" / "waybillguard.sqlite3"
    with closing(sqlite3.connect(database)) as opened:
        found = opened.execute(
            "SELECT count(*), count(DISTINCT order_no) FROM vault_order WHERE order_no LIKE ?", (f"{name}-%",)
        ).fetchone()
    assert found == (rows, rows)


@pytest.mark.parametrize(("left", "rows"), [(0, 500), (6 * MIB, 8000)])
def test_an_import_that_finds_no_room_waits_says_what_to_free_and_is_read_once(
    small: Warehouse, left: int, rows: int
) -> None:
    """Without free space not even the state can be saved; with a little, reading stops in the middle."""
    name = f"waits-{left}"
    with full(small.service.data, left + MIB * 2):
        sent = _uploaded(small, name, rows)
        assert sent.status_code == 202, sent.text
        number = sent.json()["id"]
        with full(small.service.data, left, name="more"):
            said = _state(small, number, "disk_full")
            assert said["state"] in {"waiting", "reading"}
            assert "Free some space" in said["error_en"]
            assert "释放空间" in said["error_zh"]
    said = _state(small, number, "preview", "failed")
    assert (said["state"], said["rows_ok"], said["error_code"]) == ("preview", rows, "")
    with full(small.service.data):
        says_what_to_do(small.call("POST", f"/imports/{number}/commit"))
    deadline = time.monotonic() + 60
    while (answer := small.call("POST", f"/imports/{number}/commit")).status_code == 503:
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.5)
    assert answer.json()["state"] == "committed", answer.text
    _stands_once(small, name, rows)


def test_an_upload_that_finds_no_room_is_told_so_at_once_and_leaves_nothing(small: Warehouse) -> None:
    spool = small.service.data / "spool"
    before = set(spool.iterdir())
    with full(small.service.data, MIB // 4):
        says_what_to_do(sent := _uploaded(small, "too-late", 8000))
        assert "磁盘已满" in sent.json()["detail_zh"]
    deadline = time.monotonic() + 30
    while set(spool.iterdir()) - before:
        assert time.monotonic() < deadline, "the half file goes"
        time.sleep(0.2)


@pytest.mark.postgresql
def test_a_server_that_crashes_in_the_middle_of_a_batch_takes_it_once(
    tmp_path: Path, first_start: FirstStart
) -> None:
    if binaries() is None:
        missing("a PostgreSQL server", "install the package postgresql")
    cluster = first_start.cluster()
    service = Running(tmp_path)
    try:
        warehouse = Warehouse(service, first_start, cluster)
        sealed_once(warehouse, "before", 50)
        refused = 0
        for number, delay in enumerate((0.02, 0.15, 0.4)):
            key, answers = f"crash-{number}", list[httpx.Response]()
            batch = threading.Thread(
                target=lambda key=key, answers=answers: answers.append(warehouse.seal(key, 1000))
            )
            batch.start()
            time.sleep(delay)
            cluster.crash()
            batch.join()
            if answers[0].status_code != 200:
                says_what_to_do(answers[0])
                refused += 1
            says_what_to_do(warehouse.seal(key, 1000))
            cluster.start()
            sealed_once(warehouse, key, 1000)
        assert refused, "at least one batch was under way"
        done = service.cli("seal", str(_export(tmp_path)), "--json", "-", "--data", str(service.data))
        assert json.loads(done.stdout)["sealed"] == 1, "the worker goes on as well"
    finally:
        service.stop()
        cluster.stop()


def _export(folder: Path) -> Path:
    path = folder / "after.csv"
    path.write_text(
        "订单编号,店铺,下单时间,收货人,手机号码,省,市,区,详细地址,商品名称,数量\n"
        "A1,断电店,2026-11-20 10:00:00,测试末,19900009999,浙江省,金华市,义乌市,断电路1号,袜子,1\n",
        "utf-8-sig",
    )
    return path
