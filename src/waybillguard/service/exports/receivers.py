"""Signal receivers of exports: the hourly round, and destroyed orders."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.dispatch import receiver

from waybillguard.service.exports.files import drop_holding, expire
from waybillguard.service.exports.models import Export
from waybillguard.service.identity.models import User
from waybillguard.service.lookups.views import exports_of
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made
from waybillguard.service.vault.models import Batch
from waybillguard.service.vault.signals import orders_shredded, rows_leaving


@receiver(round_made)
def every_hour(tenant: Tenant, believed: datetime, **_: Any) -> None:  # noqa: ANN401
    """Shred expired files."""
    expire(tenant, believed)


@receiver(orders_shredded)
def drop_files_of_shredded(tenant: Tenant, **_: Any) -> None:  # noqa: ANN401 - a signal
    """Shred the files with orders that were shredded since the files were begun."""
    drop_holding(tenant, lambda export: Q(shredded_at__gte=export.counted_at))


@receiver(rows_leaving)
def drop_files_of_leaving(batch: Batch, **_: Any) -> None:  # noqa: ANN401 - a signal
    """Shred the files with orders of an import that is undone."""
    drop_holding(batch.tenant, lambda _export: Q(batch=batch))


@exports_of.answer
def exports_of_person(person: User) -> QuerySet[Export]:
    """Return the exports that a person requested or agreed to, newest first."""
    found = Export.objects.filter(tenant=person.tenant).filter(Q(asked_by=person) | Q(second=person))
    return found.defer("selection").select_related("asked_by", "recipient").order_by("-pk")
