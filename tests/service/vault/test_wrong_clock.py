"""A clock that is a year ahead deletes nothing, suspends nobody, and leaves no task waiting for next year."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django_scopes import scope
from django_tasks_db.models import DBTaskResult

from waybillguard.service.authorization.authorize import prune_decisions
from waybillguard.service.authorization.models import RecordedDecision
from waybillguard.service.identity.accounts import tasks as rounds
from waybillguard.service.identity.models import User
from waybillguard.service.platform.queue import bring_forward
from waybillguard.service.tenancy.signals import believed_now, round_made
from waybillguard.service.vault import planned
from waybillguard.service.vault.api_sealing import once
from waybillguard.service.vault.models import IdempotencyKey
from waybillguard.service.vault.retention import rule_of
from waybillguard.service.vault.tasks import apply_retention

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def ahead(warehouse: SimpleNamespace, no_keyd: None) -> Iterator[SimpleNamespace]:
    """A warehouse whose clock was right an hour ago and is a year ahead now."""
    right = timezone.now()
    User.objects.filter(tenant=warehouse.tenant).update(last_login=right)
    with scope(tenant=warehouse.tenant):
        rule = rule_of(warehouse.tenant)
        assert planned.trust_clock(rule, right)
        once(warehouse.tenant, "k", "r", lambda _keep: (200, {"answer": 1}))
    assert no_keyd is None
    with time_machine.travel(right + YEAR, tick=False):
        yield warehouse


def test_answers_of_the_machine_api_are_kept(ahead: SimpleNamespace) -> None:
    apply_retention.call()
    with scope(tenant=ahead.tenant):
        assert IdempotencyKey.objects.filter(key="k").exists()
        assert once(ahead.tenant, "k", "r", lambda _keep: (200, {"answer": 2})) == (200, {"answer": 1})


def test_whoever_deletes_by_age_in_the_hourly_round_is_told_the_time_that_is_certain(
    ahead: SimpleNamespace,
) -> None:
    told: list[tuple[datetime, datetime]] = []

    def listen(now: datetime, believed: datetime, **_: Any) -> None:
        told.append((now, believed))

    round_made.connect(listen)
    try:
        rounds._round_of(ahead.tenant)
    finally:
        round_made.disconnect(listen)
    ((now, believed),) = told
    assert now - believed > timedelta(days=300)


def test_nobody_is_put_to_sleep(ahead: SimpleNamespace) -> None:
    awake = User.objects.filter(tenant=ahead.tenant, is_active=True).count()
    rounds._round_of(ahead.tenant)
    assert User.objects.filter(tenant=ahead.tenant, is_active=True).count() == awake


def test_decisions_on_record_stay(ahead: SimpleNamespace) -> None:
    with scope(tenant=ahead.tenant):
        kept = RecordedDecision.objects.create(
            tenant=ahead.tenant, at=timezone.now() - YEAR, actor=ahead.owner, action="view", allowed=True,
            policies="", version=1, request=b"",
        )  # fmt: skip
        prune_decisions(ahead.tenant, believed_now(timezone.now()))
        assert RecordedDecision.objects.filter(pk=kept.pk).exists()


def test_a_round_that_was_put_off_by_a_wrong_clock_comes_when_the_clock_is_right(warehouse: Any) -> None:
    right = timezone.now()
    with time_machine.travel(right + YEAR, tick=False):
        rounds.hourly_round.using(run_after=timezone.now() + rounds.ROUND_EVERY).enqueue()
        assert bring_forward(timezone.now()) == 0
    rounds.hourly_round.enqueue()
    assert bring_forward(right) == 1
    assert (
        DBTaskResult.objects.filter(status="READY", run_after__gt=right, run_after__year__lt=9000).count()
        == 0
    )
    assert warehouse
