"""Signal receivers of badges: ended accounts, and the hourly deletion of old findings."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.dispatch import receiver
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.identity.accounts.signals import access_ended
from waybillguard.service.identity.models import SharedUse, StationSession, User
from waybillguard.service.people.badges.services import revoke
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made

KEPT: Final = timedelta(days=180)


@receiver(access_ended)
def end_badge(user: User, *, for_good: bool, **_: Any) -> None:  # noqa: ANN401 - a signal
    """Revoke the badge of a person who was offboarded. The badge of a suspended person is kept, but signs nobody in."""
    if for_good and user.tenant is not None:
        with scope(tenant=user.tenant):
            revoke(None, user, timezone.now())


@receiver(round_made)
def every_hour(tenant: Tenant, believed: datetime, **_: Any) -> None:  # noqa: ANN401
    """Delete findings and sessions older than half a year."""
    SharedUse.objects.filter(tenant=tenant, last_at__lt=believed - KEPT).delete()
    StationSession.objects.filter(tenant=tenant, ends_at__lt=believed - KEPT).delete()
