"""Quota increases approved by a second person and with an end, frozen quotas, and alarm levels."""

from collections.abc import Callable
from datetime import timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from waybillguard.access.errors import QuotaError
from waybillguard.access.quota_levels import alarm_levels
from waybillguard.access.request import SignIn
from waybillguard.service.authorization.principal import Principal, load_principal
from waybillguard.service.identity.models import AccountChange, Role, User
from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError
from waybillguard.service.lookups.counting import left_of
from waybillguard.service.lookups.errors import RevealDeniedError
from waybillguard.service.lookups.models import LookAlarm, QuotaPerson, QuotaRaise, QuotaState
from waybillguard.service.lookups.raises import agree_raise, ask_raise, end_raise, set_frozen
from waybillguard.service.lookups.services import new_form, reveal

STEPPED_UP = SignIn(method="second_factor", stepped_up=True)
TOMORROW = timedelta(days=1)


def who(user: User, sign_in: SignIn = STEPPED_UP) -> Principal:
    return load_principal(user, sign_in, timezone.now())


def look(scene: SimpleNamespace, user: User, number: int = 0) -> Any:
    order = scene.orders[number]
    order.tenant = scene.tenant
    return reveal(who(user), order, group="phone", purpose="after_sales", form=new_form(user, order))


def hour(user: User) -> int:
    return next(one.limit for one in left_of(who(user))[0] if one.scope == "hour")


@pytest.fixture
def second(scene: SimpleNamespace, made_up: ModuleType) -> User:
    user: User = made_up.make_user(scene.tenant, "second", Role.OWNER)
    return user


def asked_for(scene: SimpleNamespace, account: User) -> QuotaRaise:
    return ask_raise(who(scene.owner), account, "hour", 5, timezone.now() + TOMORROW, "returns")


def test_a_raise_counts_only_once_a_second_person_agreed(scene: SimpleNamespace, second: User) -> None:
    before = hour(scene.service)
    raised = asked_for(scene, scene.service)
    assert hour(scene.service) == before
    agree_raise(who(second), raised)
    assert hour(scene.service) == before + 5
    (told,) = [r for r in scene.written if getattr(r, "kind", "") == "quota"]
    assert (told.detail["what"], told.detail["asked_by"]) == ("raise", f"u{scene.owner.pk}")


def test_a_raise_ends_by_itself(scene: SimpleNamespace, second: User) -> None:
    before = hour(scene.service)
    raised = asked_for(scene, scene.service)
    agree_raise(who(second), raised)
    QuotaRaise.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert hour(scene.service) == before


def test_a_raise_that_was_refused_is_not_agreed_to_any_more(scene: SimpleNamespace, second: User) -> None:
    before = hour(scene.service)
    raised = asked_for(scene, scene.service)
    end_raise(who(second), raised)
    agree_raise(who(second), raised)  # from a page that was still open
    assert hour(scene.service) == before
    assert QuotaRaise.objects.get().agreed_by is None
    assert not [r for r in scene.written if getattr(r, "kind", "") == "quota" and r.detail["what"] == "raise"]
    (change,) = AccountChange.objects.filter(what="raise_ended")
    assert (change.person, change.actor, change.detail["extra"]) == (scene.service, second, 5)


def test_a_raise_is_ended_before_its_time_and_once(scene: SimpleNamespace, second: User) -> None:
    before = hour(scene.service)
    raised = asked_for(scene, scene.service)
    agree_raise(who(second), raised)
    end_raise(who(scene.owner), raised)
    end_raise(who(second), raised)
    assert hour(scene.service) == before
    assert AccountChange.objects.filter(what="raise_ended").count() == 1


@pytest.mark.parametrize("days", [-1, 8])
def test_a_raise_has_an_end_within_a_week(days: int, scene: SimpleNamespace) -> None:
    with pytest.raises(QuotaError):
        ask_raise(who(scene.owner), scene.service, "hour", 5, timezone.now() + timedelta(days=days), "")
    assert not QuotaRaise.objects.exists()


def test_nobody_agrees_to_what_he_asked_for_himself(scene: SimpleNamespace) -> None:
    with pytest.raises(QuotaError):
        agree_raise(who(scene.owner), asked_for(scene, scene.service))


def test_nobody_agrees_to_his_own_gain(scene: SimpleNamespace, second: User) -> None:
    with pytest.raises(QuotaError):
        agree_raise(who(second), asked_for(scene, second))


def test_an_agreement_without_step_up_changes_nothing(scene: SimpleNamespace, second: User) -> None:
    raised = asked_for(scene, scene.service)
    with pytest.raises(RevealDeniedError) as refused:
        agree_raise(who(second, SignIn(method="second_factor")), raised)
    assert "step-up" in refused.value.policies
    raised.refresh_from_db()
    assert raised.agreed_by is None


