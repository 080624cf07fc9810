"""Risk queue: open cases."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waybillguard.service.cases.joint import hidden_from
from waybillguard.service.cases.models import Case
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.risks import RISKS, Level, Risk


@RISKS.add
def open_cases(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Show leads the cases that are not closed."""
    if not user.may(Permission.SECOND):
        return
    mine = Case.objects.filter(tenant=tenant_of(user), state=Case.State.OPEN).exclude(
        pk__in=hidden_from(user)
    )
    found = mine.aggregate(n=Count("pk"), since=Min("opened_at"))
    if found["n"]:
        yield Risk(
            Level.DUE,
            "briefcase",
            ngettext("%(n)d case is open", "%(n)d cases are open", found["n"]) % {"n": found["n"]},
            _("Each has its timeline, orders and evidence; close it when it is settled."),
            reverse("cases") + "?state=open",
            _("See cases"),
            found["since"],
        )
