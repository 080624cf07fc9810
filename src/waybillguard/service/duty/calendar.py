"""Is somebody at work at this moment, and is it a sale day: shifts of the policies, overtime and sales of the tables."""

from datetime import datetime

from waybillguard.access.shifts import Duty, Overtime, SaleDay, in_shift
from waybillguard.service.common import tenant_of
from waybillguard.service.duty import models
from waybillguard.service.people.models import Tenant, User
from waybillguard.service.policy.inforce import InForce


def duty_of(user: User, policies: InForce, shift: str, local: datetime) -> Duty:
    """Return shift, overtime and sale day of a person; ``local`` is aware, in the zone of the warehouse.

    ``shift`` is the one named in the employment; empty: every shift of the warehouse, unknown: none.
    """
    tenant = tenant_of(user)
    rows = models.Overtime.objects.filter(
        tenant=tenant, person=user, withdrawn_at=None, start__lte=local, end__gt=local
    ).values_list("start", "end", "granted_by")
    person = f"u{user.pk}"
    overtime = tuple(
        Overtime(person, start.astimezone(local.tzinfo), end.astimezone(local.tzinfo), f"u{by}")
        for start, end, by in rows
    )
    return in_shift(local, policies.roster(person, shift, overtime, sales_on(tenant, local)), person)


def sales_on(tenant: Tenant, local: datetime) -> tuple[SaleDay, ...]:
    """Return the sales that are on, as an owner declared them."""
    rows = models.Sale.objects.filter(
        tenant=tenant, withdrawn_at=None, first__lte=local.date(), last__gte=local.date()
    )
    return tuple(SaleDay(*row) for row in rows.values_list("name", "first", "last"))
