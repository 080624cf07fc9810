"""Pages of merchants: their shops and users."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.authorization.step_up import attempt_act, confirms
from waybillguard.service.external_accounts.forms import StaffListForm
from waybillguard.service.external_accounts.models import StaffOrAccountList
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.merchants.services import add_merchant, set_merchant
from waybillguard.service.identity.models import Merchant, MerchantShop, Permission, Role, User
from waybillguard.service.platform.views import attempt
from waybillguard.service.vault.listing import shops

_ID_DIGITS = 18


@requires(Permission.ADMINISTER)
@require_safe
def merchants(request: HttpRequest) -> HttpResponse:
    """List merchants."""
    tenant = tenant_of(signed_in(request))
    rows = Merchant.objects.filter(tenant=tenant).prefetch_related("shops", "people__user").order_by("name")
    taken = set(MerchantShop.objects.filter(tenant=tenant).values_list("shop", flat=True))
    free = [shop for shop in shops(tenant) if shop and shop not in taken]
    kind = StaffOrAccountList.Kind.MERCHANTS
    previews = StaffOrAccountList.objects.filter(tenant=tenant, state="preview", kind=kind).order_by("-pk")[
        :5
    ]
    context = {
        "merchants": rows,
        "free": free,
        "previews": previews,
        "list_form": StaffListForm(auto_id="list_%s"),
    }
    return render(request, "merchants/merchants.html", context)


@requires(Permission.ADMINISTER)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Add a merchant."""
    made = attempt(request, lambda: add_merchant(signed_in(request), request.POST.get("name", "")))
    return redirect("merchant", pk=made.pk) if made else redirect("merchants")


@requires(Permission.ADMINISTER)
@require_safe
def merchant(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form for one merchant's shops and users."""
    row = _merchant(request, pk)
    own = set(row.shops.values_list("shop", flat=True))
    taken = set(
        MerchantShop.objects.filter(tenant=row.tenant).exclude(merchant=row).values_list("shop", flat=True)
    )
    known = sorted((set(shops(row.tenant)) | own) - taken - {""})
    ties = set(row.people.values_list("user_id", flat=True))
    people = User.objects.filter(tenant=row.tenant, role=Role.MERCHANT, is_active=True).order_by("pk")
    context = {
        "merchant": row,
        "shops": [{"name": name, "own": name in own} for name in known],
        "people": [{"person": one, "own": one.pk in ties} for one in people],
    }
    return render(request, "merchants/merchant.html", context)


@requires(Permission.ADMINISTER)
@confirms()
@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a merchant's shops and users; asks for a code if somebody gains a shop."""
    row = _merchant(request, pk)
    people = [
        int(text)
        for text in request.POST.getlist("person")
        if text.isascii() and text.isdigit() and len(text) < _ID_DIGITS
    ]
    attempt_act(request, lambda: set_merchant(signed_in(request), row, request.POST.getlist("shop"), people))
    return redirect("merchant", pk=pk)


def _merchant(request: HttpRequest, pk: int) -> Merchant:
    return get_object_or_404(
        Merchant.objects.select_related("tenant"), pk=pk, tenant=tenant_of(signed_in(request))
    )
