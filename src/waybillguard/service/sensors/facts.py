"""Facts for inspections: results of scans of print PCs (EPT-01 to EPT-04)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from waybillguard.inspect.model import Fact
from waybillguard.service.audit.facts import FACTS, FactSource
from waybillguard.service.cases.models import CaseEvidence
from waybillguard.service.identity.models import Device, DeviceKind
from waybillguard.service.sensors.models import PrintPc, ScanReport
from waybillguard.service.sensors.reports import body_of, judge_body
from waybillguard.service.tenancy.days import local_day
from waybillguard.service.tenancy.models import Tenant

_FRESH: Final = timedelta(hours=24)
_PRINTING: Final = (DeviceKind.AGENT, DeviceKind.SHIM, DeviceKind.STATION)
_FIRM: Final = frozenset({"medium", "high", "critical"})
_PORTS: Final = frozenset({"listener", "component_port", "firewall_opened", "port_forward", "ssh_server"})
_ENTRIES: Final = frozenset({"off_hours_entry"})
_FOUND: Final = (PrintPc.Stage.RESTRICTED, PrintPc.Stage.CLEANING, PrintPc.Stage.REBUILT)


def observe(tenant: Tenant, now: datetime) -> Mapping[str, Fact]:
    """Return the results of the newest scan of each PC; without any scan, only that stations are not scanned.

    Findings of medium severity and above count. Findings about approved tools are low and do not count.
    """
    devices = Device.objects.filter(tenant=tenant, kind__in=_PRINTING).exclude(state=Device.State.REVOKED)
    pcs = list(PrintPc.objects.filter(tenant=tenant))
    newest = {report.pc_id: report for report in ScanReport.objects.filter(tenant=tenant).order_by("pk")}
    stations = set(devices.values_list("station", flat=True)) | {pc.station for pc in pcs}
    fresh = {pc.station for pc in pcs if pc.pk in newest and newest[pc.pk].received_at > now - _FRESH}
    facts: dict[str, Fact] = {"stations": len(stations), "stations_unscanned": len(stations - fresh)}
    if fresh:
        facts["parts_reporting"] = ("sensor",)
    if not newest:
        return facts
    day = local_day(now, tenant)
    kinds = [
        judged.finding.kind
        for pc in pcs
        if pc.pk in newest
        for judged in judge_body(body_of(newest[pc.pk]), pc, day)
        if judged.severity in _FIRM
    ]
    found = [pc for pc in pcs if pc.stage in _FOUND]
    sources = [f"print_pc:{pc.pk}" for pc in found]
    kept = CaseEvidence.objects.filter(tenant=tenant, case__source__in=sources).values_list(
        "case__source", flat=True
    )
    return facts | {
        "open_ports": sum(kind in _PORTS for kind in kinds),
        "boots_unexplained": sum(kind in _ENTRIES for kind in kinds),
        "remote_tools_found": sum(kind not in _PORTS | _ENTRIES for kind in kinds),
        "findings_confirmed": len(found),
        "findings_without_package": len(set(sources) - set(kept)),
    }


FACTS.add(FactSource("sensors", observe))
