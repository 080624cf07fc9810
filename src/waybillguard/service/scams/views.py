"""Console pages: customer service's message check, warning lists, buyers' requests, reported contacts."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waybillguard.documents import to_pdf, to_word
from waybillguard.errors import WaybillGuardError
from waybillguard.scam import Verdict
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.cases.models import Case
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.views import attempt, csv_cell, number, said
from waybillguard.service.scams import parcels, warnings
from waybillguard.service.scams.checking import check_against_order
from waybillguard.service.scams.forms import ClueForm, OrderMessageForm, WarningForm
from waybillguard.service.scams.models import PrivacyRequest, ReportedContact, WarningList, WarningShare
from waybillguard.service.scams.reports import police_report
from waybillguard.service.scams.sending import configured_sender
from waybillguard.service.scams.views_public import answer_of
from waybillguard.service.vault.listing import visible

SHOWN = 50
_FILES = {
    "pdf": (to_pdf, "application/pdf", "pdf"),
    "docx": (to_word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
}


@requires(Permission.CALL)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show open work: warning lists, requests with their due days, reported contacts."""
    user = signed_in(request)
    tenant = tenant_of(user)
    leads = user.may(Permission.LEAD)
    today = timezone.localdate()
    context: dict[str, Any] = {"form": OrderMessageForm(), "leads": leads, "today": today}
    if leads:
        open_states = [PrivacyRequest.State.OPEN, PrivacyRequest.State.FORWARDED]
        lists = WarningList.objects.filter(tenant=tenant).prefetch_related("shares").order_by("-pk")[:SHOWN]
        context["warnings"] = [_line(one) for one in lists]
        wanted = PrivacyRequest.objects.filter(tenant=tenant, state__in=open_states)
        context["requests"] = wanted.order_by("due_on", "pk")[:SHOWN]
        context["contacts"] = ReportedContact.objects.filter(tenant=tenant).count()
    return render(request, "scams/overview.html", context)


@requires(Permission.CALL)
@require_http_methods(["GET", "HEAD", "POST"])
def check_order(request: HttpRequest) -> HttpResponse:
    """Check a message that a caller reads out against the order they name. The answer contains only a verdict."""
    if request.method != "POST":
        return render(request, "scams/service.html", {"form": OrderMessageForm()})
    form = OrderMessageForm(request.POST)
    context: dict[str, Any] = {"form": form}
    if not form.is_valid():
        return render(request, "scams/service.html", context, status=422)
    try:
        found, order = check_against_order(
            signed_in(request), form.cleaned_data["text"], form.cleaned_data["number"]
        )
    except WaybillGuardError as error:
        form.add_error(None, said(error))
        return render(request, "scams/service.html", context, status=422)
    context["answer"] = answer_of(found, form.cleaned_data["text"])
    if order is not None and found.verdict in {Verdict.SCAM, Verdict.LIKELY_SCAM}:
        context |= {"order": order.pk, "today": timezone.localdate()}
    response = render(request, "scams/service.html", context)
    response["Cache-Control"] = "no-store"
    return response


@requires(Permission.CALL)
@require_POST
def report_contact(request: HttpRequest) -> HttpResponse:
    """Record, with the caller's consent, that a buyer of this order was contacted by a fraudster."""
    user = signed_in(request)
    tenant = tenant_of(user)
    order = get_object_or_404(visible(tenant), pk=number(request.POST.get("order"), 1, 10**9, 0))
    if request.POST.get("consent") != "yes":
        messages.error(request, _("Ask the caller first: without consent nothing is kept."))
        return redirect("scams_check")
    verdict = request.POST.get("verdict", "")
    ReportedContact.objects.get_or_create(
        tenant=tenant,
        order_uid=bytes(order.uid),
        defaults={
            "order": order,
            "contacted_on": timezone.localdate(),
            "verdict": verdict if verdict in set(Verdict) else Verdict.LIKELY_SCAM,
            "made_by": user,
        },
    )
    messages.success(request, _("Kept. It helps to find where the order leaked."))
    return redirect("scams_check")


@requires(Permission.LEAD)
@require_safe
def victims(request: HttpRequest) -> HttpResponse:
    """Return reported contacts as victims for ``trace`` (contracts: victims). The download is recorded."""
    user = signed_in(request)
    rows = list(ReportedContact.objects.filter(tenant=tenant_of(user)).select_related("order").order_by("pk"))
    orders = [one.order for one in rows if one.order is not None]
    record(tenant_of(user), "view", user=user, orders=orders[:1_000], purpose="trace_bundle")
    lines = ["order_id,contacted_at,reported_at"]
    lines += [
        ",".join(
            csv_cell(text)
            for text in (bytes(one.order_uid).hex(), one.contacted_on.isoformat(), one.made_at.isoformat())
        )
        for one in rows
    ]
    return _download("\r\n".join(lines) + "\r\n", "victims.csv")


