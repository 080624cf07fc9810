"""The page of overtime and sale days."""

from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.errors import WaybillGuardError
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.active_policies import active_policies, hours_of
from waybillguard.service.authorization.models import Overtime, Sale
from waybillguard.service.authorization.shifts import services
from waybillguard.service.authorization.shifts.forms import OvertimeForm, SaleForm
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.views import attempt, said

SHOWN = timedelta(days=90)
LISTED = 200


@requires(Permission.ADMINISTER)
@require_safe
def duty(request: HttpRequest) -> HttpResponse:
    """Show past (90 days) and future overtime and sales, with a form for each."""
    return _page(request)


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def overtime_grant(request: HttpRequest) -> HttpResponse:
    """Grant overtime to another person."""
    user = signed_in(request)
    form = OvertimeForm(request.POST, tenant=tenant_of(user), granter=user)
    if form.is_valid():
        given = form.cleaned_data
        if _tried(form, lambda now: services.grant_overtime(user, **given, now=now)):
            messages.success(request, _("Granted. It ends by itself."))
            return redirect("duty")
    return _page(request, overtime=form, status=422)


@requires(Permission.ADMINISTER)
@require_POST
def overtime_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """End overtime immediately."""
    user = signed_in(request)
    row = get_object_or_404(
        Overtime.objects.select_related("tenant", "person"), pk=pk, tenant=tenant_of(user)
    )
    attempt(request, lambda: services.withdraw_overtime(user, row, timezone.now()))
    return redirect("duty")


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def sale_declare(request: HttpRequest) -> HttpResponse:
    """Declare a sale."""
    user = signed_in(request)
    form = SaleForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        if _tried(form, lambda now: services.declare_sale(user, **given, now=now)):
            messages.success(request, _("Declared."))
            return redirect("duty")
    return _page(request, sale=form, status=422)


@requires(Permission.ADMINISTER)
@require_POST
def sale_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """End a sale immediately."""
    user = signed_in(request)
    row = get_object_or_404(Sale.objects.select_related("tenant"), pk=pk, tenant=tenant_of(user))
    attempt(request, lambda: services.withdraw_sale(user, row, timezone.now()))
    return redirect("duty")


def _tried(form: OvertimeForm | SaleForm, action: Callable[[datetime], object]) -> bool:
    try:
        action(timezone.now())
    except WaybillGuardError as error:
        form.add_error(None, said(error))
        return False
    return True


def _page(
    request: HttpRequest,
    *,
    overtime: OvertimeForm | None = None,
    sale: SaleForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user, now = signed_in(request), timezone.now()
    tenant = tenant_of(user)
    today = timezone.localdate(now)
    rows = Overtime.objects.filter(Q(end__gt=now - SHOWN), tenant=tenant)
    sales = Sale.objects.filter(tenant=tenant, last__gt=today - SHOWN)
    context = {
        "overtime": rows.select_related("person", "granted_by", "withdrawn_by").order_by("-start")[:LISTED],
        "sales": sales.select_related("declared_by", "withdrawn_by").order_by("-first")[:LISTED],
        "overtime_form": overtime or OvertimeForm(tenant=tenant, granter=user, auto_id="overtime-%s"),
        "sale_form": sale or SaleForm(auto_id="sale-%s"),
        "shifts": hours_of(active_policies(tenant)),
        "now": now,
        "today": today,
    }
    return render(request, "shifts/duty.html", context, status=status)
