"""Pages to set up the identity provider, and to link one's own account."""

import time
from datetime import datetime
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe
from django_scopes import scopes_disabled

from waybillguard.extras import install_command
from waybillguard.service.authorization.access import has_second_factor, requires, signed_in
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.accounts.sso_records import opened_by_provider
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import IdentityProvider, OneTimeLink, Permission, SignInLink, User
from waybillguard.service.people.sso import saml
from waybillguard.service.people.sso.flows import TRIAL, begin, unlink
from waybillguard.service.people.sso.forms import OidcForm, SamlForm
from waybillguard.service.people.sso.views import INTENT, guarded
from waybillguard.service.platform.limits import client_address, over_limit

TRIES = 20
_FORMS: dict[str, type[OidcForm | SamlForm]] = {"oidc": OidcForm, "saml": SamlForm}


@requires(Permission.ADMINISTER)
@require_safe
def single_sign_on(request: HttpRequest) -> HttpResponse:
    """Show the provider, the result of the latest trial, and the forms."""
    return _page(request)


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def save(request: HttpRequest, kind: str) -> HttpResponse:
    """Save a provider as a new revision, which is off until an owner has tried it."""
    user = signed_in(request)
    tenant = tenant_of(user)
    if _through_provider(request):
        return redirect("single_sign_on")
    if over_limit("sso-set", client_address(request), limit=TRIES, seconds=300):
        return render(request, "429.html", status=429)
    known = IdentityProvider.objects.filter(tenant=tenant).first()
    form = _FORMS[kind](request.POST, instance=known)
    if not form.is_valid():
        return _page(request, form, status=422)
    found = form.provider()
    found.tenant, found.active_since = tenant, None
    found.origin = f"{request.scheme}://{request.get_host()}"
    with transaction.atomic():
        latest = IdentityProvider.objects.select_for_update().filter(tenant=tenant).first()
        found.revision = (latest.revision if latest else 0) + 1
        note(tenant, "sso_set", actor=user, protocol=kind, revision=found.revision)
        found.save()
    messages.success(request, _("Saved. Now try the connection; until then nobody signs in through it."))
    return redirect("single_sign_on")


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@guarded
@require_GET
def trial(request: HttpRequest) -> HttpResponse:
    """Send the owner to the provider and back, to show what a sign-in would use."""
    user = signed_in(request)
    provider = get_object_or_404(IdentityProvider.objects.select_related("tenant"), tenant=tenant_of(user))
    if _through_provider(request):
        return redirect("single_sign_on")
    return begin(request, provider, "try", user=user.pk)


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def switch_on(request: HttpRequest) -> HttpResponse:
    """Let people sign in through the provider, if this revision was tried."""
    user = signed_in(request)
    tenant = tenant_of(user)
    provider = get_object_or_404(IdentityProvider, tenant=tenant)
    if not provider.tried:
        messages.error(request, _("Try the connection first, as it is set up now."))
    elif not _through_provider(request) and provider.active_since is None:
        with transaction.atomic():
            note(tenant, "sso_on", actor=user, revision=provider.revision)
            # Only if the provider was not changed meanwhile.
            IdentityProvider.objects.filter(
                pk=provider.pk, revision=provider.revision, tried_revision=provider.revision
            ).update(active_since=timezone.now())
        messages.success(request, _("Single sign-on is on."))
    return redirect("single_sign_on")


@requires(Permission.ADMINISTER)
@require_POST
def switch_off(request: HttpRequest) -> HttpResponse:
    """Turn single sign-on off at once; sessions opened by the provider end with their next request."""
    user = signed_in(request)
    tenant = tenant_of(user)
    with transaction.atomic():
        if IdentityProvider.objects.filter(tenant=tenant, active_since__isnull=False).update(
            active_since=None
        ):
            note(tenant, "sso_off", actor=user)
    messages.success(request, _("Single sign-on is off. Who came in through it is signed out."))
    return redirect("single_sign_on")


@requires(Permission.ADMINISTER)
@require_POST
def person_unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a person's link with the provider."""
    user = signed_in(request)
    who = get_object_or_404(User.objects.select_related("tenant"), pk=pk, tenant=tenant_of(user))
    if unlink(who, user):
        messages.success(request, _("The link has ended."))
    return redirect("person", pk=pk)


