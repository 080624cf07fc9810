"""Days in a warehouse's time zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from waybillguard.service.tenancy.models import Tenant

_EPOCH = date(1970, 1, 1).toordinal()


def day_number(moment: date | datetime, tenant: Tenant) -> int:
    """Return days since 1970-01-01 in the tenant's zone."""
    if isinstance(moment, datetime):
        return moment.astimezone(ZoneInfo(tenant.time_zone)).toordinal() - _EPOCH
    return moment.toordinal() - _EPOCH


def local_day(moment: datetime, tenant: Tenant) -> date:
    """Return the day of a moment in the tenant's zone."""
    return moment.astimezone(ZoneInfo(tenant.time_zone)).date()
