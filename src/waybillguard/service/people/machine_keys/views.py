"""The owner's page of machine keys."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.step_up import confirms
from waybillguard.service.identity.accounts.factors import granting_key
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.machine_keys import services as keys
from waybillguard.service.identity.machine_keys.scopes import SCOPES
from waybillguard.service.identity.machine_keys.services import MachineKeyError
from waybillguard.service.identity.models import MachineKey, Permission
from waybillguard.service.keyd.mandates import GrantMachine
from waybillguard.service.platform.views import number, said

LISTED = 100
DAYS = (30, 90, 180, 365)
_USUAL_DAYS = 90


@requires(Permission.ADMINISTER)
@require_safe
def machine_keys(request: HttpRequest) -> HttpResponse:
    """List machine keys, with the form for a new one."""
    return _page(request)


def _making(request: HttpRequest, _of: dict[str, Any]) -> GrantMachine:
    return granting_key(signed_in(request), 0, _days(request))


@requires(Permission.ADMINISTER)
@confirms(_making)
@require_http_methods(["GET", "POST"])
def machine_key_add(request: HttpRequest) -> HttpResponse:
    """Create a key and show its secret once, only on this page."""
    if request.method == "GET":  # back from step-up confirmation
        return redirect("machine_keys")
    wanted = [one for one in SCOPES if one in request.POST.getlist("scope")]
    try:
        secret, _row = keys.make(
            signed_in(request), request.POST.get("name", ""), wanted, _days(request), timezone.now()
        )
    except MachineKeyError as error:
        return _page(request, problem=said(error))
    return _page(request, secret=secret)


@requires(Permission.ADMINISTER)
@require_POST
def machine_key_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a key; its next call is refused."""
    user = signed_in(request)
    keys.revoke(user, get_object_or_404(MachineKey, pk=pk, tenant=tenant_of(user)), timezone.now())
    messages.success(request, _("The key no longer works."))
    return redirect("machine_keys")


def _days(request: HttpRequest) -> int:
    return number(request.POST.get("days"), 1, keys.MOST_DAYS, 0)


def _page(request: HttpRequest, secret: str = "", problem: str = "") -> HttpResponse:
    now = timezone.now()
    rows = MachineKey.objects.filter(tenant=tenant_of(signed_in(request))).select_related("made_by")
    context = {
        "keys": [
            {"row": row, "scopes": [SCOPES[one] for one in row.scopes if one in SCOPES], "over": row.expires_at <= now}
            for row in rows.order_by("-pk")[:LISTED]
        ],
        "scopes": SCOPES.items(),
        "days": DAYS,
        "usual": _USUAL_DAYS,
        "secret": secret,
        "problem": problem,
        "address": request.build_absolute_uri("/api/v1"),
    }  # fmt: skip
    response = render(request, "machine_keys/machine_keys.html", context, status=422 if problem else 200)
    response["Cache-Control"] = "no-store"
    return response
