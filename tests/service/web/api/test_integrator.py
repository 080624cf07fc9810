"""An external developer's client, written from published documentation only, against the running service."""

import os
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from support.first_start import FirstStart
from support.missing import missing
from support.postgres import Cluster, binaries
from support.running import Running

DOCS = Path(__file__).parents[4] / "docs"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def blocks(language: str, kind: str) -> list[str]:
    text = (DOCS / language / "integrate.md").read_text("utf-8")
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


def order(number: int, **fields: str) -> dict[str, str]:
    return {
        "order_no": f"OUT-{number:05}", "shop": "外部店", "created_at": "2026-11-21 10:00:00", "name": "测试乙",
        "phone": f"188{number:08}", "province": "浙江省", "city": "金华市", "district": "义乌市",
        "detail": f"稠州北路{number}号{number}室", "goods": "袜子", **fields,
    }  # fmt: skip


class Outside:
    """What an ERP developer receives: a key, a URL, a CA certificate."""

    def __init__(self, home: Path, first_start: FirstStart, cluster: Cluster | None) -> None:
        self.service = Running(home)
        self.owner = first_start.service(self.service, cluster)
        self.browser = self.service.http()
        self.owner.enter(self.browser)
        self.authority = str(self.service.data / "tls" / "ca.pem")
        self.http = self.with_key("seal", "masked", "search", "states")

    def key(self, *scopes: str) -> str:
        page = self.owner.submit(
            self.browser, self.browser.get("/people/keys/"), name="ERP", scope=list(scopes), days="30"
        )
        found = re.search(r'value="(wgk_[\w.-]+)"', page.text)
        assert found, page.url
        return found.group(1)

    def with_key(self, *scopes: str) -> httpx.Client:
        self.last = self.key(*scopes)
        context = ssl.create_default_context(cafile=self.authority)
        return httpx.Client(
            base_url=f"{self.service.url}/api/v1", verify=context, timeout=120.0,
            headers={"Authorization": f"Bearer {self.last}"},
        )  # fmt: skip

    def run(self, program: str, key: str) -> str:
        environment = {
            **os.environ,
            "GUARD_URL": self.service.url,
            "GUARD_KEY": key,
            "GUARD_CA": self.authority,
        }
        done = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def outside(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart
) -> Iterator[Outside]:
    cluster = None
    if request.param == "postgresql":
        if binaries() is None:
            missing("a PostgreSQL server", "install the package postgresql")
        cluster = first_start.cluster()
    made = None
    try:
        made = Outside(tmp_path_factory.mktemp("outside"), first_start, cluster)
        yield made
    finally:
        if made is not None:
            made.http.close()
            made.browser.close()
            made.service.stop()
        if cluster is not None:
            cluster.stop()


