"""The demo's alerts: the thefts in its simulated month, and a manager's monthly accounts that are explained."""

from datetime import timedelta

from django.utils import timezone
from django_scopes import scope

from waybillguard.service.alerts.models import Alert
from waybillguard.service.alerts.services import explain, run
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User


def fill(owner: User) -> None:
    """Detect in the month that the activity pages show."""
    tenant = tenant_of(owner)
    with scope(tenant=tenant):
        now = timezone.now()
        run(tenant, now)
        for alert in Alert.objects.filter(tenant=tenant, account__endswith="-boss"):
            explain(alert, owner, "财务对账，每月导出", timezone.localdate(now) + timedelta(days=90), now)
