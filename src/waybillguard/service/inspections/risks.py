"""Open tasks of inspections in the risk queue."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.inspections.models import Inspection, RegisterEntry
from waybillguard.service.inspections.policies import policies_for
from waybillguard.service.platform.risks import RISKS, Level, Risk


@RISKS.add
def duties_not_met(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Yield unmet controls for administrators; before the first inspection, a link to the health check."""
    if not user.may(Permission.ADMINISTER):
        return
    newest = (
        Inspection.objects.filter(tenant=tenant_of(user), state=Inspection.State.DONE)
        .order_by("-pk")
        .values_list("pk", "counts", "finished_at")
        .first()
    )
    if newest is None:
        yield Risk(
            Level.OPEN, "clipboard-check", _("Begin with the health check"),
            _("Half an hour, nothing to connect; at the end three things to do this week."),
            reverse("health_check"), _("Open the health check"),
        )  # fmt: skip
    elif found := newest[1].get("not_satisfied", 0):
        yield Risk(
            Level.OPEN, "clipboard-check",
            ngettext("%(n)d control is not satisfied", "%(n)d controls are not satisfied", found) % {"n": found},
            _("Each names what to do and who is competent."),
            reverse("inspection", args=[newest[0]]) + "?status=not_satisfied", _("See which"), newest[2],
        )  # fmt: skip


@RISKS.add
def open_incidents(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Yield open incidents whose first steps (stop, preserve, notify, report) are incomplete, for those who lead."""
    if not user.may(Permission.LEAD):
        return
    rows = RegisterEntry.objects.filter(
        tenant=tenant_of(user), kind=RegisterEntry.Kind.INCIDENT, closed_at=None
    ).order_by("opened_at")
    for row in rows[:3]:
        if not {"stop", "preserve", "merchants", "police"} <= row.steps.keys():
            yield Risk(
                Level.DANGER, "alert-circle", row.title, _("Stop, preserve, tell each merchant, report to the police."),
                reverse("register_entry", args=[row.pk]), _("Open"), row.opened_at,
            )  # fmt: skip


@RISKS.add
def unread_policies(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Yield internal policies in force that the user has not read."""
    unread = sum(one.read_at is None for one in policies_for(user, timezone.now()))
    if unread:
        yield Risk(
            Level.OPEN, "file-text",
            ngettext("%(n)d internal rule to read", "%(n)d internal rules to read", unread) % {"n": unread},
            _("That you read it is recorded."), reverse("internal_rules"), _("Read"),
        )  # fmt: skip
