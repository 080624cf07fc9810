"""A simulated month of activity for the demo warehouse, deterministic per day. Every person is invented."""

from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.audit.counting import Counted, Counts
from waybillguard.service.audit.store import event_store
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.simulate import Parameters, make_world

SEED: Final = 20261124
DAYS: Final = 30
THEFTS: Final = ("night_remote",)
PARCELS: Final = 240.0
"""Parcels per day: a small warehouse, so that a month is written in seconds."""


def fill_activity(tenant: Tenant) -> int:
    """Write events and counts of the 30 days before today for the tenant; return the number of events.

    Only for the demo: the events are invented.
    """
    first = timezone.localdate() - timedelta(days=DAYS)
    world = make_world(
        Parameters(seed=SEED, start=first, days=DAYS, warehouses=1, parcels=PARCELS, kinds=THEFTS)
    )
    store = event_store(tenant)
    counts, written = Counts(tenant.pk), 0
    for one in world.events:
        if len(one):
            columns: dict[str, Any] = {**one.for_store(), "tenant": tenant.slug}
            written += store.append(f"simulated-{one.day}", columns).events
    with store.open(tenant.slug) as connection:
        rows = connection.execute(
            "SELECT day, w10 // 6, coalesce(account, ''), coalesce(workstation, ''), action, coalesce(category, ''), "
            "order_id IS NOT NULL, exposed, allowed, count(*) FROM events GROUP BY ALL"
        ).fetchall()
    counts.take(
        {
            Counted(day, hour, account[:80], station[:60], action, category[:20], named, shown, allowed): n
            for day, hour, account, station, action, category, named, shown, allowed, n in rows
        }
    )
    with scope(tenant=tenant), transaction.atomic():
        counts.add()
    return written


def fill(owner: User) -> None:
    """Fill the activity pages of a new demo."""
    fill_activity(tenant_of(owner))
