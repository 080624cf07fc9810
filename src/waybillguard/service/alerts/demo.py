"""The demo's alerts: the thefts in its simulated month."""

from django.utils import timezone
from django_scopes import scope

from waybillguard.service.alerts.services import run
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User


def fill(owner: User) -> None:
    """Detect in the month that the activity pages show."""
    tenant = tenant_of(owner)
    with scope(tenant=tenant):
        run(tenant, timezone.now())
