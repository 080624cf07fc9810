"""The owner's page of the SIEM: collector, events sent, failures."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.errors import WaybillGuardError
from waybillguard.service.activity.models import SiemTarget
from waybillguard.service.activity.siem import remove_target, send_test_event, set_target
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.step_up import with_step_up
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.views import number, said


@requires(Permission.ADMINISTER)
@require_safe
def siem(request: HttpRequest) -> HttpResponse:
    """Show the collector and the status of sending."""
    target = SiemTarget.objects.filter(tenant=tenant_of(signed_in(request))).first()
    return render(request, "activity/siem.html", {"target": target})


@requires(Permission.ADMINISTER)
@require_POST
def siem_save(request: HttpRequest) -> HttpResponse:
    """Set or change the collector. Requires step-up, because it sends data out of the warehouse."""
    post = request.POST
    return with_step_up(
        request,
        reverse("siem"),
        lambda who: set_target(
            who.user, post.get("host", ""), number(post.get("port"), 1, 65_535, 0), post.get("authority", "")[:20_000],
            tls=post.get("plain") != "1", now=timezone.now(),
        ),
        _("Saved. Events from now on are sent."),
    )  # fmt: skip


@requires(Permission.ADMINISTER)
@require_POST
def siem_act(request: HttpRequest) -> HttpResponse:
    """Send a test event, or stop sending."""
    user = signed_in(request)
    if request.POST.get("remove"):
        remove_target(user, timezone.now())
        return redirect("siem")
    target = get_object_or_404(SiemTarget.objects.select_related("tenant"), tenant=tenant_of(user))
    try:
        send_test_event(target, timezone.now())
    except WaybillGuardError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, _("The collector took the test. Look for the account siem-test there."))
    return redirect("siem")