@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def link(request: HttpRequest) -> HttpResponse:
    """Start to link one's own account; the next click goes to the provider."""
    user = signed_in(request)
    provider = get_object_or_404(
        IdentityProvider.objects.select_related("tenant"), tenant=tenant_of(user), active_since__isnull=False
    )
    return go_on(request, provider, process="link", user=user.pk)


@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def own_unlink(request: HttpRequest) -> HttpResponse:
    """Remove one's own link, unless it is the only way to sign in."""
    user = signed_in(request)
    if not user.has_usable_password():
        messages.error(
            request, _("This is your only way in. Ask an owner for a one-time link and set a password first.")
        )
    elif unlink(user, user):
        messages.success(request, _("The link has ended."))
    return redirect("mfa_index")


def invited(request: HttpRequest, one_time: OneTimeLink) -> HttpResponse | None:
    """Start to link an account by the owner's one-time link; None if that is not possible."""
    provider = provider_for(one_time.user)
    return None if provider is None else go_on(request, provider, process="invite", link=one_time.pk)


def provider_for(person: User) -> IdentityProvider | None:
    """Return the provider that a person may link with only a one-time link, if any.

    A person with a second factor must use it first: otherwise anybody who found the link could link their own
    identity.
    """
    return None if has_second_factor(person) else active_provider(tenant_of(person).pk)


def go_on(request: HttpRequest, provider: IdentityProvider, **intent: Any) -> HttpResponse:  # noqa: ANN401
    """Store the intent, and show a link to the provider.

    A form must not end at another site (``form-action``), so the person follows a link.
    """
    request.session[INTENT] = {**intent, "slug": provider.tenant.slug, "at": time.time()}
    address = provider.origin + reverse("sso_start", args=[provider.tenant.slug])
    return render(request, "people/sso_go.html", {"provider": provider, "address": address})


def active_provider(tenant_id: int) -> IdentityProvider | None:
    """Return the provider of a warehouse, if it is on; works outside any scope."""
    with scopes_disabled():
        return (
            IdentityProvider.objects.select_related("tenant")
            .filter(tenant_id=tenant_id, active_since__isnull=False)
            .first()
        )


def _through_provider(request: HttpRequest) -> bool:
    """Refuse to change the provider from a session that it opened or confirmed."""
    found = opened_by_provider(request)
    if found:
        messages.error(
            request,
            _("To change the provider, sign out and sign in with a password or passkey of this service."),
        )
    return found


def _page(request: HttpRequest, wrong: OidcForm | SamlForm | None = None, status: int = 200) -> HttpResponse:
    user = signed_in(request)
    tenant = tenant_of(user)
    provider = IdentityProvider.objects.filter(tenant=tenant).select_related("tenant").first()
    trial_found = request.session.pop(TRIAL, None)
    if trial_found and provider and trial_found["revision"] != provider.revision:
        trial_found = None
    origin = f"{request.scheme}://{request.get_host()}"
    made = {
        kind: form(instance=provider if provider and provider.kind == kind else None)
        for kind, form in _FORMS.items()
    }
    if wrong is not None:
        made[wrong.kind.value] = wrong
    context = {
        "provider": provider,
        "trial": trial_found,
        "trial_at": datetime.fromtimestamp(trial_found["proven_at"], tz=timezone.get_current_timezone())
        if trial_found and trial_found["proven_at"]
        else None,
        "oidc": made["oidc"],
        "saml": made["saml"],
        "kinds": {kind.name: kind for kind in IdentityProvider.Kind},
        "install": install_command("saml"),
        "saml_installed": saml.INSTALLED,
        "callback": origin + reverse("sso_callback", args=[tenant.slug]),
        "logout": origin + reverse("sso_logout", args=[tenant.slug]),
        "acs": origin + reverse("sso_acs", args=[tenant.slug]),
        "metadata": origin + reverse("sso_metadata", args=[tenant.slug]),
        "door": origin + reverse("sso_start", args=[tenant.slug]),
        "linked": SignInLink.objects.filter(tenant=tenant).count(),
    }
    response = render(request, "people/single_sign_on.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
