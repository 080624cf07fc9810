"""Retention periods, legal holds, and destruction by hand with its certificate."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.principal import Principal
from waybillguard.service.authorization.step_up import principal_of, step_up, with_step_up
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.actions import action_of
from waybillguard.service.keyd.client import KeydError
from waybillguard.service.keyd.destroying import RETENTION, UNDO
from waybillguard.service.platform.views import attempt, number
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault import planned, shred
from waybillguard.service.vault import retention as rules
from waybillguard.service.vault.errors import no_day, nothing_to_shred
from waybillguard.service.vault.listing import visible
from waybillguard.service.vault.models import Epoch, Order, PlannedDestruction, Shredded

LISTED = 50
KINDS = {
    RETENTION: gettext_lazy("By the retention rule"),
    UNDO: gettext_lazy("An import taken out"),
}
SCOPES = {
    Shredded.Scope.ORDERS: gettext_lazy("Named orders"),
    Shredded.Scope.DAY: gettext_lazy("A whole day"),
    Shredded.Scope.TENANT: gettext_lazy("Everything"),
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request to destroy something, and its number of orders."""

    scope: str
    orders: int
    day: date | None = None
    rows: tuple[Order, ...] = ()


@requires(Permission.ADMINISTER)
@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """Show the rule, holds, the orders that still open, and what was destroyed."""
    tenant = tenant_of(signed_in(request))
    acts = Shredded.objects.filter(tenant=tenant).defer("uids").order_by("-pk")[:LISTED]
    rule = rules.rule_of(tenant)
    keys = Epoch.objects.filter(tenant=tenant).aggregate(n=Count("pk"), first=Min("day"), last=Max("day"))
    context: dict[str, Any] = {
        "rule": rule,
        "plan": planned.open_plan(tenant),
        "waiting": _waiting(tenant),
        "clock_doubtful": planned.clock_in_doubt(rule, timezone.now()),
        "shortest": rules.SHORTEST,
        "longest": rules.LONGEST,
        "least_index": rules.MINIMUM_INDEX_DAYS,
        "acts": [
            {"act": act, "what": SCOPES[Shredded.Scope(act.scope)], "day": _date(act.day)} for act in acts
        ],
        "days": keys["n"],
        "first": _date(keys["first"]),
        "last": _date(keys["last"]),
        "tenant": tenant,
        "today": date.today().isoformat(),  # noqa: DTZ011 - the form's upper bound alone
    }
    return render(request, "vault/retention.html", context)


@requires(Permission.ADMINISTER)
@require_POST
def set_rule(request: HttpRequest) -> HttpResponse:
    """Change the days, or set and lift a legal hold."""
    kept = rules.rule_of(tenant_of(signed_in(request)))
    asked = request.POST
    hold = asked.get("legal_hold", "").strip()[:200] or kept.legal_hold
    if asked.get("lift") == "1":
        hold = ""

    def change(who: Principal) -> None:
        rules.set_rule(
            who.user,
            contact_days=number(asked.get("contact_days", kept.contact_days), 0, 32_767, 0),
            undelivered_days=number(asked.get("undelivered_days", kept.undelivered_days), 0, 32_767, 0),
            index_days=number(asked.get("index_days", kept.index_days), 0, 32_767, 0),
            look_days=number(asked.get("look_days", kept.look_days), 0, 32_767, 0),
            legal_hold=hold,
        )

    return with_step_up(request, reverse("retention"), change, _("Saved."))


@requires(Permission.SECOND)
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a planned destruction to people who may stop it."""
    found = get_object_or_404(PlannedDestruction, pk=pk, tenant=tenant_of(signed_in(request)))
    return render(request, "vault/plan.html", {"plan": found})


@requires(Permission.SECOND)
@require_POST
def plan_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a planned destruction. Nobody loses anything by it, so it needs no confirmation."""
    user = signed_in(request)
    found = get_object_or_404(PlannedDestruction, pk=pk, tenant=tenant_of(user))
    attempt(request, lambda: planned.stop(user, found))
    return redirect("plan", pk)


@requires(Permission.SECOND)
@require_POST
def waiting_stop(request: HttpRequest) -> HttpResponse:
    """Stop a plan in keyd by its mark, whether this database knows it or not."""
    user, mark = signed_in(request), request.POST.get("mark", "")
    if re.fullmatch("[0-9a-f]{32}", mark):
        attempt(request, lambda: planned.stop_waiting(user, bytes.fromhex(mark)))
    return redirect("retention" if user.may(Permission.ADMINISTER) else "home")


