"""The page of recipients: register, confirm by the fingerprint, revoke."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.seal.exportkey import fingerprint
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.step_up import principal_of, with_step_up
from waybillguard.service.exports.models import Recipient
from waybillguard.service.exports.recipients import confirm, register, revoke
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.views import attempt

KEY_COMMAND = "waybillguard export key my.key"


@requires(Permission.SECOND)
@require_safe
def recipients(request: HttpRequest) -> HttpResponse:
    """List recipients. Until the second person confirms, only the first one sees the fingerprint."""
    user = signed_in(request)
    rows = (
        Recipient.objects.filter(tenant=tenant_of(user))
        .select_related("registered_by", "confirmed_by", "revoked_by")
        .order_by("-pk")
    )
    shown = [
        {
            "recipient": row,
            "fingerprint": fingerprint(bytes(row.public_key))
            if row.confirmed_at or row.registered_by_id == user.pk
            else "",
            "to_confirm": not row.confirmed_at and not row.revoked_at and row.registered_by_id != user.pk,
        }
        for row in rows[:200]
    ]
    return render(request, "exports/recipients.html", {"recipients": shown, "command": KEY_COMMAND})


@requires(Permission.SECOND)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Register a recipient."""
    asked = request.POST
    return with_step_up(
        request,
        reverse("recipients"),
        lambda who: register(
            who, asked.get("name", ""), asked.get("organisation", ""), asked.get("public_key", "")
        ),
    )


@requires(Permission.SECOND)
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a recipient as the second person, or revoke it."""
    row = get_object_or_404(
        Recipient.objects.select_related("registered_by__tenant"), pk=pk, tenant=tenant_of(signed_in(request))
    )
    if request.POST.get("revoke") == "1":
        attempt(request, lambda: revoke(principal_of(request), row))
        return redirect("recipients")
    typed = request.POST.get("fingerprint", "")[:120]
    return with_step_up(
        request,
        reverse("recipients"),
        lambda who: confirm(who, row, typed),
        _("Confirmed. Exports can be sealed to this recipient."),
    )
