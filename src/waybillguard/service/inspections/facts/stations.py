"""Permissions and plaintext at print stations (LBL-08). Scan results come from the print PCs' own fact source."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from waybillguard.inspect.model import Fact
from waybillguard.service.identity.models import Device, DeviceKind
from waybillguard.service.print_room.models import Arrival
from waybillguard.service.tenancy.models import Tenant

_DAY: Final = timedelta(hours=24)


def observe(tenant: Tenant, now: datetime) -> Mapping[str, Fact]:
    """Return the number of printing devices with a person's permissions and of plaintext arrivals in 24 hours."""
    devices = Device.objects.filter(tenant=tenant, kind__in=(DeviceKind.AGENT, DeviceKind.SHIM))
    return {
        "station_decrypt_rights": devices.exclude(state=Device.State.REVOKED).exclude(holder=None).count(),
        "station_plaintext_hits": Arrival.objects.filter(tenant=tenant, at__gt=now - _DAY).count(),
    }
