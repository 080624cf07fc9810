"""Demo alerts: thefts in the simulated month, an explained manager account, and refusals by the guard."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django_scopes import scope

from waybillguard.access.request import SignIn
from waybillguard.service.alerts.models import Alert
from waybillguard.service.alerts.services import explain, run
from waybillguard.service.authorization.principal import load_principal
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Employment, Role, User
from waybillguard.service.lookups.errors import GuardError
from waybillguard.service.lookups.guard import hold, place_decoy
from waybillguard.service.vault.listing import visible

LOOKS: Final = 15
_PACE: Final = timedelta(seconds=10)


def fill(owner: User) -> None:
    """Run detection on the simulated month, and let the guard stop an invented temp."""
    tenant = tenant_of(owner)
    with scope(tenant=tenant):
        now = timezone.now()
        run(tenant, now)
        for alert in Alert.objects.filter(tenant=tenant, account__endswith="-boss"):
            explain(alert, owner, "财务对账，每月导出", timezone.localdate(now) + timedelta(days=90), now)
        guard_at_work(owner, now)


def guard_at_work(owner: User, now: datetime) -> User:
    """Simulate a temp who requests orders too fast until one is a decoy; return the temp.

    The guard really answers: it delays, then refuses. Alert and restriction follow automatically.
    """
    tenant = tenant_of(owner)
    temp = User.objects.create_user(
        username="temp", tenant=tenant, role=Role.SERVICE, display_name="临时客服小孙"
    )
    temp.set_unusable_password()
    temp.save()
    today = timezone.localdate(now)
    Employment.objects.create(
        tenant=tenant, user=temp, number="D05", temp=True, agency="演示劳务", identity_checked_on=today,
        employed_from=today - timedelta(days=2), employed_to=today + timedelta(days=12),
    )  # fmt: skip
    orders = list(visible(tenant).exclude(order_no="").order_by("pk")[: LOOKS + 1])
    if not orders:
        return temp
    *asked, bait = orders
    place_decoy(owner, tenant, bait.order_no)
    begun = now - (len(asked) + 1) * _PACE
    for place, order in enumerate((*asked, bait)):
        who = load_principal(temp, SignIn(method="second_factor", stepped_up=True), begun + place * _PACE)
        with suppress(GuardError):
            hold(who, "reveal", orders=[order])
    return temp