def problem(response: httpx.Response, status: int, title: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = response.json()
    assert told["title"] == title
    assert told["detail_zh"]
    assert told["detail_en"]
    return told


def test_both_languages_show_the_same_program() -> None:
    for kind in ("python", "text"):
        assert blocks("zh", kind) == blocks("en", kind)
        assert len(blocks("en", kind)) == 2


def test_the_published_example_runs_as_it_stands(outside: Outside) -> None:
    key = outside.key("seal", "masked", "search", "states")
    for program, printed in zip(blocks("en", "python"), blocks("en", "text"), strict=True):
        assert outside.run(program, key) == printed


def test_a_thousand_orders_at_once_and_once_only(outside: Outside) -> None:
    body = {"orders": [order(n) for n in range(1000)]}
    headers = {"Idempotency-Key": "thousand"}
    first = outside.http.post("/orders/seal", json=body, headers=headers)
    assert first.status_code == 200, first.text
    assert (first.json()["sealed"], first.json()["refused"]) == (1000, [])
    assert outside.http.post("/orders/seal", json=body, headers=headers).json() == first.json()
    again = outside.http.post(
        "/orders/seal", json=body, headers={"Idempotency-Key": "thousand, again"}
    ).json()
    assert (again["sealed"], again["known"]) == (0, 1000)
    other = {"orders": [order(5000)]}
    problem(outside.http.post("/orders/seal", json=other, headers=headers), 422, "idempotency")
    shown = outside.http.post(
        "/orders/masked", json={"order_nos": [order(n)["order_no"] for n in range(1000)]}
    )
    assert len(shown.json()["orders"]) == 1000
    assert "测试乙" not in shown.text
    assert "18800000007" not in shown.text


def test_one_too_many_is_refused_by_the_name_of_the_field(outside: Outside) -> None:
    told = problem(
        outside.http.post("/orders/seal", json={"orders": [order(n) for n in range(1001)]}), 422, "invalid"
    )
    assert told["fields"] == ["body.body.orders"]
    problem(
        outside.http.post("/orders/masked", json={"ids": [1] * 600, "order_nos": ["x"] * 600}), 422, "search"
    )
    big = outside.http.post("/orders/seal", content=b'{"orders": "' + b"x" * 3_000_000 + b'"}')
    problem(big, 413, "too_large")


def test_the_same_call_twice_at_once_is_done_once(outside: Outside) -> None:
    body = {"orders": [order(n, shop="同时店") for n in range(2000, 2800)]}
    headers = {"Idempotency-Key": "at once"}

    def send(_: int) -> httpx.Response:
        return outside.http.post("/orders/seal", json=body, headers=headers)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, range(2)))
    statuses = sorted(one.status_code for one in answers)
    assert statuses in ([200, 200], [200, 409])
    for one in answers:
        if one.status_code == 409:
            problem(one, 409, "idempotency_running")
            assert one.headers["retry-after"] == "1"
    last = outside.http.post("/orders/seal", json=body, headers=headers)
    assert last.json()["sealed"] == 800


def test_pages_give_every_order_once(outside: Outside) -> None:
    outside.http.post("/orders/seal", json={"orders": [order(n, shop="翻页店") for n in range(3000, 3120)]})
    seen: list[str] = []
    cursor = ""
    while True:
        page = outside.http.get("/orders", params={"shop": "翻页店", "cursor": cursor}).json()
        seen += [one["order_no"] for one in page["orders"]]
        if not (cursor := page["next_cursor"]):
            break
    assert sorted(seen) == [f"OUT-{n:05}" for n in range(3000, 3120)]
    assert outside.http.get("/orders", params={"cursor": "nonsense"}).status_code in {200, 422}


def test_states_change_by_number_and_what_names_no_order_is_told(outside: Outside) -> None:
    outside.http.post("/orders/seal", json={"orders": [order(4000), order(4001)]})
    changes = [
        {"order_no": "OUT-04000", "state": "in_transit"}, {"order_no": "nobody", "state": "lost"},
        {"order_no": "OUT-04001", "state": "delivered", "at": datetime.now(UTC).isoformat()},
    ]  # fmt: skip
    told = outside.http.post("/orders/state", json={"changes": changes}).json()
    assert told == {"changed": 2, "unknown": [1]}
    shown = outside.http.post("/orders/masked", json={"order_nos": ["OUT-04001"]}).json()["orders"]
    assert [one["state"] for one in shown] == ["delivered"]
    wrong = outside.http.post("/orders/state", json={"changes": [{"order_no": "x", "state": "eaten"}]})
    assert problem(wrong, 422, "invalid")["fields"] == ["body.body.changes.0.state"]
    naive = {"order_no": "OUT-04001", "state": "delivered", "at": "2026-11-22T10:00:00"}
    problem(outside.http.post("/orders/state", json={"changes": [naive]}), 422, "invalid")


