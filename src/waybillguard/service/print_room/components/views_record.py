"""Pages of the print record of lane A, and of the ready-made text for an ERP's template."""

from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from waybillguard.service.authorization.access import requires, signed_in
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Device, Permission
from waybillguard.service.platform.views import attempt, number
from waybillguard.service.print_room.components.customtext import custom_areas, custom_field, custom_text
from waybillguard.service.print_room.components.record import (
    FLAG_DAYS,
    RecordFilter,
    count_previews,
    export_record,
    filter_notes,
)
from waybillguard.service.tenancy.models import Tenant

A_PAGE: Final = 100
_MOST_PAGES: Final = 10_000
_STATION: Final = 60


class RecordForm(forms.Form):
    """Filter of the record."""

    station = forms.ChoiceField(label=_("Station"), required=False)
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    number = forms.CharField(label=_("Number"), required=False, max_length=40)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[
            ("", _("Everything")),
            ("passed_on", _("Printed by the platform's component")),
            ("refused", _("Refused")),
            ("flagged", _("Previews and virtual printers")),
        ],
    )

    def __init__(self, *args: Any, stations: list[str], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        choices = [("", _("All stations")), *((name, name) for name in stations)]
        self.fields["station"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


def _stations(tenant: Tenant) -> list[str]:
    return sorted(set(Device.objects.filter(tenant=tenant).values_list("station", flat=True)))


def _wanted(form: RecordForm) -> RecordFilter:
    if not form.is_valid():
        return RecordFilter()
    cleaned = form.cleaned_data
    day = cleaned["day"]
    return RecordFilter(
        station=cleaned["station"],
        day=day if isinstance(day, date) else None,
        number=cleaned["number"],
        kind=cleaned["kind"],
    )


@requires(Permission.LEAD)
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Show the record, filtered by station, day, number and kind."""
    tenant = tenant_of(signed_in(request))
    form = RecordForm(request.GET, stations=_stations(tenant))
    wanted = _wanted(form)
    page = number(request.GET.get("page"), 1, _MOST_PAGES, 1)
    start = (page - 1) * A_PAGE
    rows = list(filter_notes(tenant, wanted)[start : start + A_PAGE + 1])
    kept = {name: value for name, value in request.GET.items() if name in form.fields and value}
    context = {
        "form": form,
        "rows": rows[:A_PAGE],
        "page": page,
        "more": len(rows) > A_PAGE,
        "query": urlencode(kept),
        "flags": count_previews(tenant, timezone.now()),
        "flag_days": FLAG_DAYS,
        "chosen": kept,
    }
    response = render(request, "components/record.html", context, status=200 if form.is_valid() else 422)
    response["Cache-Control"] = "no-store"
    return response


@requires(Permission.LEAD)
@require_POST
def record_file(request: HttpRequest) -> HttpResponseBase:
    """Return the record as CSV with masked numbers."""
    user = signed_in(request)
    form = RecordForm(request.POST, stations=_stations(tenant_of(user)))
    lines = attempt(request, lambda: export_record(user, _wanted(form))) if form.is_valid() else None
    if lines is None:
        return redirect("station_record")
    # Read the rows now: the tenant's scope ends with the request.
    response = StreamingHttpResponse(list(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="station-record.csv"'
    response["Cache-Control"] = "no-store"
    return response


@requires(Permission.LEAD)
@require_safe
def custom_area(request: HttpRequest) -> HttpResponse:
    """Show the text for the custom area of one station."""
    stations = _stations(tenant_of(signed_in(request)))
    asked = request.GET.get("station", "")[:_STATION]
    station = asked if asked in stations else (stations[0] if stations else str(_("Packing table 1")))
    chinese = (get_language() or "").startswith("zh")
    areas = [
        {
            "key": area.platform,
            "name": area.zh if chinese else area.en,
            "where": area.where_zh if chinese else area.where_en,
            "field": custom_field(area, station),
        }
        for area in custom_areas()
    ]
    context = {"stations": stations, "station": station, "text": custom_text(station), "areas": areas}
    return render(request, "components/custom_area.html", context)
