"""Risk queue: unfinished warning lists and buyers' requests."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.risks import RISKS, Level, Risk
from waybillguard.service.scams.models import PrivacyRequest, WarningShare


@RISKS.add
def merchants_not_done(user: Any) -> Iterable[Risk]:  # noqa: ANN401 - the user model
    """Show leads the merchants who have not yet notified their buyers of a leak."""
    if not user.may(Permission.LEAD):
        return
    found = (
        WarningShare.objects.filter(tenant=tenant_of(user))
        .exclude(state=WarningShare.State.NOTIFIED)
        .aggregate(n=Count("pk"), since=Min("warning__made_at"))
    )
    if found["n"]:
        yield Risk(
            Level.DUE,
            "message-report",
            ngettext(
                "%(n)d merchant has not told the buyers of a leak",
                "%(n)d merchants have not told the buyers of a leak",
                found["n"],
            )
            % {"n": found["n"]},
            _("Fraudsters call soon after a leak: hand over the file and the draft today."),
            reverse("scams") + "#warnings",
            _("See warning lists"),
            found["since"],
        )


@RISKS.add
def requests_due(user: Any) -> Iterable[Risk]:  # noqa: ANN401 - the user model
    """Show leads the buyers' requests that are still open."""
    if not user.may(Permission.LEAD):
        return
    states = PrivacyRequest.State
    found = PrivacyRequest.objects.filter(
        tenant=tenant_of(user), state__in=[states.OPEN, states.FORWARDED]
    ).aggregate(n=Count("pk"), since=Min("asked_at"), due=Min("due_on"))
    if found["n"]:
        late = found["due"] < timezone.localdate()
        yield Risk(
            Level.DUE if late else Level.OPEN,
            "user-search",
            ngettext("%(n)d request of a buyer is open", "%(n)d requests of buyers are open", found["n"])
            % {"n": found["n"]},
            _("The target is fifteen working days; the merchant decides, you pass on."),
            reverse("scams") + "#requests",
            _("See requests"),
            found["since"],
        )
