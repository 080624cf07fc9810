"""What the vault does every hour."""

from django.dispatch import receiver
from django.utils import timezone

from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made
from waybillguard.service.vault.planned import tend


@receiver(round_made)
def every_hour(tenant: Tenant, **_: object) -> None:
    """Look at the clock and go on with what was announced."""
    tend(tenant, timezone.now())
