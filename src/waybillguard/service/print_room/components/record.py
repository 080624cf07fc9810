"""The print record of lane A: which number was printed when and at which station, and what a station refused."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import Count, Q, QuerySet

from waybillguard.orders.rows_cells import spreadsheet_text
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.keyd import messages
from waybillguard.service.print_room.models import StationNote
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant

FLAGGED: Final = ("preview", "virtual_printer")
"""Codes of messages that asked for a label on a screen, in a file, by fax or on another computer."""
MOST_EXPORTED: Final = 50_000
_SHOWN_TAIL: Final = 4
FLAG_DAYS: Final = 7


class RecordFilter(msgspec.Struct, frozen=True):
    """A filter of the record: station, day (in the tenant's zone), part of a number, kind; empty for all."""

    station: str = ""
    day: date | None = None
    number: str = ""
    kind: str = ""


def filter_notes(tenant: Tenant, wanted: RecordFilter) -> QuerySet[StationNote]:
    """Return the matching notes, newest first."""
    found = StationNote.objects.filter(tenant=tenant).order_by("-at", "-pk")
    if wanted.station:
        found = found.filter(station=wanted.station)
    if wanted.day is not None:
        start = datetime.combine(wanted.day, time(), ZoneInfo(tenant.time_zone))
        found = found.filter(at__gte=start, at__lt=start + timedelta(days=1))
    if wanted.number:
        found = found.filter(document__contains=wanted.number)
    if wanted.kind == "flagged":
        return found.filter(code__in=FLAGGED)
    return found.filter(kind=wanted.kind) if wanted.kind else found


def count_previews(tenant: Tenant, now: datetime) -> dict[str, Any]:
    """Count requests for previews and virtual printers in the last days, and the stations they came from."""
    since = now - timedelta(days=FLAG_DAYS)
    found = StationNote.objects.filter(tenant=tenant, at__gte=since, code__in=FLAGGED)
    return found.aggregate(
        preview=Count("pk", filter=Q(code="preview")),
        virtual=Count("pk", filter=Q(code="virtual_printer")),
        stations=Count("station", distinct=True),
    )


def masked_number(number: str) -> str:
    """Return a number with all but its last four characters masked.

    >>> masked_number("YT8800000000123"), masked_number("12")
    ('***********0123', '**')
    """
    hidden = max(len(number) - _SHOWN_TAIL, 0) if len(number) > _SHOWN_TAIL else len(number)
    return "*" * hidden + number[hidden:]


def export_record(user: User, wanted: RecordFilter) -> Iterator[str]:
    """Yield the record as CSV with masked numbers; the export is written to the ledger first.

    Raises:
        KeydError: the ledger cannot be written; nothing is returned.
    """
    tenant = tenant_of(user)
    rows = filter_notes(tenant, wanted)[:MOST_EXPORTED]
    detail: dict[str, str | int] = {"what": "station record", "rows": rows.count()}
    request = messages.Record(context=context_of(user, purpose="export"), kind="label_file", detail=detail)
    keyd().call(request, messages.Recorded)
    return _lines(tenant, rows)


def _lines(tenant: Tenant, rows: QuerySet[StationNote]) -> Iterator[str]:
    zone = ZoneInfo(tenant.time_zone)
    yield "\ufeff" + _line(
        ["时间 time", "站点 station", "类别 kind", "原因 code", "单号 number", "打印机 printer", "ERP"]
    )
    for row in rows.iterator(chunk_size=2_000):
        yield _line([
            row.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"), row.station, row.kind, row.code,
            masked_number(row.document), row.printer, row.erp,
        ])  # fmt: skip


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([spreadsheet_text(cell) for cell in cells])
    return out.getvalue()
