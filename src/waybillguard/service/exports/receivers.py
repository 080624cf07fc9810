"""What exports do every hour."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.dispatch import receiver

from waybillguard.service.exports.files import expire
from waybillguard.service.exports.models import Export
from waybillguard.service.identity.models import User
from waybillguard.service.lookups.views import exports_of
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made


@receiver(round_made)
def every_hour(tenant: Tenant, believed: datetime, **_: Any) -> None:  # noqa: ANN401
    """Shred files whose time is over."""
    expire(tenant, believed)


@exports_of.answer
def exports_of_person(person: User) -> QuerySet[Export]:
    """Return the exports that somebody asked for or agreed to, newest first."""
    found = Export.objects.filter(tenant=person.tenant).filter(Q(asked_by=person) | Q(second=person))
    return found.defer("selection").select_related("asked_by", "recipient").order_by("-pk")
