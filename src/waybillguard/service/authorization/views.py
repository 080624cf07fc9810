"""Pages of the policies: versions, the form, trying out a draft, activation, restoring an old version."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waybillguard.errors import WaybillGuardError
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.active_policies import active_policies, compile_version
from waybillguard.service.authorization.errors import DeniedError
from waybillguard.service.authorization.forms import PolicyForm
from waybillguard.service.authorization.models import PolicyVersion
from waybillguard.service.authorization.policy_differences import differences
from waybillguard.service.authorization.policy_versions import (
    Trial,
    activate,
    agree,
    roll_back,
    save_draft,
    try_out,
)
from waybillguard.service.authorization.step_up import principal_of, step_up, with_step_up
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.views import attempt, said

SHOWN_VERSIONS = 100


@requires(Permission.ADMINISTER)
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """Show the version in force and all versions."""
    tenant = tenant_of(signed_in(request))
    active = active_policies(tenant)
    versions = (
        PolicyVersion.objects.filter(tenant=tenant).defer("book").select_related("made_by", "activated_by")
        .order_by("-number")[:SHOWN_VERSIONS]
    )  # fmt: skip
    rules = [policy for policy in active.book.policies if policy.effect == "forbid"]
    return render(request, "policy/policies.html", {"active": active, "versions": versions, "rules": rules})


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Change limits, purposes, shifts and rules; saves a draft."""
    user = signed_in(request)
    start = active_policies(tenant_of(user))
    form = PolicyForm(request.POST if request.method == "POST" else None, start=start)
    if request.method == "POST" and form.is_valid():
        try:
            draft = save_draft(
                user, form.values(), form.roster(), timezone.now(), base=form.cleaned_data["base"] or 0
            )
        except WaybillGuardError as error:
            form.add_error(None, said(error))
        else:
            return redirect("policy_version", pk=draft.pk)
    return render(request, "policy/edit.html", {"form": form}, status=422 if form.errors else 200)


@requires(Permission.ADMINISTER)
@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a version."""
    return _version_page(request, _version(request, pk))


@requires(Permission.ADMINISTER)
@require_POST
def try_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a draft on recorded decisions and everyday work, and show which decisions would change."""
    row = _version(request, pk)
    if row.state != PolicyVersion.State.DRAFT:
        return redirect("policy_version", pk=pk)
    trial = attempt(request, lambda: try_out(row, timezone.now()))
    return _version_page(request, _version(request, pk), trial)


@requires(Permission.ADMINISTER)
@require_POST
def agree_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a draft as the second person."""
    row = _version(request, pk)
    return with_step_up(request, reverse("policy_version", args=[pk]), lambda who: agree(who.user, row))


@requires(Permission.ADMINISTER)
@require_POST
def activate_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a tested draft in force."""
    row = _version(request, pk)
    who = principal_of(request)
    if not who.sign_in.stepped_up:
        return step_up(request, reverse("policy_version", args=[pk]))
    done = attempt(request, lambda: activate(who, row))
    if done is None:
        return redirect("policy_version", pk=pk)
    messages.success(request, _("In force from this moment."))
    return redirect("policies")


@requires(Permission.ADMINISTER)
@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Restore an old version."""
    row = _version(request, pk)
    who = principal_of(request)
    if not who.sign_in.stepped_up:
        return step_up(request, reverse("policies"))
    try:
        roll_back(who, row)
    except DeniedError as error:
        messages.error(request, said(error))
        waiting = (
            PolicyVersion.objects.filter(tenant=who.tenant, restored_from=row.number)
            .order_by("-number")
            .first()
        )
        return redirect("policy_version", pk=waiting.pk) if waiting else redirect("policies")
    except WaybillGuardError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, _("The old version is in force again, under a new number."))
    return redirect("policies")


def _version(request: HttpRequest, pk: int) -> PolicyVersion:
    rows = PolicyVersion.objects.select_related(
        "tenant", "made_by", "agreed_by", "agreed_by__tenant", "activated_by"
    )
    return get_object_or_404(rows, pk=pk, tenant=tenant_of(signed_in(request)))


def _version_page(request: HttpRequest, row: PolicyVersion, trial: Trial | None = None) -> HttpResponse:
    in_force = active_policies(row.tenant)
    active = in_force.number
    context = {
        "row": row, "policies": compile_version(row).book.policies, "trial": trial, "active": active,
        "tested": row.tested_at is not None and row.tested_on == active,
        "stale": row.based_on is not None and row.based_on != active,
        "differences": differences(in_force, compile_version(row)) if row.state == PolicyVersion.State.DRAFT else [],
    }  # fmt: skip
    return render(request, "policy/version.html", context)
