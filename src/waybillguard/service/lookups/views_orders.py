"""Pages of masked orders. Filters are in the URL; search terms never are."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from waybillguard.errors import WaybillGuardError
from waybillguard.label.model import LabelSize
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.merchants.scope import shops_inside
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.platform.limits import over_searches
from waybillguard.service.platform.sessions import session_mark
from waybillguard.service.platform.views import is_fragment, said
from waybillguard.service.platform.words import LANES, ORDER_STATES
from waybillguard.service.print_room.models import Ticket
from waybillguard.service.print_room.runs.services import MAX_AT_ONCE, preview_png
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.filters import filters_of
from waybillguard.service.vault.listing import MAX_COUNTED, filtered_count, list_orders, shops, visible
from waybillguard.service.vault.models import Batch
from waybillguard.service.vault.search import LAST_FOUR_DAYS, search_orders

_LAST_SEARCH = "last_search"
KINDS = (
    ("any", gettext_lazy("Any number")),
    ("order", gettext_lazy("Order number")),
    ("waybill", gettext_lazy("Waybill number")),
    ("phone", gettext_lazy("Full phone")),
    ("last4", gettext_lazy("Last four of the phone")),
    ("name", gettext_lazy("Part of the name")),
    ("address", gettext_lazy("Part of the address")),
)


@requires(Permission.VIEW)
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """List orders by filter, newest first."""
    tenant = tenant_of(signed_in(request))
    filters = filters_of(request.GET)
    page = list_orders(tenant, filters, request.GET.get("cursor", ""))
    if page.orders:
        record(tenant, "view", user=signed_in(request), purpose="list")
    context = {
        "orders": page.orders,
        "page": page,
        "total": filtered_count(tenant, filters),
        "max_counted": MAX_COUNTED,
        "at_once": MAX_AT_ONCE,
        "shops": shops(tenant),
        "batch": _batch(tenant, filters.batch),
        **_choices(request),
    }
    return render(request, "lookups/orders.html", context)


@requires(Permission.SEARCH)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Search by one or two terms, narrowed by shop and day. Search terms are never put in a URL.

    Back and reload use GET: they show the results of the session's last search without searching again.
    """
    user = signed_in(request)
    tenant = tenant_of(user)
    if request.method != "POST":
        return _found_before(request, tenant)
    asked = request.POST
    context = {"shops": shops(tenant), "searched": True, "page": None, "orders": [], **_choices(request)}
    kind, also_kind = asked.get("kind", "any"), asked.get("also_kind", "any")
    also = [(also_kind, asked["also_value"][:80])] if asked.get("also_value", "").strip() else []
    day = _day(asked.get("day"))
    context |= {
        "kind": kind,
        "also_kind": also_kind,
        "shop": asked.get("shop", ""),
        "day": asked.get("day", ""),
    }
    if kind == "any" and not also and (person := _person(user, asked.get("value", ""))) is not None:
        return redirect("person", pk=person.pk)
    if over_searches(user):
        return render(request, "429.html", status=429)
    try:
        found = search_orders(
            user,
            kind,
            asked.get("value", "")[:80],
            shop=asked.get("shop", "")[:80],
            day=day,
            session=session_mark(request),
            also=also,
        )
    except WaybillGuardError as error:
        context["problem"] = said(error)
    else:
        context |= {"orders": found.orders, "truncated": found.truncated, "indexing": found.indexing}
        context["for_person"] = found.for_person
        context["last_four_days"] = 0 if day or not found.last_four else LAST_FOUR_DAYS
        request.session[_LAST_SEARCH] = {**_scope(context), "ids": [order.pk for order in found.orders]}
    response = render(request, "lookups/orders.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _person(user: User, text: str) -> User | None:
    """Return the user whose name or sign-in name was typed, if unique; only for administrators of people."""
    name = text.strip()
    if not name or name.isdigit() or not user.may(Permission.ADMINISTER):
        return None
    people = User.objects.filter(tenant=tenant_of(user))
    found = list(people.filter(Q(username__iexact=name) | Q(display_name__iexact=name))[:2])
    return found[0] if len(found) == 1 else None


def _found_before(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    kept = request.session.get(_LAST_SEARCH)
    if kept is None:
        return redirect("orders")
    rows = list(visible(tenant).filter(pk__in=kept["ids"]).order_by("-pk"))
    if rows:
        record(tenant, "view", user=signed_in(request), purpose="list")
    context = {
        "shops": shops(tenant),
        "searched": True,
        "page": None,
        **_choices(request),
        **kept,
        "orders": rows,
    }
    response = render(request, "lookups/orders.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _scope(context: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a search that may be stored: its kind and range, never its terms."""
    kept = ("kind", "also_kind", "shop", "day", "truncated", "indexing", "last_four_days", "for_person")
    return {name: context[name] for name in kept}


@requires(Permission.VIEW)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one masked order with its label attempts, as a drawer or a page."""
    tenant = tenant_of(signed_in(request))
    order = get_object_or_404(visible(tenant).select_related("batch"), pk=pk)
    record(tenant, "view", user=signed_in(request), orders=[order], purpose="detail")
    tickets = (
        Ticket.objects.filter(order=order).select_related("run", "run__created_by").order_by("-attempt")[:50]
    )
    template = "lookups/order_body.html" if is_fragment(request) else "lookups/order.html"
    context = {
        "order": order,
        "tickets": tickets,
        "drawer": is_fragment(request),
        # A merchant may see that a label was printed, but not by whom or where.
        "staff_shown": shops_inside() is None,
    }
    return render(request, template, context)


@requires(Permission.VIEW)
@require_safe
def label(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a picture of the masked label."""
    tenant = tenant_of(signed_in(request))
    order = get_object_or_404(visible(tenant), pk=pk)
    record(tenant, "view", user=signed_in(request), orders=[order], purpose="label_picture")
    size = request.GET.get("size", LabelSize.S76X130.value)
    if size not in set(LabelSize):
        size = LabelSize.S76X130.value
    try:
        picture = preview_png(order, size, 203)
    except WaybillGuardError as error:
        return HttpResponse(
            _refusal(said(error)), content_type="image/svg+xml", headers={"Cache-Control": "no-store"}
        )
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": "no-store"})


def _refusal(text: str) -> str:
    """Return an SVG that shows the reason in place of the label. Scripts do not run in an image."""
    lines = "".join(
        f'<tspan x="16" dy="22">{escape(text[i : i + 17])}</tspan>' for i in range(0, min(len(text), 240), 17)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 304 520" width="304" height="520">'
        f'<text y="40" font-size="16" font-family="sans-serif" fill="#a11d2c">{lines}</text></svg>'
    )


def _choices(request: HttpRequest) -> dict[str, object]:
    user = signed_in(request)
    return {
        "choosing": user.may(Permission.PRINT) or user.may(Permission.EXPORT),
        "kinds": KINDS,
        "lanes": LANES,
        "states": ORDER_STATES,
        "filtered": any(
            request.GET.get(n) for n in ("from", "to", "state", "shop", "lane", "printed", "batch")
        ),
        "today": timezone.localdate(),
        "filter_query": request.GET.urlencode(),
    }


def _batch(tenant: Tenant, pk: int | None) -> Batch | None:
    return Batch.objects.filter(tenant=tenant, pk=pk).first() if pk else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
