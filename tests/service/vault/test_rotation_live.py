"""``keys rotate`` on the real service and both databases: killed at any moment, and continued."""

import json
import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import httpx
import psycopg
import pytest
from support.first_start import FirstStart
from support.keyd import until
from support.missing import missing
from support.postgres import OWNER, Cluster, binaries
from support.running import Running

from waybillguard.simulate import demo_exports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(290)]

SCALE = 60  # 14,400 rows: three batches, so that a kill can hit the middle
HEADER = "订单编号,店铺,下单时间,收货人,手机号码,省,市,区,详细地址,商品名称,数量\n"
FIXED = (
    "K0001,青禾店,2026-11-20 10:00:00,测试甲,19900000001,浙江省,金华市,义乌市,机场路12号向阳花园3幢1203室,袜子,1\n"
    "K0002,山里店,2026-10-21 11:00:00,样例乙,19900000002,浙江省,金华市,义乌市,稠州北路88号金城商厦8楼,袜子,1\n"
    "K0003,山里店,2026-11-20 12:00:00,样例丙,19900000003,浙江省,金华市,义乌市,宗泽路7号金城小区2幢302室,袜子,1\n"
)
SEARCHES = (
    ("order", "K0001", {}, ["K0001"]),
    ("phone", "19900000002", {}, ["K0002"]),
    ("last4", "0001", {"shop": "青禾店", "day": "2026-11-20"}, ["K0001"]),
    ("address", "稠州北路88号", {}, ["K0002"]),
    ("name", "样例乙", {}, ["K0002"]),
)


class Warehouse:
    """A running service with some thousand sealed orders, one of them shredded."""

    def __init__(self, home: Path, first_start: FirstStart, cluster: Cluster | None) -> None:
        self.service = Running(home)
        self.owner = first_start.service(self.service, cluster)
        self.http = self.service.http()
        self.http.headers["Authorization"] = f"Bearer {self.owner.login_again(self.service)}"
        self.large = home / "large.csv"
        self.large.write_bytes(demo_exports(3, datetime(2026, 11, 24, 12, 0, 0), SCALE)[0].content)  # noqa: DTZ001 - local time of a shop
        self.fixed = home / "fixed.csv"
        self.fixed.write_text(HEADER + FIXED, "utf-8-sig")
        for path in (self.large, self.fixed):
            assert self.seal(path)["state"] == "committed"
        (gone,) = self.call("POST", "/orders/masked", json={"order_nos": ["K0003"]})["orders"]
        self.call("POST", "/shred", json={"scope": "orders", "ids": [gone["id"]]})

    def call(self, method: str, path: str, **options: object) -> dict[str, object]:
        deadline = time.monotonic() + 40
        while True:
            try:
                answer = self.http.request(method, f"/api/v1{path}", **options)
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
                continue
            if answer.status_code < 500 or time.monotonic() > deadline:
                assert answer.status_code < 300, (answer.status_code, answer.text[:300])
                return answer.json()
            time.sleep(0.2)

    def seal(self, path: Path) -> dict[str, object]:
        done = self.service.cli("seal", str(path), "--data", str(self.service.data), "--json", "-")
        assert done.returncode in {0, 1}, done.stderr
        return json.loads(done.stdout)

    def find(self, kind: str, value: str, **more: object) -> list[str]:
        deadline = time.monotonic() + 20
        while True:
            found = self.call("POST", "/orders/search", json={"kind": kind, "value": value, **more})
            if not found.get("indexing") or time.monotonic() > deadline:
                return sorted(order["order_no"] for order in found["orders"])
            time.sleep(0.2)

    def searches(self) -> None:
        for kind, value, more, wanted in SEARCHES:
            assert self.find(kind, value, **more) == wanted, kind

    def rotate(self) -> dict[str, object]:
        self.http.headers["Authorization"] = f"Bearer {self.owner.login_again(self.service)}"
        while True:
            done = self.service.cli("keys", "rotate", "--data", str(self.service.data), "--json", "-")
            if (
                "run this again to go on" not in done.stderr
            ):  # a busy machine may make no progress for a while
                break
        assert done.returncode == 0, (done.returncode, done.stderr, self.service.output[-2000:])
        return json.loads(done.stdout)

    def state(self) -> dict[str, object]:
        return self.call("GET", "/keys/rotation")

    def kill(self, victim: str) -> bool:
        """Kill a process, or all and start them again; return whether a rotation was in its middle then."""
        if victim != "everything":
            os.kill(self.service.pids()[victim], signal.SIGKILL)
            return self.is_in_the_middle()
        self.service.kill()
        found = self.is_in_the_middle()
        self.service.start()
        return found

    def is_in_the_middle(self) -> bool:
        """Ask the database, because a service that starts again may end a rotation before it answers."""
        statement = "SELECT count(*) FROM vault_rotation WHERE finished_at IS NULL AND done > 0"
        url = self.service.database_url.replace(f"//{OWNER}@", "//postgres@")  # whom no row security stops
        path = self.service.data / "database" / "waybillguard.sqlite3"
        opened = psycopg.connect(url) if url else sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
        with closing(opened):
            (found,) = opened.execute(statement).fetchone()
        return found == 1


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def warehouse(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart
) -> Iterator[Warehouse]:
    cluster = None
    if request.param == "postgresql":
        if binaries() is None:
            missing("a PostgreSQL server", "install the package postgresql")
        cluster = first_start.cluster()
    made = Warehouse(tmp_path_factory.mktemp(f"rotation-{request.param}"), first_start, cluster)
    try:
        yield made
    finally:
        made.http.close()
        made.service.stop()
        if cluster:
            cluster.stop()


