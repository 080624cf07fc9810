"""Facts for inspections: lists of victims and their traces (INC-06)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Q

from waybillguard.inspect.model import Fact
from waybillguard.service.audit.facts import FACTS, FactSource
from waybillguard.service.leaks.models import Leak
from waybillguard.service.tenancy.models import Tenant

_WITHIN: Final = timedelta(hours=24)


def observe(tenant: Tenant, now: datetime) -> Mapping[str, Fact]:
    """Return how many lists were received, how many were not traced within 24 hours, and whether tracing works."""
    lists = Leak.objects.filter(tenant=tenant)
    late = Q(finished_at=None, created_at__lt=now - _WITHIN) | Q(finished_at__gt=F("created_at") + _WITHIN)
    failed = Q(state=Leak.State.FAILED)
    last = lists.order_by("-pk").first()
    works = last is None or last.state != Leak.State.FAILED
    return {
        "victim_lists": lists.count(),
        "victim_lists_untraced": lists.filter(late | failed).count(),
        "parts_reporting": ("trace",) if works else (),
    }


FACTS.add(FactSource("leaks", observe))