@requires(Permission.ADMINISTER)
@require_POST
def plan_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a destruction that is too large to run by itself."""
    found = get_object_or_404(PlannedDestruction, pk=pk, tenant=tenant_of(signed_in(request)))
    return with_step_up(
        request,
        reverse("retention"),
        lambda who: planned.confirm(who.user, found),
        _("Confirmed: it is carried out after 72 hours, until then anyone with the right can stop it."),
    )


@requires(Permission.ADMINISTER)
@require_POST
def clock_confirm(request: HttpRequest) -> HttpResponse:
    """Confirm that the date is right after the clock jumped."""
    return with_step_up(
        request,
        reverse("retention"),
        lambda who: planned.confirm_clock(who.user, timezone.now()),
        _("Saved."),
    )


@requires(Permission.ADMINISTER)
@require_POST
def destroy(request: HttpRequest) -> HttpResponse:
    """Show what would be destroyed; with ``sure`` destroy it."""
    user = signed_in(request)
    if not principal_of(request).sign_in.stepped_up:
        return step_up(request, reverse("retention"), _to_confirm(request, user))
    asked = attempt(request, lambda: _asked(request, tenant_of(user)))
    if asked is None:
        return redirect("retention")
    if not request.POST.get("sure"):
        context = {"asked": asked, "word": SCOPES[Shredded.Scope(asked.scope)], "tenant": user.tenant,
                   "number": request.POST.get("number", "")}  # fmt: skip
        response = render(request, "vault/retention_sure.html", context)
        response["Cache-Control"] = "no-store"
        return response
    return with_step_up(
        request,
        reverse("retention"),
        lambda who: _destroy(who.user, asked, request.POST.get("confirm", "")),
        _("Destroyed: nothing of it opens from this moment on."),
    )


@requires(Permission.ADMINISTER)
@require_safe
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Download the certificate of a destruction: its text, and the receipt of its ledger entry."""
    act = get_object_or_404(Shredded, pk=pk, tenant=tenant_of(signed_in(request)))
    text = f"{act.certificate}\n\n{_('Receipt in the ledger')}: {act.mark}\n{act.at.isoformat(timespec='seconds')}\n"
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="certificate-{act.pk}.txt"'
    return response


def _asked(request: HttpRequest, tenant: Tenant) -> _Asked:
    scope = request.POST.get("scope", "")
    living = Order.objects.filter(tenant=tenant, shredded_at=None)
    if scope == Shredded.Scope.DAY:
        day = parse_date(request.POST.get("day", "")[:10])
        if day is None:
            raise no_day()
        return _counted(_Asked(scope, living.filter(day=day_number(day, tenant)).count(), day))
    if scope == Shredded.Scope.TENANT:
        return _counted(_Asked(scope, living.count()))
    text = request.POST.get("number", "").strip()[:80]
    named = Q(order_no=text) | Q(waybill_no=text)
    rows = tuple(visible(tenant).filter(named, shredded_at=None)) if text else ()
    return _counted(_Asked(Shredded.Scope.ORDERS.value, len(rows), rows=rows))


def _to_confirm(request: HttpRequest, user: User) -> bytes:
    """Return the act the code confirms: that day, or everything. A single order needs no code."""
    day = parse_date(request.POST.get("day", "")[:10])
    if request.POST.get("scope") == Shredded.Scope.TENANT:
        what = messages.ShredScope("tenant")
    elif request.POST.get("scope") == Shredded.Scope.DAY and day is not None:
        what = messages.ShredScope("day", day=day_number(day, tenant_of(user)))
    else:
        return b""
    return action_of(messages.Shred(context_of(user), what, 0))


def _counted(asked: _Asked) -> _Asked:
    if not asked.orders:
        raise nothing_to_shred()
    return asked


def _destroy(user: User, asked: _Asked, confirm: str) -> Shredded:
    if asked.scope == Shredded.Scope.TENANT:
        return shred.shred_tenant(user, confirm)
    if asked.day is not None:
        return shred.shred_day(user, day_number(asked.day, tenant_of(user)))
    return shred.shred_orders(user, asked.rows)


def _waiting(tenant: Tenant) -> list[dict[str, Any]] | None:
    """Return keyd's waiting plans, or None if it does not answer."""
    try:
        found = planned.waiting(tenant)
    except KeydError:
        return None
    return [
        {
            "plan": plan, "known": known, "mark": plan.mark.hex(), "kind": KINDS.get(plan.kind, plan.kind),
            "from": datetime.fromtimestamp(plan.from_us / 1e6, UTC),
        }
        for plan, known in found
    ]  # fmt: skip


def _date(day: int | None) -> date | None:
    return None if day is None else date.fromordinal(date(1970, 1, 1).toordinal() + day)
