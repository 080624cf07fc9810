"""Pages of cases: the list, and one case with its tabs."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.documents import to_pdf, to_word
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.cases.joint import hidden_from
from waybillguard.service.cases.models import Case
from waybillguard.service.cases.record import record_of
from waybillguard.service.cases.services import PANELS, add_event, close_case, open_case
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission, User

TABS = (
    ("timeline", gettext_lazy("Timeline")),
    ("orders", gettext_lazy("Orders concerned")),
    ("tracing", gettext_lazy("Tracing")),
    ("evidence", gettext_lazy("Evidence")),
    ("notice", gettext_lazy("Notices")),
    ("handover", gettext_lazy("Hand-over")),
)
_PAGE = 50
_FILES = {
    "pdf": (to_pdf, "application/pdf"),
    "docx": (to_word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


@requires(Permission.SECOND)
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """List cases, filtered by state and kind, newest first."""
    rows = _shown_to(signed_in(request)).order_by("-opened_at", "-pk")
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    if state in Case.State.values:
        rows = rows.filter(state=state)
    if kind in Case.Kind.values:
        rows = rows.filter(kind=kind)
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "states": Case.State, "kinds": Case.Kind, "state": state, "kind": kind}
    return render(request, "cases/cases.html", context)


@requires(Permission.SECOND)
@require_safe
def case(request: HttpRequest, pk: int, tab: str) -> HttpResponse:
    """Show one tab of a case."""
    user = signed_in(request)
    tenant = tenant_of(user)
    if tab not in dict(TABS):
        raise Http404
    one = get_object_or_404(_shown_to(user).select_related("opened_by", "closed_by"), pk=pk)
    panels = [
        (panel.template, shown)
        for panel in PANELS
        if panel.tab == tab and (shown := panel.context(one, user)) is not None
    ]
    context = {"case": one, "tab": tab, "case_tabs": TABS, "panels": panels, "tenant": tenant}
    if tab == "timeline":
        context["events"] = one.events.select_related("who").order_by("-at", "-pk")[:200]
    elif tab == "orders":
        rows = one.orders.select_related("order").order_by("pk")
        context["page"] = page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
        if page.object_list:
            record(tenant, "view", user=user, orders=[row.order for row in page], purpose="case")
    elif tab in {"evidence", "handover"}:
        context["evidence"] = one.evidence.select_related("added_by").order_by("at")[:500]
    return render(request, "cases/case.html", context)


@requires(Permission.SECOND)
@require_POST
def open_own(request: HttpRequest) -> HttpResponse:
    """Open a case by hand, for example after a call from the police, a complaint or an observation."""
    user = signed_in(request)
    tenant = tenant_of(user)
    title = request.POST.get("title", "").strip()[:120]
    if not title:
        messages.error(request, _("Say in a few words what it is about."))
        return redirect("cases")
    count = Case.objects.filter(tenant=tenant, source__startswith="person:").count()
    one = open_case(tenant, f"person:{user.pk}:{count + 1}", Case.Kind.LEAK, title, title, by=user)
    return redirect("case", one.pk)


@requires(Permission.SECOND)
@require_POST
def add_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a user's note to the timeline."""
    user = signed_in(request)
    one = get_object_or_404(_shown_to(user), pk=pk)
    text = request.POST.get("text", "").strip()[:400]
    if text:
        add_event(one, "note", text, text, who=user)
    return redirect("case", pk)


@requires(Permission.ADMINISTER)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a case, or keep it under watch."""
    user = signed_in(request)
    one = get_object_or_404(_shown_to(user), pk=pk)
    outcome = request.POST.get("outcome", "").strip()
    if not outcome:
        messages.error(request, _("Say how it ended; the case stays open."))
    elif one.state != Case.State.CLOSED:
        close_case(one, user, outcome, watching="watch" in request.POST)
    return redirect("case", pk)


@requires(Permission.SECOND)
@require_safe
def record_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Return the record of a case as PDF or Word."""
    user = signed_in(request)
    tenant = tenant_of(user)
    one = get_object_or_404(_shown_to(user), pk=pk)
    if form not in _FILES:
        raise Http404
    render_as, kind = _FILES[form]
    content = render_as(record_of(one, str(tenant), "en" if get_language() == "en" else "zh"))
    headers = {
        "Content-Disposition": f'attachment; filename="case-{one.number}.{form}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=kind, headers=headers)


def _shown_to(user: User) -> QuerySet[Case]:
    """Return the cases of the user's warehouse, without joint cases to which the user's authority is not a party."""
    return Case.objects.filter(tenant=tenant_of(user)).exclude(pk__in=hidden_from(user))
