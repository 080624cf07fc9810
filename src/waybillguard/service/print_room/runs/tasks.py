"""Worker task of a label run: numbers, tickets, drawing, the check, the sealed file."""

import logging
from functools import partial
from itertools import batched

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.tasks import task
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from waybillguard.errors import WaybillGuardError
from waybillguard.label.check import Sampler, check_pixels
from waybillguard.label.model import Drawn, LabelSize
from waybillguard.service.audit.recording import record
from waybillguard.service.platform.disk import WAITS, refuse_without_room
from waybillguard.service.platform.queue import no_room, put_off
from waybillguard.service.print_room.labels import context_of_run, draw_labels
from waybillguard.service.print_room.models import LabelRun, Ticket
from waybillguard.service.print_room.runs.counting import count_printed, printed_before
from waybillguard.service.print_room.runs.errors import PrintingError
from waybillguard.service.print_room.runs.files import AddLabel, open_label_file
from waybillguard.service.print_room.runs.numbers import assign_numbers, label_refusal
from waybillguard.service.print_room.runs.services import new_ticket_uid, waiting_orders
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.spool import SpoolWriter
from waybillguard.service.vault.epochs import EpochBook
from waybillguard.service.vault.listing import visible
from waybillguard.service.vault.models import Batch, Order

logger = logging.getLogger(__name__)

CHUNK = 200


@task()
def draw_run(run_id: int, tried: int = 0) -> None:
    """Draw one run. Safe to run twice: only one passes ``waiting``. If the disk is full, the run is drawn later."""
    with scopes_disabled():
        run = LabelRun.objects.select_related("tenant", "created_by__tenant").get(pk=run_id)
    with scope(tenant=run.tenant):
        if not LabelRun.objects.filter(pk=run_id, state=LabelRun.State.WAITING).update(
            state=LabelRun.State.DRAWING, error_zh="", error_en=""
        ):
            return
        try:
            # Before any label is counted: otherwise a failed attempt would use up an order's prints.
            refuse_without_room(settings.CONFIG.data_dir)
            _Drawing(run).run()
        except Exception as error:  # noqa: BLE001 - a run must not stay half-finished; only the type is logged
            if no_room(error):
                put_off(
                    "print_room.runs.tasks.draw_run", run_id, tried=tried, put_back=partial(_put_back, run)
                )
            elif isinstance(error, WaybillGuardError):
                _fail(run, error.zh, error.en)
            else:
                logger.error("label run %d failed: %s", run_id, type(error).__name__)  # noqa: TRY400 - a traceback may hold fields
                _fail(
                    run,
                    "绘制面单时发生内部错误，本次未打印。",
                    "an internal fault while drawing; no label of this run counts.",
                )


