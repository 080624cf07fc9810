"""Pages of waves: print, find by the last four digits, reprint a range; usable by keyboard and scan gun."""

from datetime import date
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from waybillguard.errors import WaybillGuardError
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Device, Permission, User
from waybillguard.service.platform.database.raw_sql import Rows
from waybillguard.service.platform.polling import polled
from waybillguard.service.platform.sessions import session_mark
from waybillguard.service.platform.views import attempt, is_fragment, number, said
from waybillguard.service.print_room.models import Printer, ReprintAsk, Wave
from waybillguard.service.print_room.stations import reprints, scans, waves
from waybillguard.service.print_room.stations.errors import StationError, WaveError
from waybillguard.service.print_room.stations.moves import cancel, expire
from waybillguard.service.print_room.stations.printers import stopped_printers
from waybillguard.service.print_room.stations.tickets import Issued
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Batch

ROWS: Final = 100
REMEMBERED: Final = "printer"
_A_YEAR: Final = 365 * 86_400
_LAST4: Final = 4
_MOST_IDS: Final = 2_000
_DIGITS: Final = 18
"""Every number of this many digits fits 64 bits."""
_MOVED: Final = (
    "SELECT t.state, t.how, p.state, p.held, COUNT(*), MAX(t.issued_at), MAX(t.changed_at),"
    " SUM(CASE WHEN t.state = 'leased' AND t.lease_until < CURRENT_TIMESTAMP THEN 1 ELSE 0 END)"
    " FROM print_room_waveorder w JOIN print_room_ticket t ON t.order_id = w.order_id"
    " LEFT JOIN print_room_printer p ON p.id = t.printer_id AND t.state = 'issued'"
    " WHERE w.tenant_id = %s AND w.wave_id = %s GROUP BY t.state, t.how, p.state, p.held"
    " ORDER BY t.state, t.how, p.state, p.held"
)
"""Columns that a wave's part of the page shows. Expired leases are handled by that part itself (`leasing.expire`)."""
_WAVE: Final = Rows(
    Wave, "WHERE print_room_wave.tenant_id = %s AND print_room_wave.id = %s", beside=("batch", "created_by")
)


@requires(Permission.PRINT)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make waves of an import, of a shop's day, or of chosen orders, and open the first."""
    user, now, asked = signed_in(request), timezone.now(), request.POST
    ids = [
        int(text)
        for text in asked.get("ids", "").split(",")[:_MOST_IDS]
        if text.isascii() and text.isdigit() and len(text) <= _DIGITS
    ]
    batch_pk = number(asked.get("batch"), 1, 10**9, 0)
    batch = get_object_or_404(Batch, pk=batch_pk, tenant=tenant_of(user)) if batch_pk else None

    def made() -> Wave:
        if ids:
            return waves.make_wave_of(user, ids, now)
        day = _day(asked.get("day", ""))
        return waves.make_waves(user, now, batch=batch, shop=asked.get("shop", "")[:80], day=day)[0]

    wave = attempt(request, made)
    return redirect("wave", pk=wave.pk) if wave else redirect("printing")


