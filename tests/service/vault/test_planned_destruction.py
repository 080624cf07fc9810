"""A wrong clock destroys nothing; destruction by age is announced and can be stopped."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.identity.models import User
from waybillguard.service.platform.errors import NotAllowedError
from waybillguard.service.vault import planned
from waybillguard.service.vault.models import PlannedDestruction
from waybillguard.service.vault.retention import rule_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def world(warehouse: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """A warehouse with a settable number of due orders and a count of its destructions."""
    made = SimpleNamespace(
        due=3, destroyed=[], tenant=warehouse.tenant, owner=warehouse.owner, clerk=warehouse.clerk
    )

    def destroy(_tenant: object, cutoff: datetime, *_: object) -> int:
        made.destroyed.append(cutoff)
        return int(made.due)

    monkeypatch.setattr(planned, "apply_rule", destroy)
    monkeypatch.setattr(planned, "due_orders", lambda *_: SimpleNamespace(count=lambda: made.due))
    monkeypatch.setattr(planned, "note", lambda *_, **__: None)
    monkeypatch.setattr(planned, "announced", lambda *_: b"")
    with scope(tenant=warehouse.tenant):
        yield made


def run(world: SimpleNamespace, start: datetime, hours: int) -> datetime:
    for _ in range(hours):
        start += HOUR
        planned.tend(world.tenant, start)
    return start


def test_what_is_due_waits_seventy_two_hours_of_running(world: SimpleNamespace) -> None:
    now = timezone.now()
    planned.tend(world.tenant, now)
    run(world, now, 71)
    assert world.destroyed == []
    run(world, now + 71 * HOUR, 1)
    assert world.destroyed == [now]


@pytest.mark.parametrize("jump", [timedelta(days=365), timedelta(days=4), timedelta(days=-10)])
def test_a_clock_that_jumped_destroys_nothing_and_recovers_by_itself(
    world: SimpleNamespace, jump: timedelta
) -> None:
    start = timezone.now()
    planned.tend(world.tenant, start)
    now = run(world, start, 40)
    run(world, now + jump, 100)
    assert world.destroyed == []
    run(world, now, 40)
    assert world.destroyed == [start]


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_an_hour_more_or_less_destroys_nothing_early(world: SimpleNamespace, jump: timedelta) -> None:
    start = timezone.now()
    planned.tend(world.tenant, start)
    now = run(world, start, 40)
    run(world, now + jump, 30)
    assert world.destroyed == []


def test_hours_in_which_nothing_ran_do_not_count(world: SimpleNamespace) -> None:
    now = timezone.now()
    planned.tend(world.tenant, now)
    planned.tend(world.tenant, now + timedelta(days=3))
    assert world.destroyed == []


def test_whoever_may_stops_it_and_none_is_made_for_a_month(world: SimpleNamespace) -> None:
    now = timezone.now()
    planned.tend(world.tenant, now)
    plan = planned.open_plan(world.tenant)
    assert plan is not None
    with pytest.raises(NotAllowedError):
        planned.stop(world.clerk, plan)
    planned.stop(world.owner, plan)
    run(world, now, 100)
    assert world.destroyed == []
    assert planned.open_plan(world.tenant) is None


def test_a_large_share_waits_for_a_person(world: SimpleNamespace) -> None:
    world.due = 5_000
    now = timezone.now()
    planned.tend(world.tenant, now)
    now = run(world, now, 100)
    assert world.destroyed == []
    plan = planned.open_plan(world.tenant)
    assert plan is not None
    assert plan.state == PlannedDestruction.State.HELD
    planned.confirm(world.owner, plan)
    run(world, max(now, timezone.now()), 74)
    assert len(world.destroyed) == 1


@pytest.mark.parametrize(("due", "said"), [(0, "No order is due."), (3, "3 orders of")])
def test_a_plan_without_orders_speaks_of_none(
    due: int, said: str, world: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    world.due = due
    planned.tend(world.tenant, timezone.now())
    plan = planned.open_plan(world.tenant)
    assert plan is not None
    assert said in signed_in(world.owner).get(reverse("plan", args=[plan.pk])).content.decode()


def test_a_date_that_jumped_and_is_right_is_confirmed_by_a_person(world: SimpleNamespace) -> None:
    now = run(world, timezone.now(), 2)
    later = now + timedelta(days=20)
    planned.tend(world.tenant, later)
    assert planned.clock_in_doubt(rule_of(world.tenant), later)
    assert planned.cautious_now(later) < later
    planned.confirm_clock(world.owner, later)
    assert not planned.clock_in_doubt(rule_of(world.tenant), later)
    assert planned.cautious_now(later) == later
