"""Pages of the town (table and map, one warehouse, settings), and of this warehouse's link to a hub."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waybillguard.documents import Document, to_pdf, to_word
from waybillguard.inspect.cases import actors, town_table
from waybillguard.inspect.sheet import items
from waybillguard.service.audit.recording import record
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.hub import sending, towns
from waybillguard.service.hub.cosigned import trust_policy
from waybillguard.service.hub.models import (
    HubCosigned,
    HubLink,
    Seat,
    Town,
    TownAlarm,
    Warehouse,
    Witnessed,
)
from waybillguard.service.hub.table import overview, today
from waybillguard.service.hub.witnessing import signer_of
from waybillguard.service.hub.words import CLAIMS, REFUSALS, STATUSES, VERIFY
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.platform.views import attempt, number

_PAGE = 50
_ALARMS = 20
_LEDGERS = 8
"""Number of ledger quarters listed."""
_FILES = {
    "pdf": (to_pdf, "application/pdf"),
    "docx": (to_word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


def paper(document: Document, name: str, ending: str) -> HttpResponse:
    """Return a document as PDF or Word.

    Raises:
        Http404: ``ending`` is neither.
    """
    if ending not in _FILES:
        raise Http404
    made, kind = _FILES[ending]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"', "Cache-Control": "no-store"}
    return HttpResponse(made(document), content_type=kind, headers=headers)


def in_language(zh: str, en: str) -> str:
    """Return the text in the language of the page."""
    return en if get_language() == "en" else zh


def item_title(number: str) -> str:
    """Return the number and title of one of the twelve items."""
    for one in items():
        if str(one.number) == number:
            return f"{number} {in_language(one.title_zh, one.title_en)}"
    return number


@requires(Permission.LEDGER)
@require_safe
def town(request: HttpRequest) -> HttpResponse:
    """Show common gaps, the map, alarms and the ranked warehouses; ``q`` searches names and districts."""
    tenant = tenant_of(signed_in(request))
    here = Town.objects.filter(tenant=tenant).first()
    context: dict[str, Any] = {"town": here, "link": HubLink.objects.filter(tenant=tenant).first()}
    if here is not None:
        shown = overview(tenant, today())
        alarms = TownAlarm.objects.filter(tenant=tenant, ended_at=None).select_related("warehouse")
        wanted = request.GET.get("q", "").strip()[:60]
        lines = [one for one in shown.lines if wanted in one.row.warehouse or wanted in one.district]
        context |= {
            "shown": shown,
            "wanted": wanted,
            "page": Paginator(lines, _PAGE).get_page(request.GET.get("page")),
            "alarms": alarms.order_by("-raised_at")[:_ALARMS],
            "claims": CLAIMS,
        }
    return render(request, "hub/town.html", context)


@requires(Permission.LEDGER)
@require_safe
def town_paper(request: HttpRequest, ending: str) -> HttpResponse:
    """Return the town's table as a document."""
    here = Town.objects.filter(tenant=tenant_of(signed_in(request))).first()
    if here is None:
        raise Http404
    shown = overview(here.tenant, today())
    return paper(
        town_table(here.name, shown.gaps, [line.row for line in shown.lines], today()), "town", ending
    )


