"""The machine API's part for label runs: ask for labels, follow the run, fetch its file."""

from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router

from waybillguard.service.audit.recording import refuse
from waybillguard.service.authorization.bearer import person_of
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.errors import not_allowed
from waybillguard.service.platform.rates import Rate
from waybillguard.service.print_room.models import LabelRun, Ticket
from waybillguard.service.print_room.runs import services as printing
from waybillguard.service.print_room.runs.errors import PrintRequestError
from waybillguard.service.vault import search
from waybillguard.service.web.api.schemas import RefusedLabelOut, RunIn, RunOut

router = Router()

MOST_NUMBERS: Final = 500


@router.post("/label-runs", response={202: RunOut}, throttle=[Rate("labels", "60/m")])
def create_run(request: HttpRequest, body: RunIn) -> tuple[int, dict[str, Any]]:
    """Ask for labels; the worker draws and checks them."""
    user = person_of(request)
    if not user.may(Permission.PRINT):
        raise refuse(user, "print")
    not_found: list[str] = []
    ids: list[int] | None = None
    if body.orders is not None:
        numbers = list(dict.fromkeys(body.orders))
        if len(numbers) > MOST_NUMBERS:
            raise PrintRequestError(
                zh=f"一次最多指定 {MOST_NUMBERS} 个单号，请分批打印",
                en=f"at most {MOST_NUMBERS} numbers at a time: print in parts",
            )
        found = search.find_numbers(user, numbers)
        not_found = [number for number, rows in found.items() if not rows]
        ids = [pk for rows in found.values() for pk in rows]
        if not ids and not_found:
            named = "、".join(not_found[:10])
            raise PrintRequestError(
                zh=f"没有这些单号的订单：{named}", en=f"no order has these numbers: {named}"
            )
    run = printing.start_run(
        user, order_ids=ids, everything=ids is None, size=body.size, dpi=body.dpi, file_kind=body.file_kind,
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


@router.get("/label-runs/{run_id}/file")
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
