"""The page of sites."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission, Site
from waybillguard.service.identity.sites import services
from waybillguard.service.platform.views import attempt


@requires(Permission.ADMINISTER)
@require_safe
def sites(request: HttpRequest) -> HttpResponse:
    """List sites with how many people and devices belong to each."""
    today = timezone.localdate()
    employed = Q(employment__isnull=False) & (
        Q(employment__employed_to=None) | Q(employment__employed_to__gte=today)
    )
    rows = (
        Site.objects.filter(tenant=tenant_of(signed_in(request)))
        .annotate(
            people=Count("employment", filter=employed, distinct=True),
            devices=Count("device", filter=~Q(device__state="revoked"), distinct=True),
        )
        .order_by("closed_at", "code")
    )
    return render(request, "sites/sites.html", {"sites": rows})


@requires(Permission.ADMINISTER)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Add a site."""
    asked, now = request.POST, timezone.now()
    made = attempt(
        request,
        lambda: services.add_site(signed_in(request), asked.get("code", ""), asked.get("name", ""), now),
    )
    if made:
        messages.success(request, _("Saved."))
    return redirect("sites")


@requires(Permission.ADMINISTER)
@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a site."""
    site, name = _site(request, pk), request.POST.get("name", "")
    attempt(request, lambda: services.rename_site(signed_in(request), site, name, timezone.now()))
    return redirect("sites")


@requires(Permission.ADMINISTER)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a site without people and devices."""
    site = _site(request, pk)
    attempt(request, lambda: services.close_site(signed_in(request), site, timezone.now()))
    return redirect("sites")


@requires(Permission.ADMINISTER)
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Reopen a closed site."""
    site = _site(request, pk)
    attempt(request, lambda: services.reopen_site(signed_in(request), site, timezone.now()))
    return redirect("sites")


def _site(request: HttpRequest, pk: int) -> Site:
    return get_object_or_404(
        Site.objects.select_related("tenant"), pk=pk, tenant=tenant_of(signed_in(request))
    )
