"""Fragment search and shredding on the real service: three processes, both databases."""

import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from support.first_start import FirstStart
from support.missing import missing
from support.postgres import Cluster, binaries
from support.running import Running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

HEADER = "订单编号,店铺,下单时间,收货人,手机号码,省,市,区,详细地址,商品名称,数量\n"
ROWS = (
    "V0001,青禾店,2026-11-20 10:00:00,测试甲,19900000001,浙江省,金华市,义乌市,机场路12号向阳花园3幢1203室,袜子,1\n"
    "V0002,青禾店,2026-11-20 11:00:00,测试乙,19900000002,浙江省,金华市,义乌市,机场路14号朝阳大厦8楼,袜子,1\n"
    "V0003,山里店,2026-11-20 12:00:00,样例丙,19900000003,浙江省,金华市,义乌市,稠州北路88号向阳花园1幢101室,袜子,1\n"
    "V0004,山里店,2026-11-21 12:00:00,样例丁,19900000004,浙江省,金华市,义乌市,稠州北路90号金城商厦201室,袜子,1\n"
    "V0005,山里店,2026-11-21 13:00:00,样例戊,19900000005,浙江省,金华市,义乌市,宗泽路7号金城小区2幢302室,袜子,1\n"
)


class Warehouse:
    """A running service whose owner has signed in, and calls on its API."""

    def __init__(self, home: Path, first_start: FirstStart, cluster: Cluster | None) -> None:
        self.service = Running(home)
        self.owner = first_start.service(self.service, cluster)
        self.http = self.service.http()
        self.http.headers["Authorization"] = f"Bearer {self.owner.login_again(self.service)}"
        source = home / "orders.csv"
        source.write_text(HEADER + ROWS, "utf-8-sig")
        done = self.service.cli("seal", str(source), "--data", str(self.service.data))
        assert done.returncode == 0, done.stderr

    def post(self, path: str, **body: object) -> httpx.Response:
        return self.http.post(f"/api/v1{path}", json=body)

    def find(self, kind: str, value: str, **more: object) -> list[str]:
        deadline = time.monotonic() + 20
        while True:
            answer = self.post("/orders/search", kind=kind, value=value, **more)
            assert answer.status_code == 200, answer.text
            found = answer.json()
            if not found.get("indexing") or time.monotonic() > deadline:
                return sorted(order["order_no"] for order in found["orders"])
            time.sleep(0.2)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def warehouse(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart
) -> Iterator[Warehouse]:
    home = tmp_path_factory.mktemp(f"vault-{request.param}")
    cluster = None
    if request.param == "postgresql":
        if binaries() is None:
            missing("a PostgreSQL server", "install the package postgresql")
        cluster = first_start.cluster()
    made = Warehouse(home, first_start, cluster)
    try:
        yield made
    finally:
        made.http.close()
        made.service.stop()
        if cluster:
            cluster.stop()


def test_a_piece_of_a_name_or_an_address_finds_masked_orders(warehouse: Warehouse) -> None:
    assert warehouse.find("address", "机场路") == ["V0001", "V0002"]
    assert warehouse.find("address", "向阳花园3幢") == ["V0001"]
    assert warehouse.find("name", "样例") == ["V0003", "V0004", "V0005"]
    assert warehouse.find("address", "没有这条路") == []
    assert warehouse.find("address", "义乌市") == [], "province, city and district are no fragments"


def test_terms_shop_and_day_narrow_a_search(warehouse: Warehouse) -> None:
    assert warehouse.find("address", "稠州北路", shop="山里店", day="2026-11-20") == ["V0003"]
    assert warehouse.find("name", "样例", also=[{"kind": "address", "value": "金城小区"}]) == ["V0005"]
    assert warehouse.find("phone", "19900000004", also=[{"kind": "name", "value": "样例"}]) == ["V0004"]
    assert warehouse.find("phone", "19900000004", also=[{"kind": "name", "value": "测试"}]) == []


def test_a_single_character_is_refused_with_what_to_type(warehouse: Warehouse) -> None:
    answer = warehouse.post("/orders/search", kind="address", value="路")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "两个" in answer.json()["detail_zh"]


def order(number: str, day: str, name: str, detail: str, phone: str) -> dict[str, str]:
    return {
        "order_no": number, "shop": "接口店", "created_at": f"{day} 09:00:00", "name": name, "phone": phone,
        "province": "浙江省", "city": "金华市", "district": "义乌市", "detail": detail, "goods": "袜子",
    }  # fmt: skip


def seal(warehouse: Warehouse, orders: list[dict[str, str]], key: str = "") -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return warehouse.http.post("/api/v1/orders/seal", json={"orders": orders}, headers=headers)


def test_orders_are_sealed_by_machine_once_a_key_and_shown_masked(warehouse: Warehouse) -> None:
    batch = [
        order("M0001", "2026-10-01", "机器甲", "青口北路3号", "19911110001"),
        order("M0002", "2026-10-01", "机器乙", "青口北路5号", "1991111"),
    ]
    first, again = seal(warehouse, batch, "key-1"), seal(warehouse, batch, "key-1")
    assert first.status_code == 200, first.text
    assert first.json() == again.json()
    assert (first.json()["sealed"], first.json()["refused"]) == (1, [{"position": 1, "reason": "bad_phone"}])
    assert seal(warehouse, batch[:1], "key-1").status_code == 422
    assert seal(warehouse, batch[:1]).json()["known"] == 1
    shown = warehouse.post("/orders/masked", order_nos=["M0001", "nothing"]).json()
    assert [one["order_no"] for one in shown["orders"]] == ["M0001"]
    assert shown["missing"] == ["nothing"]
    assert "19911110001" not in json.dumps(shown)
    assert "机器甲" not in json.dumps(shown, ensure_ascii=False)


