"""Grant overtime, declare a sale, withdraw either. Grants and declarations are written to the ledger first."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import models, transaction

from waybillguard.access import shifts
from waybillguard.service.authorization.models import Overtime, Sale
from waybillguard.service.authorization.shifts.errors import already_over_error, invalid_period_error
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User

AHEAD: Final = timedelta(days=31)


def grant_overtime(
    actor: User, person: User, start: datetime, end: datetime, reason: str, now: datetime
) -> Overtime:
    """Allow another person to work outside the shift for some hours.

    Raises:
        AccessError (shift): granted to oneself, without a valid end, or longer than 16 hours.
        DutyError: already over, or too far ahead.
        KeydError: the ledger cannot be written; nothing was granted.
    """
    tenant = tenant_of(actor)
    shifts.Overtime(f"u{person.pk}", start, end, f"u{actor.pk}")
    if end <= now or start > now + AHEAD:
        raise invalid_period_error()
    with transaction.atomic():
        row = Overtime.objects.create(
            tenant=tenant,
            person=person,
            start=start,
            end=end,
            reason=reason,
            granted_by=actor,
            granted_at=now,
        )
        note(
            tenant, "overtime", person=person, actor=actor, now=now, overtime=row.pk,
            start=start.isoformat(timespec="minutes"), end=end.isoformat(timespec="minutes"),
        )  # fmt: skip
    return row


def withdraw_overtime(actor: User, row: Overtime, now: datetime) -> None:
    """End overtime immediately. Never waits for the ledger.

    Raises:
        DutyError: it is over already.
    """
    with transaction.atomic():
        _withdraw(Overtime.objects.filter(pk=row.pk, end__gt=now), actor, now)
        note(row.tenant, "overtime_withdrawn", person=row.person, actor=actor, now=now, overtime=row.pk)


def declare_sale(actor: User, name: str, first: date, last: date, now: datetime) -> Sale:
    """Declare a big sale, at most 31 days long.

    Raises:
        AccessError (shift): the days are invalid.
        DutyError: already over, or too far ahead.
        KeydError: the ledger cannot be written; nothing was declared.
    """
    tenant = tenant_of(actor)
    shifts.SaleDay(name, first, last)
    today = now.astimezone(ZoneInfo(tenant.time_zone)).date()
    if last < today or first > today + AHEAD:
        raise invalid_period_error()
    with transaction.atomic():
        row = Sale.objects.create(
            tenant=tenant, name=name, first=first, last=last, declared_by=actor, declared_at=now
        )
        note(tenant, "sale_declared", actor=actor, now=now, sale=row.pk, first=str(first), last=str(last))
    return row


def withdraw_sale(actor: User, row: Sale, now: datetime) -> None:
    """End a sale immediately. Never waits for the ledger.

    Raises:
        DutyError: it is over already.
    """
    today = now.astimezone(ZoneInfo(row.tenant.time_zone)).date()
    with transaction.atomic():
        _withdraw(Sale.objects.filter(pk=row.pk, last__gte=today), actor, now)
        note(row.tenant, "sale_withdrawn", actor=actor, now=now, sale=row.pk)


def _withdraw(rows: "models.QuerySet[Overtime] | models.QuerySet[Sale]", actor: User, now: datetime) -> None:
    if rows.filter(withdrawn_at=None).update(withdrawn_by=actor, withdrawn_at=now) != 1:
        raise already_over_error()
