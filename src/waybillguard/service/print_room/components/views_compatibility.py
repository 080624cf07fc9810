"""Pages of compatibility mode: which ERPs may send consignees, and how many they sent."""

from typing import Any, Final

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Device, Permission
from waybillguard.service.platform.views import attempt
from waybillguard.service.print_room.components import compatibility as services
from waybillguard.service.print_room.models import CompatibilityMode
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.models import Tenant

LISTED: Final = 200


class ModeForm(forms.Form):
    """Choice of a station's device and its ERP."""

    device = forms.ModelChoiceField(
        label=gettext_lazy("Station"),
        queryset=Device.objects.none(),
        empty_label="—",
        help_text=gettext_lazy("A box or a server. A print station is refused: somebody works on it."),
    )
    erp = forms.CharField(
        label=gettext_lazy("Name of the ERP"),
        max_length=80,
        help_text=gettext_lazy("As it was paired at the station (waybillguard agent pair)."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        found = services.eligible_devices(tenant).order_by("station", "pk")
        field = self.fields["device"]
        field.queryset = found  # type: ignore[attr-defined]  # a ModelChoiceField
        field.label_from_instance = _device_name  # type: ignore[attr-defined]


def _device_name(device: Device) -> str:
    return f"{device.station} · {device.host_class or '?'} · {device.uid[:8]}"


@requires(Permission.ADMINISTER)
@require_safe
def compatibility(request: HttpRequest) -> HttpResponse:
    """List the ERPs that may send consignees, and what they sent."""
    return _page(request)


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def compatibility_on(request: HttpRequest) -> HttpResponse:
    """Let an ERP send consignees."""
    user = signed_in(request)
    form = ModeForm(request.POST, tenant=tenant_of(user))
    if not form.is_valid():
        return _page(request, form, status=422)
    device, erp = form.cleaned_data["device"], form.cleaned_data["erp"]
    if attempt(request, lambda: services.turn_on(user, device, erp, timezone.now())):
        messages.success(request, _("Turned on. Every label that comes in this way is counted as a gap."))
    return redirect("compatibility")


@requires(Permission.ADMINISTER)
@require_POST
def compatibility_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn the mode off, from the next message on."""
    user = signed_in(request)
    found = CompatibilityMode.objects.filter(tenant=tenant_of(user)).select_related("device", "tenant")
    mode = get_object_or_404(found, pk=pk)

    def done() -> bool:
        services.turn_off(user, mode, timezone.now())
        return True

    if attempt(request, done):
        messages.success(request, _("Turned off: consignees are refused from now on."))
    return redirect("compatibility")


def _page(request: HttpRequest, form: ModeForm | None = None, status: int = 200) -> HttpResponse:
    tenant = tenant_of(signed_in(request))
    modes = CompatibilityMode.objects.filter(tenant=tenant, off_at=None).select_related("device", "on_by")
    context = {
        "modes": modes.order_by("device__station", "erp")[:LISTED],
        "form": form or ModeForm(tenant=tenant),
        "gap": services.plaintext_gap(tenant, day_number(timezone.now(), tenant)),
        "days_shown": services.DAYS_SHOWN,
    }
    response = render(request, "components/compatibility.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
