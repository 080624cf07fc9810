"""End a person's bound numbers when access ends or the quota is frozen."""

from typing import Any

from django.dispatch import receiver

from waybillguard.service.identity.accounts.signals import access_ended
from waybillguard.service.identity.models import User
from waybillguard.service.lookups.calls.services import release_all
from waybillguard.service.lookups.signals import quota_frozen


@receiver(access_ended)
@receiver(quota_frozen)
def end_numbers(user: User, **_: Any) -> None:  # noqa: ANN401 - a signal
    """End all bindings of the user."""
    if user.tenant is not None:
        release_all(user)
