"""Risk queue: external accounts of people who should no longer have them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waybillguard.service.external_accounts.models import Finding, Leaving
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.risks import RISKS, Level, Risk


@RISKS.add
def accounts_of_leavers(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Show administrators open findings about external accounts, and leavers whose offboarding is open."""
    if not user.may(Permission.ADMINISTER):
        return
    tenant = tenant_of(user)
    critical = Q(severity="critical")
    found = Finding.objects.filter(tenant=tenant, settled_at=None).aggregate(
        critical=Count("pk", filter=critical), since=Min("raised_at", filter=critical), every=Count("pk")
    )
    if found["critical"]:
        yield Risk(
            Level.DANGER,
            "user-x",
            ngettext(
                "%(n)d account of a leaver still works",
                "%(n)d accounts of leavers still work",
                found["critical"],
            )
            % {"n": found["critical"]},
            _(
                "Whoever has left can still open orders in another system. Disable it there, then show it here."
            ),
            reverse("register"),
            _("Close them"),
            found["since"],
        )
    elif found["every"]:
        yield Risk(
            Level.DUE,
            "key",
            ngettext(
                "%(n)d external account needs a look", "%(n)d external accounts need a look", found["every"]
            )
            % {"n": found["every"]},
            _("Shared, nameless or unused accounts are how data leaves unseen."),
            reverse("register"),
            _("See them"),
        )
    open_ = Leaving.objects.filter(tenant=tenant, closed_at=None).aggregate(
        n=Count("pk"), since=Min("started_at")
    )
    if open_["n"]:
        yield Risk(
            Level.DUE,
            "user-x",
            ngettext("%(n)d leaver is not closed", "%(n)d leavers are not closed", open_["n"])
            % {"n": open_["n"]},
            _("A leaver is closed when every system is confirmed disabled, with a screenshot."),
            reverse("register"),
            _("Go on"),
            open_["since"],
        )
