"""Hourly tasks of activity: discard unmapped logs, prune exported events, merge the files of past days."""

from datetime import datetime

from django.dispatch import receiver

from waybillguard.service.activity.foreign import discard_old_logs
from waybillguard.service.activity.platforms import tidy
from waybillguard.service.activity.rounds import merge_days
from waybillguard.service.audit.export import prune
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made


@receiver(round_made)
def on_round(tenant: Tenant, now: datetime, believed: datetime, **_: object) -> None:
    """Run the hourly tasks for a tenant."""
    prune(tenant, believed)
    tidy(tenant, believed)
    merge_days(tenant, now)
    discard_old_logs(tenant, believed)
