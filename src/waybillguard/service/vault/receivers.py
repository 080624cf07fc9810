"""What the vault does every hour."""

from datetime import datetime

from django.dispatch import receiver

from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made
from waybillguard.service.vault.planned import tend


@receiver(round_made)
def every_hour(tenant: Tenant, now: datetime, **_: object) -> None:
    """Look at the clock and go on with what was announced."""
    tend(tenant, now)
