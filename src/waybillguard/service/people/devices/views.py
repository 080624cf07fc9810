"""Pages of devices: list them, make enrolment codes, restrict and revoke them."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.devices import browsers, services
from waybillguard.service.identity.models import BROWSERS, Device, Permission, Site, User
from waybillguard.service.identity.sites.services import move_device, open_sites
from waybillguard.service.people.devices.forms import CodeForm
from waybillguard.service.platform.views import attempt, number

LISTED = 500


@requires(Permission.ADMINISTER)
@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """List the tenant's devices, with the form for a new code."""
    return _page(request)


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def device_code(request: HttpRequest) -> HttpResponse:
    """Create a one-time code and show it once, only on this page."""
    user = signed_in(request)
    form = CodeForm(request.POST, tenant=tenant_of(user))
    if not form.is_valid():
        return _page(request, form, status=422)
    code = attempt(request, lambda: _new_code(user, form.cleaned_data))
    if code is None:
        return redirect("devices")
    browser = form.cleaned_data["kind"] in BROWSERS
    return _page(request, code={"text": code, "station": form.cleaned_data["station"], "browser": browser})


def _new_code(user: User, asked: dict[str, Any]) -> str:
    station, kind, holder, now = asked["station"], asked["kind"], asked["holder"], timezone.now()
    site = asked.get("site")
    if kind in BROWSERS:
        return browsers.issue_code(user, station=station, kind=kind, holder=holder, now=now, site=site)
    certificate = services.authority_certificate(settings.CONFIG.tls_dir / "ca.pem")
    return services.issue_code(
        user, station=station, kind=kind, holder=holder, certificate=certificate, now=now, site=site
    ).text()


@requires(Permission.ADMINISTER)
@require_POST
def device_restrict(request: HttpRequest, pk: int) -> HttpResponse:
    """Restrict a device from its next request on."""
    device, user = _device(request, pk), signed_in(request)
    if attempt(request, lambda: services.restrict(user, device, timezone.now())):
        messages.success(request, _("Restricted: the device gets nothing from now on."))
    return redirect("devices")


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def device_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a restricted device work again."""
    device, user = _device(request, pk), signed_in(request)
    if attempt(request, lambda: services.release(user, device, timezone.now())):
        messages.success(request, _("Released: the device works again."))
    return redirect("devices")


@requires(Permission.ADMINISTER)
@require_POST
def device_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke a device's enrolment for good."""
    device, user = _device(request, pk), signed_in(request)
    if attempt(request, lambda: services.revoke(user, device, timezone.now())):
        messages.success(request, _("Revoked: the device is unknown from now on."))
    return redirect("devices")


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def device_site(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the site of a device."""
    device, user = _device(request, pk), signed_in(request)
    wanted = number(request.POST.get("site"), 1, 10**9, 0)
    site = get_object_or_404(Site, pk=wanted, tenant=device.tenant) if wanted else None
    if attempt(request, lambda: _moved(user, device, site)):
        messages.success(request, _("Saved."))
    return redirect("devices")


def _moved(user: User, device: Device, site: Site | None) -> bool:
    move_device(user, device, site, timezone.now())
    return True


def _device(request: HttpRequest, pk: int) -> Device:
    found = Device.objects.filter(tenant=tenant_of(signed_in(request))).select_related("tenant", "holder")
    return get_object_or_404(found, pk=pk)


def _page(
    request: HttpRequest, form: CodeForm | None = None, code: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    tenant = tenant_of(signed_in(request))
    chosen = number(request.GET.get("site"), 1, 10**9, 0)
    here = Device.objects.filter(tenant=tenant, **({"site": chosen} if chosen else {}))
    listed = list(
        here.select_related("holder", "enrolled_by", "site").order_by("state", "station", "pk")[:LISTED]
    )
    context = {
        "devices": listed,
        "form": form or CodeForm(tenant=tenant),
        "sites": list(open_sites(tenant)),
        "site": chosen,
        "code": code,
        "stations": list(
            Device.objects.filter(tenant=tenant)
            .order_by("station")
            .values_list("station", flat=True)
            .distinct()
        ),
        "origin": settings.ORIGIN,
        "minutes": services.CODE_LIFETIME.seconds // 60,
        "silent_since": timezone.now() - services.SILENT_AFTER,
    }
    response = render(request, "devices/devices.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
