"""Imports: upload, progress, preview by lane, confirm, undo."""

from collections.abc import Iterator

from django.db.models import Count
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_scopes import scope

from waybillguard.errors import WaybillGuardError
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform import words
from waybillguard.service.platform.polling import polled
from waybillguard.service.platform.views import attempt, csv_cell, said
from waybillguard.service.vault import services
from waybillguard.service.vault.interrupted import as_it_stands
from waybillguard.service.vault.models import Batch, Lane, RefusedRow
from waybillguard.service.vault.uploads import SealedUpload

LISTED = 50
REFUSED_SHOWN = 100
_READING = frozenset({Batch.State.WAITING, Batch.State.READING})
_SHOWS_ROWS = frozenset({Batch.State.PREVIEW, Batch.State.COMMITTED})
_ACTIONS = {
    "commit": services.commit_import,
    "undo": services.undo_import,
    "discard": services.discard_import,
}


@requires(Permission.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Accept an export file, and list earlier imports."""
    user = signed_in(request)
    problem = ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        if not isinstance(upload, SealedUpload):
            problem = _("Choose a file first.")
        else:
            try:
                batch = services.start_import(user, upload, request.POST.get("password", ""))
            except WaybillGuardError as error:
                problem = said(error)
            else:
                return _went_on(request, reverse("import_detail", args=[batch.pk]))
        if _asked_by_script(request):
            return JsonResponse({"problem": problem}, status=422)
    tenant = tenant_of(user)
    batches = Batch.objects.filter(tenant=tenant).select_related("created_by").order_by("-pk")[:LISTED]
    context = {"batches": batches, "problem": problem}
    return render(request, "vault/imports.html", context, status=422 if problem else 200)


@requires(Permission.IMPORT)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one import in its current state."""
    batch = _batch(request, pk)
    if batch.state in _SHOWS_ROWS:
        record(batch.tenant, "view", user=signed_in(request), purpose="import_samples")
    return render(request, "vault/import.html", _context(batch))


@polled("SELECT state, rows_read, error_code FROM vault_batch WHERE tenant_id = %s AND id = %s")
@requires(Permission.IMPORT)
@require_safe
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the part of the page that changes while a file is read."""
    return render(request, "vault/import_body.html", _context(_batch(request, pk)))


@requires(Permission.IMPORT)
@require_POST
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Confirm, undo or discard; after confirming, a person may go on to print the new orders."""
    if action not in _ACTIONS:
        raise Http404
    batch = _batch(request, pk)
    done = attempt(request, lambda: (_ACTIONS[action](signed_in(request), batch), True)[1])
    if done and action == "commit" and request.POST.get("then") == "print":
        return redirect(f"{reverse('printing')}?batch={pk}")
    return redirect("imports" if action == "discard" else reverse("import_detail", args=[pk]))


@requires(Permission.IMPORT)
@require_safe
def refused_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Stream row numbers and reasons of the refused rows, without their content."""
    batch = _batch(request, pk)
    response = StreamingHttpResponse(_refused_lines(batch), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-{batch.label}.csv"'
    return response


def _refused_lines(batch: Batch) -> Iterator[str]:
    heads = (_("sheet"), _("row"), _("code"), _("reason"))
    yield "\ufeff" + ",".join(csv_cell(head) for head in heads) + "\r\n"
    with scope(tenant=batch.tenant):  # the response is read after the request's own scope has closed
        rows = RefusedRow.objects.filter(batch=batch).order_by("sheet", "row")
        for sheet, line, row, code in rows.values_list("sheet", "line", "row", "reason").iterator(2000):
            yield (
                ",".join(
                    (csv_cell(sheet), str(line or row), csv_cell(code), csv_cell(str(words.reason(code))))
                )
                + "\r\n"
            )


def _batch(request: HttpRequest, pk: int) -> Batch:
    return get_object_or_404(
        Batch.objects.select_related("tenant"), pk=pk, tenant=tenant_of(signed_in(request))
    )


def _context(batch: Batch) -> dict[str, object]:
    shows_samples = batch.state in _SHOWS_ROWS
    groups = [
        {
            "lane": lane,
            "count": batch.lanes.get(lane, 0),
            "orders": services.preview_orders(batch, lane) if shows_samples else [],
        }
        for lane in Lane.values
    ]
    refused = RefusedRow.objects.filter(batch=batch)
    return {
        "batch": as_it_stands(batch),
        "reading": batch.state in _READING,
        "groups": groups,
        "refused": refused.order_by("sheet", "row")[:REFUSED_SHOWN] if batch.rows_refused else [],
        "refused_shown": REFUSED_SHOWN,
        "reasons": refused.values("reason").annotate(n=Count("pk")).order_by("-n")
        if batch.rows_refused
        else [],
        "twin": services.same_file_before(batch) if batch.state == Batch.State.PREVIEW else None,
    }


def _asked_by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "XMLHttpRequest"


def _went_on(request: HttpRequest, address: str) -> HttpResponse:
    if _asked_by_script(request):
        return JsonResponse({"address": address})
    return redirect(address)
