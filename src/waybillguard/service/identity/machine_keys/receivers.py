"""Whoever loses access takes the machine keys along that were made in his name."""

from django.dispatch import receiver
from django.utils import timezone
from django_scopes import scopes_disabled

from waybillguard.service.identity.accounts.signals import access_ended
from waybillguard.service.identity.machine_keys.services import revoke
from waybillguard.service.identity.models import MachineKey, User


@receiver(access_ended)
def on_access_ended(user: User, *, for_good: bool, **_: object) -> None:
    """End the keys of whoever was let go; those of a sleeping owner let nobody in until he is woken."""
    if not for_good:
        return
    with scopes_disabled():
        for row in MachineKey.objects.filter(made_by=user, revoked_at=None).select_related("tenant"):
            revoke(None, row, timezone.now())
