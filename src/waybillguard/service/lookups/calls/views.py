"""Pages of calls: bind a number to an order, list one's own calls, choose the provider."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waybillguard.access.virtual_numbers import BOUND_FOR, PROVIDERS
from waybillguard.errors import WaybillGuardError
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.step_up import principal_of
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.lookups.calls.services import (
    bound,
    provider_of,
    release,
    remaining_calls,
    set_provider,
)
from waybillguard.service.lookups.calls.services import call as make_call
from waybillguard.service.lookups.models import Call
from waybillguard.service.platform.limits import over_limit
from waybillguard.service.platform.sessions import session_mark
from waybillguard.service.platform.views import attempt, said
from waybillguard.service.vault.listing import visible

LISTED = 100
TRIES_A_MINUTE = 20


@requires(Permission.CALL)
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """List the user's own calls; owners also choose the provider here."""
    user = signed_in(request)
    tenant = tenant_of(user)
    context = {
        "calls": Call.objects.filter(tenant=tenant, person=user)
        .select_related("order")
        .order_by("-pk")[:LISTED],
        "provider": provider_of(tenant),
        "providers": list(PROVIDERS),
        "left": remaining_calls(principal_of(request)),
    }
    return render(request, "calls/calls.html", context)


@requires(Permission.CALL)
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the purpose; on POST, bind a number and show it."""
    who = principal_of(request)
    order = get_object_or_404(visible(who.tenant).select_related("tenant"), pk=pk)
    role = who.policies.settings.form.roles.get(who.user.role)
    context = {
        "order": order,
        "purposes": role.purposes if role else (),
        "provider": provider_of(who.tenant),
        "minutes": int(BOUND_FOR.total_seconds() // 60),
    }
    status = 200
    if request.method == "POST":
        if over_limit("call", str(who.user.pk), limit=TRIES_A_MINUTE, seconds=60):
            return render(request, "429.html", status=429)
        try:
            make_call(who, order, request.POST.get("purpose", ""), session_mark(request))
        except WaybillGuardError as error:
            status = 403
            context |= {"problem": said(error), "policies": " ".join(getattr(error, "policies", ()))}
    row = bound(who, order)
    seconds = int((row.until - who.now).total_seconds()) if row is not None and row.until else 0
    context |= {"call": row, "minutes_left": seconds // 60 + 1, "left": remaining_calls(who)}
    response = render(request, "calls/call.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@requires(Permission.CALL)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a binding early."""
    user = signed_in(request)
    row = get_object_or_404(Call, pk=pk, tenant=tenant_of(user), person=user)
    attempt(request, lambda: release(principal_of(request), row))
    return redirect("call", pk=row.order_id) if row.order_id else redirect("calls")


@requires(Permission.ADMINISTER)
@require_POST
def provider(request: HttpRequest) -> HttpResponse:
    """Choose the provider of virtual numbers, or none."""
    user = signed_in(request)
    attempt(request, lambda: set_provider(user, tenant_of(user), request.POST.get("provider", "")[:40]))
    return redirect("calls")
