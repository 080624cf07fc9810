"""Roster rows for detection and tracing (contracts: Roster)."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from waybillguard.access.shifts import Shift
from waybillguard.service.authorization.active_policies import active_policies
from waybillguard.service.authorization.models import Overtime
from waybillguard.service.identity.models import Employment
from waybillguard.service.tenancy.models import Tenant


def roster_rows(tenant: Tenant) -> Iterator[dict[str, str]]:
    """Yield one row per employment with its shift; hours are empty if the employment names no shift."""
    shifts = active_policies(tenant).shifts
    for one in _employed(tenant):
        yield _row(tenant, one, shifts.get(one.shift))


def worked_hours(tenant: Tenant) -> Iterator[dict[str, str]]:
    """Yield one row per working period: the named shift, or all shifts if none is named, and overtime."""
    shifts = active_policies(tenant).shifts
    known = set()
    for one in _employed(tenant):
        mine = [shifts.get(one.shift)] if one.shift else list(shifts.values())
        for shift in filter(None, mine):
            known.add(one.user_id)
            yield _row(tenant, one, shift)
    zone = ZoneInfo(tenant.time_zone)
    for extra in Overtime.objects.filter(tenant=tenant, withdrawn_at=None, person_id__in=known):
        start, end = extra.start.astimezone(zone), extra.end.astimezone(zone)
        yield {
            "tenant": tenant.slug, "account": f"u{extra.person_id}", "shift_start": f"{start:%H:%M}",
            "shift_end": f"{end:%H:%M}", "employed_from": f"{start:%Y-%m-%d}", "employed_to": f"{end:%Y-%m-%d}",
        }  # fmt: skip


def _employed(tenant: Tenant) -> list[Employment]:
    return list(Employment.objects.filter(tenant=tenant).exclude(user=None).select_related("user"))


def _row(tenant: Tenant, one: Employment, shift: Shift | None) -> dict[str, str]:
    return {
        "tenant": tenant.slug,
        "account": f"u{one.user_id}",
        "role": "temp" if one.temp else str(one.user.role) if one.user else "",
        "shift_start": f"{shift.start:%H:%M}" if shift else "",
        "shift_end": f"{shift.end:%H:%M}" if shift else "",
        "workstation": one.home_station,
        "employed_from": str(one.employed_from or ""),
        "employed_to": str(one.employed_to or ""),
    }
