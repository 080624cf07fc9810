"""Signal receivers: hourly and daily jobs of contracts."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from waybillguard.service.contracts import gate, standing  # noqa: F401 - they answer from now on
from waybillguard.service.contracts.keeping import destroy_old_records
from waybillguard.service.contracts.models import EntrustmentEnd
from waybillguard.service.contracts.tasks import destroy_entrusted
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made
from waybillguard.service.vault.signals import retention_applied


@receiver(round_made)
def every_hour(tenant: Tenant, now: datetime, **_: Any) -> None:  # noqa: ANN401
    """Resume destructions that a legal hold or a lost task stopped. Running ones are not affected."""
    del now
    for end in EntrustmentEnd.objects.filter(tenant=tenant, state=EntrustmentEnd.State.DESTROYING):
        destroy_entrusted.enqueue(end.pk)


@receiver(retention_applied)
def every_day(now: datetime, **_: Any) -> None:  # noqa: ANN401
    """Destroy contract records whose retention period is over."""
    destroy_old_records(now)
