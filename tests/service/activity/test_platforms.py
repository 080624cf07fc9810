"""Logs for platforms: only their own orders, exactly once, through any gateway, even if a process is killed."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from django.utils import timezone
from support.platform_server import serving

from waybillguard.service.activity import gateways, platforms
from waybillguard.service.activity.gateways import Answer, GatewayError, file_of
from waybillguard.service.activity.models import PlatformHandover, PlatformShop, PlatformTake
from waybillguard.service.activity.platforms import hand_over_due, take_parts, tidy, try_again
from waybillguard.service.audit.export import export, prune
from waybillguard.service.audit.models import ExportBatch, OutboxEvent
from waybillguard.service.audit.recording import record

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)

type Shop = Callable[..., PlatformShop]


class LogService:
    """A simulated log service of a platform: stores records by name, and can refuse or be unavailable."""

    def __init__(self) -> None:
        self.taken: dict[str, list[dict[str, Any]]] = {}
        self.calls: list[tuple[str, str]] = []
        self.refuses = self.away = False

    def answer(self, method: str, body: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((body["name"], method))
        if self.away:
            return {"_status": 503}
        if self.refuses:
            return {"code": "isv.invalid-order"}
        self.taken.setdefault(body["name"], body["records"])
        return {"code": "0"}


class HttpLogGateway:
    def __init__(self, address: str) -> None:
        self._address = address

    def hand_over(self, name: str, method: str, bodies: Sequence[Mapping[str, Any]]) -> Answer:
        asked = {"method": method, "body": {"name": name, "records": list(bodies)}}
        with httpx.Client(trust_env=False) as http:
            response = http.post(self._address, json=asked)
        if not response.is_success:
            raise GatewayError(zh="平台没有应答", en="the platform does not answer")
        code = response.json()["code"]
        return Answer(taken=code == "0", reason=code)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[LogService]:
    made = LogService()
    with serving(made) as address:
        monkeypatch.setattr(platforms, "gateway_of", lambda shop: HttpLogGateway(address) if shop.gateway == "http" else gateways.gateway_of(shop))  # fmt: skip
        yield made


@pytest.fixture
def shop(scene: SimpleNamespace) -> Shop:
    """A shop on a platform; its orders are the first six of the scene."""

    def make(platform: str = "jd", **about: Any) -> PlatformShop:
        for order in scene.orders[:6]:
            order.platform, order.shop = platform, "测试旗舰店"
            order.save(update_fields=["platform", "shop"])
        values = {"shop": "测试旗舰店", "seller": "S", "app_key": "K", "gateway": "http", "since": 0, **about}
        return PlatformShop.objects.create(
            tenant=scene.tenant, platform=platform, made_by=scene.owner, **values
        )

    return make


def look(scene: SimpleNamespace, *numbers: int, at: datetime = NOON, **about: Any) -> None:
    values = {"action": "view", "user": scene.clerk, "orders": [scene.orders[n] for n in numbers], **about}
    record(scene.tenant, values.pop("action"), at=at, **values)


pytestmark = pytest.mark.enable_socket


def test_a_platform_learns_of_its_own_orders_and_of_sign_ins(
    scene: SimpleNamespace, shop: Shop, service: LogService
) -> None:
    shop()
    look(scene, 0, 7)
    look(scene, 8, 9, at=NOON + timedelta(seconds=1))
    look(scene, action="login", at=NOON + timedelta(seconds=2))
    export(scene.tenant)
    assert hand_over_due(NOW) == 2
    told = {name.rsplit("-", 2)[1]: bodies for name, bodies in service.taken.items()}
    assert [one["order_ids"] for one in told["order"]] == [scene.orders[0].order_no]
    assert [(one["result"], one["user_id"]) for one in told["login"]] == [(0, f"u{scene.clerk.pk}")]
    assert sorted(method for _, method in service.calls) == [
        "jingdong.isv.uploadLoginLog", "jingdong.isv.uploadOrderInfoLog",
    ]  # fmt: skip


def test_a_platform_is_known_by_whatever_name_an_export_wrote(
    scene: SimpleNamespace, shop: Shop, service: LogService
) -> None:
    shop()
    for order, name in zip(scene.orders, ("京东", "京东POP", "jd", "拼多多", ""), strict=False):
        order.platform = name
        order.save(update_fields=["platform"])
    look(scene, 0, 1, 2, 3, 4)
    export(scene.tenant)
    hand_over_due(NOW)
    told = [
        number
        for bodies in service.taken.values()
        for one in bodies
        for number in one["order_ids"].split(",")
    ]
    assert told == [scene.orders[n].order_no for n in range(3)]


def test_nothing_is_told_twice(scene: SimpleNamespace, shop: Shop, service: LogService) -> None:
    shop()
    look(scene, 0)
    export(scene.tenant)
    assert [hand_over_due(NOW), hand_over_due(NOW), take_parts(scene.tenant)] == [1, 0, 0]
    look(scene, 1, at=NOON + timedelta(minutes=1))
    export(scene.tenant)
    assert hand_over_due(NOW) == 1
    assert len(service.calls) == 2


def test_two_shops_of_two_platforms_get_each_its_own(
    scene: SimpleNamespace, shop: Shop, service: LogService
) -> None:
    shop("jd")
    for order in scene.orders[6:9]:
        order.platform, order.shop = "taobao", "测试淘宝店"
        order.save(update_fields=["platform", "shop"])
    PlatformShop.objects.create(
        tenant=scene.tenant, platform="taobao", shop="测试淘宝店", seller="S", gateway="http", since=0,
        made_by=scene.owner,
    )  # fmt: skip
    look(scene, 0, 6)
    export(scene.tenant)
    assert hand_over_due(NOW) == 2
    told = {name.split("-")[0]: bodies for name, bodies in service.taken.items()}
    assert told["jd"][0]["order_ids"] == scene.orders[0].order_no
    assert told["taobao"][0]["tradeIds"] == scene.orders[6].order_no


@pytest.mark.parametrize("point", ["before", "after"])
def test_who_dies_while_handing_over_leaves_it_to_the_next_under_the_same_name(
    point: str, scene: SimpleNamespace, shop: Shop, service: LogService, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop()
    look(scene, 0)
    export(scene.tenant)
    real = HttpLogGateway.hand_over

    def die(self: HttpLogGateway, *about: Any) -> Answer:
        if point == "after":
            real(self, *about)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(HttpLogGateway, "hand_over", die)
        with pytest.raises(KeyboardInterrupt):
            hand_over_due(NOW)
    assert hand_over_due(NOW + timedelta(seconds=5)) == 0  # still claimed
    assert hand_over_due(NOW + timedelta(minutes=3)) == 1
    assert len(service.taken) == 1
    assert len({name for name, _ in service.calls}) == 1


def test_who_dies_while_making_records_makes_none(
    scene: SimpleNamespace, shop: Shop, service: LogService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    shop()
    look(scene, 0)
    export(scene.tenant)
    with monkeypatch.context() as patch:
        patch.setattr(platforms, "_handover", die)
        with pytest.raises(KeyboardInterrupt):
            take_parts(scene.tenant)
    assert not PlatformTake.objects.exists()
    assert hand_over_due(NOW) == 1
    assert len(service.taken) == 1


def test_a_platform_that_is_away_is_asked_again_later(
    scene: SimpleNamespace, shop: Shop, service: LogService
) -> None:
    shop()
    look(scene, 0)
    export(scene.tenant)
    service.away = True
    assert hand_over_due(NOW) == 0
    row = PlatformHandover.objects.get()
    assert (row.state, row.reason, row.tries) == ("waiting", "platform_gateway", 1)
    service.away = False
    assert hand_over_due(NOW + timedelta(seconds=10)) == 0
    assert hand_over_due(NOW + timedelta(seconds=20)) == 1


def test_what_a_platform_refuses_waits_for_a_person(
    scene: SimpleNamespace, shop: Shop, service: LogService
) -> None:
    shop()
    look(scene, 0)
    export(scene.tenant)
    service.refuses = True
    assert hand_over_due(NOW) == 0
    row = PlatformHandover.objects.get()
    assert (row.state, row.reason, len(row.bodies)) == ("refused", "isv.invalid-order", 1)
    service.refuses = False
    assert hand_over_due(NOW + timedelta(days=1)) == 0
    try_again(row)
    assert hand_over_due(timezone.now() + timedelta(seconds=1)) == 1


def test_a_program_that_breaks_says_its_kind_alone(
    scene: SimpleNamespace, shop: Shop, service: LogService, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    shop()
    look(scene, 0)
    export(scene.tenant)

    def broken(*_: Any) -> Answer:
        raise ValueError(f"cannot send {scene.orders[0].order_no}")

    monkeypatch.setattr(HttpLogGateway, "hand_over", broken)
    assert hand_over_due(NOW) == 0
    assert PlatformHandover.objects.get().reason == "ValueError"
    assert scene.orders[0].order_no not in caplog.text
    assert service.calls == []


def test_what_is_handed_over_is_kept_as_a_count_and_a_hash(
    scene: SimpleNamespace, shop: Shop, service: LogService
) -> None:
    shop()
    look(scene, 0, 1)
    export(scene.tenant)
    hand_over_due(NOW)
    row = PlatformHandover.objects.get()
    assert (row.state, row.records, row.orders, row.bodies, len(row.sha256)) == ("handed", 1, 2, [], 64)
    assert service.taken


def test_files_are_written_for_uploading_by_hand_and_go_after_a_month(
    scene: SimpleNamespace, shop: Shop
) -> None:
    made = shop(gateway="file")
    look(scene, 0)
    export(scene.tenant)
    assert hand_over_due(NOW) == 1
    row = PlatformHandover.objects.select_related("shop").get()
    lines = [json.loads(line) for line in file_of(row, "jsonl").read_text("utf-8").splitlines()]
    assert lines[0]["method"] == "jingdong.isv.uploadOrderInfoLog"
    assert lines[0]["order_ids"] == scene.orders[0].order_no
    assert file_of(row, "csv").read_text("utf-8").startswith("method,user_ip,")
    assert file_of(row, "csv").stat().st_mode & 0o077 == 0
    assert "测试" not in str(file_of(row, "csv"))
    assert made.pk
    tidy(scene.tenant, timezone.now())
    assert file_of(row, "csv").exists()
    tidy(scene.tenant, timezone.now() + timedelta(days=31))
    assert not file_of(row, "csv").exists()


def test_sign_ins_of_a_platform_that_wants_them_at_once_do_not_wait_for_the_next_part(
    scene: SimpleNamespace, shop: Shop, service: LogService
) -> None:
    shop("jd")
    look(scene, action="login_failed", allowed=False, at=NOW)
    assert OutboxEvent.objects.filter(batch=None).count() == 1
    assert hand_over_due(NOW) == 1
    assert [method for _, method in service.calls] == ["jingdong.isv.uploadLoginLog"]


def test_events_before_the_shop_was_entered_are_not_told(
    scene: SimpleNamespace, shop: Shop, service: LogService
) -> None:
    shop(since=int(NOON.timestamp() * 1e6) + 1)
    look(scene, 0)
    look(scene, 1, at=NOON + timedelta(seconds=1))
    export(scene.tenant)
    assert hand_over_due(NOW) == 1
    assert [one["order_ids"] for bodies in service.taken.values() for one in bodies] == [
        scene.orders[1].order_no
    ]


def test_a_stopped_shop_gets_nothing_more_made_for_it(
    scene: SimpleNamespace, shop: Shop, service: LogService
) -> None:
    made = shop()
    PlatformShop.objects.filter(pk=made.pk).update(stopped_at=NOW)
    look(scene, 0)
    export(scene.tenant)
    assert hand_over_due(NOW) == 0
    assert service.calls == []


def test_rows_stay_until_every_shop_has_had_them(
    scene: SimpleNamespace, shop: Shop, service: LogService
) -> None:
    shop()
    look(scene, 0)
    export(scene.tenant)
    ExportBatch.objects.update(written_at=NOW - timedelta(days=3))
    assert prune(scene.tenant, NOW) == 0
    assert hand_over_due(NOW) == 1
    assert prune(scene.tenant, NOW) == 1
    tidy(scene.tenant, NOW)
    assert not PlatformTake.objects.exists()
    assert service.taken


def test_what_cannot_be_told_is_counted_with_its_reason(
    scene: SimpleNamespace, shop: Shop, service: LogService
) -> None:
    shop("kuaishou")
    look(scene, 0, 1)
    export(scene.tenant)
    assert hand_over_due(NOW) == 0
    assert PlatformTake.objects.get().left == {"no_code": 2}
    assert service.calls == []


def test_another_tenants_orders_and_sign_ins_are_not_told(
    shop: Shop, service: LogService, elsewhere: SimpleNamespace
) -> None:
    shop()
    record(elsewhere.tenant, "login", user=elsewhere.clerk, at=NOON)
    assert hand_over_due(NOW) == 0
    assert service.calls == []