def test_an_order_keeps_the_platform_it_came_from(outside: Outside) -> None:
    masked = {"name": "测**", "phone": "199****0001", "detail": "****", "platform": "京东"}
    done = outside.http.post(
        "/orders/seal", json={"orders": [order(4100, **masked), order(4101, platform="jd")]}
    )
    assert (done.json()["references"], done.json()["sealed"]) == (1, 1)
    shown = outside.http.post("/orders/masked", json={"order_nos": ["OUT-04100", "OUT-04101"]}).json()[
        "orders"
    ]
    assert {(one["order_no"], one["platform"], one["lane"]) for one in shown} == {
        ("OUT-04100", "京东", "A"), ("OUT-04101", "jd", "C"),
    }  # fmt: skip


def test_a_key_finds_by_phone_and_searches_no_words(outside: Outside) -> None:
    outside.http.post("/orders/seal", json={"orders": [order(4200, detail="宗泽路7号金城小区2幢302室")]})
    found = outside.http.post("/orders/search", json={"kind": "phone", "value": "18800004200"}).json()
    assert [one["order_no"] for one in found["orders"]] == ["OUT-04200"]
    words = outside.http.post("/orders/search", json={"kind": "address", "value": "金城小区"})
    assert problem(words, 403, "not_granted")


def test_a_key_is_refused_where_it_should_be(outside: Outside) -> None:
    with outside.with_key("seal") as narrow:
        told = problem(narrow.post("/orders/search", json={"kind": "order", "value": "x"}), 403, "scope")
        assert "search" in told["detail_en"]
        problem(narrow.post("/shred", json={"scope": "tenant"}), 403, "scope")
        page = outside.browser.get("/people/keys/")
        action = re.findall(r'action="(/people/keys/\d+/revoke/)"', page.text)[0]
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[0]
        outside.browser.post(action, data={"csrfmiddlewaretoken": token}, headers={"Referer": str(page.url)})
        problem(narrow.get("/me"), 401, "unauthorized")
        assert narrow.get("/me").headers["www-authenticate"] == "Bearer"
    wrong = httpx.Client(
        base_url=outside.http.base_url, verify=ssl.create_default_context(cafile=outside.authority)
    )
    with wrong:
        problem(wrong.get("/orders"), 401, "unauthorized")
        problem(wrong.get("/orders", headers={"Authorization": "Bearer wgk_x"}), 401, "unauthorized")


def test_a_null_character_is_no_fault_of_the_service(outside: Outside) -> None:
    sealed = outside.http.post("/orders/seal", json={"orders": [order(77_001, shop="外部\0店")]})
    assert sealed.status_code in {200, 422}, sealed.text  # SQLite can store it, PostgreSQL cannot
    asked = outside.http.get("/orders", params={"shop": "外部\0店"})
    assert asked.status_code in {200, 422}, asked.text


def test_the_description_says_what_a_developer_must_know(outside: Outside) -> None:
    told = outside.http.get("/openapi.json").json()
    for word in ("Authorization: Bearer", "Idempotency-Key", "Retry-After", "next_cursor", "wgk_", "1,000"):
        assert word in told["info"]["description"], word
    seal = told["paths"]["/api/v1/orders/seal"]["post"]
    assert seal["x-scope"] == "seal"
    assert "application/problem+json" in seal["responses"]["default"]["content"]
    header = next(one for one in seal["parameters"] if one["name"] == "Idempotency-Key")
    assert "7 days" in header["description"]
    assert told["components"]["schemas"]["Problem"]["properties"]["fields"]
    assert told["components"]["securitySchemes"]


def test_a_key_that_asks_too_often_is_told_when_to_come_back(outside: Outside) -> None:
    with outside.with_key("search") as busy:
        for _ in range(300):
            response = busy.post("/orders/search", json={"kind": "order", "value": "nobody"})
            if response.status_code == 429:
                break
        problem(response, 429, "too_many")
        assert 1 <= int(response.headers["retry-after"]) <= 61
    assert outside.http.get("/me").status_code == 200
