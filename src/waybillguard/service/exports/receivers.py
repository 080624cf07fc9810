"""What exports do every hour."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from waybillguard.service.exports.files import expire
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made


@receiver(round_made)
def every_hour(tenant: Tenant, now: datetime, **_: Any) -> None:  # noqa: ANN401
    """Shred files whose time is over."""
    expire(tenant, now)
