"""Lists of merchants: previewed first, then added; existing merchants and shops are never removed."""

import io
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.external_accounts import services
from waybillguard.service.external_accounts.models import StaffOrAccountList
from waybillguard.service.external_accounts.services import apply_list, take_list
from waybillguard.service.identity.accounts import factors
from waybillguard.service.identity.merchants.services import MerchantError
from waybillguard.service.identity.models import (
    AccountChange,
    Merchant,
    MerchantPerson,
    MerchantShop,
    Role,
    User,
)
from waybillguard.service.keyd.client import RefusedError
from waybillguard.service.keyd.shops import MerchantShops, SetMerchants

ROWS = [
    ("商家", "店铺"),
    ("山里干货行", "山里干货"),
    ("云上服饰", "云上小铺(抖音)"),
    ("云上服饰", "测试旗舰店"),
    ("别的商家", "山里干货"),
    ("", "无主店"),
]


def text_of(rows: list[tuple[str, str]]) -> str:
    return "\n".join(",".join(row) for row in rows)


def workbook_of(rows: list[tuple[str, str]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def held() -> dict[str, set[str]]:
    return {one.name: {shop.shop for shop in one.shops.all()} for one in Merchant.objects.all()}


def test_a_workbook_is_shown_before_it_changes_anything_and_then_taken_in(
    scene: SimpleNamespace, confirmed: Callable[..., Client]
) -> None:
    client = confirmed(scene.owner)
    file = SimpleUploadedFile("merchants.xlsx", workbook_of(ROWS))
    page = client.post(reverse("register_list_take", args=["merchants"]), {"file": file}, follow=True)
    shown = page.content.decode()
    assert "3 rows read, of 2 merchants" in shown
    assert "The shop belongs to another merchant already." in shown
    assert "There is no merchant&#x27;s name." in shown
    assert [one.row for one in page.context["rejected"]] == [4, 5]
    assert not Merchant.objects.exists()
    row = StaffOrAccountList.objects.get()
    answer = client.post(reverse("register_list_act", args=[row.pk, "apply"]))
    assert answer["Location"] == reverse("merchants")
    # a shop gets the name that order imports use
    assert held() == {"山里干货行": {"山里干货"}, "云上服饰": {"云上小铺（抖音）", "测试旗舰店"}}
    change = AccountChange.objects.get(what="list_applied")
    assert (change.detail["kind"], change.detail["rows"], change.detail["rejected"]) == ("merchants", 3, 2)


def test_a_list_adds_and_takes_nothing_away(scene: SimpleNamespace, made_up: ModuleType) -> None:
    somebody = made_up.make_user(scene.tenant, "merchant-one", Role.MERCHANT)
    known = made_up.tie_merchant(somebody, ("山里干货",))
    Merchant.objects.filter(pk=known.pk).update(name="山里干货行")
    text = text_of([("商家", "店铺"), (" 山里 干货行", "测试旗舰店"), ("山里干货行", "山里干货")])
    for _ in range(2):
        apply_list(scene.owner, take_list(scene.owner, "merchants", "", None, text), timezone.now())
    assert held() == {"山里干货行": {"山里干货", "测试旗舰店"}}
    assert MerchantPerson.objects.get().merchant == known


def test_a_list_that_gives_somebody_a_shop_is_confirmed_for_all_of_it_at_once(
    scene: SimpleNamespace, made_up: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody = made_up.make_user(scene.tenant, "merchant-one", Role.MERCHANT)
    known = made_up.tie_merchant(somebody, ("山里干货",))
    text = text_of([("商家", "店铺"), (known.name, "测试旗舰店"), ("没有人的商家", "新店")])
    row = take_list(scene.owner, "merchants", "", None, text)
    asked: list[SetMerchants] = []

    def ask(request: SetMerchants, _answer: type) -> None:
        asked.append(request)
        raise RefusedError(zh="请确认", en="confirm this very act", action=b"act")

    monkeypatch.setattr(factors, "ask", ask)
    with pytest.raises(RefusedError):
        apply_list(scene.owner, row, timezone.now())
    assert held() == {known.name: {"山里干货"}}
    told = MerchantShops(known.pk, ("山里干货", "测试旗舰店"), (f"u{somebody.pk}",))
    assert [request.merchants for request in asked] == [(told,)], (
        "of a merchant nobody looks for, keyd need not hear"
    )


def test_a_shop_written_another_way_is_the_one_that_is_there(scene: SimpleNamespace) -> None:
    for name in ("Mountain Shop", "mountain shop", "ＭＯＵＮＴＡＩＮ shop"):
        text = text_of([("商家", "店铺"), ("山里干货行", name)])
        apply_list(scene.owner, take_list(scene.owner, "merchants", "", None, text), timezone.now())
    assert held() == {"山里干货行": {"Mountain Shop"}}


def test_a_shop_that_became_anothers_between_reading_and_taking_stops_the_list(
    scene: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = take_list(scene.owner, "merchants", "", None, text_of(ROWS))
    real = services.read_list

    def read(of: StaffOrAccountList, by: User) -> Any:
        found = real(of, by)
        other = Merchant.objects.create(tenant=scene.tenant, name="别的商家")
        MerchantShop.objects.create(tenant=scene.tenant, merchant=other, shop="测试旗舰店")
        return found

    monkeypatch.setattr(services, "read_list", read)
    with pytest.raises(MerchantError):
        apply_list(scene.owner, row, timezone.now())
    assert held() == {"别的商家": {"测试旗舰店"}}
    assert StaffOrAccountList.objects.get().state == "preview"


def test_another_warehouses_merchants_are_neither_seen_nor_changed(
    scene: SimpleNamespace, elsewhere: SimpleNamespace
) -> None:
    with scope(tenant=elsewhere.tenant):
        theirs = Merchant.objects.create(tenant=elsewhere.tenant, name="别处的商家")
        MerchantShop.objects.create(tenant=elsewhere.tenant, merchant=theirs, shop="山里干货")
    apply_list(scene.owner, take_list(scene.owner, "merchants", "", None, text_of(ROWS)), timezone.now())
    assert held()["山里干货行"] == {"山里干货"}
    with scope(tenant=elsewhere.tenant):
        assert held() == {"别处的商家": {"山里干货"}}


def test_a_list_waits_on_the_merchants_page_and_not_among_outside_accounts(
    scene: SimpleNamespace, confirmed: Callable[..., Client]
) -> None:
    client = confirmed(scene.owner)
    row = take_list(scene.owner, "merchants", "", None, text_of(ROWS))
    link = reverse("register_list", args=[row.pk])
    assert link in client.get(reverse("merchants")).content.decode()
    assert link not in client.get(reverse("register")).content.decode()
    assert client.post(reverse("register_list_act", args=[row.pk, "discard"]))["Location"] == reverse(
        "merchants"
    )
    assert not Merchant.objects.exists()
