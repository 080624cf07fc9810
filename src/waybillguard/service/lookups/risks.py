"""Unacknowledged quota alarms in the risk queue."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.lookups.models import LookAlarm
from waybillguard.service.platform.risks import RISKS, Level, Risk


@RISKS.add
def quota_alarms(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Yield unacknowledged quota alarms for people who may approve as a second person."""
    if not user.may(Permission.SECOND):
        return
    found = LookAlarm.objects.filter(tenant=tenant_of(user), seen_at=None).aggregate(
        n=Count("pk"), since=Min("at")
    )
    if found["n"]:
        yield Risk(
            Level.DANGER,
            "eye",
            ngettext("%(n)d limit of looks was reached", "%(n)d limits of looks were reached", found["n"])
            % {"n": found["n"]},
            _("Somebody opened as many consignees as the rules allow. Ask why."),
            reverse("quotas"),
            _("See who"),
            found["since"],
        )
