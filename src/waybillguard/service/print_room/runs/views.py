"""Pages of label runs: choose, start, follow, fetch."""

from dataclasses import replace

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_scopes import scope

from waybillguard.errors import WaybillGuardError
from waybillguard.label.model import LabelSize
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.polling import polled
from waybillguard.service.platform.views import attempt, number, said
from waybillguard.service.print_room.models import LabelRun, Ticket
from waybillguard.service.print_room.runs import services
from waybillguard.service.print_room.stations import waves
from waybillguard.service.print_room.stations.views_waves import open_asks
from waybillguard.service.vault.filters import filters_of
from waybillguard.service.vault.listing import MAX_COUNTED, filtered_count, filtered_ids, shops, visible
from waybillguard.service.vault.models import Lane, Order

LISTED = 30
REFUSED_SHOWN = 200
COUNTED = 10_000
CONFIRM_ABOVE = 500
"""Ask for confirmation from this many labels on."""
_ID_DIGITS = 18
_GOING_ON = frozenset({LabelRun.State.WAITING, LabelRun.State.DRAWING})


@requires(Permission.PRINT)
@require_http_methods(["GET", "HEAD", "POST"])
def printing(request: HttpRequest) -> HttpResponse:
    """Show what is to be printed. A POST from the order list has a selection; ``batch`` in the URL is an import."""
    user = signed_in(request)
    tenant = tenant_of(user)
    asked = _asked(request)
    chosen, matching = _chosen(request, asked)
    counts = {
        lane.value: _some(visible(tenant).filter(lane=lane, printed_at=None)) for lane in (Lane.B, Lane.C)
    }
    runs = (
        LabelRun.objects.filter(tenant=tenant, printer=None)
        .select_related("created_by")
        .order_by("-pk")[:LISTED]
    )
    context = {
        "chosen": chosen,
        "matching": matching,
        "filter": asked.get("filter", ""),
        "confirm_above": CONFIRM_ABOVE,
        "max_counted": MAX_COUNTED,
        "waiting": [{"lane": lane, "count": count} for lane, count in counts.items()],
        "waiting_total": sum(counts.values()),
        "label_count": len(chosen) or sum(counts.values()),
        "counted": COUNTED,
        "runs": runs,
        "sizes": [size.value for size in LabelSize],
        "dpis": services.DPI,
        "kinds": services.FILE_KINDS,
        "waves": waves.recent_waves(tenant),
        "imports": waves.waiting_imports(tenant),
        "shops": shops(tenant),
        "today": timezone.localdate(),
        "asks": open_asks(tenant),
    }
    return render(request, "runs/printing.html", context)


@requires(Permission.PRINT)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Start a run and follow it."""
    asked = request.POST
    ids = _ids(asked.get("ids", "").split(","))
    run = attempt(
        request,
        lambda: services.start_run(
            signed_in(request),
            order_ids=ids or None,
            everything=not ids and asked.get("everything") == "1",
            size=asked.get("size", ""),
            dpi=number(asked.get("dpi"), 1, 1200, 0),
            file_kind=asked.get("kind", ""),
        ),
    )
    return redirect("run_detail", pk=run.pk) if run else redirect("printing")


@requires(Permission.PRINT)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one run."""
    return render(request, "runs/run.html", _context(_run(request, pk)))


@polled("SELECT state, done, refused, wanted FROM print_room_labelrun WHERE tenant_id = %s AND id = %s")
@requires(Permission.PRINT)
@require_safe
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the part of the page that changes while labels are drawn."""
    return render(request, "runs/run_body.html", _context(_run(request, pk)))


@requires(Permission.PRINT)
@require_POST
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Stream the label file; the fetch is recorded before the first byte."""
    run = _run(request, pk)
    try:
        with scope(tenant=run.tenant):
            chunks = services.file_chunks(signed_in(request), run)
    except WaybillGuardError as error:
        return render(request, "runs/run.html", {**_context(run), "problem": said(error)}, status=409)
    ending = run.file_kind.partition("-")[0]
    response = StreamingHttpResponse(chunks, content_type=_TYPES.get(ending, "application/octet-stream"))
    response["Content-Disposition"] = (
        f'attachment; filename="labels-{run.pk}.{"zip" if ending == "png" else ending}"'
    )
    response["Cache-Control"] = "no-store"
    return response


_TYPES = {"pdf": "application/pdf", "png": "application/zip"}


def _asked(request: HttpRequest) -> QueryDict:
    """Return the submitted form. A URL with an import asks for all its unprinted orders."""
    if request.method == "POST":
        return request.POST
    asked = QueryDict(mutable=True)
    if batch := number(request.GET.get("batch"), 1, 10**_ID_DIGITS, 0):
        asked["all_matching"], asked["filter"] = "1", f"batch={batch}&printed=no"
    return asked


def _chosen(request: HttpRequest, asked: QueryDict) -> tuple[list[int], int]:
    """Return the chosen orders, and how many match in total (0: chosen one by one)."""
    if asked.get("all_matching") != "1":
        return _ids(asked.getlist("id")), 0
    tenant = tenant_of(signed_in(request))
    filters = replace(filters_of(QueryDict(asked.get("filter", ""))), sealed_here=True)
    after = number(asked.get("after"), 0, 10**_ID_DIGITS, 0)
    found = filtered_ids(tenant, filters, services.MAX_AT_ONCE, after=after)
    if not found:
        messages.info(request, _("Nothing of it is left to print."))
    return found, filtered_count(tenant, filters)


def _ids(texts: list[str]) -> list[int]:
    return [
        int(text)
        for text in texts[: services.MAX_AT_ONCE]
        if text.isascii() and text.isdigit() and len(text) < _ID_DIGITS
    ]


def _some(orders: QuerySet[Order]) -> int:
    """Count up to ``COUNTED``."""
    return int(orders.order_by("pk").values_list("pk", flat=True)[:COUNTED].count())


def _run(request: HttpRequest, pk: int) -> LabelRun:
    return get_object_or_404(
        LabelRun.objects.select_related("created_by"), pk=pk, tenant=tenant_of(signed_in(request))
    )


def _context(run: LabelRun) -> dict[str, object]:
    going_on = run.state in _GOING_ON
    refused = Ticket.objects.filter(run=run, state=Ticket.State.REFUSED).select_related("order")
    handled = run.done + run.refused
    return {
        "run": run,
        "going_on": going_on,
        "handled": handled,
        "percent": min(100, 100 * handled // run.wanted) if run.wanted else 0,
        "refused": refused[:REFUSED_SHOWN] if run.refused else [],
    }
