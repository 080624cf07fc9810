"""Work under a shared account: a badge must identify the person; on a sale day work goes on and is recorded."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import F
from django.http import HttpRequest

from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import SharedUse, User
from waybillguard.service.identity.request_origin import workstation_of

NOTED_EVERY: Final = timedelta(minutes=1)
_NOTED: Final = "shared_noted"


def note_use(request: HttpRequest, user: User, now: datetime, *, refused: bool) -> None:
    """Record that a shared account worked, or was refused, at a station; once per minute and session."""
    last = request.session.get(_NOTED, {})
    if last.get("refused") == refused and now.timestamp() - last.get("at", 0) < NOTED_EVERY.total_seconds():
        return
    request.session[_NOTED] = {"refused": refused, "at": now.timestamp()}
    row, made = SharedUse.objects.get_or_create(
        tenant=tenant_of(user), day=now.date(), account=user, station=workstation_of(request)[:60], refused=refused,
        defaults={"first_at": now, "last_at": now, "requests": 1},
    )  # fmt: skip
    if not made:
        SharedUse.objects.filter(pk=row.pk).update(last_at=now, requests=F("requests") + 1)
