"""Risks of the print room: labels that did not come out, and orders without a label."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.risks import RISKS, Level, Risk
from waybillguard.service.print_room.models import Ticket
from waybillguard.service.print_room.stations import printers, tickets
from waybillguard.service.vault.listing import overview_of


@RISKS.add
def labels_in_doubt(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Show labels that wait too long or may not have come out to people who manage the print room."""
    if not user.may(Permission.LEAD):
        return
    late = Q(
        state__in=tickets.OPEN, printer__isnull=False, issued_at__lt=timezone.now() - printers.STUCK_AFTER
    )
    uncertain = Q(state=Ticket.State.UNCERTAIN)
    found = Ticket.objects.filter(late | uncertain, tenant=tenant_of(user)).aggregate(
        late=Count("pk", filter=late),
        uncertain=Count("pk", filter=uncertain),
        since=Min("issued_at"),
    )
    if found["late"]:
        yield Risk(
            Level.DUE,
            "hourglass",
            ngettext("%(n)d label is stuck", "%(n)d labels are stuck", found["late"]) % {"n": found["late"]},
            _("The printer has not taken them. Look at printer and paper."),
            reverse("stations"),
            _("See the stations"),
            found["since"],
        )
    if found["uncertain"]:
        yield Risk(
            Level.DUE,
            "help-circle",
            ngettext("%(n)d print is unconfirmed", "%(n)d prints are unconfirmed", found["uncertain"])
            % {"n": found["uncertain"]},
            _("Say whether paper came out, so that nothing is printed twice or lost."),
            reverse("stations"),
            _("Confirm"),
            found["since"],
        )


@RISKS.add
def labels_to_print(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Show orders without a label to people who may print."""
    if not user.may(Permission.PRINT):
        return
    seen = overview_of(user)
    if seen.to_print:
        shown = f"{seen.to_print:,}" + ("+" if seen.to_print_truncated else "")
        yield Risk(
            Level.OPEN,
            "printer",
            ngettext("%(n)s order to print", "%(n)s orders to print", seen.to_print) % {"n": shown},
            _("Masked labels, checked one by one."),
            reverse("printing"),
            _("Print"),
        )
