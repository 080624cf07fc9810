"""Pages of scans: confirm labels, upload files of scans, check whether a label is genuine."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waybillguard.errors import WaybillGuardError
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.limits import over_searches
from waybillguard.service.platform.sessions import session_mark
from waybillguard.service.platform.views import attempt, said
from waybillguard.service.print_room.models import PrinterFault, ScanFile
from waybillguard.service.print_room.stations import scans as scanning
from waybillguard.service.print_room.stations.printers import add_fault
from waybillguard.service.print_room.stations.scan_files import take_scan_file

LISTED: Final = 10
_LONGEST: Final = 200


@requires(Permission.PRINT)
@require_safe
def scans(request: HttpRequest) -> HttpResponse:
    """Show the field for the scan gun and the form for a file."""
    files = ScanFile.objects.filter(tenant=tenant_of(signed_in(request))).select_related("created_by")
    context = {"files": files.order_by("-pk")[:LISTED], "places": _places()}
    return render(request, "stations/scans.html", context)


@requires(Permission.PRINT)
@require_POST
def one(request: HttpRequest) -> HttpResponse:
    """Confirm one label and show its verdict in the strip under the field."""
    user, now = signed_in(request), timezone.now()
    place = request.POST.get("place", "")
    missed = request.POST.get("missed") == "1"
    context: dict[str, Any] = {"missed": missed}
    try:
        text = request.POST.get("text", "")[:_LONGEST]
        verdict = scanning.confirm(user, text, now, place if place in scanning.PLACES else "verify")
        context["verdict"] = verdict
        if missed and verdict.ticket is not None and verdict.ticket.printer is not None:
            add_fault(verdict.ticket.printer, PrinterFault.Kind.MISS, now, bytes(verdict.ticket.uid))
    except WaybillGuardError as error:
        context["problem"] = said(error)
    response = render(request, "stations/scan_one.html", context)
    response["Cache-Control"] = "no-store"
    return response


@requires(Permission.PRINT)
@require_POST
def take_file(request: HttpRequest) -> HttpResponse:
    """Confirm the labels of an uploaded file of scans."""
    place = request.POST.get("place", "")
    done = attempt(
        request, lambda: take_scan_file(signed_in(request), request.FILES.get("file"), place, timezone.now())
    )
    if done is not None:
        messages.success(
            request,
            _("%(confirmed)d labels confirmed, %(known)d known before, %(unknown)d not ours.")
            % {"confirmed": done.confirmed, "known": done.known, "unknown": done.unknown},
        )
    return redirect("scans")


@requires(Permission.SEARCH)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Show whether a label is genuine, by its QR code. The scanned text never appears in a URL."""
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        if over_searches(signed_in(request)):
            return render(request, "429.html", status=429)
        try:
            text = request.POST.get("text", "")[:_LONGEST]
            context["verdict"] = scanning.identify(signed_in(request), text, session_mark(request))
        except WaybillGuardError as error:
            context["problem"], status = said(error), 409
    response = render(request, "stations/check.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _places() -> list[tuple[str, str]]:
    return [("verify", _("Verification")), ("weigh", _("Weighing")), ("pickup", _("Pick-up"))]
