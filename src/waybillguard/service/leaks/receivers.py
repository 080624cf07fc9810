"""Content of the tracing tab of a case."""

from typing import Any

from waybillguard.service.cases.models import Case
from waybillguard.service.cases.services import PANELS, Panel
from waybillguard.service.identity.models import User
from waybillguard.service.leaks.models import Leak


def traced(case: Case, _who: User) -> dict[str, Any] | None:
    """Return the trace that opened this case, once it is done."""
    kind, _, number = case.source.partition(":")
    if kind != "leak" or not number.isdigit():
        return None
    from waybillguard.service.leaks.views import panel  # views are loaded with the first request

    leak = Leak.objects.filter(tenant=case.tenant, pk=int(number), state=Leak.State.DONE).first()
    return None if leak is None else panel(leak)


PANELS.add(Panel("tracing", "leaks/panel.html", traced))
