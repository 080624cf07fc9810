"""Signal receiver: machine keys end with the access of the owner who made them."""

from django.dispatch import receiver
from django.utils import timezone
from django_scopes import scopes_disabled

from waybillguard.service.identity.accounts.signals import access_ended
from waybillguard.service.identity.machine_keys.services import revoke
from waybillguard.service.identity.models import MachineKey, User


@receiver(access_ended)
def on_access_ended(user: User, *, for_good: bool, **_: object) -> None:
    """End the keys of a leaver; those of a suspended owner are kept, but do not work until reactivation."""
    if not for_good:
        return
    with scopes_disabled():
        for row in MachineKey.objects.filter(made_by=user, revoked_at=None).select_related("tenant"):
            revoke(None, row, timezone.now())