def test_states_are_reported_once_a_key(warehouse: Warehouse) -> None:
    assert (
        seal(warehouse, [order("S0001", "2026-10-02", "状态甲", "青口东路1号", "19911110011")]).status_code
        == 200
    )
    body = {"changes": [{"order_no": "S0001", "state": "delivered"}, {"order_no": "S9999", "state": "lost"}]}
    headers = {"Idempotency-Key": "state-1"}
    first = warehouse.http.post("/api/v1/orders/state", json=body, headers=headers)
    assert first.json() == {"changed": 1, "unknown": [1]}
    assert warehouse.http.post("/api/v1/orders/state", json=body, headers=headers).json() == first.json()
    (shown,) = warehouse.post("/orders/masked", order_nos=["S0001"]).json()["orders"]
    assert shown["state"] == "delivered"


def test_a_shredded_order_is_found_by_nothing_and_its_neighbour_still_is(warehouse: Warehouse) -> None:
    batch = [
        order("X0001", "2026-10-03", "销毁甲", "诚信大道1号", "19911110021"),
        order("X0002", "2026-10-03", "销毁乙", "诚信大道2号", "19911110022"),
    ]
    assert seal(warehouse, batch).json()["sealed"] == 2
    assert warehouse.find("address", "诚信大道") == ["X0001", "X0002"]
    (shown,) = warehouse.post("/orders/masked", order_nos=["X0001"]).json()["orders"]
    done = warehouse.post("/shred", scope="orders", ids=[shown["id"]])
    assert done.status_code == 200, done.text
    for kind, value in (("order", "X0001"), ("phone", "19911110021"), ("name", "销毁甲"), ("any", "X0001")):
        assert warehouse.find(kind, value) == []
    assert warehouse.find("address", "诚信大道") == ["X0002"]
    assert warehouse.post("/orders/masked", ids=[shown["id"]]).json()["missing"] == [str(shown["id"])]


@pytest.mark.parametrize("warehouse", ["sqlite"], indirect=True)
def test_a_shredded_day_stays_so_when_the_old_file_of_the_database_is_put_back(warehouse: Warehouse) -> None:
    batch = [
        order(f"D{n:04}", "2026-09-05", f"某日{n}甲", f"丹溪路{n}号", f"1992222{n:04}") for n in range(1, 6)
    ]
    assert seal(warehouse, batch).json()["sealed"] == 5
    assert len(warehouse.find("address", "丹溪路")) == 5
    service = warehouse.service
    live = service.data / "database" / "waybillguard.sqlite3"
    backup = service.home / "backup.sqlite3"
    with sqlite3.connect(live) as source, sqlite3.connect(backup) as target:
        source.backup(target)
    source.close()
    target.close()
    warehouse.http.headers["Authorization"] = f"Bearer {warehouse.owner.login_again(warehouse.service)}"
    refused = warehouse.post("/shred", scope="day", day="2026-09-05")
    assert refused.status_code == 403, "a code for just this day"
    token = warehouse.owner.sign_in(service, act=refused.json()["action"])
    warehouse.http.headers["Authorization"] = f"Bearer {token}"
    assert warehouse.post("/shred", scope="day", day="2026-09-05").status_code == 200
    assert warehouse.find("address", "丹溪路") == []
    assert (
        seal(warehouse, [order("D0009", "2026-09-05", "后来甲", "丹溪路9号", "19922220009")]).json()["sealed"]
        == 1
    )
    assert warehouse.find("address", "丹溪路") == ["D0009"], "the day takes new orders under a new key"
    service.stop()
    for ending in ("-wal", "-shm"):
        Path(f"{live}{ending}").unlink(missing_ok=True)
    shutil.copyfile(backup, live)
    service.start()
    token = warehouse.owner.sign_in(service)  # the database of before knows no token of after
    warehouse.http.headers["Authorization"] = f"Bearer {token}"
    assert warehouse.find("address", "丹溪路") == []
    assert warehouse.find("phone", "19922220001") == []
    with sqlite3.connect(live) as database:
        kept = database.execute(
            "SELECT count(*) FROM vault_order WHERE day = 20701 AND (length(blob) > 0 OR masked_name <> '')"
        ).fetchone()[0]
        epochs = database.execute("SELECT count(*) FROM vault_epoch WHERE day = 20701").fetchone()[0]
    database.close()
    assert (kept, epochs) == (0, 0)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/imports/999999", 404),
        ("DELETE", "/orders", 405),
        ("POST", "/shred", 422),
    ],
)
def test_every_refusal_is_a_problem_document(
    warehouse: Warehouse, method: str, path: str, status: int
) -> None:
    body = {"scope": "galaxy"} if method == "POST" else None
    answer = warehouse.http.request(method, f"/api/v1{path}", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert "galaxy" not in answer.text


def test_the_description_is_for_those_who_are_signed_in(warehouse: Warehouse) -> None:
    stranger = warehouse.http.get("/api/v1/openapi.json", headers={"Authorization": "Bearer nobody"})
    assert stranger.status_code == 401
    assert stranger.headers["content-type"] == "application/problem+json"
    described = warehouse.http.get("/api/v1/openapi.json").json()
    assert "/api/v1/orders/state" in described["paths"]
