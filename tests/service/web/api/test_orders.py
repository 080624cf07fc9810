"""Orders sealed and listed through the API: unusual dates, pages, limits, and data that a call leaves behind."""

import hashlib
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from django.test import Client
from django.utils import timezone

from waybillguard.service.identity.models import ShellToken
from waybillguard.service.keyd.client import KeydClient, RefusedError
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.vault.models import Batch, IdempotencyKey, Order
from waybillguard.service.web.api.schemas import OrderIn

ROW = {
    "order_no": "N1", "waybill_no": "SF123", "shop": "测试店", "name": "测试人", "phone": "19900000001",
    "province": "浙江省", "city": "金华市", "district": "义乌市", "detail": "不存在路1号",
}  # fmt: skip


@pytest.fixture
def api(scene: SimpleNamespace) -> Client:
    secret, _token = ShellToken.issue(scene.owner, "test", timezone.now())
    return Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=False)


def post(api: Client, path: str, body: dict[str, Any], **headers: str) -> Any:
    return api.post(f"/api/v1{path}", body, content_type="application/json", headers=headers)


def sealed(api: Client, **fields: str) -> Order:
    answer = post(api, "/orders/seal", {"orders": [{**ROW, **fields}]})
    assert (answer.status_code, answer.json()["sealed"]) == (200, 1)
    return Order.objects.order_by("-pk")[0]


@pytest.mark.parametrize("none", ["0001-01-01 00:00:00", "0001-01-01", "9999-12-31 23:59:59"])
def test_a_date_that_programs_write_for_none_is_none(api: Client, scene: SimpleNamespace, none: str) -> None:
    order = sealed(api, created_at=none)
    assert (order.created_at, order.day) == (None, day_number(timezone.now(), scene.tenant))


def test_a_date_to_come_keeps_nothing_longer(api: Client, scene: SimpleNamespace) -> None:
    today = day_number(timezone.now(), scene.tenant)
    wrong = timezone.now() + timedelta(days=300)
    assert sealed(api, created_at=wrong.date().isoformat()).day == today
    ahead = timezone.now() + timedelta(days=1)
    assert sealed(api, order_no="N2", created_at=ahead.isoformat()).day == today + 1


def test_a_cursor_that_no_page_gave_out_is_refused(api: Client, scene: SimpleNamespace) -> None:
    for cursor in ("abc", "<", "123", "<9x", "<1 ", "&lt;5"):
        answer = api.get("/api/v1/orders", {"cursor": cursor})
        assert (answer.status_code, answer.json().get("fields")) == (422, ["query.cursor"]), cursor
    last = scene.orders[-1].pk
    for cursor, first in (("", last), (f"<{last}", last - 1)):
        assert api.get("/api/v1/orders", {"cursor": cursor}).json()["orders"][0]["id"] == first


@pytest.mark.parametrize("reason", ["too_many_searches", "limit_reached"])
def test_a_limit_of_keyd_says_when_to_come_back(
    api: Client, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise RefusedError(zh="过多", en="too many", reason=reason)

    monkeypatch.setattr(KeydClient, "call", refuse)
    answer = post(api, "/orders/search", {"kind": "phone", "value": "19900000001"})
    assert (answer.status_code, answer.json()["title"]) == (429, reason)
    assert int(answer.headers["Retry-After"]) > 0


def test_what_a_call_leaves_confirms_no_guess_of_a_contact(api: Client) -> None:
    """The masked view hides so little that an unkeyed hash of the call would reveal the rest by guessing."""
    body = {"orders": [ROW]}
    assert post(api, "/orders/seal", body, idempotency_key="k1").status_code == 200
    rows = [OrderIn(**ROW).dict()]
    (key,), batch = IdempotencyKey.objects.all(), Batch.objects.order_by("-pk")[0]
    guessed = {
        hashlib.sha256(msgspec.json.encode(text)).digest()
        for text in (rows, ["seal", batch.created_by_id, rows])
    }
    assert not guessed & {bytes(key.request_sha256), bytes(batch.file_sha256)}
    assert post(api, "/orders/seal", body, idempotency_key="k1").json()["sealed"] == 1
    assert (
        post(api, "/orders/seal", {"orders": [{**ROW, "name": "别人"}]}, idempotency_key="k1").status_code
        == 422
    )


def test_numbers_that_differ_in_case_alone_are_all_found(api: Client) -> None:
    order = sealed(api)
    asked = {"order_nos": ["N1", "n1"], "waybill_nos": ["SF123", "sf123", "ＳＦ１２３"]}
    answer = post(api, "/orders/masked", asked).json()
    assert ([one["id"] for one in answer["orders"]], answer["missing"]) == ([order.pk], [])
    changes = [{"waybill_no": number, "state": "delivered"} for number in ("SF123", "sf123")]
    assert post(api, "/orders/state", {"changes": changes}).json() == {"changed": 2, "unknown": []}
