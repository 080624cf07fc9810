"""Pages for the owner's duties: accepted risks, and the poster that names the protection officer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waybillguard.errors import WaybillGuardError
from waybillguard.inspect import catalogue
from waybillguard.inspect.poster import poster
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.inspections import acceptances
from waybillguard.service.inspections.documents import valid_documents
from waybillguard.service.inspections.forms import AcceptanceForm, in_language
from waybillguard.service.inspections.models import RiskAcceptance
from waybillguard.service.inspections.papers import paper
from waybillguard.service.platform.views import attempt, said
from waybillguard.service.tenancy.days import local_day

_LISTED = 100


@requires(Permission.LEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def accepted_risks(request: HttpRequest) -> HttpResponse:
    """List current and ended risk acceptances; accept another risk."""
    user = signed_in(request)
    tenant = tenant_of(user)
    form, status = AcceptanceForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            last = acceptances.end_of(values["until"].isoformat(), tenant.time_zone)
            try:
                acceptances.accept(user, values["control"], values["reason"], values["measure"], last)
            except WaybillGuardError as error:
                form.add_error(None, said(error))
            else:
                return redirect("accepted_risks")
    names = {one.id: in_language(one.title_zh, one.title_en) for one in catalogue().controls}
    now = timezone.now()
    rows = [
        {"row": one, "title": names.get(one.control, ""), "in_force": one.until > now}
        for one in RiskAcceptance.objects.filter(tenant=tenant)
        .select_related("accepted_by")
        .order_by("-pk")[:_LISTED]
    ]
    return render(request, "inspections/risks.html", {"form": form, "rows": rows}, status=status)


@requires(Permission.LEAD)
@require_POST
def accepted_risk_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an acceptance."""
    user = signed_in(request)
    row = get_object_or_404(RiskAcceptance, pk=pk, tenant=tenant_of(user))
    attempt(request, lambda: acceptances.end(user, row))
    return redirect("accepted_risks")


@requires(Permission.LEDGER)
@require_safe
def wall_poster(request: HttpRequest, ending: str) -> HttpResponse:
    """Download the poster that names the officer, from the appointment in force."""
    tenant, now = tenant_of(signed_in(request)), timezone.now()
    found = valid_documents(tenant, "officer", now)
    values = found[0].values if found else {}
    made = poster(
        tenant.name,
        str(values.get("name", "")).strip() or "（未任命）",
        str(values.get("contact", "")).strip() or "（未填写）",
        local_day(now, tenant),
    )
    return paper(made, "poster", ending)
