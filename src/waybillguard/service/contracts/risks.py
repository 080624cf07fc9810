"""Risk queue: contracts that ended without return or deletion, or end soon."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waybillguard.service.contracts.models import Entrustment
from waybillguard.service.contracts.standing import ENDS_SOON
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.risks import RISKS, Level, Risk
from waybillguard.service.tenancy.days import local_day


@RISKS.add
def contracts_ending(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Show administrators contracts to end (PIPL art. 21: return or delete when the contract ends)."""
    if not user.may(Permission.ADMINISTER):
        return
    tenant = tenant_of(user)
    today = local_day(timezone.now(), tenant)
    over = Q(last_day__lt=today) | Q(ended_at__isnull=False)
    found = Entrustment.objects.filter(tenant=tenant, closed_at=None).aggregate(
        over=Count("pk", filter=over),
        soon=Count("pk", filter=~over & Q(last_day__lte=today + ENDS_SOON)),
    )
    if found["over"]:
        yield Risk(
            Level.DUE,
            "file-text",
            ngettext("%(n)d contract has ended", "%(n)d contracts have ended", found["over"])
            % {"n": found["over"]},
            _("Return the merchant's data or delete it; the certificate is made here."),
            reverse("entrustments"),
            _("Return or delete"),
        )
    if found["soon"]:
        yield Risk(
            Level.OPEN,
            "calendar-event",
            ngettext("%(n)d contract ends soon", "%(n)d contracts end soon", found["soon"])
            % {"n": found["soon"]},
            _("Extend it, or plan the return of the data."),
            reverse("entrustments"),
            _("See which"),
        )
