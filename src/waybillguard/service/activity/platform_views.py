"""The owner's page of platform logs: shops, and hand-overs done, waiting and refused."""

from collections import Counter

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waybillguard.events import Action
from waybillguard.events.platformlogs import code_platforms, log_platforms
from waybillguard.events.schema import micros, moment
from waybillguard.orders.headers import platform_key
from waybillguard.service.activity.gateways import ENDINGS, FILE, file_of, installed
from waybillguard.service.activity.models import PlatformHandover, PlatformShop, PlatformTake
from waybillguard.service.activity.platforms import try_again
from waybillguard.service.activity.words import HANDOVER_STATES, LEFT_WORDS, PLATFORMS
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Order

LISTED = 60
TAKES_COUNTED = 1_000
NEWEST = 2_000
_MOST = {"shop": 80, "app_key": 80, "app_name": 80, "seller": 120, "url": 200, "sent_to": 200}
_CODED = (Action.VIEW, Action.SEARCH, Action.REVEAL, Action.PRINT, Action.REPRINT, Action.EXPORT)


@requires(Permission.ADMINISTER)
@require_safe
def platform_logs(request: HttpRequest) -> HttpResponse:
    """Show shops and the last hand-overs."""
    return _page(request)


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "POST"])
def platform_shop_add(request: HttpRequest) -> HttpResponse:
    """Start reporting a shop's access log to its platform. The ledger entry is written first."""
    user = signed_in(request)
    if request.method == "GET":  # returning from step-up
        return redirect("platform_logs")
    tenant = tenant_of(user)
    told = {name: " ".join(request.POST.get(name, "").split())[:most] for name, most in _MOST.items()}
    platform, gateway = request.POST.get("platform", ""), request.POST.get("gateway", FILE)
    if platform not in log_platforms() or gateway not in installed():
        return _page(request, _("Choose one of the platforms of the list."))
    if not told["shop"] or not told["seller"]:
        return _page(request, _("Name the shop as its orders do, and the merchant as the platform does."))
    codes = {
        action.value: code
        for action in _CODED
        if (code := request.POST.get(f"code_{action}", "").strip()) and code.isascii() and code.isdigit()
    }
    try:
        with transaction.atomic():
            row = PlatformShop.objects.create(
                tenant=tenant, platform=platform, gateway=gateway, codes=codes, made_by=user,
                since=micros(timezone.now()), **told,
            )  # fmt: skip
            note(tenant, "platform_shop", actor=user, shop=row.pk, platform=platform, gateway=gateway)
    except IntegrityError:
        return _page(request, _("This shop is told already. Stop it first to change what was entered."))
    messages.success(request, _("From now on the platform is told."))
    return redirect("platform_logs")


@requires(Permission.ADMINISTER)
@require_POST
def platform_shop_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop making records for a shop; existing records are still handed over."""
    user = signed_in(request)
    tenant = tenant_of(user)
    row = get_object_or_404(PlatformShop, pk=pk, tenant=tenant)
    with transaction.atomic():
        if PlatformShop.objects.filter(pk=row.pk, tenant=tenant, stopped_at=None).update(
            stopped_at=timezone.now()
        ):
            note(tenant, "platform_shop_stopped", actor=user, shop=row.pk)
    messages.success(request, _("No more records are made for this shop."))
    return redirect("platform_logs")


@requires(Permission.ADMINISTER)
@require_POST
def platform_log_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Retry a hand-over."""
    row = get_object_or_404(PlatformHandover, pk=pk, tenant=tenant_of(signed_in(request)))
    try_again(row)
    messages.success(request, _("It is tried again within a minute."))
    return redirect("platform_logs")


@requires(Permission.ADMINISTER)
@require_safe
def platform_log_file(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """Download a file for manual upload; the download is recorded as an event."""
    user = signed_in(request)
    rows = PlatformHandover.objects.select_related("shop")
    row = get_object_or_404(rows, pk=pk, tenant=tenant_of(user))
    if ending not in ENDINGS or row.shop.gateway != FILE:
        raise Http404
    try:
        content = file_of(row, ending).read_bytes()
    except OSError:
        raise Http404 from None
    record(tenant_of(user), "export", user=user, purpose="platform_log")
    kind = "text/csv" if ending == "csv" else "application/jsonl"
    response = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.name}.{ending}"'
    response["Cache-Control"] = "no-store"
    return response


def _page(request: HttpRequest, problem: str = "") -> HttpResponse:
    tenant = tenant_of(signed_in(request))
    rows = PlatformHandover.objects.filter(tenant=tenant).defer("bodies").select_related("shop")
    counts = Counter(dict(_states(tenant)))
    context = {
        "shops": PlatformShop.objects.filter(tenant=tenant).select_related("made_by").order_by("stopped_at", "pk"),
        "states": [(word, counts[state]) for state, word in HANDOVER_STATES.items()],
        "handovers": [
            {"row": row, "first": moment(row.first), "word": HANDOVER_STATES[row.state], "platform": PLATFORMS[row.shop.platform]}
            for row in rows.order_by("-pk")[:LISTED]
        ],
        "left": _left(tenant),
        "platforms": [(name, PLATFORMS[name]) for name in log_platforms()],
        "gateways": installed(),
        "coded": _CODED,
        "code_platforms": [PLATFORMS[name] for name in sorted(code_platforms())],
        "named_shops": _named(tenant),
        "problem": problem,
        "endings": ENDINGS,
    }  # fmt: skip
    return render(request, "activity/platforms.html", context, status=422 if problem else 200)


def _states(tenant: Tenant) -> list[tuple[str, int]]:
    rows = PlatformHandover.objects.filter(tenant=tenant).values_list("state", flat=True).order_by()
    return [(state, rows.filter(state=state).count()) for state in HANDOVER_STATES]


def _left(tenant: Tenant) -> list[tuple[object, int]]:
    counts: Counter[str] = Counter()
    takes = PlatformTake.objects.filter(tenant=tenant).exclude(left={}).order_by("-pk")
    for left in takes.values_list("left", flat=True)[:TAKES_COUNTED]:
        counts.update(left)
    return [(LEFT_WORDS.get(reason, reason), n) for reason, n in counts.most_common()]


def _named(tenant: Tenant) -> list[str]:
    """Return shops of recent orders on platforms that require logs, as choices for the form."""
    newest = Order.objects.filter(tenant=tenant).exclude(platform="").order_by("-pk")
    pairs = set(newest.values_list("shop", "platform")[:NEWEST])
    return sorted({shop for shop, platform in pairs if shop and platform_key(platform) in log_platforms()})
