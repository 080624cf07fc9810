"""Signal receivers about devices: the end of a person's access, and the hourly clean-up."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from waybillguard.service.identity.accounts.signals import access_ended
from waybillguard.service.identity.devices.nonces import drop_old_nonces
from waybillguard.service.identity.devices.services import CODES_KEPT, end_devices_of
from waybillguard.service.identity.models import EnrolmentCode, User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made


@receiver(access_ended)
def end_devices(user: User, *, for_good: bool, **_: Any) -> None:  # noqa: ANN401
    """Revoke the devices of a leaver; those of a suspended person are kept, but do not work until reactivation."""
    if for_good and user.tenant is not None:
        end_devices_of(user, timezone.now())


@receiver(round_made)
def every_hour(tenant: Tenant, believed: datetime, **_: Any) -> None:  # noqa: ANN401
    """Delete expired nonces and codes."""
    drop_old_nonces(believed)
    EnrolmentCode.objects.filter(tenant=tenant, expires_at__lt=believed - CODES_KEPT).delete()
