"""Pages of special inspections: list, plan, the inspector's offline page, findings and photos."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.http import require_POST, require_safe

from waybillguard.errors import WaybillGuardError
from waybillguard.inspect.sheet import items as sheet_items
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.hub.errors import HubError
from waybillguard.service.hub.inspecting import KINDS, MAX_PHOTOS, keep_finding, keep_photo, may_inspect, plan
from waybillguard.service.hub.models import Check, CheckPhoto, Seat, Special, Town, Warehouse
from waybillguard.service.hub.views import in_language
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.platform.assets import assets
from waybillguard.service.platform.views import attempt, number, said
from waybillguard.service.tenancy.spool import spool_chunks

_PAGE = 50
_MOST_DRAWN = 500


@requires(Permission.LEDGER)
@require_safe
def specials(request: HttpRequest) -> HttpResponse:
    """List special inspections, with the form for a new one."""
    user = signed_in(request)
    tenant = tenant_of(user)
    rows = Special.objects.filter(tenant=tenant).order_by("-pk")
    districts = (
        Warehouse.objects.filter(tenant=tenant).order_by("district").values_list("district", flat=True)
    )
    context = {
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
        "seat": Seat.objects.filter(tenant=tenant, user=user).first(),
        "town": Town.objects.filter(tenant=tenant).first(),
        "items": [(str(one.number), in_language(one.title_zh, one.title_en)) for one in sheet_items()],
        "districts": list(districts.distinct()),
    }
    return render(request, "hub/specials.html", context)


@requires(Permission.LEDGER)
@require_POST
def special_plan(request: HttpRequest) -> HttpResponse:
    """Plan an inspection and draw its sample."""
    user, post = signed_in(request), request.POST
    made = attempt(
        request,
        lambda: plan(
            user,
            post.get("title", ""),
            post.getlist("items"),
            parse_date(post.get("on", "")) or timezone.localdate(),
            number(post.get("count"), 1, _MOST_DRAWN, 10),
            district=post.get("district", ""),
            joint="joint" in post,
        ),
    )
    return redirect("special", made.pk) if made else redirect("specials")


@requires(Permission.LEDGER)
@require_safe
def special(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an inspection: its checks, their results, and the items left out with the reason."""
    user = signed_in(request)
    one, mine = _special(user, pk)
    if not mine:
        return redirect("specials")
    record(one.tenant, "view", user=user, purpose="special", workstation=f"special:{one.pk}")
    checks = one.checks.filter(tenant=one.tenant)
    context = {
        "one": one,
        "groups": _groups(one),
        "all": checks.count(),
        "done": checks.exclude(result="").count(),
    }
    return render(request, "hub/special.html", context)


@requires(Permission.LEDGER)
@require_safe
def special_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the inspector's page; the phone caches it, so it works offline."""
    one, mine = _special(signed_in(request), pk)
    if not mine:
        return redirect("specials")
    return render(request, "hub/phone.html", {"one": one, "groups": _groups(one), "max_photos": MAX_PHOTOS})


@requires(Permission.LEDGER)
@require_safe
def special_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the recorded results to the phone, and a token for the findings it will send."""
    one, mine = _special(signed_in(request), pk)
    if not mine:
        raise Http404
    known = dict(one.checks.filter(tenant=one.tenant).exclude(result="").values_list("pk", "result"))
    response = JsonResponse({"token": get_token(request), "known": known})
    response["Cache-Control"] = "no-store"
    return response


@requires(Permission.LEDGER)
@require_POST
def special_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Store one finding from a phone; it may arrive hours later, or twice."""
    user, post = signed_in(request), request.POST
    at = parse_datetime(post.get("at", "")) or timezone.now()
    at = at if at.tzinfo else timezone.make_aware(at)

    try:
        fresh = keep_finding(
            user, _check(user, pk, post.get("check")), post.get("uid", ""), post.get("result", ""),
            post.get("claim", "retested"), post.get("note", ""), at,
        )  # fmt: skip
    except WaybillGuardError as error:
        return JsonResponse({"state": "refused", "why": said(error)})
    return JsonResponse({"state": "kept" if fresh else "known"})


@requires(Permission.LEDGER)
@require_POST
def special_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Store one photo of a finding; it is encrypted on arrival."""
    user = signed_in(request)
    try:
        check = _check(user, pk, request.POST.get("check"))
        fresh = keep_photo(user, check, request.POST.get("uid", ""), request.FILES.get("photo"))
    except WaybillGuardError as error:
        return JsonResponse({"state": "refused", "why": said(error)})
    return JsonResponse({"state": "kept" if fresh else "known"})


@requires(Permission.LEDGER)
@require_safe
def check_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a photo to the authority that took it; the access is written to the ledger first."""
    user = signed_in(request)
    photo = get_object_or_404(
        CheckPhoto.objects.select_related("check_row__special"), pk=pk, tenant=tenant_of(user)
    )
    _one, mine = _special(user, photo.check_row.special_id)
    if not mine:
        raise Http404
    record(photo.tenant, "view", user=user, purpose="special", workstation=f"photo:{photo.pk}")
    pieces = attempt(
        request,
        lambda: b"".join(
            spool_chunks(
                context_of(user, purpose="special"),
                "inspection_photo",
                photo.spool_name,
                bytes(photo.wrapped_key),
            )
        ),
    )
    if pieces is None:
        return redirect("special", photo.check_row.special_id)
    headers = {
        "Content-Disposition": f'attachment; filename="{photo.sha256[:12]}.{photo.kind}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(pieces, content_type=KINDS[photo.kind], headers=headers)


@require_safe
def phone_worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker; a worker controls only the pages below its own URL, so it is served here."""
    del request
    return HttpResponse(
        assets()["phone-worker.js"].content,
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


def _special(user: User, pk: int) -> tuple[Special, bool]:
    one = get_object_or_404(Special.objects.select_related("tenant"), pk=pk, tenant=tenant_of(user))
    has_seat = Seat.objects.filter(tenant=one.tenant, user=user).exists()
    return one, has_seat and may_inspect(user, one)


def _check(user: User, pk: int, check: object) -> Check:
    """Return a check of an inspection that the user's authority carries out.

    Raises:
        Http404: another authority carries out the inspection.
        HubError: the inspection has no such check.
    """
    one, mine = _special(user, pk)
    found = one.checks.filter(tenant=one.tenant, pk=number(check, 1, 10**10 - 1, 0))
    row = found.select_related("special", "warehouse__tenant", "tenant").first()
    if not mine:
        raise Http404
    if row is None:
        raise HubError(zh="没有这个检查项。", en="there is no such item to inspect.")
    return row


def _groups(one: Special) -> list[tuple[Warehouse, list[tuple[Check, str, str, list[CheckPhoto]]]]]:
    """Return the checks by warehouse, each with its title, instructions and photos."""
    sheet = {str(item.number): item for item in sheet_items()}
    groups: dict[Warehouse, list[tuple[Check, str, str, list[CheckPhoto]]]] = {}
    rows = one.checks.filter(tenant=one.tenant).select_related("warehouse").prefetch_related("photos")
    for row in sorted(
        rows, key=lambda check: (check.warehouse.district, check.warehouse.name, int(check.item))
    ):
        item = sheet[row.item]
        groups.setdefault(row.warehouse, []).append(
            (
                row, in_language(item.title_zh, item.title_en), in_language(item.check_zh, item.check_en),
                list(row.photos.all()),
            )
        )  # fmt: skip
    return list(groups.items())
