"""The owner's page of the directory: tokens, and the role of each group."""

import secrets

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import (
    DirectoryGroup,
    DirectoryPerson,
    DirectoryToken,
    Permission,
    Role,
    token_hash,
)


@requires(Permission.ADMINISTER)
@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Show tokens and groups."""
    return _page(request)


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def token_add(request: HttpRequest) -> HttpResponse:
    """Create a token and show it once, only on this page."""
    user = signed_in(request)
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        row = DirectoryToken.objects.create(
            tenant=tenant_of(user), secret_hash=token_hash(secret), label=request.POST.get("label", "")[:80],
            made_by=user,
        )  # fmt: skip
        note(tenant_of(user), "directory_token", actor=user, token=row.pk)
    return _page(request, secret=secret)


@requires(Permission.ADMINISTER)
@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a token."""
    user = signed_in(request)
    row = get_object_or_404(DirectoryToken, pk=pk, tenant=tenant_of(user))
    with transaction.atomic():
        if DirectoryToken.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=timezone.now()):
            note(tenant_of(user), "directory_token_revoked", actor=user, token=row.pk)
    messages.success(request, _("The token no longer works."))
    return redirect("directory")


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def group_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the role of a group's members."""
    from scim2_models import ForbiddenException

    from waybillguard.service.people.scim.store import follow_roles

    user = signed_in(request)
    tenant = tenant_of(user)
    row = get_object_or_404(DirectoryGroup, pk=pk, tenant=tenant)
    role = request.POST.get("role", "")
    if role and role not in Role.values:
        return redirect("directory")
    try:
        with transaction.atomic():
            DirectoryGroup.objects.filter(pk=row.pk).update(role=role)
            note(tenant, "directory_role", actor=user, group=row.pk, role=role)
            follow_roles(tenant, set(row.members.values_list("pk", flat=True)))
    except ForbiddenException:
        messages.error(
            request, _("Not changed: the last owner keeps the role, and a shared account becomes no owner's.")
        )
    else:
        messages.success(request, _("Saved."))
    return redirect("directory")


def _page(request: HttpRequest, secret: str = "") -> HttpResponse:
    tenant = tenant_of(signed_in(request))
    groups = DirectoryGroup.objects.filter(tenant=tenant).prefetch_related("members").order_by("name")
    context = {
        "tokens": DirectoryToken.objects.filter(tenant=tenant).select_related("made_by").order_by("-pk")[:50],
        "groups": [{"group": one, "members": len(one.members.all())} for one in groups],
        "people": DirectoryPerson.objects.filter(tenant=tenant).count(),
        "roles": Role.choices,
        "secret": secret,
        "address": request.build_absolute_uri("/scim/v2"),
    }
    response = render(request, "people/directory.html", context)
    response["Cache-Control"] = "no-store"
    return response
