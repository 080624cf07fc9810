"""Where the warehouse stands, and what each lane promises."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from waybillguard.service.authorization.access import signed_in
from waybillguard.service.authorization.inforce import in_force
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.merchants.scope import shops_inside
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.platform.words import LANES
from waybillguard.service.print_room.components.compatibility import DAYS_SHOWN, plaintext_gap
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.vault.listing import Overview, overview
from waybillguard.service.vault.models import Batch

_BAR = 1000.0
_LEAST = 6.0


@dataclass(frozen=True, slots=True)
class Segment:
    """One lane in the picture: where its part of the bar lies (of 1000) and its share in per cent."""

    lane: str
    count: int
    share: float
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do next."""

    icon: str
    title: str
    why: str
    address: str
    action: str


def segments(lanes: dict[str, int]) -> list[Segment]:
    """Lay the lanes out on a bar 1000 wide; a lane with anything in it stays visible."""
    total = sum(lanes.get(name, 0) for name in LANES)
    present = [name for name in LANES if lanes.get(name, 0)]
    widths = {n: max(_LEAST, _BAR * lanes[n] / total) for n in present}
    scale = _BAR / sum(widths.values()) if widths else 0.0
    laid: list[Segment] = []
    x = 0.0
    for name in LANES:
        count = lanes.get(name, 0)
        width = widths.get(name, 0.0) * scale
        laid.append(
            Segment(name, count, 100.0 * count / total if total else 0.0, round(x, 2), round(width, 2))
        )
        x += width
    return laid


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show lanes, today's numbers and what to do next."""
    user = signed_in(request)
    tenant = tenant_of(user)
    seen = overview(tenant)
    waiting = (
        list(Batch.objects.filter(tenant=tenant, state=Batch.State.PREVIEW).order_by("-pk")[:3])
        if user.may(Permission.IMPORT)
        else []
    )
    context: dict[str, Any] = {
        "tenant": tenant,
        "seen": seen,
        "segments": segments(seen.lanes),
        "steps": _steps(user, seen, waiting),
        "waiting": waiting,
        "gap": plaintext_gap(tenant, day_number(timezone.now(), tenant))
        if user.may(Permission.ADMINISTER)
        else None,
    }
    return render(request, "web/home.html", context)


@require_safe
def lanes(request: HttpRequest) -> HttpResponse:
    """Explain the three lanes."""
    user = signed_in(request)
    tenant = tenant_of(user)
    seen = overview(tenant)
    context = {
        "segments": segments(seen.lanes),
        "seen": seen,
        # Of the whole warehouse: a merchant is not told what others send in the clear.
        "gap": None
        if shops_inside() is not None
        else plaintext_gap(tenant, day_number(timezone.now(), tenant)),
        "days_shown": DAYS_SHOWN,
    }
    return render(request, "web/lanes.html", context)


def _steps(user: User, seen: Overview, waiting: list[Batch]) -> list[Step]:
    steps: list[Step] = []
    if user.may(Permission.IMPORT):
        steps += [
            Step(
                "eye",
                _("Import %(label)s waits for your confirmation") % {"label": batch.label},
                _("Nothing of it is visible or printable until you confirm."),
                reverse("import_detail", args=[batch.pk]),
                _("Look at it"),
            )
            for batch in waiting
        ]
    if user.may(Permission.PRINT) and seen.to_print:
        shown = f"{seen.to_print:,}" + ("+" if seen.to_print_truncated else "")
        steps.append(
            Step(
                "printer",
                ngettext("%(n)s order to print", "%(n)s orders to print", seen.to_print) % {"n": shown},
                _("Masked labels, checked one by one."),
                reverse("printing"),
                _("Print"),
            )
        )
    if seen.lanes.get("C"):
        steps.append(
            Step(
                "eye",
                _("Bring lane C to zero"),
                _("Have the platform export encrypted waybills for these shops; until then print them here."),
                reverse("orders") + "?lane=C",
                _("See which"),
            )
        )
    if user.may(Permission.IMPORT) and not steps:
        steps.append(
            Step(
                "cloud-upload",
                _("Import today's orders"),
                _("Drop in the export of your shop or ERP."),
                reverse("imports"),
                _("Import"),
            )
        )
    if user.may(Permission.ADMINISTER) and not in_force(tenant_of(user)).settings.form.enrolled_only:
        steps.append(
            Step(
                "alert-triangle",
                _("Any browser counts as an office computer"),
                _(
                    "A desk that you restricted or removed works on in a private window. Enrol the browsers, then allow work on enrolled devices only."
                ),
                reverse("policy_edit"),
                _("Change the policies"),
            )
        )
    return steps
