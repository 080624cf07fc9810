"""Risks shown to users: unconfirmed imports, plaintext consignees, planned destruction."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.risks import RISKS, Level, Risk
from waybillguard.service.vault.listing import overview_of
from waybillguard.service.vault.models import Batch, PlannedDestruction, RetentionRule
from waybillguard.service.vault.planned import clock_in_doubt, open_plan

_SHOWN = 3


@RISKS.add
def waiting_imports(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Tell people who may import about unconfirmed previews."""
    if not user.may(Permission.IMPORT):
        return
    waiting = Batch.objects.filter(tenant=tenant_of(user), state=Batch.State.PREVIEW).order_by("-pk")
    for batch in waiting[:_SHOWN]:
        yield Risk(
            Level.OPEN,
            "eye",
            _("Import %(label)s waits for your confirmation") % {"label": batch.label},
            _("Nothing of it is visible or printable until you confirm."),
            reverse("import_detail", args=[batch.pk]),
            _("Look at it"),
            batch.created_at,
        )


@RISKS.add
def plaintext_orders(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Tell administrators about orders that a platform could have delivered encrypted."""
    if not user.may(Permission.ADMINISTER):
        return
    count = overview_of(user).lanes.get("C", 0)
    if count:
        yield Risk(
            Level.DUE,
            "eye",
            ngettext("%(n)s order came in as plaintext", "%(n)s orders came in as plaintext", count)
            % {"n": f"{count:,}"},
            _("Have the platform export encrypted waybills for these shops; until then print them here."),
            reverse("orders") + "?lane=C",
            _("See which"),
        )


@RISKS.add
def planned_destruction(user: Any) -> Iterable[Risk]:  # noqa: ANN401
    """Announce planned destruction to everyone who may stop it."""
    if not (user.may(Permission.SECOND) or user.may(Permission.ADMINISTER)):
        return
    tenant = tenant_of(user)
    plan = open_plan(tenant)
    if plan is not None and plan.orders:
        waits = plan.state == PlannedDestruction.State.HELD
        yield Risk(
            Level.DUE,
            "trash",
            ngettext(
                "%(n)s order is going to be destroyed", "%(n)s orders are going to be destroyed", plan.orders
            )
            % {"n": f"{plan.orders:,}"},
            _("More than a fifth of all: it waits until somebody confirms it.")
            if waits
            else _("By the retention rule, 72 hours after this notice. It can be stopped."),
            reverse("plan", args=[plan.pk]),
            _("See the plan"),
            plan.announced_at,
        )
    # Read only: every page runs this, and two requests that create the first rule together would conflict.
    rule = RetentionRule.objects.filter(tenant=tenant).first()
    if rule is not None and user.may(Permission.ADMINISTER) and clock_in_doubt(rule, timezone.now()):
        yield Risk(
            Level.DANGER,
            "clock",
            _("The clock of this machine jumped ahead"),
            _("Nothing is destroyed until it is right again or you confirm the date."),
            reverse("retention"),
            _("Look at it"),
        )
