"""Unchecked alerts, failing detection, undelivered messages and SIEM failures in the risk queue."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waybillguard.service.activity.models import SiemTarget
from waybillguard.service.alerts.models import Alert, Detection, Message
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.risks import RISKS, Level, Risk

_LATE = timedelta(hours=6)


@RISKS.add
def alerts_open(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Yield the number of open alerts. If exactly one is not stopped yet, link to that alert."""
    if not user.may(Permission.SECOND):
        return
    going_on = Q(stopped_at=None)
    tenant = tenant_of(user)
    midnight = timezone.localtime(timezone=ZoneInfo(tenant.time_zone)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    found = Alert.objects.filter(tenant=tenant, state=Alert.State.OPEN, drill=False).aggregate(
        n=Count("pk"), first=Min("pk"), since=Min("raised_at"), going_on=Count("pk", filter=going_on),
        urgent=Min("pk", filter=going_on), today=Count("pk", filter=Q(raised_at__gte=midnight)),
    )  # fmt: skip
    if found["n"]:
        why = _("Somebody may be taking consignees' data now.")
        if found["today"]:
            why = _("%(n)d raised today.") % {"n": found["today"]} + " " + why
        one = found["urgent"] if found["going_on"] == 1 else found["first"] if found["n"] == 1 else None
        yield Risk(
            Level.DANGER,
            "alert-triangle",
            ngettext("%(n)d alert to be checked", "%(n)d alerts to be checked", found["n"])
            % {"n": found["n"]},
            why,
            reverse("alert", args=[one]) if one else reverse("alerts"),
            _("Look into it"),
            found["since"],
        )


@RISKS.add
def watching_failed(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Yield a failing or stopped detection, and undelivered messages."""
    if not user.may(Permission.SECOND):
        return
    tenant = tenant_of(user)
    last = Detection.objects.filter(tenant=tenant).first()
    if last is not None and (last.error or last.at < timezone.now() - _LATE):
        yield Risk(
            Level.DANGER,
            "alert-triangle",
            _("Detection of thefts does not run"),
            _("Alerts may be missing until it runs again."),
            reverse("detectors"),
            _("See what failed"),
            last.at,
        )
    since = timezone.now() - timedelta(days=3)
    failed = Message.objects.filter(tenant=tenant, state=Message.State.FAILED, made_at__gte=since).count()
    if failed:
        yield Risk(
            Level.DUE,
            "send",
            ngettext("%(n)d message did not arrive", "%(n)d messages did not arrive", failed) % {"n": failed},
            _("People are not told of alerts."),
            reverse("channels"),
            _("See channels"),
        )


@RISKS.add
def siem_fails(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Yield, for administrators, a SIEM that does not accept events."""
    if not user.may(Permission.ADMINISTER):
        return
    target = SiemTarget.objects.filter(tenant=tenant_of(user)).exclude(failed_at=None).first()
    if target is not None:
        yield Risk(
            Level.DUE,
            "send",
            _("Events do not reach the SIEM"),
            _("Nothing is lost: sending goes on from there once the collector answers."),
            reverse("siem"),
            _("See what failed"),
            target.failed_at,
        )
