"""Every hour: a linked warehouse reports, and a hub looks for silence."""

from datetime import datetime

from django.dispatch import receiver

from waybillguard.service.hub.intake import silence
from waybillguard.service.hub.models import HubLink, Town
from waybillguard.service.hub.sending import send
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made


@receiver(round_made)
def report_to_hub(tenant: Tenant, now: datetime, **_: object) -> None:
    """Send this warehouse's report."""
    link = HubLink.objects.filter(tenant=tenant).select_related("tenant").first()
    if link is not None:
        send(link, now)


@receiver(round_made)
def look_for_silence(tenant: Tenant, now: datetime, **_: object) -> None:
    """Raise an alarm for warehouses that report no more."""
    town = Town.objects.filter(tenant=tenant).select_related("tenant").first()
    if town is not None:
        silence(town, now)
