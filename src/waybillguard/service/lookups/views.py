"""Pages of looks at plaintext, quotas, and the user's own record of looks."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.access.quota_levels import NOT_A_VERDICT_EN, NOT_A_VERDICT_ZH, alarm_levels
from waybillguard.access.quotas import SCOPES
from waybillguard.access.request import QuotaFacts
from waybillguard.access.settings_policies import OFF_SHIFT
from waybillguard.errors import WaybillGuardError
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.authorize import authorize
from waybillguard.service.authorization.principal import Principal, load_principal, sign_in_of
from waybillguard.service.authorization.step_up import principal_of, step_up, with_step_up
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission, Role, User
from waybillguard.service.lookups.counting import left_of
from waybillguard.service.lookups.errors import GuardError, UsedFormError
from waybillguard.service.lookups.guard import requires_confirmation
from waybillguard.service.lookups.models import Call, Look, LookAlarm, QuotaRaise, QuotaState
from waybillguard.service.lookups.raises import agree_raise, ask_raise, end_raise, see_alarm, set_frozen
from waybillguard.service.lookups.services import GROUPS, new_form, reveal
from waybillguard.service.platform.hooks import Question
from waybillguard.service.platform.sessions import session_mark
from waybillguard.service.platform.views import attempt, number, said
from waybillguard.service.vault.facts import order_facts
from waybillguard.service.vault.listing import visible_order
from waybillguard.service.vault.models import Order

SHOWN_SECONDS = 60
LOOKS_A_PAGE = 200
exports_of: Question[[User], QuerySet[Any]] = Question("exports that somebody asked for or agreed to")


@requires(Permission.SEARCH)
@require_safe
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form for purpose and field group, with the used and remaining quota."""
    order = _order(request, pk)
    who = principal_of(request)
    if who.sign_in.method == "badge":
        return _ask_page(request, order, who, problem=_badge_words(), status=403)
    if policies := _out_of_shift(who, order):  # refuse before asking for a code
        return _ask_page(
            request, order, who, problem=_("Nothing can be shown now."), policies=policies, status=403
        )
    if not who.sign_in.stepped_up or requires_confirmation(who):
        return step_up(request, request.path)
    return _ask_page(request, order, who)


@requires(Permission.SEARCH)
@require_POST
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one field group of one record once; a reload shows the form again."""
    order = _order(request, pk)
    who = principal_of(request)
    # A badge sign-in cannot step up: let the policies refuse it, so that the refusal is recorded.
    if not who.sign_in.stepped_up and who.sign_in.method != "badge":
        return step_up(request, reverse("reveal", args=[pk]))
    asked = request.POST
    try:
        shown = reveal(
            who, order, group=asked.get("group", ""), purpose=asked.get("purpose", ""),
            form=asked.get("form", ""), session=session_mark(request),
        )  # fmt: skip
    except UsedFormError as error:
        messages.warning(request, said(error))
        return redirect("reveal", pk=pk)
    except GuardError as error:
        if error.kind == "step_up":
            messages.warning(request, said(error))
            return step_up(request, reverse("reveal", args=[pk]))
        response = _ask_page(
            request, order, who, problem=said(error), policies=" ".join(error.policies), ask_whom=error.kind == "refuse",
            status=429 if error.wait_s else 403,
        )  # fmt: skip
        if error.wait_s:
            response["Retry-After"] = str(error.wait_s)
        return response
    except WaybillGuardError as error:
        policies = " ".join(getattr(error, "policies", ()))
        return _ask_page(request, order, who, problem=said(error), policies=policies, status=403)
    back = reverse("order_detail", args=[pk])
    context = {
        "order": order, "look": shown.look, "record": shown.record, "seconds": SHOWN_SECONDS, "back": back,
        "person": who.user, "looked_at": f"{who.now:%Y-%m-%d %H:%M:%S}",
    }  # fmt: skip
    response = _private(render(request, "lookups/shown.html", context))
    # Without scripts, the Refresh header leaves the page when the time is over.
    response["Refresh"] = f"{SHOWN_SECONDS}; url={back}"
    return response


@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    """Show the user's own quota and record of looks: exactly what the company sees."""
    return _looks_page(request, signed_in(request))


@requires(Permission.ADMINISTER)
@require_safe
def looks_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person's record of looks: exactly what that person sees."""
    return _looks_page(request, _person(request, pk))


@requires(Permission.SECOND)
@require_safe
def quotas(request: HttpRequest) -> HttpResponse:
    """Show all quotas, quota increases and alarms."""
    tenant = tenant_of(signed_in(request))
    now = timezone.now()
    frozen = set(
        QuotaState.objects.filter(tenant=tenant).exclude(frozen_at=None).values_list("account", flat=True)
    )
    shown = Look.objects.filter(tenant=tenant, allowed=True, at__gte=now - timedelta(days=30))
    counts: dict[int, int] = {}
    for pk in shown.values_list("person_id", flat=True):
        counts[pk] = counts.get(pk, 0) + 1
    people = [
        {"person": person, "looks": counts.get(person.pk, 0), "frozen": person.pk in frozen}
        for person in User.objects.filter(tenant=tenant).order_by("-is_active", "pk")
    ]
    context = {
        "people": people,
        "raises": QuotaRaise.objects.filter(tenant=tenant, until__gt=now)
        .select_related("account", "asked_by", "agreed_by").order_by("-asked_at"),
        "alarms": LookAlarm.objects.filter(tenant=tenant).select_related("account", "seen_by").order_by("-at")[:50],
        "levels": alarm_levels(),
        "scopes": SCOPES,
        "verdict_zh": NOT_A_VERDICT_ZH,
        "verdict_en": NOT_A_VERDICT_EN,
        "tomorrow": timezone.localdate() + timedelta(days=1),
    }  # fmt: skip
    return render(request, "lookups/quotas.html", context)


