"""Pages of the documents and registers that an inspection requires."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waybillguard.errors import WaybillGuardError
from waybillguard.inspect import catalogue
from waybillguard.inspect.documents_register import document_kinds
from waybillguard.inspect.incident import NOTICE_ITEMS, incident_document, steps
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.inspections import documents, registers
from waybillguard.service.inspections.forms import DocumentForm, EntryForm, in_language
from waybillguard.service.inspections.models import (
    Document,
    RegisterEntry,
)
from waybillguard.service.inspections.papers import paper as as_paper
from waybillguard.service.inspections.policies import readers
from waybillguard.service.platform.views import attempt, number, said

_LISTED = 100


@requires(Permission.LEDGER)
@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """List the kinds of documents with the documents uploaded for each."""
    tenant, now = tenant_of(signed_in(request)), timezone.now()
    rows = [
        {
            "kind": kind,
            "policy": kind.group == "policy",
            "title": in_language(kind.zh, kind.en),
            "hint": in_language(kind.hint_zh, kind.hint_en),
            "valid": documents.valid_documents(tenant, kind.id, now),
            "all": Document.objects.filter(tenant=tenant, kind=kind.id).order_by("-pk")[:10],
        }
        for kind in document_kinds().values()
    ]
    read, staff = readers(tenant)
    return render(request, "inspections/documents.html", {"rows": rows, "read": read, "staff": staff})


@requires(Permission.LEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def document_add(request: HttpRequest, kind: str) -> HttpResponse:
    """Upload one document with its dates."""
    user, known = signed_in(request), document_kinds().get(kind)
    if known is None:
        raise Http404
    tenant = tenant_of(user)
    form = DocumentForm(known, tenant)
    status = 200
    if request.method == "POST":
        form, status = DocumentForm(known, tenant, request.POST, request.FILES), 422
        if form.is_valid():
            values = form.cleaned_data
            try:
                made = documents.add_document(
                    user, kind, values["file"], effective_on=values["effective_on"], expires_on=values["expires_on"],
                    values=form.values(), merchant=values.get("merchant"),
                )  # fmt: skip
            except WaybillGuardError as error:
                form.add_error(None, said(error))
            else:
                if made.again:
                    messages.warning(
                        request,
                        _(
                            "The same file was uploaded before with another date. It is kept, but proves nothing."
                        ),
                    )
                else:
                    messages.success(request, _("Saved."))
                return redirect("inspection_documents")
    context = {
        "form": form,
        "title": in_language(known.zh, known.en),
        "hint": in_language(known.hint_zh, known.hint_en),
    }
    return render(request, "inspections/document_add.html", context, status=status)


@requires(Permission.LEAD)
@require_POST
def document_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a document, so that it no longer counts."""
    row = get_object_or_404(Document, pk=pk, tenant=tenant_of(signed_in(request)))
    documents.withdraw(signed_in(request), row)
    return redirect("inspection_documents")


@requires(Permission.LEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def register_entries(request: HttpRequest) -> HttpResponse:
    """List incidents, requests and lists of victims, and open a new one."""
    user = signed_in(request)
    form, status = EntryForm(), 200
    if request.method == "POST":
        form, status = EntryForm(request.POST), 422
        if form.is_valid():
            values = form.cleaned_data
            try:
                row = registers.open_entry(
                    user, values["kind"], values["title"], values["opened_at"],
                    persons_high=values["persons_high"], theft=values["theft"],
                )  # fmt: skip
            except WaybillGuardError as error:
                form.add_error(None, said(error))
            else:
                return redirect("register_entry", pk=row.pk)
    rows = RegisterEntry.objects.filter(tenant=tenant_of(user)).order_by("closed_at", "-pk")[:_LISTED]
    return render(request, "inspections/entries.html", {"rows": rows, "form": form}, status=status)


@requires(Permission.LEAD)
@require_safe
def register_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one entry with its steps and deadlines."""
    row = get_object_or_404(RegisterEntry, pk=pk, tenant=tenant_of(signed_in(request)))
    context: dict[str, Any] = {"row": row, "notice_items": NOTICE_ITEMS, "now": timezone.now()}
    if row.kind == RegisterEntry.Kind.INCIDENT:
        owners = catalogue().bodies.owners
        context["duties"] = [
            {
                "id": one.duty.id,
                "title": in_language(one.duty.zh, one.duty.en),
                "basis": one.duty.basis,
                "owner": owners[one.duty.owner].text(in_language("zh", "en")),
                "due": one.due,
                "after_end": one.duty.after == "end",
                "certain": one.certain,
                "done": row.steps.get(one.duty.id),
            }
            for one in steps(registers.incident_of(row))
        ]
    return render(request, "inspections/entry.html", context)


@requires(Permission.LEAD)
@require_POST
def register_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a step."""
    row = get_object_or_404(RegisterEntry, pk=pk, tenant=tenant_of(signed_in(request)))
    typed = number(request.POST.get("persons_high"), 0, 2_000_000_000, -1)
    attempt(
        request,
        lambda: registers.take_step(
            signed_in(request), row, request.POST.get("step", ""), receipt=request.POST.get("receipt", ""),
            items=tuple(request.POST.getlist("items")), exempt="exempt" in request.POST,
            persons_high=typed if typed >= 0 else None,
        ),
    )  # fmt: skip
    return redirect("register_entry", pk=pk)


@requires(Permission.LEAD)
@require_safe
def register_paper(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """Download the steps of an incident as a sheet to be signed."""
    tenant = tenant_of(signed_in(request))
    row = get_object_or_404(RegisterEntry, pk=pk, tenant=tenant, kind=RegisterEntry.Kind.INCIDENT)
    return as_paper(incident_document(tenant.name, registers.incident_of(row)), f"incident-{pk}", ending)
