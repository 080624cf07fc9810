"""The typed client and the published description, tested against the real service."""

import ssl
from collections.abc import Iterator
from datetime import date

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck
from support.first_start import FirstStart
from support.running import Running

from waybillguard.service.web.api.client import ApiError, Client

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

# Signing in and out would end the session; files are the business of other tests; a fuzzer must not shred.
LEFT_OUT = {"/login", "/logout", "/shred", "/imports", "/label-runs"}


def order(number: str, name: str = "客户甲") -> dict[str, str]:
    return {
        "order_no": number, "shop": "客户端店", "created_at": "2026-11-01 09:00:00", "name": name,
        "phone": "19933330001", "province": "浙江省", "city": "金华市", "district": "义乌市",
        "detail": "国贸大道1号楼2单元", "goods": "袜子",
    }  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart) -> Iterator[Client]:
    service = Running(tmp_path_factory.mktemp("api"))
    try:
        token = first_start.service(service).login_again(service)
        context = ssl.create_default_context(cafile=str(service.data / "tls" / "ca.pem"))
        with Client(service.url, token, verify=context) as made:
            made.authority = str(service.data / "tls" / "ca.pem")  # type: ignore[attr-defined]
            yield made
    finally:
        service.stop()


def test_the_client_seals_finds_reports_and_shreds(client: Client) -> None:
    sealed = client.seal([order("C0001"), order("C0002", "客户乙"), {**order("C0003"), "phone": "12"}])
    assert (sealed.sealed, [(r.position, r.reason) for r in sealed.refused]) == (2, [(2, "bad_phone")])
    found = client.search("phone", "19933330001", also=[("order", "C0001")])
    assert [one.order_no for one in found.orders] == ["C0001"]
    assert client.change_states([{"order_no": "C0002", "state": "delivered"}]).changed == 1
    shown = client.masked(order_nos=["C0002"]).orders[0]
    assert (shown.state, "客户乙" in shown.name) == ("delivered", False)
    assert {one.order_no for one in client.orders(shop="客户端店")} >= {"C0001", "C0002"}
    assert client.shred("orders", ids=[shown.id]).scope == "orders"
    assert client.masked(order_nos=["C0002"]).missing == ["C0002"]


def test_a_refusal_arrives_as_an_error_that_says_what_to_do(client: Client) -> None:
    with pytest.raises(ApiError) as caught:
        client.shred("tenant", confirm="not the code")
    assert caught.value.problem.status == 422
    assert "代号" in caught.value.zh
    with pytest.raises(ApiError) as caught:
        client.shred("day", day=None)
    assert caught.value.problem.status == 422
    rule = client.retention()
    assert (rule.contact_days, rule.legal_hold) == (90, "")
    with pytest.raises(ApiError) as caught:
        client.shred("day", day=date(2020, 1, 1))
    assert caught.value.problem.status == 403
    assert "waybillguard login --act" in caught.value.en


def test_the_service_answers_as_its_description_says(client: Client) -> None:
    described = client.description()
    described["paths"] = {
        path: verbs
        for path, verbs in described["paths"].items()
        if not any(path.removeprefix("/api/v1").startswith(left) for left in LEFT_OUT)
    }
    schema = schemathesis.openapi.from_dict(described)
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @hypothesis.settings(
            max_examples=5, deadline=None, database=None, suppress_health_check=list(HealthCheck),
            derandomize=True,
        )  # fmt: skip
        @hypothesis.given(case=operation.as_strategy())
        def answers(case: schemathesis.Case) -> None:
            nonlocal tried
            tried += 1
            response = case.call(
                base_url=str(client._http.base_url).removesuffix("/api/v1/"),
                headers=dict(client._http.headers), verify=client.authority,
            )  # fmt: skip
            assert response.status_code < 500, (case.method, case.path, response.text[:200])
            if response.status_code >= 400:
                assert "application/problem+json" in response.headers["content-type"]
            else:
                case.validate_response(response, checks=[schemathesis.checks.response_schema_conformance])

        answers()
    assert tried >= 40
