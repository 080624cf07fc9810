"""One person's page: employment, sessions, history, and the looks of a leaver."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.models import Restriction
from waybillguard.service.authorization.restrictions import in_force_for, lift
from waybillguard.service.authorization.step_up import confirms, with_step_up
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.employment import employment_of, wake
from waybillguard.service.identity.accounts.errors import PeopleError
from waybillguard.service.identity.accounts.factors import letting_back, setting_role
from waybillguard.service.identity.accounts.roles import change_role
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import (
    AccountChange,
    Browser,
    Employment,
    LeavingAudit,
    Permission,
    Role,
    SignInLink,
    User,
)
from waybillguard.service.identity.sites.errors import SiteError
from waybillguard.service.identity.sites.services import hold_open
from waybillguard.service.keyd.enrolling import Resume, SetRole
from waybillguard.service.people.forms import EmploymentForm
from waybillguard.service.people.views import people_page, shown_link
from waybillguard.service.platform.views import said

LISTED = 50


@requires(Permission.ADMINISTER)
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one person."""
    return _page(request, _person(request, pk))


@requires(Permission.ADMINISTER)
@require_POST
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an employment; for a leaver who is back, create a new one."""
    user, who = signed_in(request), _person(request, pk)
    current = employment_of(who)
    back = current is not None and not who.is_active and who.asleep_since is None
    form = EmploymentForm(request.POST, instance=None if back else current, tenant=tenant_of(user))
    if not form.is_valid():
        return _page(request, who, form, status=422)
    period = form.save(commit=False)
    period.tenant, period.user = tenant_of(user), who
    period.name = period.name or who.display_name or who.username
    told: dict[str, Any] = {"fields": ",".join(sorted(form.changed_data))[:200]}
    if "site" in form.changed_data:
        told["site"] = period.site.code if period.site is not None else ""
    try:
        with transaction.atomic():
            if "site" in told:
                hold_open(period.site)
            note(tenant_of(user), _edit(form), person=who, actor=user, **told)
            period.save()
    except SiteError as error:  # the site was closed after the page was opened
        form.add_error("site", said(error))
        return _page(request, who, form, status=422)
    messages.success(request, _("Saved."))
    return redirect("person", pk=pk)


def _waking(request: HttpRequest, of: dict[str, Any]) -> Resume:
    return letting_back(signed_in(request), _person(request, of["pk"]))


def _giving_role(request: HttpRequest, of: dict[str, Any]) -> SetRole:
    return setting_role(signed_in(request), _person(request, of["pk"]), request.POST.get("role", ""))


@requires(Permission.ADMINISTER)
@confirms(_waking)
@require_POST
def person_wake(request: HttpRequest, pk: int) -> HttpResponse:
    """Reactivate a suspended account and show its one-time link once."""
    who = _person(request, pk)
    try:
        secret = wake(signed_in(request), who, timezone.now())
    except PeopleError as error:
        messages.error(request, error.message(get_language() or "zh-hans"))
        return redirect("person", pk=pk)
    return people_page(request, link=shown_link(request, who, secret))


@requires(Permission.ADMINISTER)
@confirms(_giving_role)
@require_POST
def person_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a person's role; requires step-up."""
    who = _person(request, pk)
    role = request.POST.get("role", "")
    if role not in Role.values:
        return redirect("person", pk=pk)
    try:
        change_role(signed_in(request), who, Role(role), timezone.now())
    except PeopleError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("person", pk=pk)


@requires(Permission.ADMINISTER)
@require_POST
def restriction_lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Lift a restriction that an alert response put on a person or a station; requires step-up."""
    row = get_object_or_404(
        Restriction.objects.select_related("person", "tenant"), pk=pk, tenant=tenant_of(signed_in(request))
    )
    back = reverse("person", args=[row.person_id]) if row.person_id else reverse("people")
    why = request.POST.get("why", "")
    return with_step_up(
        request, back, lambda who: lift([row], who.user, why, who.now), _("Access was given back.")
    )


@requires(Permission.ADMINISTER)
@require_POST
def session_end(request: HttpRequest, pk: int, session: int) -> HttpResponse:
    """End one session of a person."""
    user, who = signed_in(request), _person(request, pk)
    with transaction.atomic():
        get_object_or_404(UserSession, pk=session, user=who).end()
        note(tenant_of(user), "session_ended", person=who, actor=user)
    messages.success(request, _("The session has ended."))
    return redirect("person", pk=pk)


@require_POST
def browser_known(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a browser as the person's own."""
    user = signed_in(request)
    browser = get_object_or_404(Browser, pk=pk, user=user)
    if browser.known_since is None:
        with transaction.atomic():
            note(tenant_of(user), "browser_known", person=user, actor=user)
            browser.known_since = timezone.now()
            browser.save(update_fields=["known_since"])
    return redirect("usersessions_list")


def _edit(form: EmploymentForm) -> str:
    """Return the kind of an edit: an earlier last day reduces access, anything else may extend it."""
    before, after = form.initial.get("employed_to"), form.cleaned_data.get("employed_to")
    sooner = after is not None and (before is None or after < before)
    return "shortened" if form.instance.pk and form.changed_data == ["employed_to"] and sooner else "edited"


def _person(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(
        User.objects.select_related("tenant"), pk=pk, tenant=tenant_of(signed_in(request))
    )


def _page(
    request: HttpRequest, who: User, form: EmploymentForm | None = None, status: int = 200
) -> HttpResponse:
    tenant = tenant_of(signed_in(request))
    current: Employment | None = employment_of(who)
    audit = LeavingAudit.objects.filter(tenant=tenant, user=who).order_by("-pk").first()
    changes = AccountChange.objects.filter(tenant=tenant, person=who).select_related("actor").order_by("-pk")
    context = {
        "person": who,
        "employment": current,
        "form": form or EmploymentForm(instance=current, tenant=tenant),
        "sessions": _living(who),
        "audit": audit,
        "audit_days": sorted((int(day), count) for day, count in audit.days.items()) if audit else [],
        "changes": changes[:LISTED],
        "link": SignInLink.objects.filter(tenant=tenant, user=who).first(),
        "roles": Role.choices,
        "gone": not who.is_active and who.asleep_since is None,
        "restrictions": in_force_for(tenant, person=who),
    }
    response = render(request, "people/person.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _living(who: User) -> list[UserSession]:
    rows = list(UserSession.objects.filter(user=who).order_by("-last_seen_at")[:LISTED])
    keys = {row.session_key for row in rows}
    living = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list(
            "session_key", flat=True
        )
    )
    return [row for row in rows if row.session_key in living]
