"""Overtime and sale days: granted by another person, end automatically, withdrawn with one click."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from support.codes import has_code

from waybillguard.access.errors import AccessError
from waybillguard.access.request import SignIn
from waybillguard.service.authorization.models import Overtime, Sale
from waybillguard.service.authorization.principal import load_principal
from waybillguard.service.authorization.shifts.errors import DutyError
from waybillguard.service.authorization.shifts.services import declare_sale, grant_overtime, withdraw_overtime
from waybillguard.service.identity.models import AccountChange, User

NIGHT = "2026-11-25T15:00:00Z"  # 23:00; the shift ended at 20:00


@pytest.fixture
def owner(scene: SimpleNamespace, confirmed: Callable[..., Client]) -> Client:
    return confirmed(scene.owner)


def facts(scene: SimpleNamespace) -> Any:
    clerk = User.objects.get(pk=scene.clerk.pk)  # each request loads the user again
    return load_principal(clerk, SignIn(method="password"), timezone.now()).duty.facts


def overtime(client: Client, scene: SimpleNamespace, hours: float = 3, **changes: Any) -> Any:
    start = timezone.localtime()
    values = {
        "person": scene.clerk.pk, "start": f"{start:%Y-%m-%dT%H:%M}", "reason": "late wave",
        "end": f"{start + timedelta(hours=hours):%Y-%m-%dT%H:%M}",
    } | changes  # fmt: skip
    return client.post(reverse("overtime_grant"), values)


def test_overtime_opens_the_hours_that_somebody_else_granted_and_ends_by_itself(
    scene: SimpleNamespace, confirmed: Callable[..., Client]
) -> None:
    with time_machine.travel(NIGHT, tick=False) as clock:
        assert not facts(scene).overtime
        assert overtime(confirmed(scene.owner), scene).status_code == 302
        assert (facts(scene).on, facts(scene).overtime) == (False, True)
        clock.shift(timedelta(hours=2, minutes=59))
        assert facts(scene).overtime
        clock.shift(timedelta(minutes=1))
        assert not facts(scene).overtime


def test_overtime_is_recorded_with_person_hours_and_granter(owner: Client, scene: SimpleNamespace) -> None:
    overtime(owner, scene)
    change = AccountChange.objects.get(what="overtime")
    assert (change.person, change.actor, change.ledger_index is not None) == (scene.clerk, scene.owner, True)
    assert set(change.detail) == {"overtime", "start", "end"}, "the reason stays on the page"


def test_withdrawn_overtime_is_over_at_once(scene: SimpleNamespace, confirmed: Callable[..., Client]) -> None:
    with time_machine.travel(NIGHT, tick=False):
        client = confirmed(scene.owner)
        overtime(client, scene)
        client.post(reverse("overtime_withdraw", args=[Overtime.objects.get().pk]))
        assert not facts(scene).overtime
        with pytest.raises(DutyError):
            withdraw_overtime(scene.owner, Overtime.objects.get(), timezone.now())
        assert "withdrawn by owner" in client.get(reverse("duty")).content.decode()


def test_nobody_grants_overtime_to_himself(owner: Client, scene: SimpleNamespace) -> None:
    assert overtime(owner, scene, person=scene.owner.pk).status_code == 422
    now = timezone.now()
    with pytest.raises(AccessError, check=has_code("shift")):
        grant_overtime(scene.owner, scene.owner, now, now + timedelta(hours=1), "x", now)


def test_nobody_of_another_warehouse_gets_overtime(
    owner: Client, scene: SimpleNamespace, elsewhere: SimpleNamespace
) -> None:
    assert overtime(owner, scene, person=elsewhere.clerk.pk).status_code == 422


@pytest.mark.parametrize("hours", [-1, 0, 17])
def test_overtime_without_a_sensible_end_is_refused(
    hours: float, owner: Client, scene: SimpleNamespace
) -> None:
    assert overtime(owner, scene, hours).status_code == 422
    assert not Overtime.objects.exists()


def test_overtime_needs_a_fresh_proof_of_who_grants_it(
    scene: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    assert overtime(signed_in(scene.owner), scene)["Location"].startswith("/account/confirm/")
    assert not Overtime.objects.exists()


def test_a_sale_day_is_declared_seen_by_the_policies_and_withdrawn(
    owner: Client, scene: SimpleNamespace
) -> None:
    today = timezone.localdate()
    assert not facts(scene).sale_day
    owner.post(reverse("sale_declare"), {"name": "双十二", "first": str(today), "last": str(today)})
    assert facts(scene).sale_day
    owner.post(reverse("sale_withdraw", args=[Sale.objects.get().pk]))
    assert not facts(scene).sale_day
    assert [c.what for c in AccountChange.objects.order_by("pk")] == ["sale_declared", "sale_withdrawn"]


def test_a_sale_is_on_in_its_own_warehouse_alone(scene: SimpleNamespace, elsewhere: SimpleNamespace) -> None:
    from django_scopes import scope

    today = timezone.localdate()
    with scope(tenant=elsewhere.tenant):
        declare_sale(elsewhere.owner, "双十二", today, today, timezone.now())
    assert not facts(scene).sale_day


@pytest.mark.usefixtures("scene")
@pytest.mark.parametrize(("first", "last"), [(0, 31), (-9, -1), (40, 41), (3, 2)])
def test_a_sale_without_sensible_days_is_refused(first: int, last: int, owner: Client) -> None:
    today = timezone.localdate()
    days = {"first": str(today + timedelta(days=first)), "last": str(today + timedelta(days=last))}
    assert owner.post(reverse("sale_declare"), {"name": "x", **days}).status_code == 422
    assert not Sale.objects.exists()


def test_the_page_needs_few_queries_whatever_it_lists(
    owner: Client, scene: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    now = timezone.now()
    for hours in range(1, 15):
        grant_overtime(scene.owner, scene.clerk, now, now + timedelta(hours=hours), "wave", now)
    owner.get(reverse("duty"))
    with django_assert_max_num_queries(20):
        assert owner.get(reverse("duty")).status_code == 200
