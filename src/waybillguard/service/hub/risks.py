"""Entries of a hub and of a reporting warehouse in the risk queue."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waybillguard.service.hub.inbox import OPEN
from waybillguard.service.hub.models import HubLink, HubNotice, HubTask, TownAlarm
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.risks import RISKS, Level, Risk

_LATE = timedelta(hours=3)


@RISKS.add
def reports_not_delivered(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Yield a risk for owners if the hub does not receive this warehouse's reports."""
    if not user.may(Permission.ADMINISTER):
        return
    link = HubLink.objects.filter(tenant=tenant_of(user)).first()
    since = (link.sent_at or link.linked_at) if link is not None else None
    if link is not None and link.error_zh and since is not None and since < timezone.now() - _LATE:
        yield Risk(
            Level.DUE, "send", _("Reports do not reach the hub"),
            _("After some hours the hub raises an alert about this warehouse."),
            reverse("hub_link"), _("See what failed"), since,
        )  # fmt: skip


@RISKS.add
def town_alarms(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Yield the open alarms about warehouses, for those who manage a hub."""
    if not user.may(Permission.LEAD):
        return
    found = TownAlarm.objects.filter(tenant=tenant_of(user), ended_at=None).aggregate(
        n=Count("pk"), since=Min("raised_at")
    )
    if found["n"]:
        yield Risk(
            Level.DUE, "building-warehouse",
            ngettext("%(n)d alert about a warehouse", "%(n)d alerts about warehouses", found["n"]) % {"n": found["n"]},
            _("Silent, replayed reports, a ledger that went back, or a theft in progress."),
            reverse("town"), _("See alerts"), found["since"],
        )  # fmt: skip


@RISKS.add
def open_tasks_and_notices(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Yield the authorities' open tasks and unread notices, for those who manage a warehouse."""
    if not user.may(Permission.LEAD):
        return
    tenant = tenant_of(user)
    waiting = HubTask.objects.filter(tenant=tenant, state__in=OPEN, done_at=None).aggregate(
        n=Count("pk"), due=Min("due")
    )
    if waiting["n"]:
        yield Risk(
            Level.DUE, "list-check",
            ngettext("%(n)d task of an authority", "%(n)d tasks of authorities", waiting["n"]) % {"n": waiting["n"]},
            _("To be put right by %(day)s; then somebody tests again.") % {"day": waiting["due"]},
            reverse("hub_inbox"), _("See tasks"),
        )  # fmt: skip
    unread = HubNotice.objects.filter(tenant=tenant, read_at=None).aggregate(
        n=Count("pk"), since=Min("arrived_at")
    )
    if unread["n"]:
        yield Risk(
            Level.OPEN, "message-report",
            ngettext("%(n)d notice of the town", "%(n)d notices of the town", unread["n"]) % {"n": unread["n"]},
            _("The hub sees who has read it."), reverse("hub_inbox"), _("See notices"), unread["since"],
        )  # fmt: skip
