"""Pages of criminal cases for procuratorate and police: import by number and date, groups of similar cases."""

from collections.abc import Iterable
from datetime import date

from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST, require_safe

from waybillguard.inspect.cases import CriminalCase, Group, Reference, actors, alike
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.hub.errors import HubError
from waybillguard.service.hub.models import Criminal, Seat, Warehouse
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.platform.views import attempt, number

_PAGE = 50
_COMPARED = 5_000


@requires(Permission.LEDGER)
@require_safe
def criminal_cases(request: HttpRequest) -> HttpResponse:
    """List criminal cases, grouped by warehouse, way in and gang; only for authorities that may see whole files."""
    user = signed_in(request)
    seat = Seat.objects.filter(tenant=tenant_of(user), user=user).first()
    context: dict[str, object] = {"seat": seat, "whole": seat is not None and _sees_all(seat)}
    if seat is not None and _sees_all(seat):
        record(seat.tenant, "view", user=user, purpose="criminal_cases", workstation="town")
        rows = (
            Criminal.objects.filter(tenant=seat.tenant).select_related("warehouse").order_by("-date", "-pk")
        )
        context |= {
            "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
            "groups": [(one, _named(one)) for one in alike(_values(rows[:_COMPARED]))],
            "ways": Criminal.Way.choices,
            "warehouses": Warehouse.objects.filter(tenant=seat.tenant).order_by("name"),
        }
    return render(request, "hub/criminal.html", context)


@requires(Permission.LEDGER)
@require_POST
def criminal_add(request: HttpRequest) -> HttpResponse:
    """Import a case by its number and date."""
    user, post = signed_in(request), request.POST
    seat = Seat.objects.filter(tenant=tenant_of(user), user=user).first()
    if seat is None or not _sees_all(seat):
        raise Http404
    chosen = number(post.get("warehouse"), 1, 10**10 - 1, 0)
    warehouse = Warehouse.objects.filter(tenant=seat.tenant, pk=chosen).first()
    attempt(
        request,
        lambda: add_criminal(
            user, post.get("authority", ""), post.get("number", ""), parse_date(post.get("date", "")), warehouse,
            post.get("way_in", ""), post.get("gang", ""),
        ),
    )  # fmt: skip
    return redirect("criminal_cases")


def add_criminal(
    by: User, authority: str, case: str, on: date | None, warehouse: Warehouse | None, way_in: str, gang: str
) -> Criminal:
    """Store a criminal case; each authority uses a number once.

    Raises:
        HubError: authority, number or date is missing, the date is in the future, or the number exists already.
    """
    authority, case, gang = authority.strip()[:60], case.strip()[:80], gang.strip()[:40]
    if (
        not authority
        or not case
        or on is None
        or on > timezone.localdate()
        or way_in not in Criminal.Way.values
    ):
        raise HubError(
            zh="请填写立案单位、案号和日期（不晚于今天）。未保存。",
            en="type authority, number and a date not after today. Nothing was saved.",
        )
    try:
        with transaction.atomic():
            return Criminal.objects.create(
                tenant=tenant_of(by), authority=authority, number=case, date=on, warehouse=warehouse,
                way_in=way_in, gang=gang, added_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise HubError(
            zh=f"{authority} {case} 已登记。未保存。",
            en=f"{authority} {case} is there already. Nothing was saved.",
        ) from None


def _sees_all(seat: Seat) -> bool:
    return actors()[seat.authority].sees == "all"


def _values(rows: Iterable[Criminal]) -> Iterable[CriminalCase]:
    for one in rows:
        yield CriminalCase(
            reference=Reference(one.authority, one.number, one.date), way_in=one.way_in, gang=one.gang,
            warehouse=one.warehouse.name if one.warehouse else "",
        )  # fmt: skip


def _named(group: Group) -> str:
    return str(Criminal.Way(group.value).label) if group.by == "way_in" else group.value
