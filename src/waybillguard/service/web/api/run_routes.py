"""Machine API of label runs: request labels, follow the run, download its file."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router

from waybillguard.service.audit.recording import refuse
from waybillguard.service.authorization.bearer import person_of
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.errors import not_allowed
from waybillguard.service.platform.rates import Rate
from waybillguard.service.platform.schemas import file_answer
from waybillguard.service.print_room.models import LabelRun, Ticket
from waybillguard.service.print_room.runs import services as printing
from waybillguard.service.print_room.runs.errors import PrintingError
from waybillguard.service.vault import search
from waybillguard.service.web.api.schemas import RefusedLabelOut, RunIn, RunOut

router = Router()


@router.post("/label-runs", response={202: RunOut}, throttle=[Rate("labels", "60/m")])
def create_run(request: HttpRequest, body: RunIn) -> tuple[int, dict[str, Any]]:
    """Ask for labels; the worker draws and checks them.

    Name the orders, or say `"all": true` for every sealed order that is not printed yet.
    """
    user = person_of(request)
    if not user.may(Permission.PRINT):
        raise refuse(user, "print")
    if body.all == (body.orders is not None):
        raise PrintingError(
            code="print_request",
            zh="请用 orders 指定单号，或用 all: true 打印全部未打印订单（二选一）；未打印任何面单",
            en='name the orders in "orders", or ask for all with "all": true (one of the two); nothing was printed',
        )
    not_found: list[str] = []
    ids: list[int] | None = None
    if body.orders is not None:
        numbers = list(dict.fromkeys(body.orders))
        found = search.find_numbers(user, numbers)
        not_found = [number for number, rows in found.items() if not rows]
        ids = [pk for rows in found.values() for pk in rows]
        if not ids and not_found:
            named = "、".join(not_found[:10])
            raise PrintingError(
                code="print_request",
                zh=f"没有这些单号的订单：{named}",
                en=f"no order has these numbers: {named}",
            )
    run = printing.start_run(
        user, order_ids=ids, everything=body.all, size=body.size, dpi=body.dpi, file_kind=body.file_kind,
        station=body.station, carrier=body.carrier,
    )  # fmt: skip
    return 202, {**_run(run), "not_found": not_found}


@router.get("/label-runs/{run_id}", response=RunOut)
def get_run(request: HttpRequest, run_id: int) -> dict[str, Any]:
    """Tell where a label run stands."""
    return _run(_label_run(request, run_id))


@router.get("/label-runs/{run_id}/refused", response=list[RefusedLabelOut])
def refused_labels(request: HttpRequest, run_id: int) -> list[dict[str, str]]:
    """List the labels of a run that were not drawn, and why; at most 1,000."""
    run = _label_run(request, run_id)
    rows = run.tickets.filter(tenant=run.tenant, state=Ticket.State.REFUSED).select_related("order")[:1000]
    return [
        {
            "order_no": row.order.order_no,
            "waybill_no": row.order.waybill_no,
            "reason": row.reason_code,
            "reason_zh": row.reason_zh,
            "reason_en": row.reason_en,
        }
        for row in rows
    ]


@router.get("/label-runs/{run_id}/file", openapi_extra=file_answer("application/octet-stream"))
def run_file(request: HttpRequest, run_id: int) -> StreamingHttpResponse:
    """Fetch the labels of a run."""
    chunks: Iterator[bytes] = printing.file_chunks(person_of(request), _label_run(request, run_id))
    return StreamingHttpResponse(chunks, content_type="application/octet-stream")


def _label_run(request: HttpRequest, run_id: int) -> LabelRun:
    user = person_of(request)
    if not user.may(Permission.PRINT):
        raise not_allowed()
    return get_object_or_404(
        LabelRun.objects.filter(tenant=tenant_of(user)).select_related("tenant"), pk=run_id
    )


def _run(run: LabelRun) -> dict[str, Any]:
    return {
        "id": run.pk,
        "state": run.state,
        "wanted": run.wanted,
        "done": run.done,
        "refused": run.refused,
        "error_zh": run.error_zh,
        "error_en": run.error_en,
    }