@requires(Permission.ADMINISTER)
@require_POST
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze an account's quota immediately, or unfreeze it after step-up."""
    person, who = _person(request, pk), principal_of(request)
    frozen = request.POST.get("frozen") == "1"
    if not frozen and not who.sign_in.stepped_up:
        return step_up(request, reverse("quotas"))
    attempt(request, lambda: set_frozen(who, person, frozen=frozen))
    return redirect("quotas")


@requires(Permission.SECOND)
@require_POST
def raise_ask(request: HttpRequest) -> HttpResponse:
    """Request a quota increase for a person, with an end."""
    person = get_object_or_404(
        User, pk=number(request.POST.get("account"), 1, 10**9, 0), tenant=tenant_of(signed_in(request)),
        is_active=True,
    )  # fmt: skip
    who = principal_of(request)
    day = parse_date(request.POST.get("until", "")[:10]) if request.POST.get("until") else None
    until = datetime.combine(day, time(23, 59), who.now.tzinfo) if day else who.now
    attempt(
        request,
        lambda: ask_raise(
            who, person, request.POST.get("scope", ""), number(request.POST.get("extra"), 1, 10_000, 0), until,
            request.POST.get("why", "")[:200],
        ),
    )  # fmt: skip
    return redirect("quotas")


@requires(Permission.SECOND)
@require_POST
def raise_agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a quota increase as the second person."""
    raised = get_object_or_404(
        QuotaRaise.objects.select_related("asked_by"),
        pk=pk,
        tenant=tenant_of(signed_in(request)),
        agreed_by=None,
    )
    return with_step_up(request, reverse("quotas"), lambda who: agree_raise(who, raised))


@requires(Permission.SECOND)
@require_POST
def raise_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse a quota increase, or end it early."""
    rows = QuotaRaise.objects.select_related("account")
    raised = get_object_or_404(rows, pk=pk, tenant=tenant_of(signed_in(request)))
    attempt(request, lambda: end_raise(principal_of(request), raised))
    return redirect("quotas")


@requires(Permission.ADMINISTER)
@require_POST
def alarm_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Acknowledge an alarm."""
    see_alarm(
        principal_of(request), get_object_or_404(LookAlarm, pk=pk, tenant=tenant_of(signed_in(request)))
    )
    return redirect("quotas")


def _order(request: HttpRequest, pk: int) -> Order:
    order = visible_order(tenant_of(signed_in(request)), pk)
    if order is None:
        raise Http404
    return order


def _person(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(User, pk=pk, tenant=tenant_of(signed_in(request)))


def _ask_page(
    request: HttpRequest,
    order: Order,
    who: Principal,
    *,
    problem: str = "",
    policies: str = "",
    ask_whom: bool = False,
    status: int = 200,
) -> HttpResponse:
    left, frozen = left_of(who)
    role = who.policies.settings.form.roles.get(who.user.role)
    context = {
        "order": order, "left": left, "frozen": frozen, "groups": GROUPS, "purposes": role.purposes if role else (),
        "form": new_form(who.user, order), "problem": problem, "policies": policies, "seconds": SHOWN_SECONDS,
        "ask_whom": leaders(who.user) if ask_whom else (),
    }  # fmt: skip
    return _private(render(request, "lookups/ask.html", context, status=status))


def _out_of_shift(who: Principal, order: Order) -> str:
    """Return the policies that refuse plaintext outside the shift now; empty if none does."""
    decision = authorize(
        who, "reveal", recorded=False, order=order_facts(order, who.now), quota=QuotaFacts(left=1)
    )
    if decision.allowed:
        return ""
    return " ".join(name for name in decision.policies if name.startswith(OFF_SHIFT))


def leaders(user: User) -> QuerySet[User]:
    """Return the owners and supervisors whom a colleague can ask."""
    found = User.objects.filter(tenant=user.tenant, role__in=[Role.OWNER, Role.SUPERVISOR], is_active=True)
    return found.exclude(pk=user.pk).order_by("role", "pk")[:3]


def _badge_words() -> str:
    return _(
        "A sign-in by badge sees masked data only. Sign in with password and authenticator app for plaintext."
    )


def _looks_page(request: HttpRequest, person: User) -> HttpResponse:
    own = person.pk == signed_in(request).pk
    who = load_principal(person, sign_in_of(request), timezone.now())
    left, frozen = left_of(who)
    rows = (
        Look.objects.filter(tenant=who.tenant, person=person)
        .select_related("order")
        .order_by("-at")[:LOOKS_A_PAGE]
    )
    calls = Call.objects.filter(tenant=who.tenant, person=person).select_related("order").order_by("-at")
    context = {
        "person": person,
        "own": own,
        "looks": rows,
        "left": left if all(one.limit for one in left) else [],  # a limit of 0 allows no look
        "frozen": frozen,
        "exports": exports_of(person)[:LOOKS_A_PAGE],
        "calls": calls[:LOOKS_A_PAGE],
    }
    return _private(render(request, "lookups/looks.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store, private, max-age=0"
    response["Pragma"] = "no-cache"
    return response
