"""Label runs: request labels of orders in a chosen form, and fetch the file."""

import secrets
from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from waybillguard.label import draw, preview_content
from waybillguard.label.model import LabelSize
from waybillguard.label.png import to_png
from waybillguard.service.audit.recording import record, refuse
from waybillguard.service.authorization.authorize import may_print_again, may_take_files
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.keyd import messages
from waybillguard.service.platform.errors import NotAllowedError
from waybillguard.service.platform.queue import enqueue
from waybillguard.service.print_room.models import LabelRun, Ticket
from waybillguard.service.print_room.runs.errors import PrintingError
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.spool import remove_spool, spool_chunks
from waybillguard.service.vault.listing import visible
from waybillguard.service.vault.models import Lane, Order

FILE_KINDS = ("pdf", "png", "zpl", "zpl-full", "tspl", "cpcl", "escpos")
DPI = (203, 300)
MOST_IN_A_SELECTION = 20_000
MAX_AT_ONCE = 2_000
"""Most orders that a list passes on to be printed or exported at once."""
# The file can be fetched again for this long, in case a download breaks; then it is deleted.
FILE_LIFETIME = timedelta(hours=24)
# A request repeated by the same person within this time counts as one.
DOUBLE_CLICK = timedelta(seconds=5)


def start_run(
    user: User,
    *,
    order_ids: list[int] | None,
    everything: bool = False,
    size: str = LabelSize.S76X130.value,
    dpi: int = 203,
    file_kind: str = "pdf",
    station: str = "console",
    carrier: str = "",
) -> LabelRun:
    """Request labels of the given orders, or of every sealed order not yet printed.

    ``carrier`` names the interface that assigns missing waybill numbers; empty uses the tenant's setting.

    Raises:
        NotAllowedError: the person's role may not print, or the policies refuse a reprint.
        PrintingError (print_request): nothing selected, or an unknown size, resolution or form.
        StationError (reprint): some orders were printed before, and reprints need a second person.
    """
    from waybillguard.service.print_room.stations.reprints import again_in_file  # stations import runs

    if not user.may(Permission.PRINT):
        raise refuse(user, "print")
    if size not in set(LabelSize) or dpi not in DPI or file_kind not in FILE_KINDS:
        raise PrintingError(
            code="print_request",
            zh="面单尺寸、分辨率或文件格式不存在",
            en="there is no such label size, resolution or file form",
        )
    tenant = tenant_of(user)
    if everything:
        wanted = waiting_orders(user).count()
        selection = None
    else:
        asked = list(dict.fromkeys(order_ids or []))[:MOST_IN_A_SELECTION]
        selection = list(visible(tenant).filter(pk__in=asked).order_by("pk").values_list("pk", flat=True))
        wanted = len(selection)
    if not wanted:
        raise PrintingError(
            code="print_request",
            zh="没有可打印的订单：已入库的 B、C 类订单都已打印，或未选择订单。",
            en="there is nothing to print: no orders were chosen, or all sealed orders are printed.",
        )
    if selection is not None and (twin := _just_asked(user, selection, size, dpi, file_kind)):
        return twin
    run = None
    with transaction.atomic():
        again = again_in_file(user, _once_asked(user) if selection is None else selection, timezone.now())
        if not again or may_print_again(user):
            run = LabelRun.objects.create(
                tenant=tenant,
                created_by=user,
                station=station[:40],
                size=size,
                dpi=dpi,
                file_kind=file_kind,
                carrier=carrier or tenant.carrier,
                wanted=wanted,
                selection=selection,
                again=again,
            )
            pk = run.pk
            enqueue("print_room.runs.tasks.draw_run", pk)
    if run is None:  # raised outside the transaction, so that the refusal stays recorded
        raise refuse(user, "reprint")
    return run


def _just_asked(user: User, selection: list[int], size: str, dpi: int, file_kind: str) -> LabelRun | None:
    """Return an identical request of the same person from a moment ago, so that a double click prints once."""
    recent = LabelRun.objects.filter(
        tenant=tenant_of(user),
        created_by=user,
        created_at__gt=timezone.now() - DOUBLE_CLICK,
        size=size,
        dpi=dpi,
        file_kind=file_kind,
    ).order_by("-pk")[:5]
    return next((run for run in recent if run.selection == selection), None)


