"""The owner's page of platform logs: add a shop, see its hand-overs, download files, stop."""

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from waybillguard.service.activity.models import PlatformHandover, PlatformShop, PlatformTake
from waybillguard.service.activity.platforms import hand_over_due
from waybillguard.service.audit.export import export
from waybillguard.service.audit.models import OutboxEvent
from waybillguard.service.audit.recording import record
from waybillguard.service.identity.models import User

TOLD = {
    "platform": "jd",
    "shop": "测试旗舰店",
    "seller": "jd-1",
    "gateway": "file",
    "sent_to": "https://c.example/",
}


@pytest.fixture
def owner(scene: SimpleNamespace, signed_in: Callable[[User], Client]) -> Client:
    client = signed_in(scene.owner)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(scene.owner.pk)
    session.save()
    return client


def page(client: Client) -> str:
    response = client.get(reverse("platform_logs"))
    assert response.status_code == 200
    return response.content.decode()


def looked(scene: SimpleNamespace) -> None:
    scene.orders[0].platform, scene.orders[0].shop = "jd", "测试旗舰店"
    scene.orders[0].save(update_fields=["platform", "shop"])
    record(scene.tenant, "view", user=scene.clerk, orders=[scene.orders[0]])


def test_an_owner_enters_a_shop_and_sees_what_was_handed_over(scene: SimpleNamespace, owner: Client) -> None:
    assert "No platform is told yet" in page(owner)
    assert owner.post(reverse("platform_shop_add"), TOLD).status_code == 302
    OutboxEvent.objects.all().delete()
    looked(scene)
    export(scene.tenant)
    assert hand_over_due(timezone.now()) == 1
    shown = page(owner)
    assert "测试旗舰店" in shown
    assert "Handed over" in shown
    row = PlatformHandover.objects.get()
    for ending in ("jsonl", "csv"):
        response = owner.get(reverse("platform_log_file", args=[row.pk, ending]))
        assert response.status_code == 200
        assert scene.orders[0].order_no in response.content.decode()
    assert OutboxEvent.objects.filter(action="export", purpose="platform_log").count() == 2


def test_no_order_number_stands_on_the_page(scene: SimpleNamespace, owner: Client) -> None:
    owner.post(reverse("platform_shop_add"), TOLD)
    looked(scene)
    export(scene.tenant)
    hand_over_due(timezone.now())
    assert scene.orders[0].order_no not in page(owner)


def test_a_shop_is_entered_by_somebody_who_has_just_confirmed_himself(
    scene: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    response = signed_in(scene.owner).post(reverse("platform_shop_add"), TOLD)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/confirm/")
    assert not PlatformShop.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"platform": "wechat"}, {"gateway": "nobody's"}, {"shop": " "}, {"seller": ""}]
)
def test_what_is_missing_or_unknown_is_said_and_nothing_is_entered(
    owner: Client, wrong: dict[str, str]
) -> None:
    response = owner.post(reverse("platform_shop_add"), {**TOLD, **wrong})
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not PlatformShop.objects.exists()


def test_the_same_shop_is_not_entered_twice_but_again_once_stopped(owner: Client) -> None:
    owner.post(reverse("platform_shop_add"), TOLD)
    assert owner.post(reverse("platform_shop_add"), TOLD).status_code == 422
    owner.post(reverse("platform_shop_stop", args=[PlatformShop.objects.get().pk]))
    assert owner.post(reverse("platform_shop_add"), TOLD).status_code == 302
    assert PlatformShop.objects.filter(stopped_at=None).count() == 1


def test_codes_are_kept_where_they_are_numbers(owner: Client) -> None:
    told = {**TOLD, "platform": "kuaishou", "code_view": "3", "code_print": "x"}
    owner.post(reverse("platform_shop_add"), told)
    assert PlatformShop.objects.get().codes == {"view": "3"}


def test_what_was_refused_says_why_and_can_be_tried_again(scene: SimpleNamespace, owner: Client) -> None:
    owner.post(reverse("platform_shop_add"), TOLD)
    row = PlatformHandover.objects.create(
        tenant=scene.tenant, shop=PlatformShop.objects.get(), name="n", kind="order", records=1, orders=1, first=0,
        last=0, sha256="", bodies=[{}], state="refused", reason="isv.invalid-order",
    )  # fmt: skip
    shown = page(owner)
    assert "Refused by the platform" in shown
    assert "isv.invalid-order" in shown
    owner.post(reverse("platform_log_again", args=[row.pk]))
    row.refresh_from_db()
    assert row.state == "waiting"


def test_a_file_of_another_ending_or_gateway_is_not_there(scene: SimpleNamespace, owner: Client) -> None:
    owner.post(reverse("platform_shop_add"), TOLD)
    row = PlatformHandover.objects.create(
        tenant=scene.tenant, shop=PlatformShop.objects.get(), name="n", kind="order", records=1, orders=1, first=0,
        last=0, sha256="", state="handed",
    )  # fmt: skip
    for ending in ("csv", "exe"):
        assert owner.get(reverse("platform_log_file", args=[row.pk, ending])).status_code == 404


def test_a_full_page_takes_at_most_twenty_queries(scene: SimpleNamespace, owner: Client) -> None:
    owner.post(reverse("platform_shop_add"), TOLD)
    shop = PlatformShop.objects.get()
    values: dict[str, Any] = {
        "tenant": scene.tenant,
        "shop": shop,
        "records": 1,
        "orders": 1,
        "first": 0,
        "last": 0,
    }
    for n in range(70):
        PlatformHandover.objects.create(name=f"n{n}", kind="order", sha256="", state="handed", **values)
    PlatformTake.objects.create(tenant=scene.tenant, shop=shop, part="p", left={"no_code": 4})
    page(owner)
    with CaptureQueriesContext(connection) as seen:
        assert "code of the operation" in page(owner)
    assert len(seen) <= 20
