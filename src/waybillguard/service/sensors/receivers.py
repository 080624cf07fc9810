"""Signal receivers: hourly jobs of print PCs."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from waybillguard.service.sensors.models import PrintPc
from waybillguard.service.sensors.services import end_watches, hold_browsers
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made


@receiver(round_made)
def every_hour(tenant: Tenant, now: datetime, **_: Any) -> None:  # noqa: ANN401
    """End watch periods that have passed, and restrict browsers newly enrolled at a restricted station."""
    end_watches(tenant, now)
    held = {PrintPc.Stage.RESTRICTED, PrintPc.Stage.CLEANING, PrintPc.Stage.REBUILT}
    for pc in PrintPc.objects.filter(tenant=tenant, stage__in=held):
        hold_browsers(pc)
