"""Whether a person is in shift at a given time: shifts from the policies, overtime and sale days from the tables."""

from datetime import datetime
from typing import Final

from waybillguard.access.shifts import Duty, Overtime, SaleDay, in_shift
from waybillguard.service.authorization import models
from waybillguard.service.authorization.active_policies import ActivePolicies
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.platform.database.raw_sql import Rows, moment
from waybillguard.service.tenancy.models import Tenant

_OVERTIME: Final = Rows(
    models.Overtime,
    'WHERE tenant_id = %s AND person_id = %s AND withdrawn_at IS NULL AND "start" <= %s AND "end" > %s',
)
_SALES: Final = Rows(
    models.Sale, 'WHERE tenant_id = %s AND withdrawn_at IS NULL AND "first" <= %s AND "last" >= %s'
)


def duty_of(user: User, policies: ActivePolicies, shift: str, local: datetime) -> Duty:
    """Return shift, overtime and sale day of a person. ``local`` is aware, in the warehouse's time zone.

    ``shift`` is the shift named in the employment. Empty means all shifts of the warehouse; an unknown name, none.
    """
    tenant = tenant_of(user)
    now = moment(local)
    person = f"u{user.pk}"
    overtime = tuple(
        Overtime(
            person,
            row.start.astimezone(local.tzinfo),
            row.end.astimezone(local.tzinfo),
            f"u{row.granted_by_id}",
        )
        for row in _OVERTIME.all(tenant.pk, user.pk, now, now)
    )
    return in_shift(local, policies.roster(person, shift, overtime, sales_on(tenant, local)), person)


def sales_on(tenant: Tenant, local: datetime) -> tuple[SaleDay, ...]:
    """Return the declared sales that include the day of ``local``."""
    today = local.date().isoformat()
    return tuple(SaleDay(row.name, row.first, row.last) for row in _SALES.all(tenant.pk, today, today))
