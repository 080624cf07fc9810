"""Draw labels: write to the ledger, draw from the masked view, check each label, or refuse it with the reason.

Used for files (`runs.tasks`) and jobs of stations (`stations.drawing`), which use the dots differently.
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
    """Return the context in which keyd is asked for the labels of a run."""
    return context_of(run.created_by, workstation=run.station, purpose=PURPOSE)


def draw_labels(
    run: LabelRun,
    tickets: Sequence[Ticket],
    now: datetime,
    *,
    check_dots: Callable[[Drawn], None],
    turn: AbstractContextManager[object] | None = None,
) -> Iterator[tuple[Ticket, Drawn | None]]:
    """Yield each ticket with its label, or with None if the label failed a check and its ticket was refused.

    The prints are written to the ledger before the first label is drawn. No ticket is spent here.

    Args:
        run: the run of the tickets.
        tickets: issued tickets, each with its order and attempt.
        now: when the labels count as printed.
        check_dots: reads some labels back from their dots; raises an error if one is wrong.
        turn: context manager held while one label is drawn.

    Raises:
        KeydError: the ledger cannot be written; nothing was drawn.
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
    """Refuse the ticket of a label that must not be printed, with the reason; its run counts it."""
    changed = Ticket.objects.filter(
        uid=ticket.uid, tenant=ticket.tenant_id, state=Ticket.State.ISSUED
    ).update(
        state=Ticket.State.REFUSED, reason_code=code[:40], reason_zh=zh[:300], reason_en=en[:300], changed_at=now,
        ledger_index=ticket.ledger_index,
    )  # fmt: skip
    if changed:
        LabelRun.objects.filter(pk=ticket.run_id, tenant=ticket.tenant_id).update(refused=F("refused") + 1)
