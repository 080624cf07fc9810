"""Warning lists on the notices tab of a case."""

from typing import Any

from waybillguard.service.cases.models import Case
from waybillguard.service.cases.services import PANELS, Panel
from waybillguard.service.identity.models import User
from waybillguard.service.scams.models import WarningList, WarningShare


def _lists(case: Case, user: User) -> Any:  # noqa: ANN401 - what the template draws
    del user
    rows = (
        WarningList.objects.filter(tenant=case.tenant, case=case).prefetch_related("shares").order_by("-pk")
    )
    lines = [
        (
            row,
            sum(one.state == WarningShare.State.NOTIFIED for one in row.shares.all()),
            len(row.shares.all()),
        )
        for row in rows
    ]
    return {"lines": lines, "case": case} if lines or case.state != Case.State.CLOSED else None


PANELS.add(Panel("notice", "scams/panel.html", _lists))
