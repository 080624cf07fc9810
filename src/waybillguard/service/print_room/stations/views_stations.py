"""The supervisor's page: printers, queues, uncertain labels, heads, rules."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.label.model import LabelSize
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.views import attempt
from waybillguard.service.print_room.components.record import count_previews
from waybillguard.service.print_room.models import HeadAlarm, Printer, ScanFile, Ticket
from waybillguard.service.print_room.stations import moves, tickets
from waybillguard.service.print_room.stations import printers as rooms
from waybillguard.service.print_room.stations.forms import RuleForm
from waybillguard.service.print_room.stations.views_waves import open_asks

LISTED: Final = 100
_HEX: Final = 32


@requires(Permission.LEAD)
@require_safe
def stations(request: HttpRequest) -> HttpResponse:
    """Show printers, waiting labels and uncertain labels."""
    return _page(request)


@requires(Permission.LEAD)
@require_POST
def printer_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Hold, release or empty a queue, or set the paper of a printer."""
    user = signed_in(request)
    printer = get_object_or_404(Printer, pk=pk, tenant=tenant_of(user))
    asked = request.POST

    def done() -> bool:
        match action:
            case "hold" | "release":
                rooms.set_held(user, printer, held=action == "hold")
            case "empty":
                moves.cancel(user, printer, timezone.now())
            case "paper":
                rooms.set_paper(user, printer, asked.get("size", ""), asked.get("language", ""))
            case _:
                raise Http404
        return True

    if attempt(request, done):
        messages.success(request, _("Saved."))
    return redirect("stations")


@requires(Permission.LEAD)
@require_POST
def settle(request: HttpRequest, ticket: str) -> HttpResponse:
    """Record whether an uncertain label came out of the printer."""
    user = signed_in(request)
    if len(ticket) != _HEX or not all(character in "0123456789abcdef" for character in ticket):
        raise Http404
    rows = Ticket.objects.select_related("order", "run")
    row = get_object_or_404(rows, uid=bytes.fromhex(ticket), tenant=tenant_of(user), printer__isnull=False)
    printed = request.POST.get("printed") == "1"

    def done() -> bool:
        moves.settle(user, row, printed=printed, now=timezone.now())
        return True

    if attempt(request, done):
        messages.success(
            request, _("Kept as printed.") if printed else _("Not printed: the clerk prints it again.")
        )
    return redirect("stations")


@requires(Permission.LEAD)
@require_POST
def head(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a print head was cleaned or changed."""
    user = signed_in(request)
    alarm = get_object_or_404(HeadAlarm, pk=pk, tenant=tenant_of(user))
    rooms.head_done(user, alarm, timezone.now())
    messages.success(request, _("Saved."))
    return redirect("stations")


@requires(Permission.ADMINISTER)
@require_POST
def rules(request: HttpRequest) -> HttpResponse:
    """Change the rules of the print room."""
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)

    def done() -> bool:
        rooms.set_rule(signed_in(request), form.cleaned_data)
        return True

    if attempt(request, done):
        messages.success(request, _("Saved."))
    return redirect("stations")


def _page(request: HttpRequest, form: RuleForm | None = None, status: int = 200) -> HttpResponse:
    user, now = signed_in(request), timezone.now()
    tenant = tenant_of(user)
    moves.expire(tenant, now)
    waiting = rooms.waiting_counts(tenant)
    listed = Printer.objects.filter(tenant=tenant).select_related("device").order_by("station", "name")
    rows = [
        {
            "printer": printer,
            "waiting": waiting.get(printer.pk, 0),
            "silent": printer.device.last_seen is None or now - printer.device.last_seen > rooms.SILENT_AFTER,
            "cut": printer.device.state != "active",
        }
        for printer in listed[:LISTED]
    ]
    uncertain = Ticket.objects.filter(tenant=tenant, state=Ticket.State.UNCERTAIN).select_related(
        "order", "run__wave", "run__created_by", "printer"
    )
    stuck = Ticket.objects.filter(
        tenant=tenant, state__in=tickets.OPEN, printer__isnull=False, issued_at__lt=now - rooms.STUCK_AFTER
    ).select_related("order", "run", "printer")
    context = {
        "rows": rows,
        "stuck": list(stuck.order_by("issued_at", "position")[:LISTED]),
        "stuck_minutes": int(rooms.STUCK_AFTER.total_seconds() // 60),
        "sizes": [size.value for size in LabelSize],
        "uncertain": [(bytes(one.uid).hex(), one) for one in uncertain.order_by("changed_at")[:LISTED]],
        "alarms": HeadAlarm.objects.filter(tenant=tenant, done_at=None).select_related("printer"),
        "asks": open_asks(tenant),
        "files": ScanFile.objects.filter(tenant=tenant).select_related("created_by").order_by("-pk")[:5],
        "flags": count_previews(tenant, now),
        "rule_form": form or RuleForm(instance=rooms.rule_of(tenant)),
    }
    response = render(request, "stations/stations.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