@requires(Permission.LEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Create a warning list: the affected orders, and the content of the notice to buyers."""
    form = WarningForm(request.POST or None)
    asked = number(request.GET.get("case"), 1, 10**9, 0)
    case = get_object_or_404(Case, pk=asked, tenant=_tenant(request)) if asked else None
    if request.method != "POST":
        return render(request, "scams/new.html", {"form": form, "case": case})
    if form.is_valid():
        data = form.cleaned_data
        try:
            made = warnings.start(
                signed_in(request), data["first"], data["last"], form.order_numbers(), data["title"],
                form.notice(), case,
            )  # fmt: skip
        except WaybillGuardError as error:
            form.add_error(None, said(error))
        else:
            return redirect("warning", pk=made.pk)
    return render(request, "scams/new.html", {"form": form, "case": case}, status=422)


@requires(Permission.LEAD)
@require_safe
def warning(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one warning list: each merchant's share, draft notice and progress."""
    row = get_object_or_404(
        WarningList.objects.select_related("made_by", "tenant"), pk=pk, tenant=_tenant(request)
    )
    sender = attempt(request, configured_sender)
    shares = [(share, warnings.draft_of(row, share.name)) for share in row.shares.order_by("-orders", "pk")]
    context = {
        "warning": row, "shares": shares, "direct": sender is not None, "clues": ClueForm(), **_line(row),
    }  # fmt: skip
    return render(request, "scams/warning.html", context)


@requires(Permission.LEAD)
@require_POST
def police(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the report to the police as PDF or Word, filled from the list and from pasted messages."""
    row = get_object_or_404(
        WarningList.objects.select_related("case", "tenant"), pk=pk, tenant=_tenant(request)
    )
    form = ClueForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Paste at least one message, at most 200,000 characters."))
        return redirect("warning", pk=pk)
    render_as, kind, ending = _FILES["docx" if request.POST.get("as") == "docx" else "pdf"]
    now = timezone.now()
    document = police_report(row, form.texts(), now)
    record(row.tenant, "view", user=signed_in(request), purpose="police_report", at=now)
    headers = {
        "Content-Disposition": f'attachment; filename="clues-{row.pk}.{ending}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(render_as(document), content_type=kind, headers=headers)


@requires(Permission.LEAD)
@require_POST
def share_file(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Return a merchant's file of order numbers, and mark it as handed over."""
    share = _share(request, pk)
    lines = "".join(warnings.file_of(signed_in(request), share, timezone.now()))
    response = StreamingHttpResponse([lines.encode()], content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="warning-{share.warning_id}-{share.pk}.csv"'
    response["Cache-Control"] = "no-store"
    return response


@requires(Permission.LEAD)
@require_POST
def share_notified(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the merchant notified the buyers."""
    share = _share(request, pk)
    count = number(request.POST.get("count"), 0, share.orders, share.orders)
    attempt(request, lambda: warnings.record_notified(share, count, timezone.now()))
    return redirect("warning", pk=share.warning_id)


@requires(Permission.LEAD)
@require_POST
def share_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the notices of a share directly, if the user confirms that the shops are our own."""
    share = _share(request, pk)
    sender = attempt(request, configured_sender)
    if sender is not None and request.POST.get("own") == "yes":
        user = signed_in(request)
        sent = attempt(request, lambda: warnings.send_directly(user, share, sender, timezone.now()))
        if sent:
            messages.success(request, _("Notices sent: %(n)d") % {"n": sent})
    elif sender is not None:
        messages.error(request, _("Confirm first that these shops are your own."))
    return redirect("warning", pk=share.warning_id)


@requires(Permission.LEAD)
@require_POST
def request_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the progress of a buyer's request."""
    row = get_object_or_404(PrivacyRequest, pk=pk, tenant=_tenant(request))
    attempt(
        request,
        lambda: parcels.move(signed_in(request), row, request.POST.get("state", ""), timezone.now()),
    )
    return redirect("scams")


def _line(row: WarningList) -> dict[str, Any]:
    shares = list(row.shares.all())
    told = sum(share.state == WarningShare.State.NOTIFIED for share in shares)
    return {
        "row": row,
        "merchants": len(shares),
        "orders": sum(share.orders for share in shares),
        "told": told,
        "done": told == len(shares),
    }


def _tenant(request: HttpRequest) -> Any:  # noqa: ANN401 - a tenant of the scope that is open
    return tenant_of(signed_in(request))


def _share(request: HttpRequest, pk: int) -> WarningShare:
    rows = WarningShare.objects.select_related("warning__tenant", "tenant")
    return get_object_or_404(rows, pk=pk, tenant=_tenant(request))


def _download(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
