"""A merchant's user sees only the orders of their own shops: in lists, searches, counts, drawers and the API."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import ModuleType, SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.access.decision import Decision
from waybillguard.access.request import QuotaFacts, Request, SignIn
from waybillguard.access.settings import Settings, default_settings
from waybillguard.service.authorization import principal as facts
from waybillguard.service.authorization.active_policies import ActivePolicies, active_policies
from waybillguard.service.authorization.principal import load_principal
from waybillguard.service.identity.accounts import factors
from waybillguard.service.identity.merchants.scope import inside, shops_inside
from waybillguard.service.identity.merchants.services import MerchantError, add_merchant, set_merchant
from waybillguard.service.identity.models import (
    AccountChange,
    Merchant,
    MerchantShop,
    Permission,
    Role,
    ShellToken,
    User,
)
from waybillguard.service.keyd.actions import action_of
from waybillguard.service.keyd.client import RefusedError
from waybillguard.service.keyd.shops import MerchantShops, SetMerchants
from waybillguard.service.print_room.models import LabelRun, Ticket
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.exact import orders_with_token
from waybillguard.service.vault.facts import order_facts
from waybillguard.service.vault.listing import overview, shops, visible
from waybillguard.service.vault.models import Order

OWN = "山里干货"


@pytest.fixture
def people(warehouse: SimpleNamespace, made_up: ModuleType) -> SimpleNamespace:
    """A merchant with one shop, another with the other two, and a user of each."""
    warehouse.one = made_up.make_user(warehouse.tenant, "merchant-one", Role.MERCHANT)
    warehouse.two = made_up.make_user(warehouse.tenant, "merchant-two", Role.MERCHANT)
    warehouse.nobody = made_up.make_user(warehouse.tenant, "merchant-nobody", Role.MERCHANT)
    made_up.tie_merchant(warehouse.one, (OWN,))
    made_up.tie_merchant(warehouse.two, ("云上小铺（抖音）", "测试旗舰店"))
    with scope(tenant=warehouse.tenant):
        warehouse.own = list(Order.objects.filter(shop=OWN).order_by("pk"))
        warehouse.others = list(Order.objects.exclude(shop=OWN).order_by("pk"))
    return warehouse


def test_the_list_shows_the_own_shops_alone(
    people: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    page = signed_in(people.one).get(reverse("orders")).content.decode()
    assert all(order.order_no in page for order in people.own)
    assert not any(order.order_no in page for order in people.others)
    assert "测试旗舰店" not in page


def test_a_filter_for_anothers_shop_finds_nothing(
    people: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    page = signed_in(people.one).get(reverse("orders"), {"shop": "测试旗舰店"}).content.decode()
    assert not any(order.order_no in page for order in people.others)


@pytest.mark.parametrize("page", ["order_detail", "order_label", "reveal", "call"])
def test_walking_the_ids_of_others_finds_nothing(
    page: str, people: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(people.one)
    for order in people.others:
        assert client.get(reverse(page, args=[order.pk])).status_code in {403, 404}
    assert {client.get(reverse("order_detail", args=[order.pk])).status_code for order in people.own} == {200}


def test_the_machine_interface_has_the_same_wall(people: SimpleNamespace) -> None:
    secret, _ = ShellToken.issue(people.one, "test", timezone.now())
    headers = {"authorization": f"Bearer {secret}"}
    client = Client(headers=headers)
    listed = client.get("/api/v1/orders").json()["orders"]
    assert {order["id"] for order in listed} == {order.pk for order in people.own}
    ids = [order.pk for order in people.others]
    answer = client.post("/api/v1/orders/masked", {"ids": ids}, content_type="application/json").json()
    assert answer["orders"] == []
    assert len(answer["missing"]) == len(ids)
    assert shops_inside() is None, "the wall is gone with the request"


def test_counts_speak_of_the_own_shops_alone(
    people: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    with scope(tenant=people.tenant), inside(people.one):
        seen = overview(people.tenant)
        assert seen.total == visible(people.tenant).count() == len(people.own)
        assert shops(people.tenant) == [OWN]
    assert signed_in(people.one).get(reverse("home")).status_code == 200
    assert signed_in(people.one).get(reverse("lanes")).status_code == 200


def test_what_others_send_in_the_clear_is_not_told_to_a_merchant(
    people: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    assert signed_in(people.one).get(reverse("lanes")).context["gap"] is None
    assert 'id="gap-title"' not in signed_in(people.one).get(reverse("lanes")).content.decode()
    assert 'id="gap-title"' in signed_in(people.owner).get(reverse("lanes")).content.decode()


def test_a_merchant_sees_that_a_label_was_printed_not_by_whom_and_where(
    people: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    with scope(tenant=people.tenant):
        ticket = Ticket.objects.filter(order__shop=OWN).select_related("run", "run__created_by").first()
        assert ticket is not None
        LabelRun.objects.filter(pk=ticket.run_id).update(station="打包台7")
        User.objects.filter(pk=ticket.run.created_by_id).update(display_name="仓库某员工")
    address = reverse("order_detail", args=[ticket.order_id])
    for fragment in ({}, {"HX-Request": "true"}):
        page = signed_in(people.one).get(address, headers=fragment).content.decode()
        assert "Label attempts" in page
        assert "打包台7" not in page
        assert "仓库某员工" not in page
    page = signed_in(people.owner).get(address).content.decode()
    assert "打包台7" in page
    assert "仓库某员工" in page


def test_an_exact_token_finds_the_own_shops_alone(people: SimpleNamespace) -> None:
    with scope(tenant=people.tenant):
        Order.objects.all().update(phone_index=b"same token here!")
        found = [("phone", [b"same token here!"])]
        assert len(orders_with_token(people.tenant, found, 100)) == len(people.own) + len(people.others)
        with inside(people.one):
            rows = orders_with_token(people.tenant, found, 100)
        assert {row.pk for row in rows} == {order.pk for order in people.own}
        with inside(people.nobody):
            assert orders_with_token(people.tenant, found, 100) == []


def test_who_is_tied_to_no_merchant_sees_nothing(
    people: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    assert not people.nobody.may(Permission.VIEW)
    assert signed_in(people.nobody).get(reverse("orders")).status_code == 403
    with scope(tenant=people.tenant), inside(people.nobody):
        assert not Order.objects.exists()


@pytest.mark.parametrize("action", ["view", "search"])
def test_the_policies_refuse_anothers_order_even_without_the_wall(
    action: str, people: SimpleNamespace
) -> None:
    with scope(tenant=people.tenant):
        who = load_principal(people.one, SignIn(method="second_factor", stepped_up=True), timezone.now())
        assert who.person.merchants == (OWN,)

        def decide(order: Order) -> Decision:
            order.tenant = people.tenant
            asked = Request(
                at=who.now, person=who.person, action=action, tenant=people.tenant.slug, device=who.device,
                sign_in=who.sign_in, order=order_facts(order, who.now), quota=QuotaFacts(left=1),
            )  # fmt: skip
            return who.policies.book.decide(asked)

        assert decide(people.own[0]).allowed
        refused = decide(people.others[0])
        assert not refused.allowed
        assert refused.policies == ("merchant-other-orders",)


def test_a_shop_belongs_to_one_merchant_and_a_person_looks_for_one(
    people: SimpleNamespace, journal: list[object]
) -> None:
    with scope(tenant=people.tenant):
        fresh = add_merchant(people.owner, "新商家")
        named = AccountChange.objects.get(what="merchant")
        assert (named.actor, named.detail["merchant"]) == (people.owner, fresh.pk)
        assert named.ledger_index is not None
        with pytest.raises(MerchantError):
            set_merchant(people.owner, fresh, [OWN], [])
        with pytest.raises(MerchantError):
            add_merchant(people.owner, "新商家")
        set_merchant(people.owner, fresh, ["新店"], [people.one.pk, people.clerk.pk])
        assert list(MerchantShop.objects.filter(merchant=fresh).values_list("shop", flat=True)) == ["新店"]
        assert list(fresh.people.values_list("user", flat=True)) == [people.one.pk], "a clerk is no merchant"
        assert Merchant.objects.get(people__user=people.one) == fresh
        with inside(people.one):
            assert shops_inside() == ("新店",)
    assert journal, "the ledger was written first"


def test_whoever_gains_a_shop_takes_a_code_for_just_that_and_without_it_nothing_changes(
    people: SimpleNamespace, confirmed: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[SetMerchants] = []

    def ask(request: SetMerchants, _answer: type) -> None:
        asked.append(request)
        raise RefusedError(
            zh="请确认", en="confirm this very act", reason="step_up", action=action_of(request)
        )

    monkeypatch.setattr(factors, "ask", ask)
    with scope(tenant=people.tenant):
        fresh = Merchant.objects.create(tenant=people.tenant, name="新商家")
        given = {"shop": ["新店", "二店"], "person": [str(people.one.pk)]}
        answer = confirmed(people.owner).post(reverse("merchant_save", args=[fresh.pk]), given)
        assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
        assert not MerchantShop.objects.filter(merchant=fresh).exists()
        assert Merchant.objects.get(people__user=people.one) != fresh
    assert asked[0].merchants == (MerchantShops(fresh.pk, ("二店", "新店"), (f"u{people.one.pk}",)),)


def test_a_merchant_who_asks_first_leaves_the_limits_of_others_as_they_are(
    people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = default_settings().to_form()
    form["roles"]["service"]["dynamic"] = {"per_thousand": 1000, "least": 1, "most": 40}  # type: ignore[index]

    def following_the_work(tenant: Tenant) -> ActivePolicies:
        return replace(active_policies(tenant), settings=Settings.from_form(form))

    monkeypatch.setattr(facts, "active_policies", following_the_work)
    monkeypatch.setattr(facts, "_shipped", {})
    with scope(tenant=people.tenant):
        yesterday = timezone.now() - timedelta(days=1)
        printed = Order.objects.filter(tenant=people.tenant).update(printed_at=yesterday)
        with inside(people.one):
            load_principal(people.one, SignIn(method="password"), timezone.now())
        clerk = load_principal(people.service, SignIn(method="password"), timezone.now())
    assert printed > len(people.own)
    assert clerk.limits.day == printed


def test_the_page_names_the_shops_that_belong_to_no_merchant(
    people: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    with scope(tenant=people.tenant):
        free = next(shop for shop in shops(people.tenant) if shop)
        MerchantShop.objects.filter(tenant=people.tenant, shop=free).delete()
    note = signed_in(people.owner).get(reverse("merchants")).content.decode().split("no merchant yet.")[1]
    assert free in note.split("</p>")[0]