@pytest.mark.parametrize("warehouse", ["sqlite"], indirect=True)
def test_nothing_of_the_old_keys_stays_in_the_database_file(warehouse: Warehouse) -> None:
    """PostgreSQL manages its own pages; rows not yet vacuumed are sealed bytes whose key is destroyed.

    SQLite's log is emptied once nobody reads an older state, which may be a moment after the rotation is done.
    """
    files = warehouse.service.data / "database" / "waybillguard.sqlite3"
    with closing(sqlite3.connect(f"{files.as_uri()}?mode=ro", uri=True)) as data:
        old: list[bytes] = [wrapped for (wrapped,) in data.execute("SELECT wrapped FROM vault_epoch")]
        old += data.execute(
            "SELECT salt, phone_index FROM vault_order o JOIN vault_salt s ON s.order_uid = o.uid"
        ).fetchone()
    assert all(value in image_of(files) for value in old), "the search itself finds them"
    done = warehouse.rotate()
    assert (done["state"], done["unopened"]) == ("done", 0)
    until(lambda: not [value for value in old if value in image_of(files)])


def image_of(path: Path) -> bytes:
    """Read a database file and its companion files."""
    return b"".join(part.read_bytes() for part in path.parent.glob(f"{path.name}*"))


@pytest.mark.parametrize("warehouse", ["sqlite"], indirect=True)
def test_a_rotation_whose_processes_are_killed_one_after_the_other_goes_on(warehouse: Warehouse) -> None:
    goes_on("keyd", "worker", warehouse)


def test_a_killed_rotation_goes_on_and_every_search_still_finds(warehouse: Warehouse) -> None:
    goes_on("everything", "everything", warehouse)


def goes_on(victim: str, next_victim: str, warehouse: Warehouse) -> None:
    """Kill it twice in the middle of a rotation: every search finds before and after, and the rotation ends."""
    rng = random.Random(victim)
    before = int(str(warehouse.state().get("generation", 1)))
    started = warehouse.call("POST", "/keys/rotation")
    assert started["generation"] == (before + 1 if started["state"] != "done" else before)
    while not warehouse.state()["done"]:
        time.sleep(0.02)
    assert warehouse.kill(victim), "it was killed in the middle"
    warehouse.searches()
    time.sleep(rng.uniform(0.05, 0.5))
    warehouse.kill(next_victim)
    warehouse.searches()
    again = warehouse.seal(warehouse.fixed)
    assert again["known"] == 3, "rows imported before are recognised in the middle of it, a shredded one too"
    done = warehouse.rotate()
    assert done["state"] == "done"
    assert done["unopened"] == 0
    assert done["days_destroyed"] > 1
    warehouse.searches()
    large = warehouse.seal(warehouse.large)
    assert large["known"] == large["rows"] - 3, "every row is recognised after it, too"
    assert warehouse.seal(warehouse.fixed)["known"] == 3


def test_labels_are_drawn_and_the_ledger_names_every_rotation(warehouse: Warehouse, tmp_path: Path) -> None:
    done = warehouse.state()
    if done.get("state") != "done":  # no test before this one rotated the keys
        done = warehouse.rotate()
    assert not warehouse.is_in_the_middle()
    labels = tmp_path / "one.pdf"
    printed = warehouse.service.cli(
        "label", "print", "--order", "K0001", "--carrier", "simulator", "--out", str(labels),
        "--data", str(warehouse.service.data),
    )  # fmt: skip
    assert printed.returncode == 0, printed.stderr
    assert labels.stat().st_size > 10_000
    checked = warehouse.service.cli("ledger", "fsck", "--data", str(warehouse.service.data))
    assert checked.returncode == 0, checked.stderr
    if not warehouse.service.database_url:
        path = warehouse.service.data / "database" / "waybillguard.sqlite3"
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as data:
            left = data.execute(
                "SELECT count(*) FROM vault_epoch WHERE generation < ?", (done["generation"],)
            ).fetchone()
            roots = dict(data.execute("SELECT number, state FROM vault_keygeneration").fetchall())
            tokens = data.execute(
                "SELECT count(*) FROM vault_posting WHERE generation < ?", (done["generation"],)
            ).fetchone()
        assert (left, tokens) == ((0,), (0,)), "the old day keys and the old index are destroyed"
        assert roots[done["generation"]] == "current"
        assert roots[1] == "kept", "six-month indexes of a shredded order still lie under the first"
        assert {state for number, state in roots.items() if 1 < number < done["generation"]} <= {"rows"}
