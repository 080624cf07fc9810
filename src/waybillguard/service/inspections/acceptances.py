"""Accepted risks (风险接受): who accepts an unmet control, the reason, the substitute measure, the end date."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from waybillguard.inspect import catalogue
from waybillguard.inspect.model import Control
from waybillguard.service.identity.accounts import journal
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.inspections.errors import InspectionError
from waybillguard.service.inspections.models import RiskAcceptance

MAX_DAYS: Final = 180
"""Maximum days of an acceptance; after that the risk must be reviewed."""


def acceptable() -> list[Control]:
    """Return the controls whose risk may be accepted. Controls required by law are excluded."""
    return [control for control in catalogue().controls if control.level != "mandatory"]


def accept(user: User, control: str, reason: str, measure: str, last: datetime | None) -> RiskAcceptance:
    """Accept a risk until the end of a day. The ledger entry is written first.

    Raises:
        InspectionError: the control is required by law, a text is missing, or the day is past or too far ahead.
        KeydError: the ledger cannot be written; nothing was accepted.
    """
    now = timezone.now()
    reason, measure = reason.strip()[:200], measure.strip()[:200]
    if control not in {one.id for one in acceptable()}:
        raise InspectionError(
            zh="法律要求的检查项不能接受风险，只能整改。未保存。",
            en="the law demands this control: it is mended, not accepted. Nothing was saved.",
        )
    if not reason or not measure:
        raise InspectionError(
            zh="请填写原因和替代措施。未保存。",
            en="type the reason and the measure taken instead. Nothing was saved.",
        )
    if last is None or not now < last <= now + timedelta(days=MAX_DAYS + 1):
        raise InspectionError(
            zh=f"截止日期应在今天之后、{MAX_DAYS} 天以内。未保存。",
            en=f"the last day lies after today and within {MAX_DAYS} days. Nothing was saved.",
        )
    with transaction.atomic():
        row = RiskAcceptance.objects.create(
            tenant=tenant_of(user), control=control, reason=reason, measure=measure, accepted_by=user,
            accepted_at=now, until=last,
        )  # fmt: skip
        _write(user, row, "accepted")
    return row


def end(user: User, row: RiskAcceptance) -> None:
    """End an acceptance now; its row is kept.

    Raises:
        KeydError: the ledger cannot be written; nothing was ended.
    """
    now = timezone.now()
    with transaction.atomic():
        if RiskAcceptance.objects.filter(pk=row.pk, tenant=row.tenant, until__gt=now).update(until=now):
            _write(user, row, "ended")


def end_of(day_text: str, zone: str) -> datetime | None:
    """Return the end of a typed day (YYYY-MM-DD) in the warehouse's time zone; None if the text is not a date."""
    try:
        day = datetime.strptime(day_text, "%Y-%m-%d")  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None
    return datetime.combine(day.date() + timedelta(days=1), time(), ZoneInfo(zone))


def _write(user: User, row: RiskAcceptance, what: str) -> None:
    journal.put(
        row.tenant, "account", f"u{user.pk}", None,
        {"change": "risk_acceptance", "control": row.control, "step": what, "until": row.until.isoformat()},
    )  # fmt: skip