class _Drawing:
    """One pass over a run's orders; at most one chunk of labels is in memory."""

    def __init__(self, run: LabelRun) -> None:
        self.run_row = run
        self.tenant = run.tenant
        self.size = LabelSize(run.size)
        self.context = context_of_run(run)
        self.epochs = EpochBook(run.tenant, keyd())
        self.sampler = Sampler()
        self.done = 0
        self.refused = 0

    def run(self) -> None:
        run = self.run_row
        writer = SpoolWriter(self.tenant)
        try:
            LabelRun.objects.filter(pk=run.pk, tenant=self.tenant).update(
                spool_name=writer.name, wrapped_key=writer.wrapped_key
            )
            with open_label_file(run.file_kind, writer, self.size, run.dpi) as add:
                for ids in batched(self._selected(), CHUNK):
                    orders = list(visible(self.tenant).filter(pk__in=ids).order_by("pk"))
                    self._draw(add, self._prepare(orders))
                    LabelRun.objects.filter(pk=run.pk, tenant=self.tenant).update(
                        done=self.done, refused=self.refused
                    )
            writer.finish()
            self._finish(keep_file=bool(self.done))
        except BaseException:
            writer.abandon()
            raise
        if not self.done:
            writer.abandon()

    def _selected(self) -> list[int]:
        if self.run_row.selection is not None:
            return list(self.run_row.selection)
        return list(waiting_orders(self.run_row.created_by).values_list("pk", flat=True))

    def _prepare(self, orders: list[Order]) -> list[Ticket]:
        """Assign numbers and tickets to a chunk; orders that cannot be printed get a refused ticket with the reason."""
        assign_numbers(self.run_row, self.context, orders, self.epochs)
        tickets: list[tuple[Ticket, Order]] = []
        with transaction.atomic():
            # Undoing an import waits for this lock and then sees the tickets.
            still_in = set(
                Batch.objects.select_for_update()
                .filter(tenant=self.tenant, pk__in={o.batch_id for o in orders}, state=Batch.State.COMMITTED)
                .order_by("pk")
                .values_list("pk", flat=True)
            )
            for order in orders:
                if order.batch_id not in still_in:
                    continue
                ticket = Ticket(
                    uid=new_ticket_uid(),
                    tenant=self.tenant,
                    run=self.run_row,
                    order=order,
                    attempt=0,
                )
                if reason := label_refusal(order):
                    self.refused += 1
                    ticket.state = Ticket.State.REFUSED
                    ticket.reason_code, ticket.reason_zh, ticket.reason_en = reason
                else:
                    Order.objects.filter(pk=order.pk, tenant=self.tenant).update(attempts=F("attempts") + 1)
                    order.attempts = Order.objects.values_list("attempts", flat=True).get(
                        pk=order.pk, tenant=self.tenant
                    )
                    ticket.attempt = order.attempts
                tickets.append((ticket, order))
            Ticket.objects.bulk_create([ticket for ticket, _ in tickets])
        return [ticket for ticket, _ in tickets if ticket.state == Ticket.State.ISSUED]

    def _draw(self, add: AddLabel, tickets: list[Ticket]) -> None:
        if not tickets:
            return
        for _ticket, drawn in draw_labels(self.run_row, tickets, timezone.now(), check_dots=self._check_dots):
            if drawn is None:
                self.refused += 1
            else:
                add(drawn)
                self.done += 1

    def _check_dots(self, drawn: Drawn) -> None:
        if self.sampler.wants(self.run_row.size, self.run_row.file_kind, str(self.run_row.pk)):
            check_pixels(drawn)

    def _finish(self, *, keep_file: bool) -> None:
        """Complete the run: tickets, orders and the run itself change in one transaction.

        Raises:
            PrintingError (print_request): an order was shredded while its label was drawn; no label of the run counts.
        """
        run, now = self.run_row, timezone.now()
        with transaction.atomic():
            issued = Ticket.objects.filter(run=run, tenant=self.tenant, state=Ticket.State.ISSUED)
            printed = visible(self.tenant).filter(tickets__in=issued)
            count_printed(self.tenant, list(printed.values_list("pk", flat=True)), now)
            # An order shredded after this line finds the run and deletes its file (`runs.receivers`).
            if issued.filter(order__shredded_at__isnull=False).exists():
                raise PrintingError(
                    code="print_request",
                    zh="绘制期间其中有订单被销毁，本次未打印；请重打其余订单。",
                    en="an order in it was shredded meanwhile and no label of this run counts; print the others again.",
                )
            self._record()
            issued.update(state=Ticket.State.PRINTED)
            LabelRun.objects.filter(pk=run.pk, tenant=self.tenant).update(
                state=LabelRun.State.READY,
                finished_at=now,
                done=self.done,
                refused=self.refused,
                **({} if keep_file else {"spool_name": "", "wrapped_key": b""}),
            )

    def _record(self) -> None:
        """Record each label as printed or reprinted, under the person who requested the run."""
        job = ("print_job", f"run {self.run_row.pk}")
        tickets = Ticket.objects.filter(
            run=self.run_row, tenant=self.tenant, state=Ticket.State.ISSUED
        ).select_related("order")
        for some in batched(tickets.order_by("pk").iterator(CHUNK), CHUNK):
            before = printed_before(some)
            for action, again in (("print", False), ("reprint", True)):
                orders = [one.order for one in some if (one.order_id in before) is again]
                if orders:
                    record(
                        self.tenant, action, user=self.run_row.created_by, orders=orders,
                        purpose="print_label", workstation=self.run_row.station, explained=job,
                    )  # fmt: skip


def _put_back(run: LabelRun) -> None:
    """Undo labels that were drawn without a file: nobody has them."""
    zh, en = WAITS
    tickets = Ticket.objects.filter(run=run, tenant=run.tenant)
    tickets.filter(state=Ticket.State.ISSUED).update(state=Ticket.State.VOID)
    tickets.filter(state=Ticket.State.REFUSED).delete()  # the next drawing refuses them again
    LabelRun.objects.filter(pk=run.pk, tenant=run.tenant, state=LabelRun.State.DRAWING).update(
        state=LabelRun.State.WAITING,
        error_zh=zh,
        error_en=en,
        done=0,
        refused=0,
        spool_name="",
        wrapped_key=b"",
    )


def _fail(run: LabelRun, zh: str, en: str) -> None:
    Ticket.objects.filter(run=run, tenant=run.tenant, state=Ticket.State.ISSUED).update(
        state=Ticket.State.VOID
    )
    LabelRun.objects.filter(pk=run.pk, tenant=run.tenant).update(
        state=LabelRun.State.FAILED,
        error_zh=zh[:400],
        error_en=en[:400],
        spool_name="",
        wrapped_key=b"",
        finished_at=timezone.now(),
    )
