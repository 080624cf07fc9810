"""Buyers' requests through their orders' pages, for inspections (RGT-01)."""

from collections.abc import Mapping
from datetime import datetime

from waybillguard.inspect.model import Fact
from waybillguard.service.audit.facts import FACTS, FactSource
from waybillguard.service.scams.models import PrivacyRequest
from waybillguard.service.tenancy.days import local_day
from waybillguard.service.tenancy.models import Tenant


def observe(tenant: Tenant, now: datetime) -> Mapping[str, Fact]:
    """Return how many requests are open past their day."""
    unfinished = [PrivacyRequest.State.OPEN, PrivacyRequest.State.FORWARDED]
    late = PrivacyRequest.objects.filter(
        tenant=tenant, state__in=unfinished, due_on__lt=local_day(now, tenant)
    )
    return {"buyer_requests_overdue": late.count()}


FACTS.add(FactSource("scams", observe))
