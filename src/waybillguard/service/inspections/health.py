"""Health check without integration (零对接体检): results of the steps done so far; other steps are shown as missing."""

from datetime import datetime

from django.core.cache import cache
from django.db.models import Q, Sum
from django_scopes import scope

from waybillguard.inspect.health_check import HealthCheck
from waybillguard.service.activity.models import ForeignLog
from waybillguard.service.audit.facts import FACTS
from waybillguard.service.audit.models import DayCount, HourCount
from waybillguard.service.authorization.active_policies import active_policies
from waybillguard.service.external_accounts.models import Finding, OutsideAccount, Reconciliation
from waybillguard.service.identity.models import User
from waybillguard.service.inspections.models import Inspection, LabelSample
from waybillguard.service.inspections.samples import sample_of
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.listing import overview

_KEPT_S = 60


def not_yet_inspected(user: User) -> bool:
    """Return whether the warehouse has no finished inspection; the health check then comes first in the menu.

    The answer is cached for a minute.
    """
    tenant = user.tenant

    def is_new() -> bool:
        with scope(tenant=tenant):
            return not Inspection.objects.filter(state=Inspection.State.DONE).exists()

    return tenant is not None and bool(cache.get_or_set(f"not-yet-inspected-{tenant.pk}", is_new, _KEPT_S))


def health_check(tenant: Tenant, now: datetime) -> HealthCheck:
    """Return the current health check. Facts of steps not done yet are omitted."""
    facts: dict[str, float] = {}
    if Reconciliation.objects.filter(tenant=tenant).exists():
        findings = Finding.objects.filter(tenant=tenant, settled_at=None)
        facts |= {
            "accounts_total": OutsideAccount.objects.filter(tenant=tenant, gone_at=None).count(),
            "accounts_of_leavers": findings.filter(kind__in=("used_after_leaving", "owner_left")).count(),
            "accounts_nobody": findings.filter(kind__in=("no_owner", "owner_unclear")).count(),
        }
    sample = LabelSample.objects.filter(tenant=tenant, state=LabelSample.State.DONE).order_by("-pk").first()
    if sample is not None:
        counts = sample_of(sample).counts()
        facts |= {"labels_checked": counts["pass"] + counts["fail"], "labels_failing": counts["fail"]}
    facts |= _log(tenant)
    lanes = overview(tenant).lanes
    if total := sum(lanes.values()):
        facts |= {"orders_total": total, "share_plaintext": lanes.get("C", 0) / total}
    facts |= _scan(tenant, now)
    return HealthCheck(tenant.name, now, facts)


def _scan(tenant: Tenant, now: datetime) -> dict[str, float]:
    """Return results of print PC scans, from the registered fact sources."""
    found: dict[str, float] = {}
    names = {"remote_tools_found": "remote_tools", "open_ports": "hardening_open"}
    for source in FACTS:
        for name, value in source.observe(tenant, now).items():
            if name in names and isinstance(value, int):
                found.setdefault(names[name], value)
    return found


def _log(tenant: Tenant) -> dict[str, float]:
    """Return figures from imported logs of other systems: exports, work outside all shifts, the busiest account."""
    logs = ForeignLog.objects.filter(tenant=tenant, state=ForeignLog.State.DONE).values_list("pk", flat=True)
    counts = DayCount.objects.filter(tenant=tenant, log__in=list(logs))
    total = counts.filter(who="all").aggregate(n=Sum("n"))["n"]
    if not total:
        return {}
    outside = Q()
    for shift in active_policies(tenant).shifts.values():
        first, last = shift.start.hour, shift.end.hour
        outside |= (
            Q(hour__gte=first, hour__lt=last) if first < last else Q(hour__gte=first) | Q(hour__lt=last)
        )
    hours = HourCount.objects.filter(tenant=tenant, log__in=list(logs), who="all")
    busiest = (
        counts.filter(who="account")
        .values("name")
        .annotate(n=Sum("n"))
        .order_by("-n")
        .values_list("n", flat=True)
        .first()
    )
    return {
        "log_exports": counts.filter(who="all", action="export").aggregate(n=Sum("n"))["n"] or 0,
        "log_out_of_hours": hours.exclude(outside).aggregate(n=Sum("n"))["n"] or 0,
        "log_top_share": (busiest or 0) / total,
    }
