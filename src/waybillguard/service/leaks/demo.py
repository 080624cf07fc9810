"""A list of victims for the demo: of the theft in the demo's month of activity, and of unrelated leaks."""

from datetime import timedelta
from typing import Final

from django.utils import timezone
from django_scopes import scope

from waybillguard.service.activity.demo import DAYS, PARCELS, SEED, THEFTS
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.leaks.models import Leak
from waybillguard.service.leaks.tasks import trace_leak
from waybillguard.simulate import Parameters, make_world
from waybillguard.simulate.folder import iso

TITLE: Final = "演示名单：冒充售后的诈骗电话"


def fill(owner: User) -> None:
    """Create a list of invented victims and trace it."""
    tenant = tenant_of(owner)
    first = timezone.localdate() - timedelta(days=DAYS)
    world = make_world(
        Parameters(seed=SEED, start=first, days=DAYS, warehouses=1, parcels=PARCELS, kinds=THEFTS)
    )
    now = timezone.now().timestamp() * 1_000_000
    victims = [
        {
            "order_id": one.order_id,
            "contacted_at": iso(one.contacted_at),
            "reported_at": iso(one.reported_at),
            "certainty": one.certainty,
        }
        for one in world.victims
        if one.reported_at <= now  # a call in the future cannot have been reported
    ]
    with scope(tenant=tenant):
        leak = Leak.objects.create(tenant=tenant, title=TITLE, created_by=owner, victims=victims)
    trace_leak.enqueue(leak.pk)
