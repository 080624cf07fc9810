"""The demo's simulated month: written to the demo's event table and counted like real events."""

import time
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from waybillguard.service.activity.demo import DAYS, fill_activity
from waybillguard.service.audit.models import DayCount
from waybillguard.service.audit.store import event_store
from waybillguard.service.tenancy.days import day_number


def test_a_month_of_activity_is_there_within_seconds_and_counted(
    scene: SimpleNamespace, signed_in: Callable[..., Client]
) -> None:
    started = time.process_time()
    written = fill_activity(scene.tenant)
    assert time.process_time() - started < 10
    with event_store(scene.tenant).open(scene.tenant.slug) as connection:
        found: Any = connection.execute(
            "SELECT count(*), count(DISTINCT day), max(day), count(DISTINCT tenant) FROM events"
        ).fetchone()
    assert found[0] == written > 5_000
    assert DAYS - 8 <= found[1] <= DAYS
    assert found[2] < day_number(timezone.now(), scene.tenant)
    assert found[3] == 1
    assert DayCount.objects.filter(who="all").aggregate(n=Sum("n"))["n"] == written
    month = (timezone.localdate() - timedelta(days=15)).strftime("%Y-%m")
    page = signed_in(scene.owner).get(reverse("activity"), {"month": month})
    assert page.context["heat"].total > 0
    assert page.context["accounts"]
