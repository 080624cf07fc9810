"""Page of the guard's answers, and of decoys, which only owners see."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.detect.guard import guard_rules
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.lookups.guard import place_decoy
from waybillguard.service.lookups.models import DecoyOrder, GuardAnswer
from waybillguard.service.platform.views import attempt

_PAGE = 50


@requires(Permission.SECOND)
@require_safe
def guard(request: HttpRequest) -> HttpResponse:
    """List delayed, held and refused requests, newest first."""
    user = signed_in(request)
    tenant = tenant_of(user)
    english = get_language() == "en"
    names = {rule.id: rule.name_en if english else rule.name_zh for rule in guard_rules()}
    words = {"reveal": _("Look at plaintext"), "search": _("Search"), "export": _("Export")}
    rows = GuardAnswer.objects.filter(tenant=tenant).select_related("person").order_by("-at", "-pk")
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.rule_name, row.act_name = names.get(row.rule, row.rule), words.get(row.act, row.act)  # type: ignore[attr-defined]
    decoys = DecoyOrder.objects.filter(tenant=tenant, ended_at=None).order_by("-pk")
    return render(
        request,
        "alerts/guard.html",
        {"page": page, "decoys": decoys if user.may(Permission.ADMINISTER) else None},
    )


@requires(Permission.ADMINISTER)
@require_POST
def decoy_add(request: HttpRequest) -> HttpResponse:
    """Mark an order as a decoy."""
    user = signed_in(request)
    attempt(request, lambda: place_decoy(user, tenant_of(user), request.POST.get("number", "")))
    return redirect("guard")


@requires(Permission.ADMINISTER)
@require_POST
def decoy_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove the decoy mark from an order."""
    row = get_object_or_404(DecoyOrder, pk=pk, tenant=tenant_of(signed_in(request)))
    DecoyOrder.objects.filter(pk=row.pk, ended_at=None).update(ended_at=timezone.now())
    return redirect("guard")
