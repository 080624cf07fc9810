"""One road to a label: in the ledger first, drawn from the masked view, passed by its own check, or refused with the reason.

Files (`runs.tasks`) and jobs of stations (`stations.drawing`) both come this way; they differ in what becomes of the dots.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F

from waybillguard.errors import WaybillGuardError
from waybillguard.label import draw
from waybillguard.label.check import require
from waybillguard.label.model import Drawn, LabelSize
from waybillguard.service.identity.context import context_of
from waybillguard.service.keyd import label_messages, messages
from waybillguard.service.print_room.models import LabelRun, Ticket
from waybillguard.service.print_room.runs.counting import printed_before
from waybillguard.service.print_room.runs.numbers import label_content
from waybillguard.service.tenancy.key_process import keyd

PURPOSE = "print_label"


def context_of_run(run: LabelRun) -> messages.Context:
    """Return who asks keyd for what the labels of a run need."""
    return context_of(run.created_by, workstation=run.station, purpose=PURPOSE)


def draw_labels(
    run: LabelRun,
    tickets: Sequence[Ticket],
    now: datetime,
    *,
    check_dots: Callable[[Drawn], None],
    turn: AbstractContextManager[object] | None = None,
) -> Iterator[tuple[Ticket, Drawn | None]]:
    """Yield each ticket with its label; None where the label failed a check, and the ticket is refused.

    The prints stand in the ledger before the first label is drawn. No ticket is spent here.

    Args:
        run: what the tickets are of.
        tickets: issued ones, each with its order and attempt.
        now: when the labels count as printed.
        check_dots: reads some labels back from their dots; raises what is wrong with one.
        turn: held while one label is drawn.

    Raises:
        KeydError: the ledger does not write; nothing was drawn.
    """
    before = printed_before(tickets)
    answer = keyd().call(
        label_messages.IssueReferences(
            context=context_of_run(run),
            tickets=[
                label_messages.TicketToIssue(
                    bytes(t.uid), bytes(t.order.uid), t.attempt, t.order_id in before
                )
                for t in tickets
            ],
        ),
        label_messages.References,
    )
    printed_at = now.astimezone(ZoneInfo(run.tenant.time_zone)).strftime("%m-%d %H:%M")
    size = LabelSize(run.size)
    turn = turn or nullcontext()
    for ticket, reference in zip(tickets, answer.references, strict=True):
        ticket.ledger_index = reference.ledger_index
        content = label_content(
            ticket, ticket.order, reference=reference.text, station=run.station, printed_at=printed_at
        )
        try:
            with turn:
                drawn = draw(content, size, run.dpi)
                require(drawn)
                check_dots(drawn)
        except WaybillGuardError as error:
            refuse(ticket, error.code, error.zh, error.en, now)
            yield ticket, None
        else:
            yield ticket, drawn


def refuse(ticket: Ticket, code: str, zh: str, en: str, now: datetime) -> None:
    """End the ticket of a label that must not be printed, with the reason; its run counts it."""
    changed = Ticket.objects.filter(
        uid=ticket.uid, tenant=ticket.tenant_id, state=Ticket.State.ISSUED
    ).update(
        state=Ticket.State.REFUSED, reason_code=code[:40], reason_zh=zh[:300], reason_en=en[:300], changed_at=now,
        ledger_index=ticket.ledger_index,
    )  # fmt: skip
    if changed:
        LabelRun.objects.filter(pk=ticket.run_id, tenant=ticket.tenant_id).update(refused=F("refused") + 1)
