"""Rights and plaintext at print stations (LBL-08); what their scans show, the print PCs say themselves."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from waybillguard.inspect.model import Fact
from waybillguard.service.identity.models import Device, DeviceKind
from waybillguard.service.print_room.models import Arrival
from waybillguard.service.tenancy.models import Tenant

_DAY: Final = timedelta(hours=24)


def observe(tenant: Tenant, now: datetime) -> Mapping[str, Fact]:
    """Return how many devices that print have a person's rights, and how much came to them in the clear in a day."""
    devices = Device.objects.filter(tenant=tenant, kind__in=(DeviceKind.AGENT, DeviceKind.SHIM))
    return {
        "station_decrypt_rights": devices.exclude(state=Device.State.REVOKED).exclude(holder=None).count(),
        "station_plaintext_hits": Arrival.objects.filter(tenant=tenant, at__gt=now - _DAY).count(),
    }