def waiting_orders(user: User) -> QuerySet[Order]:
    """Return the sealed orders of lanes B and C that were never printed and wait at no printer, oldest first."""
    state = Ticket.State
    elsewhere = Ticket.objects.filter(
        order=OuterRef("pk"), printer__isnull=False, state__in=[state.ISSUED, state.LEASED, state.UNCERTAIN]
    )
    waiting = visible(tenant_of(user)).filter(lane__in=[Lane.B, Lane.C], printed_at=None)
    return waiting.filter(~Exists(elsewhere)).order_by("pk")


def _once_asked(user: User) -> list[int]:
    """Return which of the waiting orders had a ticket before; only these can be reprints."""
    tickets = Ticket.objects.filter(order=OuterRef("pk"))
    return list(waiting_orders(user).filter(Exists(tickets)).values_list("pk", flat=True))


def file_chunks(user: User, run: LabelRun) -> Iterator[bytes]:
    """Yield the run's file in pieces; the fetch is recorded first.

    Raises:
        NotAllowedError: the person's role may not print, or an alert response blocked files.
        PrintingError (run_not_ready): the file is not ready, failed, or was deleted.
    """
    if not user.may(Permission.PRINT):
        raise refuse(user, "export")
    stopped = may_take_files(user)
    if stopped is not None and not stopped.allowed:
        refuse(user, "export")
        raise NotAllowedError(
            zh="因告警处置，您暂时不能下载面单文件；打印机打印不受影响。请联系负责人",
            en="In answer to an alert you cannot take files of labels for now; printers go on. Ask an owner",
        )
    if run.state != LabelRun.State.READY or not run.spool_name:
        raise PrintingError(
            code="run_not_ready",
            zh="面单文件尚未就绪或已过期。过期后请重打。",
            en="the label file is not ready or no longer kept. Print again if it is gone.",
        )
    context = context_of(user, workstation=run.station)
    keyd().call(
        messages.Record(
            context=context,
            kind="label_file",
            detail={"run": run.pk, "labels": run.done},
        ),
        messages.Recorded,
    )
    record(
        run.tenant, "export", user=user, purpose="label_file", workstation=run.station,
        explained=("print_job", f"run {run.pk}"),
    )  # fmt: skip
    return spool_chunks(context, "label_file", run.spool_name, bytes(run.wrapped_key))


def preview_png(order: Order, size: str = LabelSize.S76X130.value, dpi: int = 203) -> bytes:
    """Return a picture of the masked label as it would be printed; its code carries no reference."""
    return to_png(draw(preview_content(content_fields(order)), LabelSize(size), dpi))


def content_fields(order: Order) -> dict[str, str]:
    """Return the fields of an order that a label uses: the masked view and the numbers, nothing else."""
    return {
        "waybill_no": order.waybill_no,
        "sort_code": order.sort_code,
        "hub": order.hub or order.city,
        "carrier": order.carrier,
        "name": order.masked_name,
        "phone": order.masked_phone,
        "address": order.masked_address,
        "goods_class": order.goods_class,
        "remark": order.masked_remark,
    }


def sweep_interrupted_runs() -> int:
    """Mark runs that a crash interrupted, void their open tickets, delete expired files.

    Orders of an interrupted run do not count as printed; printing them makes a new attempt.
    """
    from django_scopes import scopes_disabled

    touched = 0
    with scopes_disabled():
        for run in LabelRun.objects.filter(state=LabelRun.State.DRAWING):
            Ticket.objects.filter(run=run, state=Ticket.State.ISSUED).update(state=Ticket.State.VOID)
            remove_spool(run.spool_name)
            LabelRun.objects.filter(pk=run.pk).update(
                state=LabelRun.State.INTERRUPTED,
                spool_name="",
                wrapped_key=b"",
                finished_at=timezone.now(),
                error_zh="服务中断，本次未打印；请重打，系统会签发新的次数。",
                error_en="the service was interrupted and no label of this run counts; print again.",
            )
            touched += 1
        for run in LabelRun.objects.filter(state=LabelRun.State.WAITING):
            enqueue("print_room.runs.tasks.draw_run", run.pk)
        old = LabelRun.objects.filter(finished_at__lt=timezone.now() - FILE_LIFETIME).exclude(spool_name="")
        for run in old:
            remove_spool(run.spool_name)
            LabelRun.objects.filter(pk=run.pk).update(spool_name="", wrapped_key=b"")
    return touched


def new_ticket_uid() -> bytes:
    """Return 128 random bits that identify a ticket; its state alone tells whether it is spent (`stations.tickets`)."""
    return secrets.token_bytes(16)
