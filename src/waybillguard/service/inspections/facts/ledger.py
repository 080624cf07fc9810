"""The ledger of looks (LOG-01 to LOG-03, SUP-01) and which components report (GOV-02)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from django.db.models import Sum

from waybillguard.errors import WaybillGuardError
from waybillguard.inspect.model import Fact
from waybillguard.service.audit.models import DayCount
from waybillguard.service.audit.store import event_store
from waybillguard.service.authorization.active_policies import active_policies
from waybillguard.service.identity.models import Role
from waybillguard.service.keyd.ledger_messages import LedgerState, LedgerStateAnswer
from waybillguard.service.lookups.models import Look
from waybillguard.service.print_room.models import CompatibilityMode
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant

_SIX_MONTHS: Final = 184


def observe(tenant: Tenant, now: datetime) -> Mapping[str, Fact]:
    """Return the facts on the ledger. Facts that keyd does not answer are omitted, so their controls cannot pass."""
    looks = Look.objects.filter(tenant=tenant, allowed=True)
    missing = _missing_days(tenant, now)
    facts: dict[str, Fact] = {
        "looks_counted": looks.count(),
        "looks_in_ledger": looks.exclude(receipt_index=None).count(),
        "log_days_missing": len(missing),
        "log_gaps": len(missing),
        "inspector_reveals_without_case": looks.filter(person__role=Role.INSPECTOR)
        .exclude(purpose="authority_request")
        .count(),
        "bypass_modes": CompatibilityMode.objects.filter(tenant=tenant, off_at=None).count(),
    }
    parts = ["access"] if active_policies(tenant).book else []
    try:
        state = keyd().call(LedgerState(tenant.slug), LedgerStateAnswer)
    except WaybillGuardError:
        return facts | {"parts_reporting": tuple(parts)}
    facts["parts_reporting"] = (*parts, "seal")
    facts["ledger_verified"] = not state.problem_en
    witnessed = witnessed_at(state)
    if witnessed is not None:
        facts["witness_hours"] = max(0.0, round((now - witnessed).total_seconds() / 3600, 2))
    return facts


def witnessed_at(state: LedgerStateAnswer) -> datetime | None:
    """Return when a witness last signed a checkpoint; None if none has."""
    times = [witness.time_s for shard in state.shards for witness in shard.witnesses if witness.time_s]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def _missing_days(tenant: Tenant, now: datetime) -> set[int]:
    """Return the days of the last six months with events missing from the store.

    A day is missing events if the store holds fewer of our own events than the database counted as written. The
    count is increased in the transaction that marks a part as written.
    """
    oldest = day_number(now, tenant) - _SIX_MONTHS
    counted = DayCount.objects.filter(tenant=tenant, who="all", log=0, day__gte=oldest)
    written: dict[int, int] = dict(counted.values_list("day").annotate(n=Sum("n")).order_by())
    if not written:
        return set()
    there = _own_events(tenant, oldest)
    return {day for day, n in written.items() if there.get(day, 0) < n}


def _own_events(tenant: Tenant, oldest: int) -> dict[int, int]:
    """Return the number of our own events in the store by day, without those of foreign logs."""
    store = event_store(tenant)
    if not store.files(tenant.slug, first_day=oldest):
        return {}
    with store.open(tenant.slug, first_day=oldest) as connection:
        rows = connection.execute(
            "SELECT day, count(*) FROM events WHERE NOT starts_with(coalesce(event_id, ''), 'log') GROUP BY day"
        ).fetchall()
    return {int(day): int(n) for day, n in rows}
