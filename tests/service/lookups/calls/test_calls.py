"""Calls: permitted callers get a virtual number, only the provider gets the real one; every attempt is recorded."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from waybillguard.access import virtual_numbers
from waybillguard.access.request import Place, SignIn
from waybillguard.access.virtual_numbers import Binding, BindRequest
from waybillguard.service.audit.models import OutboxEvent
from waybillguard.service.authorization.principal import Principal, load_principal
from waybillguard.service.identity.accounts.services import deactivate
from waybillguard.service.identity.models import Role, User
from waybillguard.service.keyd import export_messages, messages
from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError
from waybillguard.service.lookups.calls import services
from waybillguard.service.lookups.calls.errors import CallDeniedError, CallError
from waybillguard.service.lookups.calls.services import bound, call, release, set_provider
from waybillguard.service.lookups.calls.tasks import release_numbers
from waybillguard.service.lookups.models import Call, CallSetting, QuotaState
from waybillguard.service.lookups.raises import set_frozen

PHONE = "19900000000"


class Spy:
    """A provider that records the requests it receives; ``answer`` overrides its answer."""

    def __init__(self) -> None:
        self.handed: list[BindRequest] = []
        self.released: list[str] = []
        self.answer: Callable[[BindRequest], Binding] | None = None

    def bind(self, request: BindRequest) -> Binding:
        self.handed.append(request)
        if self.answer is not None:
            return self.answer(request)
        return Binding("95000123456", "0042", request.until)

    def release(self, reference: str) -> None:
        self.released.append(reference)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Spy:
    spy = Spy()
    providers = {"simulator": lambda: spy}
    monkeypatch.setattr("waybillguard.service.keyd.calling.PROVIDERS", providers)
    return spy


@pytest.fixture
def desk(scene: SimpleNamespace, provider: Spy) -> SimpleNamespace:
    CallSetting.objects.create(tenant=scene.tenant, provider="simulator")
    for order in scene.orders:
        order.tenant = scene.tenant
    scene.provider = provider
    return scene


def at(user: User) -> Principal:
    found = User.objects.select_related("tenant").get(pk=user.pk)
    return load_principal(found, SignIn(method="password"), timezone.now())


def test_the_caller_gets_a_virtual_number_and_the_provider_the_real_one(desk: SimpleNamespace) -> None:
    made = call(at(desk.owner), desk.orders[0], "delivery_problem")
    assert (made.number, made.extension) == ("95000123456", "0042")
    (handed,) = desk.provider.handed
    assert handed.phone == PHONE
    assert made.until is not None
    assert made.until <= timezone.now() + virtual_numbers.BOUND_FOR


def test_the_hand_over_stands_in_the_ledger_before_the_provider_hears_of_it(desk: SimpleNamespace) -> None:
    call(at(desk.owner), desk.orders[0], "delivery_problem")
    (asked,) = [request for request in desk.written if isinstance(request, export_messages.BindNumber)]
    assert asked.context.actor == f"u{desk.owner.pk}"
    assert asked.policies == ["allow-owner"]
    assert Call.objects.get().receipt_hash


def test_a_ledger_that_is_away_connects_nobody(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise KeydUnavailableError(zh="没有应答", en="no answer")

    monkeypatch.setattr(KeydClient, "call", away)
    with pytest.raises(KeydUnavailableError):
        call(at(desk.owner), desk.orders[0], "delivery_problem")
    assert not desk.provider.handed


def test_the_event_says_a_call_explains_it_and_shows_no_plaintext(desk: SimpleNamespace) -> None:
    made = call(at(desk.owner), desk.orders[0], "delivery_problem")
    event = OutboxEvent.objects.get(tenant=desk.tenant, purpose="delivery_problem")
    assert (event.action, event.exposed, event.allowed) == ("view", False, True)
    assert (event.explained_by, event.explained_ref) == ("call", f"call {made.pk}")


def test_asking_again_shows_the_same_number_and_hands_nothing_over(desk: SimpleNamespace) -> None:
    first = call(at(desk.owner), desk.orders[0], "delivery_problem")
    assert call(at(desk.owner), desk.orders[0], "after_sales").pk == first.pk
    assert len(desk.provider.handed) == 1


def test_a_number_ends_by_its_time_or_when_the_caller_is_done(desk: SimpleNamespace) -> None:
    made = call(at(desk.owner), desk.orders[0], "delivery_problem")
    release(at(desk.owner), made)
    assert bound(at(desk.owner), desk.orders[0]) is None
    assert desk.provider.released == [f"{desk.tenant.slug}/call-{made.pk}"]
    late = call(at(desk.owner), desk.orders[0], "delivery_problem")
    Call.objects.filter(pk=late.pk).update(until=timezone.now() - timedelta(seconds=1))
    assert bound(at(desk.owner), desk.orders[0]) is None


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("call-purpose", {"purpose": ""}),
        ("call-purpose", {"purpose": "ring 13800000000"}),
        ("call-closed", {}),
    ],
)
def test_a_refusal_names_its_rule_and_stands_in_the_record(
    rule: str, change: dict[str, str], desk: SimpleNamespace
) -> None:
    order = desk.orders[0]
    if not change:
        order.state = "returned"
    with pytest.raises(CallDeniedError) as refused:
        call(at(desk.owner), order, **({"purpose": "after_sales"} | change))
    assert rule in refused.value.policies
    row = Call.objects.get()
    assert (row.allowed, row.number, row.receipt_index is not None) == (False, "", True)
    assert not desk.provider.handed


def test_who_may_not_call_and_who_left_is_refused(desk: SimpleNamespace) -> None:
    with pytest.raises(CallDeniedError):
        call(at(desk.clerk), desk.orders[0], "delivery_problem")
    who = at(desk.owner)
    deactivate(desk.owner)
    with pytest.raises(CallDeniedError) as refused:
        call(who, desk.orders[0], "delivery_problem")
    assert "leaver" in refused.value.policies
    assert not desk.provider.handed


def test_a_call_is_decided_and_written_down_with_the_place_where_it_is_asked(desk: SimpleNamespace) -> None:
    who = at(desk.service)
    office = replace(who, place=Place(station="客服一号"))
    call(office, desk.orders[0], "delivery_problem")
    (asked,) = [r for r in desk.written if isinstance(r, export_messages.BindNumber)]
    assert asked.context.workstation == "客服一号"
    today = timezone.localdate()
    temp = msgspec.structs.replace(who.person, temp=True, employed_to=today + timedelta(9), first_day=today)
    print_room = replace(who, person=temp, place=Place(station="打包台1", print_room=True))
    with pytest.raises(CallDeniedError) as refused:
        call(print_room, desk.orders[1], "delivery_problem")
    assert refused.value.policies == ("temp-first-week-room",)
    assert desk.written[-1].context.workstation == "打包台1"


def test_calls_are_counted_and_end(desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "CALLS_AN_HOUR", 2)
    for order in desk.orders[:2]:
        call(at(desk.owner), order, "delivery_problem")
    with pytest.raises(CallDeniedError) as refused:
        call(at(desk.owner), desk.orders[2], "delivery_problem")
    assert refused.value.policies == ("quota-used-up",)


def test_a_frozen_account_calls_nobody(desk: SimpleNamespace) -> None:
    QuotaState.objects.create(account=desk.owner, tenant=desk.tenant, frozen_at=timezone.now())
    with pytest.raises(CallDeniedError) as refused:
        call(at(desk.owner), desk.orders[0], "delivery_problem")
    assert refused.value.policies == ("quota-frozen",)


@pytest.mark.parametrize("how", ["quotes", "hands back"])
def test_a_provider_that_fails_leaks_nothing(
    how: str, desk: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    def bad(request: BindRequest) -> Binding:
        if how == "quotes":
            raise RuntimeError(f"cannot connect {request.phone}")
        return Binding(request.phone, "", request.until)

    desk.provider.answer = bad
    with caplog.at_level(logging.DEBUG), pytest.raises(Exception, match="nothing was connected") as failed:
        call(at(desk.owner), desk.orders[0], "delivery_problem")
    assert PHONE not in caplog.text + str(failed.value)
    row = Call.objects.get()
    assert (row.number, row.released_at is not None) == ("", True)
    assert PHONE not in "".join(str(value) for value in vars(row).values())


def test_a_request_to_a_provider_shows_nothing_in_its_repr() -> None:
    assert PHONE not in repr(BindRequest("r", PHONE, "", timezone.now()))


def test_without_a_provider_the_page_says_so_and_who_can_change_it(
    scene: SimpleNamespace, confirmed: Callable[..., Client]
) -> None:
    page = confirmed(scene.service).get(reverse("call", args=[scene.orders[0].pk])).content.decode()
    assert "No provider of virtual numbers is configured" in page
    assert "Get a number" not in page
    scene.orders[0].tenant = scene.tenant
    with pytest.raises(CallError):
        call(at(scene.owner), scene.orders[0], "delivery_problem")
    set_provider(scene.owner, scene.tenant, "simulator")
    page = confirmed(scene.service).get(reverse("call", args=[scene.orders[0].pk])).content.decode()
    assert "Get a number" in page
    with pytest.raises(CallError):
        set_provider(scene.owner, scene.tenant, "no such provider")


def test_the_page_shows_the_virtual_number_and_never_the_real_one(
    desk: SimpleNamespace, confirmed: Callable[..., Client]
) -> None:
    client = confirmed(desk.service)
    address = reverse("call", args=[desk.orders[0].pk])
    page = client.post(address, {"purpose": "delivery_problem"}).content.decode()
    assert "95000123456" in page
    assert "minutes left" in page
    own = client.get(reverse("looks")).content.decode()
    assert "Number bound" in own
    assert PHONE not in page + own
    assert client.get(reverse("calls")).status_code == 200


def test_nobody_ends_another_ones_number(desk: SimpleNamespace, confirmed: Callable[..., Client]) -> None:
    made = call(at(desk.owner), desk.orders[0], "delivery_problem")
    assert confirmed(desk.service).post(reverse("call_end", args=[made.pk])).status_code == 404
    assert not any(isinstance(request, export_messages.ReleaseNumber) for request in desk.written)
    assert all(not isinstance(request, messages.Reveal) for request in desk.written)


def released(
    desk: SimpleNamespace, django_capture_on_commit_callbacks: Any, end: Callable[[], object]
) -> None:
    """Bind a number, end it with ``end``, and check that page and provider release it immediately."""
    made = call(at(desk.owner), desk.orders[0], "delivery_problem")
    with django_capture_on_commit_callbacks(execute=True):
        end()
    made.refresh_from_db()
    assert made.released_at is not None
    assert bound(at(desk.owner), desk.orders[0]) is None
    release_numbers.call([made.pk])
    assert desk.provider.released == [f"{desk.tenant.slug}/call-{made.pk}"]


def test_a_leavers_number_ends_with_the_access(
    desk: SimpleNamespace, django_capture_on_commit_callbacks: Any
) -> None:
    released(desk, django_capture_on_commit_callbacks, lambda: deactivate(desk.owner))


def test_a_number_ends_when_the_quota_is_frozen(
    desk: SimpleNamespace, made_up: Any, django_capture_on_commit_callbacks: Any
) -> None:
    second = made_up.make_user(desk.tenant, "second-owner", Role.OWNER)
    released(
        desk,
        django_capture_on_commit_callbacks,
        lambda: set_frozen(at_owner(second), desk.owner, frozen=True),
    )


def at_owner(user: User) -> Principal:
    found = User.objects.select_related("tenant").get(pk=user.pk)
    return load_principal(found, SignIn(method="second_factor", stepped_up=True), timezone.now())


def test_a_number_that_the_policies_would_no_longer_give_is_not_handed_out_again(
    desk: SimpleNamespace,
) -> None:
    call(at(desk.owner), desk.orders[0], "delivery_problem")
    desk.orders[0].state = "returned"
    assert bound(at(desk.owner), desk.orders[0]) is None
    with pytest.raises(CallDeniedError):
        call(at(desk.owner), desk.orders[0], "delivery_problem")
