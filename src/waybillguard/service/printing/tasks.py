"""What the worker does for a label run: numbers, tickets, drawing, the check, the sealed file."""

import logging
from itertools import batched

from django.db import transaction
from django.db.models import F
from django.tasks import task
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from waybillguard.errors import WaybillGuardError
from waybillguard.label import draw
from waybillguard.label.check import Sampler, check_pixels, require
from waybillguard.label.model import LabelContent, LabelSize
from waybillguard.service.activity.recording import record
from waybillguard.service.common import context_of, keyd
from waybillguard.service.keyd import messages
from waybillguard.service.printing.files import AddLabel, open_label_file
from waybillguard.service.printing.models import LabelRun, Ticket
from waybillguard.service.printing.services import content_fields, new_ticket_uid, waiting_orders
from waybillguard.service.spool import SpoolWriter
from waybillguard.service.vault.epochs import EpochBook, hold_generation
from waybillguard.service.vault.models import Batch, Lane, Order
from waybillguard.service.vault.sealed import sealed_refs
from waybillguard.service.vault.search import visible

logger = logging.getLogger(__name__)

CHUNK = 200


@task()
def draw_run(run_id: int) -> None:
    """Draw one run. Safe to run twice: only one gets past ``waiting``."""
    with scopes_disabled():
        run = LabelRun.objects.select_related("tenant", "created_by__tenant").get(pk=run_id)
    with scope(tenant=run.tenant):
        if not LabelRun.objects.filter(pk=run_id, state=LabelRun.State.WAITING).update(
            state=LabelRun.State.DRAWING
        ):
            return
        try:
            _Drawing(run).run()
        except WaybillGuardError as error:
            _fail(run, error.zh, error.en)
        except Exception as error:  # noqa: BLE001 - a run must not stay half-way; the type alone is logged
            logger.error("label run %d failed: %s", run_id, type(error).__name__)  # noqa: TRY400 - a traceback may hold fields
            _fail(
                run,
                "绘制面单时发生内部错误，本次未出签。",
                "an internal fault while drawing; no label of this run counts.",
            )


