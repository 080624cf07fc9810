"""Print stations: scans, remote control, rights and plaintext at the station (LBL-08, EPT-01, EPT-02, EPT-04)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from waybillguard.inspect.model import Fact
from waybillguard.service.identity.models import Device, DeviceKind
from waybillguard.service.inspections.models import StationScan
from waybillguard.service.print_room.models import Arrival
from waybillguard.service.tenancy.models import Tenant

_FRESH: Final = timedelta(hours=24)
_PRINTING: Final = (DeviceKind.AGENT, DeviceKind.SHIM, DeviceKind.STATION)


def observe(tenant: Tenant, now: datetime) -> Mapping[str, Fact]:
    """Return the facts on stations from uploaded scans; the newest scan of each station counts."""
    devices = Device.objects.filter(tenant=tenant, kind__in=_PRINTING).exclude(state=Device.State.REVOKED)
    stations = set(devices.values_list("station", flat=True))
    newest: dict[str, StationScan] = {}
    scans = StationScan.objects.filter(tenant=tenant, scanned_at__lte=now).order_by("scanned_at")
    for scan in scans.filter(scanned_at__gt=now - timedelta(days=30)):
        newest[scan.station] = scan
    fresh = {name for name, scan in newest.items() if scan.scanned_at > now - _FRESH}
    facts: dict[str, Fact] = {
        "stations": len(stations),
        "station_decrypt_rights": devices.exclude(holder=None)
        .filter(kind__in=(DeviceKind.AGENT, DeviceKind.SHIM))
        .count(),
        "station_plaintext_hits": Arrival.objects.filter(tenant=tenant, at__gt=now - _FRESH).count(),
        "stations_unscanned": len(stations - fresh),
    }
    if newest:
        judged = [scan for scan in newest.values() if scan.approved_by_id is None]
        confirmed = StationScan.objects.filter(tenant=tenant).exclude(confirmed_at=None)
        facts |= {
            "remote_tools_found": sum(scan.remote_tools for scan in judged),
            "open_ports": sum(scan.open_ports for scan in newest.values()),
            "findings_confirmed": confirmed.count(),
            "findings_without_package": confirmed.filter(package_sha256="").count(),
        }
    return facts
