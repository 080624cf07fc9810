"""The activity pages: a month's heat map, single events, and the history of one order.

Administrators, and inspectors who may read the ledger, see everybody's events. All others see only their own,
regardless of the URL. The history of one order is for administrators.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from waybillguard.service.activity.names import Names, names_of
from waybillguard.service.activity.words import ACTIONS
from waybillguard.service.audit.export import timeless_events
from waybillguard.service.audit.listing import EventFilter, EventPage, ShownEvent, list_events
from waybillguard.service.audit.overview import MOST_LISTED, has_events, heat_map, lines, pending
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission, Role, User
from waybillguard.service.platform.views import is_fragment, number
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.listing import visible
from waybillguard.service.vault.models import Order

MOST_DAYS = 400
ORDER_DAYS_BEFORE, ORDER_DAYS_AFTER = 1, 45
"""Days before and after an order's day that are searched for its events; users may select a longer period."""

_ONLY = frozenset({"exposed", "refused"})


@dataclass(frozen=True, slots=True)
class Viewer:
    """The user of the pages, and whose events may be shown."""

    user: User
    tenant: Tenant
    sees_all: bool
    accounts: Names
    stations: Names

    def account(self, request: HttpRequest) -> str:
        """Return the requested account; always the user's own if not ``sees_all``."""
        if not self.sees_all:
            return f"u{self.user.pk}"
        return self.accounts.named(request.GET.get("account", ""))

    def station(self, request: HttpRequest) -> str:
        """Return the requested station."""
        return self.stations.named(request.GET.get("station", ""))


def viewer(request: HttpRequest) -> Viewer:
    """Return the viewer of a request."""
    user = signed_in(request)
    tenant = tenant_of(user)
    inspects = user.role == Role.INSPECTOR and user.may(Permission.LEDGER)
    sees_all = inspects or user.may(Permission.ADMINISTER)
    return Viewer(user, tenant, sees_all, *names_of(tenant))


@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """Show a month: the heat map, and the number of actions per account."""
    who = viewer(request)
    month = _month(request.GET.get("month", ""))
    account, station = who.account(request), who.station(request)
    waiting = pending(who.tenant)
    heat = heat_map(who.tenant, month, waiting, account=account, station="" if account else station)
    first = day_number(heat.rows[0].day, who.tenant)
    last = day_number(heat.rows[-1].day, who.tenant)
    whose = f"&account={who.accounts.key(account)}" if who.sees_all and account else ""
    if station and not whose:
        whose = f"&station={who.stations.key(station)}"
    accounts, stations = lines(who.tenant, first, last, waiting, account=account)
    context = {
        "viewer": who,
        "heat": heat,
        "whose": whose,
        "month": month,
        "earlier": (month - timedelta(days=1)).replace(day=1),
        "later": later
        if (later := (month + timedelta(days=32)).replace(day=1)) <= timezone.localdate()
        else None,
        "account": who.accounts.key(account),
        "account_name": who.accounts.shown(account),
        "station": who.stations.key(station),
        "station_name": who.stations.shown(station),
        "accounts": [_line(who.accounts, line) for line in accounts[:MOST_LISTED]],
        "stations": [_line(who.stations, line) for line in stations[:MOST_LISTED]],
        "more": max(0, len(accounts) - MOST_LISTED),
        "anything": heat.total > 0 or has_events(who.tenant),
        "steady": [(who.accounts.key(one), who.accounts.shown(one), n) for one, n in heat.steady.items()]
        if who.sees_all
        else [],
        "timeless": timeless_events(who.tenant) if who.sees_all else 0,
    }
    return _private(render(request, "activity/activity.html", context))


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """List events, newest first. All filters are in the URL."""
    who = viewer(request)
    first, last = _period(request)
    account, station = who.account(request), who.station(request)
    asked = request.GET
    wanted = EventFilter(
        day_number(first, who.tenant),
        day_number(last, who.tenant),
        action=asked.get("action", "") if asked.get("action") in ACTIONS else "",
        account=account,
        station=station,
        hour=number(asked.get("hour"), 0, 23, -1) if asked.get("hour") else None,
        only=asked.get("only", "") if asked.get("only") in _ONLY else "",
    )
    page = list_events(who.tenant, wanted, asked.get("cursor", ""))
    context = {
        "viewer": who,
        "page": page,
        "rows": _rows(who, page),
        "first": first,
        "last": last,
        "account": who.accounts.key(account),
        "station": who.stations.key(station),
        "actions": ACTIONS,
        "filtered": any(
            asked.get(name) for name in ("from", "to", "action", "account", "station", "hour", "only")
        ),
    }
    return _private(render(request, "activity/events.html", context))


