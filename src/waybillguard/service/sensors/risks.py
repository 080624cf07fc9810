"""Risk queue: restricted print PCs."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.risks import RISKS, Level, Risk
from waybillguard.service.sensors.models import PrintPc

_HELD = (PrintPc.Stage.RESTRICTED, PrintPc.Stage.CLEANING, PrintPc.Stage.REBUILT)


@RISKS.add
def print_pcs_held(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Show print room leads the PCs that are still restricted."""
    if not user.may(Permission.LEAD):
        return
    found = PrintPc.objects.filter(tenant=tenant_of(user)).aggregate(
        n=Count("pk", filter=Q(stage__in=_HELD)), since=Min("stage_at", filter=Q(stage__in=_HELD))
    )
    if found["n"]:
        yield Risk(
            Level.DANGER,
            "device-desktop-analytics",
            ngettext("%(n)d print PC is restricted", "%(n)d print PCs are restricted", found["n"])
            % {"n": found["n"]},
            _("A scan found remote control or a tap: what was printed there may have been copied."),
            reverse("print_pcs"),
            _("See print PCs"),
            found["since"],
        )
