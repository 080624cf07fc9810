"""Pages of badges and shared accounts for owners: list, issue, revoke, replace start numbers, findings."""

import base64
from datetime import timedelta

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.label.badge import BadgeContent, draw_badge
from waybillguard.label.pdf import PdfWriter
from waybillguard.label.png import to_png
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Badge, Permission, SharedUse, StationSession, Tries, User
from waybillguard.service.people.badges import services
from waybillguard.service.people.badges.services import Issued
from waybillguard.service.platform.views import attempt

LISTED = 300
SHOWN = timedelta(days=30)
MANY_WRONG = 5


@requires(Permission.ADMINISTER)
@require_safe
def badges(request: HttpRequest) -> HttpResponse:
    """List badges, stations with many wrong PINs, and work done under shared accounts."""
    tenant = tenant_of(signed_in(request))
    now = timezone.now()
    context = {
        "badges": Badge.objects.filter(tenant=tenant, revoked_at=None)
        .select_related("user", "issued_by").order_by("user_id")[:LISTED],
        "open": StationSession.objects.filter(tenant=tenant, ended_at=None, ends_at__gt=now)
        .select_related("device", "badge__user").order_by("device__station")[:LISTED],
        "wrong": Tries.objects.filter(
            tenant=tenant, failures__gte=MANY_WRONG, last_at__gte=now - SHOWN, badge__revoked_at=None
        ).select_related("device", "badge__user").order_by("-last_at")[:LISTED],
        "shared": SharedUse.objects.filter(tenant=tenant, last_at__gte=now - SHOWN)
        .select_related("account").order_by("-last_at")[:LISTED],
        "accounts": User.objects.filter(tenant=tenant, shared=True).order_by("pk")[:LISTED],
    }  # fmt: skip
    return render(request, "badges/badges.html", context)


@requires(Permission.ADMINISTER)
@require_safe
def badge(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one person's badge."""
    return _page(request, _person(request, pk))


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def badge_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a badge and show its picture and start number once, only on this page."""
    who = _person(request, pk)
    return _page(request, who, issued=services.issue(signed_in(request), who, timezone.now()))


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def badge_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a new start number in place of a forgotten PIN."""
    who = _person(request, pk)
    start = attempt(request, lambda: services.new_start_number(signed_in(request), who, timezone.now()))
    return redirect("badge", pk=pk) if start is None else _page(request, who, start=start)


@requires(Permission.ADMINISTER)
@require_POST
def badge_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a badge; its sessions end with this request."""
    who = get_object_or_404(User, pk=pk, tenant=tenant_of(signed_in(request)))
    if services.revoke(signed_in(request), who, timezone.now()):
        messages.success(request, _("Revoked: the badge and its session are dead."))
    return redirect("badge", pk=pk)


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def shared_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark an account as used by several people, or remove the mark."""
    who, shared = _person(request, pk), request.POST.get("shared") == "1"
    attempt(request, lambda: services.set_shared(signed_in(request), who, timezone.now(), shared=shared))
    return redirect("badge", pk=pk)


def _person(request: HttpRequest, pk: int) -> User:
    people = User.objects.select_related("tenant")
    return get_object_or_404(people, pk=pk, tenant=tenant_of(signed_in(request)), is_active=True)


def _page(request: HttpRequest, who: User, *, issued: Issued | None = None, start: str = "") -> HttpResponse:
    context = {
        "person": who, "badge": services.working_badge(who), "start": issued.start if issued else start,
        "days": services.START_LIFETIME.days, **(_picture(who, issued) if issued else {}),
    }  # fmt: skip
    response = render(request, "badges/badge.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _picture(who: User, issued: Issued) -> dict[str, str]:
    """Return the badge as PNG and PDF embedded in the page, so that no file of it is stored."""
    drawn = draw_badge(
        BadgeContent(
            warehouse=tenant_of(who).name,
            name=str(who),
            number=_("Badge %(number)s") % {"number": issued.badge.pk},
            lines=(
                _("Lost? Tell an owner at once: it stops on the spot."),
                _("Nobody signs in by the badge alone; it takes its owner's PIN."),
            ),
            code=issued.code,
        )
    )
    pages: list[bytes] = []
    with PdfWriter(pages.append) as pdf:
        pdf.add(drawn)
    return {
        "png": base64.b64encode(to_png(drawn)).decode(),
        "pdf": base64.b64encode(b"".join(pages)).decode(),
    }
