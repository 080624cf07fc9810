"""Pages of foreign logs: upload, map columns, import, list refused rows, undo."""

from collections.abc import Iterator
from typing import get_args
from zoneinfo import available_timezones

import msgspec
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_scopes import scope

from waybillguard.errors import WaybillGuardError
from waybillguard.events import Action
from waybillguard.events.foreign import IGNORE, LogMapping
from waybillguard.events.foreign.times import DayOrder
from waybillguard.events.foreign.words import fields
from waybillguard.service.activity import foreign, words
from waybillguard.service.activity.models import ForeignLog, RefusedLine
from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.polling import polled
from waybillguard.service.platform.views import attempt, csv_cell, said

LISTED = 50
SAMPLES = 20
REFUSED_SHOWN = 100
MOST_WORDS = 400
DAY_ORDERS: tuple[DayOrder, ...] = get_args(DayOrder.__value__)

_FIRST = (
    "ts",
    "date",
    "clock",
    "account",
    "person",
    "action",
    "order_id",
    "waybill_no",
    "workstation",
    "ip",
    "result",
)


@requires(Permission.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def logs(request: HttpRequest) -> HttpResponse:
    """Upload a log; list earlier ones."""
    user = signed_in(request)
    problem = ""
    if request.method == "POST":
        try:
            log = foreign.take_log(user, request.POST.get("source", ""), request.FILES.get("file"))
        except WaybillGuardError as error:
            problem = said(error)
        else:
            return redirect("activity_log", pk=log.pk)
    listed = (
        ForeignLog.objects.filter(tenant=tenant_of(user))
        .select_related("created_by")
        .order_by("-pk")[:LISTED]
    )
    context = {"logs": listed, "problem": problem, "sources": sorted({one.source for one in listed})}
    return render(request, "activity/logs.html", context, status=422 if problem else 200)


@requires(Permission.ADMINISTER)
@require_safe
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one log. While it is being mapped, show the suggested mapping and a preview."""
    return _page(request, _log(request, pk), "activity/log.html")


@polled("SELECT state FROM activity_foreignlog WHERE tenant_id = %s AND id = %s")
@requires(Permission.ADMINISTER)
@require_safe
def log_body(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the part of the page that is refreshed while a log is imported."""
    return _page(request, _log(request, pk), "activity/log_body.html")


@requires(Permission.ADMINISTER)
@require_POST
def log_map(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept the chosen mapping: preview with it, or import the log."""
    row = _log(request, pk)
    mapping = _chosen(request, row)
    if request.POST.get("go") == "import":
        if attempt(request, lambda: _imported(request, row, mapping)):
            messages.success(request, _("The columns are remembered for this system."))
    else:
        foreign.choose(row, mapping)
    return redirect("activity_log", pk=pk)


@requires(Permission.ADMINISTER)
@require_POST
def log_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Discard an upload, or undo an import."""
    row = _log(request, pk)
    if action == "discard":
        foreign.discard_log(row)
        return redirect("activity_logs")
    if action != "undo":
        raise Http404
    attempt(request, lambda: foreign.undo_log(signed_in(request), row))
    return redirect("activity_log", pk=pk)


@requires(Permission.ADMINISTER)
@require_safe
def log_refused(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Stream row numbers and reasons of the refused rows, without row content."""
    row = _log(request, pk)
    response = StreamingHttpResponse(_refused_lines(row), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-log-{row.pk}.csv"'
    return response


def _refused_lines(row: ForeignLog) -> Iterator[str]:
    heads = (_("sheet"), _("row"), _("code"), _("column"), _("reason"))
    yield "\ufeff" + ",".join(csv_cell(head) for head in heads) + "\r\n"
    with scope(tenant=row.tenant):  # the response is streamed after the request's own scope has closed
        lines = RefusedLine.objects.filter(log=row).order_by("sheet", "row", "pk")
        for sheet, number, code, name in lines.values_list("sheet", "row", "reason", "field").iterator(2000):
            cells = (
                csv_cell(sheet),
                str(number),
                csv_cell(code),
                csv_cell(name),
                csv_cell(str(words.refusal(code))),
            )
            yield ",".join(cells) + "\r\n"


def _imported(request: HttpRequest, row: ForeignLog, mapping: LogMapping) -> bool:
    foreign.import_log(signed_in(request), row, mapping)
    return True


def _chosen(request: HttpRequest, row: ForeignLog) -> LogMapping:
    """Parse the mapping form; unknown fields, actions and time zones are ignored."""
    asked = request.POST
    columns = {name: title for name in fields() if (title := asked.get(f"column-{name}", "")[:200])}
    known = {*Action, IGNORE}
    actions = {}
    for place in range(MOST_WORDS):
        word, action = asked.get(f"word-{place}", ""), asked.get(f"action-{place}", "")
        if word and action in known:
            actions[word[:200]] = action
    zone = asked.get("zone", "")
    default = asked.get("default_action", "")
    order: DayOrder = next((one for one in DAY_ORDERS if one == asked.get("day_order")), "ymd")
    return LogMapping(
        columns=columns,
        actions=actions,
        default_action=default if default in set(Action) else "",
        zone=zone if zone in available_timezones() else row.tenant.time_zone,
        day_order=order,
    )


def _log(request: HttpRequest, pk: int) -> ForeignLog:
    return get_object_or_404(
        ForeignLog.objects.select_related("tenant", "created_by"), pk=pk, tenant=tenant_of(signed_in(request))
    )


def _page(request: HttpRequest, row: ForeignLog, template: str) -> HttpResponse:
    lines = RefusedLine.objects.filter(log=row)
    context: dict[str, object] = {
        "log": row,
        "reading": row.state in {ForeignLog.State.WAITING, ForeignLog.State.READING},
        "refused": lines.order_by("sheet", "row")[:REFUSED_SHOWN] if row.refused else [],
        "refused_shown": REFUSED_SHOWN,
        "reasons": lines.values("reason").annotate(n=Count("pk")).order_by("-n") if row.refused else [],
    }
    status = 200
    if row.state == ForeignLog.State.MAPPING:
        try:
            context |= _mapping_context(row)
        except WaybillGuardError as error:
            context["problem"], status = said(error), 409
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _mapping_context(row: ForeignLog) -> dict[str, object]:
    answer = foreign.preview(row)
    suggestion, applied = answer.suggestion, answer.applied
    assert suggestion is not None
    assert applied is not None
    mapping = suggestion.mapping
    wanted = [name for name in _FIRST if name in fields()] + [name for name in fields() if name not in _FIRST]
    used = [name for name in wanted if name in mapping.columns or name in _FIRST]
    known = {**dict.fromkeys(suggestion.unknown_words, ""), **mapping.actions}
    return {
        "suggestion": suggestion,
        "mapping": mapping,
        "columns": [(name, mapping.columns.get(name, "")) for name in used],
        "more_columns": [(name, "") for name in wanted if name not in used],
        "titles": suggestion.titles,
        "words": [
            (word, action, suggestion.unknown_words.get(word))
            for word, action in list(known.items())[:MOST_WORDS]
        ],
        "actions": words.ACTIONS,
        "zones": sorted(
            {row.tenant.time_zone, mapping.zone, "Asia/Shanghai", "UTC", "Asia/Hong_Kong", "Asia/Urumqi"}
        ),
        "day_orders": DAY_ORDERS,
        "applied": applied,
        "samples": [msgspec.structs.asdict(one) for one in applied.events[:SAMPLES]],
        "count": len(applied.events),
        "refusals": applied.reasons(),
        "refused_count": len(applied.refused),
    }
