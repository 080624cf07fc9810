"""Draw waiting tickets and seal them as jobs, in memory only.

A job's bytes exist only while one lease is answered: drawn from the masked view, checked by the label's own check,
sealed to one device, returned. Only their SHA-256 is stored.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Final, cast

from waybillguard.agent.protocol import MOST_ATTEMPTS, JobHead, Language, Lease
from waybillguard.agent.sealedjob import lease as sealed_lease
from waybillguard.label.check import check_pixels
from waybillguard.label.cpcl import to_cpcl
from waybillguard.label.escpos import to_escpos
from waybillguard.label.model import Drawn, LabelSize
from waybillguard.label.pdf import PdfWriter
from waybillguard.label.png import to_png
from waybillguard.label.tspl import to_tspl
from waybillguard.label.zpl import to_zpl_hybrid, zpl_template
from waybillguard.service.identity.models import Permission
from waybillguard.service.platform.database.raw_sql import all_rows, marks
from waybillguard.service.print_room.labels import context_of_run, draw_labels, refuse
from waybillguard.service.print_room.models import LabelRun, Printer, Ticket
from waybillguard.service.print_room.runs.numbers import assign_numbers, label_refusal
from waybillguard.service.print_room.stations.warming import one_at_a_time
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.vault.epochs import EpochBook
from waybillguard.service.vault.models import Batch, Order

_ONE_IN: Final = 100
"""The first label of each run and 1 label in 100 are read back from their dots."""
_COMMITTED: Final = "SELECT id FROM vault_batch WHERE tenant_id = %s AND state = %s AND id IN ({many})"
_RUNS_REMEMBERED: Final = 4096
_begun: Final[dict[int, None]] = {}


@dataclass(frozen=True, slots=True)
class Job:
    """A sealed job and its ticket; ``sha256`` is the hash of the printer's bytes."""

    ticket: Ticket
    lease: Lease
    sha256: bytes


def make_jobs(printer: Printer, waiting: Sequence[Ticket], until: datetime, now: datetime) -> list[Job]:
    """Draw, check and seal the labels of these tickets for the device of their printer.

    The prints are written to the ledger first. If a label fails its check or its order is gone, its ticket is
    refused with the reason; the others continue. No ticket is spent here.

    Raises:
        KeydError: the ledger cannot be written; nothing was drawn.
    """
    jobs: list[Job] = []
    for _, group in groupby(waiting, key=lambda ticket: ticket.run_id):
        tickets = list(group)
        good = _drawable(tickets, now)
        if good:
            jobs += _draw_all(printer, tickets[0].run, good, until, now)
    return jobs


def encode(drawn: Drawn, language: str) -> bytes:
    """Return the bytes a printer takes for one label; they need no earlier job.

    A ZPL job includes its template: a printer that was off has lost the last one, and a label without its fixed
    part would differ from the checked one.
    """
    match language:
        case "zpl":
            return _template(drawn.size, drawn.dpi) + to_zpl_hybrid(drawn)
        case "tspl":
            return to_tspl(drawn)
        case "cpcl":
            return to_cpcl(drawn)
        case "escpos":
            return to_escpos(drawn)
        case "png":
            return to_png(drawn)
        case "pdf":
            parts: list[bytes] = []
            with PdfWriter(parts.append) as pages:
                pages.add(drawn)
            return b"".join(parts)
        case _:
            raise ValueError(language)


@cache
def _template(size: LabelSize, dpi: int) -> bytes:
    return zpl_template(size, dpi)


def _drawable(tickets: list[Ticket], now: datetime) -> list[Ticket]:
    run = tickets[0].run
    # The person was read with the tickets; the policies are evaluated again.
    if not run.created_by.may(Permission.PRINT):
        for ticket in tickets:
            refuse(
                ticket,
                "not_allowed",
                "申请打印的人已无打印权限",
                "whoever asked for it may no longer print",
                now,
            )
        return []
    orders: list[Order] = [ticket.order for ticket in tickets]
    assign_numbers(run, context_of_run(run), orders, EpochBook(run.tenant, keyd()))
    batches = {order.batch_id for order in orders}
    question = _COMMITTED.format(many=marks(len(batches)))
    committed = {row[0] for row in all_rows(question, run.tenant.pk, Batch.State.COMMITTED.value, *batches)}
    good = []
    for ticket, order in zip(tickets, orders, strict=True):
        if order.shredded_at is not None or order.batch_id not in committed:
            refuse(ticket, "gone", "订单已撤销或已销毁", "the order was taken out or shredded", now)
        elif reason := label_refusal(order):
            refuse(ticket, *reason, now)
        elif order.attempts >= MOST_ATTEMPTS:
            refuse(
                ticket,
                "attempts",
                f"此单已打印 {MOST_ATTEMPTS} 次",
                f"printed {MOST_ATTEMPTS} times already",
                now,
            )
        else:
            ticket.attempt = order.attempts + 1
            good.append(ticket)
    return good


def _draw_all(
    printer: Printer, run: LabelRun, tickets: list[Ticket], until: datetime, now: datetime
) -> list[Job]:
    def check_dots(drawn: Drawn) -> None:
        if secrets.randbelow(_ONE_IN) == 0:
            check_pixels(drawn)
        elif run.pk not in _begun:
            check_pixels(drawn, quick=True)  # an agent waits for the answer
        _remember(run)

    return [
        _sealed(printer, ticket, encode(drawn, printer.language), until)
        for ticket, drawn in draw_labels(run, tickets, now, check_dots=check_dots, turn=one_at_a_time)
        if drawn is not None
    ]


def _remember(run: LabelRun) -> None:
    """Remember in this process that a label of a run passed its check; forgotten runs are checked once more."""
    _begun[run.pk] = None
    while len(_begun) > _RUNS_REMEMBERED:
        del _begun[next(iter(_begun))]


def _sealed(
    printer: Printer,
    ticket: Ticket,
    content: bytes,
    until: datetime,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> Job:
    head = JobHead(
        job=random(16).hex(), ticket=bytes(ticket.uid).hex(), attempt=ticket.attempt, printer=printer.name,
        language=cast("Language", printer.language), expires=until,
    )  # fmt: skip
    device = printer.device
    sealed = sealed_lease(content, head, device=device.uid, key=bytes(device.sealing_key), random=random)
    return Job(ticket, sealed, hashlib.sha256(content).digest())
