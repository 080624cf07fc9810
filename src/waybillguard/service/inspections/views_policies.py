"""Pages of internal policies: staff read and confirm the version in force; inspectors open uploaded documents."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.inspections import policies
from waybillguard.service.inspections.forms import in_language
from waybillguard.service.inspections.models import Document
from waybillguard.service.inspections.papers import file
from waybillguard.service.platform.views import attempt


@require_safe
def policy_list(request: HttpRequest) -> HttpResponse:
    """Show the policies in force, unread first."""
    rows = [
        (one, in_language(one.title_zh, one.title_en))
        for one in policies.policies_for(signed_in(request), timezone.now())
    ]
    return render(request, "inspections/policies.html", {"rows": rows})


@require_safe
def policy_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Download a policy in force; open to all staff."""
    user = signed_in(request)
    mine = [one.document for one in policies.policies_for(user, timezone.now()) if one.document.pk == pk]
    if not mine:
        raise Http404
    return _file(request, user, mine[0], "internal_rules")


@require_POST
def policy_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm that the user has read a policy."""
    user = signed_in(request)
    row = get_object_or_404(Document, pk=pk, tenant=tenant_of(user))
    attempt(request, lambda: policies.acknowledge(user, row, timezone.now()))
    return redirect("internal_rules")


@requires(Permission.LEDGER)
@require_safe
def document_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Download an uploaded document, so that claims about it can be verified."""
    user = signed_in(request)
    return _file(
        request, user, get_object_or_404(Document, pk=pk, tenant=tenant_of(user)), "inspection_documents"
    )


def _file(request: HttpRequest, user: User, row: Document, back: str) -> HttpResponse:
    opened = attempt(request, lambda: policies.file_of(user, row))
    if opened is None:
        return redirect(back)
    content, ending = opened
    return file(content, f"{row.kind}-{row.effective_on}.{ending}", "application/octet-stream")
