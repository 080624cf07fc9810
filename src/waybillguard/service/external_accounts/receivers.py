"""Signal receivers: start the offboarding checklist of a leaver, and reconcile every hour."""

from datetime import date, datetime
from typing import Any

from django.dispatch import receiver

from waybillguard.service.external_accounts.leavers import start_leaving
from waybillguard.service.external_accounts.services import discard_old_lists, reconcile, reconcile_monthly
from waybillguard.service.identity.accounts.signals import person_left
from waybillguard.service.identity.models import Employment
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made


@receiver(person_left)
def begin_closing(employment: Employment, last_day: date, **_: Any) -> None:  # noqa: ANN401
    """Start the offboarding checklist of a leaver."""
    start_leaving(employment, last_day)


@receiver(round_made)
def every_hour(tenant: Tenant, now: datetime, believed: datetime, **_: Any) -> None:  # noqa: ANN401
    """Compare external accounts with the payroll list, record the result once a month, delete old previews."""
    if reconcile_monthly(tenant, now) is None:
        reconcile(tenant, now)  # somebody's last day may pass without a new list
    discard_old_lists(tenant, believed)