@requires(Permission.PRINT)
@require_safe
def wave(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a wave; counts as one look at the masked view of its orders."""
    found = _wave(request, pk)
    record(found.tenant, "view", user=signed_in(request), purpose="wave")
    return _page(request, found)


@polled(_MOVED)
@requires(Permission.PRINT)
@require_safe
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the part of a wave's page that changes while labels are printed."""
    return render(request, "stations/wave_body.html", _moving(request, _wave(request, pk)))


@requires(Permission.PRINT)
@require_POST
def do_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Print new labels, labels to print again, or a range; or cancel waiting labels."""
    user, found, asked, now = signed_in(request), _wave(request, pk), request.POST, timezone.now()
    printer = printers(found.tenant).filter(pk=number(asked.get("printer"), 1, 10**9, 0)).first()
    if printer is None:
        messages.error(request, _("Choose a printer first."))
        return redirect("wave", pk=pk)

    def done() -> str:
        match asked.get("what", ""):
            case "new":
                return _queued(reprints.print_new(user, found, printer, now))
            case "again":
                return _queued(reprints.print_again(user, found, printer, now))
            case "cancel":
                return _stopped(cancel(user, printer, now, found))
            case "range":
                first = _position(user, found, asked.get("first", ""))
                last = _position(user, found, asked.get("last", "") or asked.get("first", ""))
                answer = reprints.print_range(user, found, printer, first, last, asked.get("reason", ""), now)
                return _queued(answer) if isinstance(answer, Issued) else _waits(answer)
            case _:
                raise WaveError(zh="未知的操作", en="unknown action")

    text = attempt(request, done)
    if text:
        messages.success(request, text)
    response = redirect("wave", pk=pk)
    response.set_cookie(
        REMEMBERED, str(printer.pk), max_age=_A_YEAR, httponly=True, samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


@requires(Permission.PRINT)
@require_POST
def find(request: HttpRequest, pk: int) -> HttpResponse:
    """Find labels of a wave by the last four digits, a position, or the scan of a label.

    If a scan gun is quicker than the page's scripts, the browser sends the form itself and gets the whole page.
    """
    user, found = signed_in(request), _wave(request, pk)
    text = scans.clean(request.POST.get("text", ""))[:100]
    context: dict[str, Any] = {"wave": found, "text": text if len(text.strip()) <= _LAST4 else ""}
    try:
        if len(text.strip()) == _LAST4 and text.strip().isdigit():
            positions = waves.last_four(user, found, text.strip(), session_mark(request))
        else:
            record(found.tenant, "search", user=user, purpose="scan")
            positions = [position] if (position := scans.position_in(user, found.pk, text)) else []
        context["places"] = [one for at in positions for one in waves.places_of(found, at, at)]
    except WaybillGuardError as error:
        context["problem"] = said(error)
    if not is_fragment(request):
        return _page(request, found, render_to_string("stations/wave_found.html", context, request))
    response = render(request, "stations/wave_found.html", context)
    response["Cache-Control"] = "no-store"
    return response


@requires(Permission.PRINT)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to a reprint as the second person, or refuse it."""
    user = signed_in(request)
    asks = ReprintAsk.objects.select_related(
        "wave", "asked_by__tenant", "printer__device__holder", "printer__device__site"
    )
    ask = get_object_or_404(asks, pk=pk, tenant=tenant_of(user))
    agreed = request.POST.get("agreed") == "1"

    def done() -> str:
        answer = reprints.decide(user, ask, agreed=agreed, now=timezone.now())
        return _queued(answer) if answer else _("Refused; nothing is printed.")

    if text := attempt(request, done):
        messages.success(request, text)
    return redirect("printing")


def printers(tenant: Tenant) -> QuerySet[Printer]:
    """Return the printers to choose from: of active devices, not refused by their agent."""
    return (
        Printer.objects.filter(tenant=tenant, device__state=Device.State.ACTIVE, refused="")
        .select_related("device__holder", "device__site")
        .order_by("station", "name")
    )


def open_asks(tenant: Tenant) -> QuerySet[ReprintAsk]:
    """Return the reprints that wait for a second person."""
    asks = ReprintAsk.objects.filter(tenant=tenant, state=ReprintAsk.State.WAITING)
    return asks.select_related("asked_by", "wave", "printer").order_by("pk")[:50]


def _page(request: HttpRequest, found: Wave, answer: str = "") -> HttpResponse:
    choices = list(printers(found.tenant))
    remembered = number(request.COOKIES.get(REMEMBERED), 1, 10**9, 0)
    chosen = next((one for one in choices if one.pk == remembered), choices[0] if choices else None)
    context = {
        "printers": choices,
        "chosen": chosen,
        "reasons": [("jam", _("Paper jam")), ("unreadable", _("Unreadable")), ("lost", _("Torn or lost"))],
        "answer": answer,
        **_moving(request, found),
    }
    response = render(request, "stations/wave.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _moving(request: HttpRequest, found: Wave) -> dict[str, Any]:
    pages = max(1, -(-found.size // ROWS))
    page = number(request.GET.get("page"), 1, pages, 1)
    first = (page - 1) * ROWS + 1
    expire(found.tenant, timezone.now())
    progress = waves.progress_of(found)
    return {
        "wave": found,
        "progress": progress,
        "stopped": list(stopped_printers(found)) if progress.going else [],
        "pace": 2 if progress.going else 5,
        "here": f"?page={page}",
        "places": waves.places_of(found, first, first + ROWS - 1),
        "page": page,
        "pages": range(1, pages + 1) if pages > 1 else (),
    }


def _wave(request: HttpRequest, pk: int) -> Wave:
    tenant = tenant_of(signed_in(request))
    found = _WAVE.first(tenant.pk, pk)
    if found is None:
        raise Http404
    found.tenant = tenant
    return found


def _position(user: User, found: Wave, text: str) -> int:
    position = scans.position_in(user, found.pk, text[:100])
    if not position:
        raise StationError(
            code="reprint",
            zh="这张面单不在本波次。请核对后再扫，或输入序号。",
            en="this label is not in this wave. Check it, or type its position.",
        )
    return position


def _queued(issued: Issued) -> str:
    count = issued.labels
    return ngettext("%(n)d label is on its way.", "%(n)d labels are on their way.", count) % {"n": count}


def _stopped(count: int) -> str:
    return ngettext("%(n)d waiting label was taken back.", "%(n)d waiting labels were taken back.", count) % {
        "n": count
    }


def _waits(asked: reprints.AwaitsSecondPerson) -> str:
    if asked.ask.scanned:
        return _("Some of these parcels were scanned out already: another person has to agree first.")
    return _("Many labels were printed again this shift: another person has to agree first.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
