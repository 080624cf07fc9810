"""Home page of the warehouse, and the page that explains the lanes."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from waybillguard.service.audit.overview import looks_a_day
from waybillguard.service.authorization.access import signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.merchants.scope import shops_inside
from waybillguard.service.identity.models import MAY, Permission, Role
from waybillguard.service.platform.risks import Level, risks_of
from waybillguard.service.platform.words import LANES
from waybillguard.service.print_room.components.compatibility import DAYS_SHOWN, plaintext_gap
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.listing import overview, overview_of

_BAR = 1000.0
_LEAST = 6.0
_DAYS = 14


@dataclass(frozen=True, slots=True)
class Segment:
    """One lane in the bar chart: position and width (of 1000), and its share in percent."""

    lane: str
    count: int
    share: float
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the trend: plaintext looks, and the height of their bar (of 100)."""

    day: date
    looks: int
    height: int

    @property
    def top(self) -> int:
        """Distance of the bar from the top (of 100)."""
        return 100 - self.height


def looks_trend(tenant: Tenant) -> list[Bar]:
    """Return the plaintext looks of the last 14 days, oldest first."""
    today = day_number(timezone.now(), tenant)
    counts = looks_a_day(tenant, today - _DAYS + 1, today)
    most = max(counts.values(), default=0) or 1
    return [
        Bar(
            date(1970, 1, 1) + timedelta(days=day), counts.get(day, 0), round(100 * counts.get(day, 0) / most)
        )
        for day in range(today - _DAYS + 1, today + 1)
    ]


def segments(lanes: dict[str, int]) -> list[Segment]:
    """Lay the lanes out on a bar of width 1000. Every lane with orders gets a visible minimum width."""
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
    """Show today's numbers and two trends. The page itself loads the to-do list (``todo``)."""
    user = signed_in(request)
    tenant = tenant_of(user)
    seen = overview_of(user)
    context: dict[str, Any] = {
        "tenant": tenant,
        "seen": seen,
        "segments": segments(seen.lanes),
        "refused": [
            user.why_not(what, get_language() or "")
            for what in (Permission.PRINT, Permission.SEARCH)
            if what in MAY[Role(user.role)] and not user.may(what)
        ][:1],
        "trend": looks_trend(tenant) if user.may(Permission.LEDGER) else None,
        "gap": plaintext_gap(tenant, day_number(timezone.now(), tenant))
        if user.may(Permission.ADMINISTER)
        else None,
    }
    return render(request, "web/home.html", context)


@require_safe
def todo(request: HttpRequest) -> HttpResponse:
    """Return the user's to-do list, most urgent first."""
    return render(request, "web/todo.html", {"risks": risks_of(signed_in(request))})


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """Return the bell with the number of tasks. Every open page requests it once a minute."""
    found = risks_of(signed_in(request))
    urgent = sum(risk.level is Level.DANGER for risk in found)
    return render(request, "parts/bell.html", {"count": urgent or len(found), "urgent": urgent})


@require_safe
def still_signed_in(request: HttpRequest) -> HttpResponse:
    """Return 204 while the user is signed in. The page of a plaintext record polls it and clears after sign-out."""
    signed_in(request)
    return HttpResponse(status=204)


@require_safe
def lanes(request: HttpRequest) -> HttpResponse:
    """Explain the three lanes."""
    user = signed_in(request)
    tenant = tenant_of(user)
    seen = overview(tenant)
    context = {
        "segments": segments(seen.lanes),
        "seen": seen,
        # Covers the whole warehouse, so it is hidden from merchants: it would reveal other merchants' plaintext.
        "gap": None
        if shops_inside() is not None
        else plaintext_gap(tenant, day_number(timezone.now(), tenant)),
        "days_shown": DAYS_SHOWN,
    }
    return render(request, "web/lanes.html", context)
