"""The page of limits and shifts: a matrix by role, the changes before signing, the signatures."""

from typing import Any, Final

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from waybillguard.errors import WaybillGuardError
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.limits import services
from waybillguard.service.authorization.step_up import confirms
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission, Role
from waybillguard.service.keyd.client import RefusedError
from waybillguard.service.keyd.limits import (
    HOUSE_LIMITS,
    PERSON_LIMITS,
    ROLES,
    Limits,
    changes,
    tightens,
)
from waybillguard.service.keyd.policy import LimitsAnswer, SetLimits
from waybillguard.service.platform.views import attempt, said

WORDS: Final = {
    "reveals_hour": gettext_lazy("records an hour"),
    "reveals_day": gettext_lazy("records a day"),
    "tests_hour": gettext_lazy("records tested by searches an hour"),
    "device_reveals_hour": gettext_lazy("records an hour at one device"),
    "tenant_reveals_hour": gettext_lazy("records an hour, whole warehouse"),
    "tenant_tests_hour": gettext_lazy("records tested by searches an hour, whole warehouse"),
    "sealed_hour": gettext_lazy("rows encrypted an hour"),
    "sealed_day": gettext_lazy("rows encrypted a day"),
    "young_reveals_day": gettext_lazy("records a day with a new authenticator"),
    "young_hours": gettext_lazy("hours until an authenticator is no longer new"),
    "windows": gettext_lazy("shifts in which plaintext opens"),
}


@requires(Permission.ADMINISTER)
@require_safe
def limits(request: HttpRequest) -> HttpResponse:
    """Show the limits in force, the pending limits, and the form."""
    return _page(request)


@requires(Permission.ADMINISTER)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Show the effect of a change before it is signed."""
    tenant = tenant_of(signed_in(request))
    known = services.read(tenant)
    try:
        wanted = services.limits_from(request.POST.dict(), known.limits, timezone.localtime())
    except WaybillGuardError as error:
        return _page(request, problem=said(error))
    return _check_page(request, known, wanted)


@requires(Permission.ADMINISTER)
@confirms(lambda request, _of: _signing(request))
@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """Sign the limits shown, with a code confirmed for exactly these limits."""
    wanted = _sent(request)
    if wanted is None:
        return redirect("limits")
    try:
        done = services.sign(signed_in(request), wanted)
    except RefusedError as error:
        if error.action:
            raise
        return _page(request, problem=said(error))
    if done.in_force:
        messages.success(request, _("In force from this moment."))
    elif done.from_s:
        messages.success(
            request, _("Saved. It takes effect in 72 hours; any owner can take it back until then.")
        )
    else:
        messages.success(request, _("Signed. It takes effect once another owner has signed, too."))
    return redirect("limits")


@requires(Permission.ADMINISTER)
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw the pending limits."""
    attempt(request, lambda: services.withdraw(signed_in(request)))
    return redirect("limits")


def _signing(request: HttpRequest) -> SetLimits | None:
    wanted = _sent(request)
    return services.signing(signed_in(request), wanted) if wanted is not None else None


def _sent(request: HttpRequest) -> Limits | None:
    try:
        return msgspec.json.decode(request.POST.get("limits", ""), type=Limits)
    except msgspec.MsgspecError:
        return None


def _page(request: HttpRequest, problem: str = "") -> HttpResponse:
    tenant = tenant_of(signed_in(request))
    known, now = services.read(tenant), timezone.localtime()
    matrix = [
        {
            "role": Role(role).label,
            "cells": [
                {"name": f"{role}.{name}", "word": WORDS[name], "value": getattr(known.limits.of(role), name)}
                for name in PERSON_LIMITS
            ],
        }
        for role in ROLES
    ]
    waiting = known.pending or known.proposed
    by = services.person_of(tenant, known.pending_by or known.proposed_by)
    context = {
        "matrix": matrix,
        "columns": [WORDS[name] for name in PERSON_LIMITS],
        "house": [{"name": name, "word": WORDS[name], "value": getattr(known.limits, name)} for name in HOUSE_LIMITS],
        "windows": services.windows_text(known.limits.windows, now),
        "known": known,
        "changes": _words(known.limits, waiting, request) if waiting else [],
        "waiting": waiting,
        "encoded": msgspec.json.encode(waiting).decode() if waiting else "",
        "from": services.warehouse_time(tenant, known.pending_from_s),
        "by": by,
        "mine": by is not None and by.pk == signed_in(request).pk,
        "problem": problem,
    }  # fmt: skip
    return render(request, "limits/limits.html", context, status=422 if problem else 200)


def _check_page(request: HttpRequest, known: LimitsAnswer, wanted: Limits) -> HttpResponse:
    tighter = tightens(known.limits, wanted)
    context = {
        "changes": _words(known.limits, wanted, request),
        "encoded": msgspec.json.encode(wanted).decode(),
        "tighter": tighter,
        "two": not tighter and known.owners > 1,
        "beyond": not tighter and known.owners <= 1 and not tightens(known.ceilings, wanted),
    }
    return render(request, "limits/check.html", context)


def _words(old: Limits, new: Limits, _request: HttpRequest) -> list[dict[str, Any]]:
    """Return each change as a row: role, limit, old value, new value; shifts in the warehouse's time zone."""
    now = timezone.localtime()
    found = []
    for one in changes(old, new):
        before, after = one.before, one.after
        if one.name == "windows":
            before, after = (services.windows_text(each.windows, now) or _("any hour") for each in (old, new))
        whose = Role(one.role).label if one.role else _("Warehouse")
        found.append({"whose": whose, "what": WORDS[one.name], "before": before, "after": after})
    return found
