"""Print PCs under somebody else's control, for theft detection: severe findings and remote sessions from outside."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from waybillguard.detect.stations import Held
from waybillguard.service.audit.held import HELD_STATIONS
from waybillguard.service.sensors.models import PrintPc, ScanReport
from waybillguard.service.sensors.reports import body_of, judge_body
from waybillguard.service.tenancy.days import local_day
from waybillguard.service.tenancy.models import Tenant

_GRAVE: Final = frozenset({"high", "critical"})
_AFTER: Final = timedelta(days=30)
"""A program counts as running until it is removed, plus a month of watching."""


@HELD_STATIONS.add
def held_stations(tenant: Tenant, now: datetime) -> Iterator[Held]:
    """Yield the findings of the newest scan of each PC; approved tools are left out."""
    newest = {row.pc_id: row for row in ScanReport.objects.filter(tenant=tenant).order_by("pk")}
    for pc in PrintPc.objects.filter(tenant=tenant).select_related("site"):
        report = newest.get(pc.pk)
        if report is None:
            continue
        body = body_of(report)
        judged = [one for one in judge_body(body, pc, local_day(now, tenant)) if one.severity in _GRAVE]
        for one in judged:
            start = one.finding.time or report.received_at
            yield Held(
                tenant.slug, pc.station, one.finding.tool or one.finding.kind, start, min(now, start + _AFTER)
            )
        if judged:
            for session in body.sessions:
                if session.direction == "in":
                    end = session.end or report.received_at
                    yield Held(tenant.slug, pc.station, session.tool, session.start, max(end, session.start))
