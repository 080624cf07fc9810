"""Facts for inspections: lag of the detection, result of the daily drill (DET-01, GOV-02)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Min

from waybillguard.events.schema import moment
from waybillguard.inspect.model import Fact
from waybillguard.service.alerts.drill import is_delivered
from waybillguard.service.alerts.models import Detection, Drill
from waybillguard.service.audit.export import waiting_events
from waybillguard.service.audit.facts import FACTS, FactSource
from waybillguard.service.tenancy.models import Tenant

_REPORTS: Final = timedelta(hours=24)
_ON_ITS_WAY: Final = timedelta(minutes=30)


def observe(tenant: Tenant, now: datetime) -> Mapping[str, Fact]:
    """Return the facts. Before the first detection or drill, its facts are omitted, so its controls cannot pass.

    The lag is the longer of the time since the last complete detection and the waiting time of the oldest event not yet
    exported to the detector. A drill counts as caught only if at least one channel delivered its message.
    """
    facts: dict[str, Fact] = {}
    last = Detection.objects.filter(tenant=tenant).first()
    if last is not None and last.good_at is not None:
        oldest = waiting_events(tenant).aggregate(first=Min("ts"))["first"]
        waits = [timedelta(), now - last.good_at, *([now - moment(oldest)] if oldest is not None else [])]
        lag = max(waits)
        facts["detector_lag_minutes"] = round(lag.total_seconds() / 60, 1)
        if lag < _REPORTS:
            facts["parts_reporting"] = ("detect",)
    drill = _newest(tenant, now)
    if drill is not None:
        facts["theft_drill_caught"] = drill.caught and is_delivered(drill)
        facts["theft_drill_hours"] = max(0.0, round((now - drill.at).total_seconds() / 3600, 2))
    return facts


def _newest(tenant: Tenant, now: datetime) -> Drill | None:
    """Return the last drill; if its message is still being delivered, the one before."""
    last = list(Drill.objects.filter(tenant=tenant).order_by("-day")[:2])
    going = len(last) > 1 and last[0].caught and now - last[0].at < _ON_ITS_WAY and not is_delivered(last[0])
    return last[1] if going else next(iter(last), None)


FACTS.add(FactSource("alerts", observe))
