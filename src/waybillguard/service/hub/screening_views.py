"""Pages of victim screenings: the police send a file and fetch answers; a warehouse's owner agrees to answer."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.agent.protocol_screening import MAX_REQUEST
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.hub.models import HubScreening, Screening, ScreeningTo, Seat, Warehouse
from waybillguard.service.hub.screened import agree_to_answer
from waybillguard.service.hub.screening import POLICE, answer_file, not_the_police, send_screening
from waybillguard.service.hub.words import MATCH_OPEN, MATCH_REQUEST
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.platform.views import attempt
from waybillguard.service.vault.uploads import read_upload

_PAGE = 50


@requires(Permission.LEDGER)
@require_safe
def screenings(request: HttpRequest) -> HttpResponse:
    """List the screenings with how many warehouses answered; only for the police."""
    user = signed_in(request)
    context: dict[str, object] = {"police": _is_police(user)}
    if _is_police(user):
        tenant = tenant_of(user)
        rows = Screening.objects.filter(tenant=tenant).defer("request")
        counted = rows.annotate(to=Count("copies"), answered=Count("copies__answered_at")).order_by("-pk")
        places = Warehouse.objects.filter(tenant=tenant).order_by("district")
        context |= {
            "page": Paginator(counted, _PAGE).get_page(request.GET.get("page")),
            "districts": list(places.values_list("district", flat=True).distinct()),
            "match_request": MATCH_REQUEST,
            "match_open": MATCH_OPEN,
        }
    return render(request, "hub/screenings.html", context)


@requires(Permission.LEDGER)
@require_POST
def screening_send(request: HttpRequest) -> HttpResponse:
    """Send the police's file to the warehouses."""
    user, post = signed_in(request), request.POST

    def write() -> Screening:
        if not _is_police(user):
            raise not_the_police()
        content = read_upload(user, request.FILES.get("file"), "victims", MAX_REQUEST) or b""
        since = parse_date(post.get("since", ""))
        return send_screening(user, post.get("number", ""), since, content, post.get("district", ""))

    sent = attempt(request, write)
    return redirect("screening", sent.pk) if sent else redirect("screenings")


@requires(Permission.LEDGER)
@require_safe
def screening(request: HttpRequest, pk: int) -> HttpResponse:
    """Show which warehouses answered a screening."""
    user = signed_in(request)
    if not _is_police(user):
        raise Http404
    one = get_object_or_404(Screening.objects.defer("request"), pk=pk, tenant=tenant_of(user))
    copies = ScreeningTo.objects.filter(tenant=one.tenant, screening=one).select_related("warehouse")
    order = copies.defer("response").order_by(F("answered_at").desc(nulls_last=True), "warehouse__name")
    context = {"one": one, "page": Paginator(order, _PAGE).get_page(request.GET.get("page"))}
    return render(request, "hub/screening.html", context)


@requires(Permission.LEDGER)
@require_safe
def screening_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a warehouse's answer to the police, who alone can decrypt it; the download is recorded."""
    user = signed_in(request)
    if not _is_police(user):
        raise Http404
    copy = get_object_or_404(ScreeningTo.objects.exclude(answered_at=None), pk=pk, tenant=tenant_of(user))
    record(copy.tenant, "export", user=user, purpose="screening", workstation=f"screening:{copy.pk}")
    headers = {
        "Content-Disposition": f'attachment; filename="answer-{copy.pk}.zip"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(answer_file(copy), content_type="application/zip", headers=headers)


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def screening_agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to answer a screening with the next report."""
    user = signed_in(request)
    row = get_object_or_404(HubScreening, pk=pk, tenant=tenant_of(user))
    if attempt(request, lambda: agree_to_answer(user, row, timezone.now())):
        messages.success(request, _("Saved; the next report tells the hub."))
    return redirect("hub_inbox")


def _is_police(user: User) -> bool:
    return Seat.objects.filter(tenant=tenant_of(user), user=user, authority=POLICE).exists()
