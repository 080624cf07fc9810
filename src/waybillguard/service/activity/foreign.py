"""Logs of other systems: taken in sealed, mapped by a person, read into the table, taken out again."""

from datetime import datetime, timedelta
from typing import Final

from django_scopes import scope

from waybillguard.service.activity.models import ForeignLog
from waybillguard.service.people.models import Tenant
from waybillguard.service.spool import remove_spool

KEPT: Final = timedelta(days=1)
"""An upload that nobody maps within a day is thrown away."""


def discard_log(log: ForeignLog) -> None:
    """Throw an upload away that was not read in."""
    left = ForeignLog.objects.filter(pk=log.pk, tenant=log.tenant, state=ForeignLog.State.MAPPING)
    if left.update(state=ForeignLog.State.DISCARDED, spool_name="", wrapped_key=b""):
        remove_spool(log.spool_name)


def discard_old_logs(tenant: Tenant, now: datetime) -> None:
    """Throw away what nobody has mapped for a day."""
    with scope(tenant=tenant):
        old = ForeignLog.objects.filter(
            tenant=tenant, state=ForeignLog.State.MAPPING, created_at__lt=now - KEPT
        )
        for log in old.select_related("tenant"):
            discard_log(log)
