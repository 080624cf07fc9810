"""The risk of exports that wait for the second person."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waybillguard.service.exports.models import Export
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.risks import RISKS, Level, Risk


@RISKS.add
def exports_waiting(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Show waiting exports to people who may agree to them, except their own."""
    if not user.may(Permission.SECOND):
        return
    found = (
        Export.objects.filter(tenant=tenant_of(user), state=Export.State.ASKED)
        .exclude(asked_by=user)
        .aggregate(n=Count("pk"), first=Min("pk"), records=Sum("records"), since=Min("asked_at"))
    )
    if found["n"]:
        yield Risk(
            Level.DUE,
            "download",
            ngettext("%(n)d export waits for you", "%(n)d exports wait for you", found["n"])
            % {"n": found["n"]},
            _("%(records)s records in all. Agree only if you know what they are for.")
            % {"records": f"{found['records']:,}"},
            reverse("export", args=[found["first"]]) if found["n"] == 1 else reverse("exports"),
            _("Decide"),
            found["since"],
        )
