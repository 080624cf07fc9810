"""Hourly work of the vault."""

from django.dispatch import receiver
from django.utils import timezone

from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made
from waybillguard.service.vault.planned import tend


@receiver(round_made)
def every_hour(tenant: Tenant, **_: object) -> None:
    """Check the clock and continue planned destruction."""
    tend(tenant, timezone.now())
