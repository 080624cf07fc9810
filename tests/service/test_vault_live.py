"""Search by pieces, and shredding, on the real service: four processes, both databases."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import missing
from support.postgres import Cluster, binaries
from support.running import Person, Running

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

    def __init__(self, home: Path, database_url: str = "") -> None:
        self.service = Running(home, database_url=database_url).start()
        self.owner = Person("owner")
        with self.service.http() as browser:
            self.owner.first_sign_in(self.service, browser)
        assert self.owner.login(self.service).returncode == 0
        self.http = self.service.http()
        token = next((home / "config").rglob("*.json"))
        self.http.headers["Authorization"] = f"Bearer {_token(json.loads(token.read_text()))}"
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


def _token(stored: object) -> str:
    if isinstance(stored, dict):
        if isinstance(stored.get("token"), str):
            return stored["token"]
        for value in stored.values():
            if found := _token(value):
                return found
    return ""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def warehouse(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    home = tmp_path_factory.mktemp(f"vault-{request.param}")
    cluster = None
    url = ""
    if request.param == "postgresql":
        if binaries() is None:
            missing("a PostgreSQL server", "install the package postgresql")
        cluster = Cluster()
        url = cluster.url("vault")
    made = Warehouse(home, url)
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
