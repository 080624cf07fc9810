"""Pages of the first sign-in, second factors, people and CLI tokens."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from waybillguard.service.authorization.access import has_second_factor, requires, signed_in
from waybillguard.service.authorization.step_up import confirms
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.employment import employ, latest_employment, let_go
from waybillguard.service.identity.accounts.errors import PeopleError
from waybillguard.service.identity.accounts.factors import expect, expecting
from waybillguard.service.identity.accounts.services import take_link
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.merchants.scope import NOWHERE, shops_of
from waybillguard.service.identity.models import (
    LINK_LIFETIME,
    MAY,
    OneTimeLink,
    Permission,
    Role,
    ShellToken,
    User,
)
from waybillguard.service.identity.sites.errors import SiteError
from waybillguard.service.identity.sites.services import open_sites
from waybillguard.service.keyd.enrolling import ExpectPerson
from waybillguard.service.people.forms import EmploymentForm, PersonForm, SetupForm
from waybillguard.service.people.sso.pages import invited, provider_for
from waybillguard.service.platform.limits import client_address, over_limit
from waybillguard.service.platform.views import number, said

WRONG_LINKS, WRONG_LINKS_S = 20, 300
"""Most invalid first sign-in links from one address, and the period in seconds.

Valid links are not counted: a hundred people of a warehouse, behind one address, open theirs on one morning.
"""


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Let the holder of a one-time link set name and password, then continue to the second factor."""
    now = timezone.now()
    link = OneTimeLink.find(secret, now)
    if link is None or not link.user.is_active:
        if over_limit("setup", client_address(request), limit=WRONG_LINKS, seconds=WRONG_LINKS_S):
            return render(request, "429.html", status=429)
        return render(request, "people/setup_expired.html", status=410)
    if (
        request.method == "POST"
        and "provider" in request.POST
        and (way := invited(request, link)) is not None
    ):
        return way
    form = SetupForm(request.POST or None, instance=link.user)
    if request.method != "POST" or not form.is_valid():
        context = {
            "form": form, "person": link.user, "minutes": int(LINK_LIFETIME.total_seconds() // 60),
            "provider": provider_for(link.user) if link.user.tenant_id else None,
        }  # fmt: skip
        return render(request, "people/setup.html", context)
    with transaction.atomic():
        if not take_link(link, now):
            return render(request, "people/setup_expired.html", status=410)
        user = form.save(commit=False)
        user.set_password(form.cleaned_data["password1"])
        user.save()
    request.session.flush()
    record_authentication(request, user, method="password", username=user.username, reauthenticated=True)
    response: HttpResponse = perform_login(request, Login(user=user, redirect_url=reverse("second_factor")))
    return response


@never_cache
@require_GET
def second_factor(request: HttpRequest) -> HttpResponse:
    """Offer passkey or authenticator app to a person who has neither."""
    if has_second_factor(signed_in(request)):
        return redirect("home")
    return render(request, "people/second_factor.html")


@requires(Permission.ADMINISTER)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List the tenant's people."""
    return people_page(request)


def _adding(request: HttpRequest, _of: dict[str, Any]) -> ExpectPerson:
    return expecting(signed_in(request), User(role=request.POST.get("role", "")), new=True)


def _linking(request: HttpRequest, of: dict[str, Any]) -> ExpectPerson:
    user = signed_in(request)
    person = get_object_or_404(User, pk=of["pk"], tenant=tenant_of(user), is_active=True)
    return expecting(user, person)


@requires(Permission.ADMINISTER)
@confirms(_adding)
@require_POST
def person_add(request: HttpRequest) -> HttpResponse:
    """Add a person and show the one-time link once, only on this page."""
    tenant = tenant_of(signed_in(request))
    form, period = PersonForm(request.POST), EmploymentForm(request.POST, tenant=tenant)
    if not all([form.is_valid(), period.is_valid()]):
        return people_page(request, form, period, status=422)
    person = form.save(commit=False)
    try:
        secret = employ(signed_in(request), person, period.save(commit=False), timezone.now())
    except SiteError as error:  # the site was closed after the page was opened
        period.add_error("site", said(error))
        return people_page(request, form, period, status=422)
    return people_page(request, link=shown_link(request, person, secret))


@requires(Permission.ADMINISTER)
@confirms(_linking)
@require_POST
def person_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a new one-time link for a person who lost the first one or forgot the password."""
    user = signed_in(request)
    person = get_object_or_404(User, pk=pk, tenant=tenant_of(user), is_active=True)
    with transaction.atomic():
        note(tenant_of(user), "link", person=person, actor=user)
        expect(user, person)
        secret = OneTimeLink.issue(person, timezone.now())
    return people_page(request, link=shown_link(request, person, secret))


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def person_deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """End a person's access at once. People cannot do this to themselves."""
    user = signed_in(request)
    person = get_object_or_404(User, pk=pk, tenant=tenant_of(user))
    if person.pk == user.pk:
        messages.error(request, _("You cannot deactivate yourself. Ask another owner."))
    else:
        try:
            let_go(user, person, timezone.now())
        except PeopleError as error:
            messages.error(request, error.message(get_language() or "zh-hans"))
        else:
            messages.success(request, _("Access ended: sessions and CLI tokens of this person are gone."))
            return redirect("person", pk=person.pk)
    return redirect("people")


@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    """List the person's own valid CLI tokens."""
    living = ShellToken.objects.filter(user=signed_in(request), expires_at__gt=timezone.now()).order_by(
        "-created_at"
    )
    return render(request, "people/tokens.html", {"tokens": living})


@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke one of the person's own CLI tokens."""
    user = signed_in(request)
    with transaction.atomic():
        get_object_or_404(ShellToken, pk=pk, user=user).delete()
        note(tenant_of(user), "token_revoked", person=user, actor=user, token=pk)
    messages.success(request, _("The CLI token no longer works."))
    return redirect("tokens")


def people_page(
    request: HttpRequest,
    form: PersonForm | None = None,
    period: EmploymentForm | None = None,
    link: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the list of people with the form for a new one, and a new link if there is one."""
    tenant = tenant_of(signed_in(request))
    listed = list(
        User.objects.filter(tenant=tenant)
        .prefetch_related("authenticator_set", "employments__site")
        .order_by("-is_active", "pk")
    )
    site = number(request.GET.get("site"), 1, 10**9, 0)
    if site:
        listed = [one for one in listed if (at := latest_employment(one)) and at.site_id == site]
    context = {
        "people": listed,
        "form": form or PersonForm(),
        "period": period or EmploymentForm(tenant=tenant),
        "sites": list(open_sites(tenant)),
        "site": site,
        "link": link,
        "minutes": LINK_LIFETIME.seconds // 60,
    }
    response = render(request, "people/people.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def shown_link(request: HttpRequest, person: User, secret: str) -> dict[str, Any]:
    """Return what the page shows about a new one-time link, and why its holder could not work yet."""
    what = Permission.PRINT if Permission.PRINT in MAY[Role(person.role)] else Permission.SEARCH
    return {
        "address": request.build_absolute_uri(reverse("setup", args=[secret])),
        "name": str(person),
        "pk": person.pk,
        "why_not": person.why_not(what, get_language() or ""),
        "no_shop": shops_of(person) == NOWHERE,
    }