@requires(Permission.LEDGER)
@require_safe
def warehouse(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one warehouse by the twelve items; the access is recorded."""
    user = signed_in(request)
    one = get_object_or_404(Warehouse, pk=pk, tenant=tenant_of(user))
    record(one.tenant, "view", user=user, purpose="town_warehouse", workstation=f"town:{one.pk}")
    found = one.summary.get("items", {})
    nothing = ("no_evidence", "self_reported")
    lines = [
        (item.number, in_language(item.title_zh, item.title_en), *found.get(str(item.number), nothing))
        for item in items()
    ]
    checks = one.checks.filter(tenant=one.tenant).exclude(result="").select_related("special", "found_by")
    context = {
        "one": one,
        "lines": lines,
        "alarms": one.alarms.filter(tenant=one.tenant).order_by("-raised_at")[:_ALARMS],
        "checks": checks.order_by("-found_at")[:_PAGE],
        "claims": CLAIMS,
        "statuses": STATUSES,
        "witnessed": one.witnessed.filter(tenant=one.tenant).order_by("-signed_at")[:_LEDGERS],
    }
    return render(request, "hub/warehouse.html", context)


@requires(Permission.LEDGER)
@require_safe
def witnessed(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Return the last checkpoint of a warehouse that this hub cosigned, or the one that contradicts it."""
    one = get_object_or_404(Witnessed, pk=pk, tenant=tenant_of(signed_in(request)))
    note = {"cosigned": one.note, "forked": one.forked}.get(what)
    if not note:
        raise Http404
    return text_file(note, f"{what}-{one.origin.rpartition('/')[2]}.checkpoint")


def text_file(text: str, name: str) -> HttpResponse:
    """Return a text as a file download."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


@requires(Permission.LEAD)
@require_POST
def alarm_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle an alarm."""
    user = signed_in(request)
    alarm = get_object_or_404(TownAlarm, pk=pk, tenant=tenant_of(user))
    if TownAlarm.objects.filter(pk=alarm.pk, tenant=alarm.tenant, ended_at=None).update(
        ended_at=timezone.now(), seen_by=user
    ):
        messages.success(request, _("Saved."))
    return redirect("town")


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def town_settings(request: HttpRequest) -> HttpResponse:
    """Open the hub, set its hours of silence, list warehouses and seats."""
    user = signed_in(request)
    tenant = tenant_of(user)
    if request.method == "POST":
        if attempt(request, lambda: towns.open_town(tenant, request.POST.get("name", ""))):
            Town.objects.filter(tenant=tenant).update(
                silent_hours=number(request.POST.get("silent_hours"), 2, 168, 6),
                period_days=number(request.POST.get("period_days"), 1, 366, 90),
            )
            messages.success(request, _("Saved."))
        return redirect("town_settings")
    return _settings_page(request, user)


@requires(Permission.ADMINISTER)
@require_POST
def warehouse_add(request: HttpRequest) -> HttpResponse:
    """Add a warehouse."""
    user = signed_in(request)
    if attempt(
        request,
        lambda: towns.add_warehouse(user, request.POST.get("name", ""), request.POST.get("district", "")),
    ):
        messages.success(request, _("Saved."))
    return redirect("town_settings")


@requires(Permission.ADMINISTER)
@require_POST
def warehouse_list(request: HttpRequest) -> HttpResponse:
    """Add a list of warehouses; rejected lines are named by number, the others are added."""
    user = signed_in(request)
    listed = attempt(request, lambda: towns.add_warehouses(user, request.POST.get("list", "")))
    if listed:
        messages.success(request, _("%(n)d warehouses added.") % {"n": listed.added})
        if listed.wrong:
            lines = ", ".join(str(one) for one in listed.wrong[:_ALARMS])
            messages.error(
                request, _("Not added, incomplete or listed already: lines %(lines)s") % {"lines": lines}
            )
    return redirect("town_settings")


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def warehouse_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the code with which a warehouse enrols, and show it once."""
    user = signed_in(request)
    one = get_object_or_404(Warehouse, pk=pk, tenant=tenant_of(user))
    code = attempt(request, lambda: towns.warehouse_code(user, one))
    return _settings_page(request, user, code=code, code_for=one) if code else redirect("town_settings")


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the authority that a person represents."""
    owner = signed_in(request)
    person = get_object_or_404(User, pk=pk, tenant=tenant_of(owner), is_active=True)
    if attempt(request, lambda: towns.set_seat(owner, person, request.POST.get("authority", ""))):
        messages.success(request, _("Saved."))
    return redirect("town_settings")


@requires(Permission.ADMINISTER)
@require_safe
def hub_link(request: HttpRequest) -> HttpResponse:
    """Show the hub that this warehouse reports to, the state of the last report, and the cosigned checkpoints."""
    tenant = tenant_of(signed_in(request))
    context = {
        "link": HubLink.objects.filter(tenant=tenant).first(),
        "cosigned": HubCosigned.objects.filter(tenant=tenant).order_by("-pk")[:_LEDGERS],
        "refusals": REFUSALS,
        "verify": VERIFY,
    }
    return render(request, "hub/link.html", context)


@requires(Permission.ADMINISTER)
@require_safe
def hub_cosigned(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Return the checkpoint that the hub cosigned, or the trust policy to verify it with."""
    one = get_object_or_404(HubCosigned, pk=pk, tenant=tenant_of(signed_in(request)))
    if not one.note or what not in {"checkpoint", "policy"}:
        raise Http404
    text = one.note if what == "checkpoint" else trust_policy(one)
    return text_file(text, f"{one.origin.rpartition('/')[2]}.{what}")


@requires(Permission.ADMINISTER)
@reauthentication_required  # type: ignore[untyped-decorator]
@require_POST
def hub_link_make(request: HttpRequest) -> HttpResponse:
    """Enrol at a hub and send the first report."""
    user = signed_in(request)
    link = attempt(
        request,
        lambda: sending.link_to_hub(user, request.POST.get("server", ""), request.POST.get("code", "")),
    )
    if link:
        _report(request, link)
    return redirect("hub_link")


@requires(Permission.ADMINISTER)
@require_POST
def hub_link_act(request: HttpRequest) -> HttpResponse:
    """Send a report now, or stop reporting."""
    user = signed_in(request)
    if "end" in request.POST:
        sending.unlink(user)
        messages.success(request, _("This warehouse reports no more."))
    elif link := HubLink.objects.filter(tenant=tenant_of(user)).first():
        _report(request, link)
    return redirect("hub_link")


def _report(request: HttpRequest, link: HubLink) -> None:
    """Send a report now; the page shows the reason if it fails."""
    if sending.send(link, timezone.now()):
        messages.success(request, _("The hub has taken in the report."))


def _settings_page(request: HttpRequest, user: User, **more: object) -> HttpResponse:
    tenant = tenant_of(user)
    seats = dict(Seat.objects.filter(tenant=tenant).values_list("user_id", "authority"))
    people = User.objects.filter(tenant=tenant, is_active=True).order_by("pk")
    context = {
        "town": Town.objects.filter(tenant=tenant).first(),
        "page": Paginator(
            Warehouse.objects.filter(tenant=tenant).select_related("device").order_by("district", "name"),
            _PAGE,
        ).get_page(request.GET.get("page")),
        "people": [(one, seats.get(one.pk, "")) for one in people],
        "authorities": [(name, in_language(actors()[name].zh, actors()[name].en)) for name in towns.SEATS],
        "origin": request.build_absolute_uri("/").rstrip("/"),
        "witness_key": signer_of(tenant.slug).verifier.vkey(),
        **more,
    }
    response = render(request, "hub/settings.html", context)
    response["Cache-Control"] = "no-store"
    return response