class _Drawing:
    """One pass over a run's orders; memory holds a chunk of labels."""

    def __init__(self, run: LabelRun) -> None:
        self.run_row = run
        self.tenant = run.tenant
        self.size = LabelSize(run.size)
        self.context = context_of(run.created_by, workstation=run.station, purpose="print_label")
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
                    for ticket, content in self._prepare(orders):
                        self._draw(add, ticket, content)
                    LabelRun.objects.filter(pk=run.pk, tenant=self.tenant).update(
                        done=self.done, refused=self.refused
                    )
            writer.finish()
        except BaseException:
            writer.abandon()
            raise
        if not self.done:
            writer.abandon()
        self._finish(keep_file=bool(self.done))

    def _selected(self) -> list[int]:
        if self.run_row.selection is not None:
            return list(self.run_row.selection)
        return list(waiting_orders(self.run_row.created_by).values_list("pk", flat=True))

    def _prepare(self, orders: list[Order]) -> list[tuple[Ticket, LabelContent]]:
        """Give numbers and tickets to a chunk; what cannot be printed gets a refused ticket that says why."""
        self._assign_numbers([o for o in orders if o.lane != Lane.A and not (o.waybill_no and o.sort_code)])
        tickets: list[tuple[Ticket, Order]] = []
        with transaction.atomic():
            # Whoever takes an import out waits for this lock, and then sees the tickets.
            still_in = set(
                Batch.objects.select_for_update()
                .filter(tenant=self.tenant, pk__in={o.batch_id for o in orders}, state=Batch.State.COMMITTED)
                .values_list("pk", flat=True)
            )
            for order in orders:
                if order.batch_id not in still_in:
                    continue
                ticket = Ticket(
                    uid=new_ticket_uid(), tenant=self.tenant, run=self.run_row, order=order, attempt=0
                )
                if reason := _why_not(order):
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
        good = [(ticket, order) for ticket, order in tickets if ticket.state == Ticket.State.ISSUED]
        if not good:
            return []
        answer = keyd().call(
            messages.IssueReferences(
                context=self.context,
                tickets=[messages.TicketToIssue(bytes(t.uid), bytes(o.uid), t.attempt) for t, o in good],
            ),
            messages.References,
        )
        now = timezone.localtime()
        result = []
        for (ticket, order), reference in zip(good, answer.references, strict=True):
            ticket.ledger_index = reference.ledger_index
            result.append((ticket, self._content(ticket, order, reference.text, now.strftime("%m-%d %H:%M"))))
        return result

    def _content(self, ticket: Ticket, order: Order, reference: str, printed_at: str) -> LabelContent:
        return LabelContent(
            **content_fields(order),
            reference=reference,
            ticket=bytes(ticket.uid).hex()[:8].upper(),
            station=self.run_row.station,
            printed_at=printed_at,
            attempt=ticket.attempt,
            sample=order.simulated,
        )

    def _assign_numbers(self, orders: list[Order]) -> None:
        """Have keyd hand orders without numbers to the carrier; the plaintext never passes here."""
        if not orders or not self.run_row.carrier:
            return
        sealed = sealed_refs(self.tenant, [order.pk for order in orders])
        whole = [order for order in orders if order.pk in sealed.refs]
        self.epochs.forget()
        answer = keyd().call(
            messages.AssignCarrier(
                context=self.context,
                carrier=self.run_row.carrier,
                epochs=sealed.epochs,
                orders=[sealed.refs[order.pk] for order in whole],
                roots=self.epochs.roots(),
            ),
            messages.CarrierAnswer,
        )
        changed = []
        for order, numbers in zip(whole, answer.numbers, strict=True):
            if numbers.refused_en:
                order.carrier_refusal = (numbers.refused_zh, numbers.refused_en)  # type: ignore[attr-defined]
                continue
            order.waybill_no, order.sort_code, order.hub = numbers.waybill_no, numbers.sort_code, numbers.hub
            order.carrier = numbers.carrier or order.carrier
            order.simulated = numbers.simulated
            order.waybill_index = numbers.waybill_index
            changed.append(order)
        self._keep_numbers(changed)

    def _keep_numbers(self, orders: list[Order]) -> None:
        """Store what the carrier gave; if keys began to rotate meanwhile, the indexes are made anew."""
        fields = ["waybill_no", "sort_code", "hub", "carrier", "simulated", "waybill_index"]
        while True:
            with transaction.atomic():
                if hold_generation(self.tenant, self.epochs.generation):
                    Order.objects.bulk_update(orders, fields)
                    if orders:
                        # The carrier got the contact: it is who holds plaintext from here on, not the clerk.
                        record(
                            self.tenant, "export", account=f"carrier:{self.run_row.carrier}", orders=orders,
                            exposed=True, purpose="carrier", workstation=self.run_row.station,
                            explained=("print_job", f"run {self.run_row.pk}"),
                        )  # fmt: skip
                    return
            self.epochs.forget()
            queries = [messages.TokenQuery("waybill", order.waybill_no, [order.day], []) for order in orders]
            answer = keyd().call(
                messages.NumberTokens(context=self.context, queries=queries, roots=self.epochs.roots()),
                messages.TokenAnswer,
            )
            for order, tokens in zip(orders, answer.tokens, strict=True):
                order.waybill_index = tokens[0] if tokens else b""

    def _draw(self, add: AddLabel, ticket: Ticket, content: LabelContent) -> None:
        try:
            drawn = draw(content, self.size, self.run_row.dpi)
            require(drawn)
            if self.sampler.wants(self.run_row.size, self.run_row.file_kind, str(self.run_row.pk)):
                check_pixels(drawn)
        except WaybillGuardError as error:
            self.refused += 1
            Ticket.objects.filter(uid=ticket.uid, tenant=self.tenant).update(
                state=Ticket.State.REFUSED,
                reason_code=error.code[:40],
                reason_zh=error.zh[:300],
                reason_en=error.en[:300],
                ledger_index=ticket.ledger_index,
            )
            return
        add(drawn)
        self.done += 1

    def _finish(self, *, keep_file: bool) -> None:
        """Let the run count: tickets, orders and the run itself change in one transaction."""
        run, now = self.run_row, timezone.now()
        with transaction.atomic():
            issued = Ticket.objects.filter(run=run, tenant=self.tenant, state=Ticket.State.ISSUED)
            printed = visible(self.tenant).filter(tickets__in=issued)
            self._move_lane_c(list(printed.filter(lane=Lane.C).values_list("pk", "batch_id")))
            Order.objects.filter(tenant=self.tenant, tickets__in=issued, printed_at=None).update(
                printed_at=now
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
        """Record each label as printed, or printed again, by whoever asked for the run."""
        job = ("print_job", f"run {self.run_row.pk}")
        for action, attempts in (("print", {"attempt": 1}), ("reprint", {"attempt__gt": 1})):
            tickets = Ticket.objects.filter(
                run=self.run_row, tenant=self.tenant, state=Ticket.State.ISSUED, **attempts
            ).select_related("order")
            for some in batched(tickets.order_by("pk").iterator(CHUNK), CHUNK):
                record(
                    self.tenant, action, user=self.run_row.created_by, orders=[one.order for one in some],
                    purpose="print_label", workstation=self.run_row.station, explained=job,
                )  # fmt: skip

    def _move_lane_c(self, orders: list[tuple[int, int]]) -> None:
        """A C order that the label service prints counts as B from then on."""
        if not orders:
            return
        Order.objects.filter(tenant=self.tenant, pk__in=[pk for pk, _ in orders]).update(lane=Lane.B)
        for batch in Batch.objects.select_for_update().filter(
            tenant=self.tenant, pk__in={batch_id for _, batch_id in orders}
        ):
            moved = sum(1 for _, batch_id in orders if batch_id == batch.pk)
            batch.lanes["C"] = max(0, batch.lanes.get("C", 0) - moved)
            batch.lanes["B"] = batch.lanes.get("B", 0) + moved
            batch.save(update_fields=["lanes"])


def _why_not(order: Order) -> tuple[str, str, str] | None:
    if order.lane == Lane.A:
        return (
            "platform_ciphertext",
            "平台密文订单由平台打印组件出单，本系统不打印",
            "an order in platform ciphertext is printed by the platform's own component",
        )
    if refusal := getattr(order, "carrier_refusal", None):
        return ("carrier_refused", *refusal)
    if not (order.waybill_no and order.sort_code):
        return (
            "no_numbers",
            "缺少运单号或大头笔：请在导出中带上，或配置快递接口",
            "no waybill number or sort code: bring them in the export, or configure a carrier interface",
        )
    return None


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