def test_an_agreement_that_the_ledger_does_not_take_changes_nothing(
    scene: SimpleNamespace, second: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised = asked_for(scene, scene.service)

    def away(*_: Any) -> None:
        raise KeydUnavailableError(zh="没有应答", en="no answer")

    monkeypatch.setattr(KeydClient, "call", away)
    with pytest.raises(KeydUnavailableError):
        agree_raise(who(second), raised)
    raised.refresh_from_db()
    assert raised.agreed_by is None


def test_a_request_of_somebody_who_left_since_is_not_agreed_to(scene: SimpleNamespace, second: User) -> None:
    raised = asked_for(scene, scene.service)
    User.objects.filter(pk=scene.owner.pk).update(is_active=False)
    raised = QuotaRaise.objects.select_related("asked_by").get()
    with pytest.raises(RevealDeniedError):
        agree_raise(who(second), raised)


def test_a_frozen_account_sees_nothing_until_somebody_else_thaws_it(
    scene: SimpleNamespace, second: User
) -> None:
    set_frozen(who(second), scene.owner, frozen=True)
    with pytest.raises(RevealDeniedError) as refused:
        look(scene, scene.owner)
    assert "quota-frozen" in refused.value.policies
    with pytest.raises(RevealDeniedError):
        set_frozen(who(scene.owner), scene.owner, frozen=False)
    set_frozen(who(second), scene.owner, frozen=False)
    assert look(scene, scene.owner).look.allowed
    kinds = [r.detail["what"] for r in scene.written if getattr(r, "kind", "") == "quota"]
    assert kinds == ["thaw"], "power comes back only once it is written"
    assert AccountChange.objects.filter(what="freeze", person=scene.owner).exists(), (
        "and goes without waiting"
    )


def test_nobody_freezes_the_own_account(scene: SimpleNamespace) -> None:
    with pytest.raises(RevealDeniedError):
        set_frozen(who(scene.owner), scene.owner, frozen=True)
    assert not QuotaState.objects.filter(account=scene.owner).exclude(frozen_at=None).exists()


def test_the_only_owner_thaws_the_own_account(scene: SimpleNamespace) -> None:
    QuotaState.objects.create(account=scene.owner, tenant=scene.owner.tenant, frozen_at=timezone.now())
    set_frozen(who(scene.owner), scene.owner, frozen=False)
    assert look(scene, scene.owner).look.allowed


def persons(scene: SimpleNamespace, count: int) -> None:
    """Raise the owner's limit of persons, and count this many as already looked at."""
    today = timezone.localdate()
    QuotaPerson.objects.bulk_create(
        QuotaPerson(tenant=scene.tenant, account=scene.owner, token=n.to_bytes(16), last_day=today)
        for n in range(count)
    )


@pytest.mark.parametrize("level", alarm_levels(), ids=lambda one: str(one.persons))
def test_each_level_of_distinct_persons_is_told_once_and_the_last_one_freezes(
    level: Any, scene: SimpleNamespace, second: User
) -> None:
    persons(scene, level.persons - 1)
    raised = ask_raise(
        who(second), scene.owner, "persons_30d", 10_000, timezone.now() + TOMORROW, "a recall of goods"
    )
    third = User.objects.create_user(username="third", tenant=scene.tenant, role=Role.OWNER)
    agree_raise(who(third), raised)
    look(scene, scene.owner, 0)
    alarm = LookAlarm.objects.get()
    assert (alarm.kind, alarm.count, alarm.severity) == ("persons_30d", level.persons, level.severity)
    assert alarm.ledger_index is not None
    frozen = QuotaState.objects.get(account=scene.owner).frozen_at is not None
    assert frozen == (level.severity == "critical")
    if not frozen:
        look(scene, scene.owner, 1)
        assert LookAlarm.objects.count() == 1


def test_persons_leave_the_count_after_thirty_days(scene: SimpleNamespace) -> None:
    persons(scene, 5)
    look(scene, scene.owner)
    QuotaPerson.objects.exclude(token=b"").update(last_day=timezone.localdate() - timedelta(days=30))
    look(scene, scene.owner, 1)
    used = {one.scope: one.used for one in left_of(who(scene.owner))[0]}
    assert used["persons_30d"] == 1
    assert QuotaPerson.objects.count() == 1


def test_the_pages_ask_agree_freeze_and_take_up(
    scene: SimpleNamespace, second: User, confirmed: Callable[..., Client]
) -> None:
    asks, agrees = confirmed(scene.owner), confirmed(second)
    until = (timezone.localdate() + TOMORROW).isoformat()
    body = {"account": scene.service.pk, "scope": "hour", "extra": "3", "until": until, "why": "returns"}
    before = hour(scene.service)
    assert asks.post(reverse("raise_ask"), body).status_code == 302
    raised = QuotaRaise.objects.get()
    asks.post(reverse("raise_agree", args=[raised.pk]))
    assert hour(scene.service) == before
    agrees.post(reverse("raise_agree", args=[raised.pk]))
    assert hour(scene.service) == before + 3
    page = asks.get(reverse("quotas")).content.decode()
    assert "returns" in page
    asks.post(reverse("raise_end", args=[raised.pk]))
    assert hour(scene.service) == before
    assert "returns" not in asks.get(reverse("quotas")).content.decode()
    asks.post(reverse("quota_freeze", args=[scene.service.pk]), {"frozen": "1"})
    assert QuotaState.objects.get(account=scene.service).frozen_at is not None
    alarm = LookAlarm.objects.create(
        tenant=scene.tenant, account=scene.clerk, kind="refusals", severity="medium", count=5, mark="t"
    )
    agrees.post(reverse("alarm_seen", args=[alarm.pk]))
    alarm.refresh_from_db()
    assert alarm.seen_by == second
    page = asks.get(reverse("quotas")).content.decode()
    assert "Frozen" in page