@requires(Permission.ADMINISTER)
@require_safe
def order_activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the events of one order, found by uid, order number or waybill number; as a page fragment, a timeline."""
    who = viewer(request)
    order = get_object_or_404(visible(who.tenant), pk=pk)
    ids = tuple(one for one in (bytes(order.uid).hex(), order.order_no, order.waybill_no) if one)
    whole = request.GET.get("days") == "all"
    first = 0 if whole else order.day - ORDER_DAYS_BEFORE
    last = day_number(timezone.now(), who.tenant) + 1 if whole else order.day + ORDER_DAYS_AFTER
    page = list_events(who.tenant, EventFilter(first, last, orders=ids), request.GET.get("cursor", ""))
    context = {"viewer": who, "order": order, "page": page, "rows": _rows(who, page), "whole": whole}
    template = "activity/timeline.html" if is_fragment(request) else "activity/order.html"
    return _private(render(request, template, context))


def _rows(who: Viewer, page: EventPage) -> list[dict[str, object]]:
    """Return events as table rows with display names and the matching orders of the vault."""
    uids = {bytes.fromhex(one.order_id) for one in page.events if _is_uid(one)}
    known: dict[str, tuple[int, str]] = {}
    if uids:
        found = Order.objects.filter(tenant=who.tenant, uid__in=uids, shredded_at=None)
        known = {bytes(uid).hex(): (pk, no) for uid, pk, no in found.values_list("uid", "pk", "order_no")}
    return [
        {
            "event": one,
            "account": who.accounts.shown(one.account),
            "order": known.get(one.order_id),
            "order_text": "" if _is_uid(one) else one.order_id,
        }
        for one in page.events
    ]


def _is_uid(one: ShownEvent) -> bool:
    return len(one.order_id) == 32 and all(c in "0123456789abcdef" for c in one.order_id)  # noqa: PLR2004 - 16 bytes


def _line(names: Names, line: object) -> dict[str, object]:
    name = getattr(line, "name", "")
    return {"line": line, "key": names.key(name), "name": names.shown(name)}


def _month(text: str) -> date:
    day = parse_date(f"{text[:7]}-01") if _is_month(text) else None
    return day or timezone.localdate().replace(day=1)


def _is_month(text: str) -> bool:
    year, dash, month = text.partition("-")
    return (
        bool(dash)
        and year.isdigit()
        and month.isdigit()
        and "2000" <= year <= "2099"
        and "01" <= month <= "12"
    )


def _period(request: HttpRequest) -> tuple[date, date]:
    """Return the requested period; the last seven days by default, at most ``MOST_DAYS``."""
    today = timezone.localdate()
    last = _day(request.GET.get("to")) or today
    first = _day(request.GET.get("from")) or last - timedelta(days=6)
    if first > last:
        first, last = last, first
    return max(first, last - timedelta(days=MOST_DAYS)), last


def _day(text: str | None) -> date | None:
    """Return the requested day if it is in 2000–2099; near the minimum date, subtracting a week would overflow."""
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day is not None and 2000 <= day.year <= 2099 else None  # noqa: PLR2004 - as `_is_month`


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
