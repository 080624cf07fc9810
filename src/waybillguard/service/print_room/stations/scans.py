"""Evaluate scans: identify a label, check whether it counts, and record that it left the packing bench.

A scan reads the barcode (waybill number) or the QR code (sealed reference). Labels are confirmed by scans made
anyway at verification, weighing and pick-up; no extra scan is needed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from waybillguard.seal.reference import REFERENCE_CHARACTERS
from waybillguard.service.audit.recording import record
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.merchants.scope import shops_inside
from waybillguard.service.identity.models import User
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.label_messages import OpenedReference, OpenedReferences, OpenReferences
from waybillguard.service.print_room.models import Ticket
from waybillguard.service.print_room.signals import label_not_genuine
from waybillguard.service.print_room.stations import moves
from waybillguard.service.print_room.stations.errors import StationError
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.vault.epochs import EpochBook
from waybillguard.service.vault.exact import having_token
from waybillguard.service.vault.listing import visible
from waybillguard.service.vault.models import Order

State = Ticket.State
How = Ticket.How
PLACES: Final = ("verify", "weigh", "pickup")
_REFERENCE: Final = re.compile(r"[0-9A-Z $%*+\-./:]{71,72}\Z")
_WAYBILL: Final = re.compile(r"[0-9A-Za-z\-]{6,40}\Z")
_AT_ONCE: Final = 500

GENUINE: Final = "genuine"
SUPERSEDED: Final = "superseded"
UNPRINTED: Final = "unprinted"
UNKNOWN: Final = "unknown"
FOREIGN: Final = "foreign"
NO_CODE: Final = "no_code"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on a scanned label.

    ``kind`` is genuine, superseded (a newer label of the order exists: attempt ``by``), unprinted (its ticket never
    became a label), unknown (our seal, no such ticket), foreign (another warehouse's, or forged) or no_code
    (neither a reference nor a waybill number).
    """

    kind: str
    ticket: Ticket | None = None
    by: int = 0
    scanned: bool = False

    @property
    def order(self) -> Order | None:
        """The order of the label."""
        return self.ticket.order if self.ticket is not None else None


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts of a batch of scans."""

    confirmed: int
    known: int
    unknown: int


def is_reference(text: str) -> bool:
    """Return whether a scan is the text of the QR code (a scanner may have lost a leading blank)."""
    return len(text) in {REFERENCE_CHARACTERS - 1, REFERENCE_CHARACTERS} and bool(_REFERENCE.match(text))


def clean(text: str) -> str:
    """Return the scanned text without its line end; leading blanks belong to a reference."""
    return text.strip("\r\n\t")


def identify(user: User, text: str, session: str = "") -> Verdict:
    """Identify a label by its QR code; written to the ledger as a look at the masked view.

    Raises:
        StationError (scan): neither a reference nor a waybill number.
        KeydError: the ledger cannot be written; no verdict is returned.
    """
    text = clean(text)
    if not is_reference(text):
        return Verdict(NO_CODE)
    tenant = tenant_of(user)
    context = context_of(user, purpose="print_label", session=session)
    (opened,) = _open(context, [text], "check")
    verdict = _verdict(user, opened)
    record(tenant, "view", user=user, orders=_one(verdict), purpose="label_check")
    if verdict.kind in {FOREIGN, UNPRINTED}:
        ids = [order.pk for order in _one(verdict)]
        label_not_genuine.send(None, user=user, tenant=tenant, order_ids=ids, why=verdict.kind)
    return verdict


def confirm(user: User, text: str, now: datetime, place: str = "verify") -> Verdict:
    """Confirm one label by a scan of either code, and return the verdict.

    Raises:
        StationError (scan): neither a reference nor a waybill number.
        KeydError: the ledger cannot be written; nothing was confirmed.
    """
    text = clean(text)
    context = context_of(user, purpose="print_label", workstation=place)
    if is_reference(text):
        (opened,) = _open(context, [text], "scan")
        verdict = _verdict(user, opened)
        if verdict.kind == GENUINE and verdict.ticket is not None:
            return _confirmed(user, verdict.ticket, now, context)
        record(tenant_of(user), "view", user=user, orders=_one(verdict), purpose="scan")
        return verdict
    number = text.strip()
    if not _WAYBILL.match(number):
        raise StationError(
            code="scan",
            zh="扫到的内容不是运单号，也不是面单二维码。请对准面单再扫一次。",
            en="this is neither a waybill number nor the code of a label. Scan the label again.",
        )
    ticket = _latest(user, _orders_of(user, [number]).get(number, []))
    if ticket is None:
        record(tenant_of(user), "search", user=user, purpose="scan")
        return Verdict(UNKNOWN)
    return _confirmed(user, ticket, now, context)


def confirm_many(user: User, numbers: Sequence[str], now: datetime, place: str) -> Counted:
    """Confirm labels by their waybill numbers, as listed in a file of scans.

    Raises:
        KeydError: the ledger cannot be written; labels confirmed so far stay confirmed, and a repeat changes
            nothing.
    """
    context = context_of(user, purpose="print_label", workstation=place)
    confirmed = known = unknown = 0
    wanted = list(dict.fromkeys(numbers))
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        found = _orders_of(user, part)
        latest = _latest_of(user, [pk for pks in found.values() for pk in pks])
        ready = []
        for number in part:
            ticket = next((latest[pk] for pk in found.get(number, []) if pk in latest), None)
            if ticket is None:
                unknown += 1
            elif ticket.state == State.CONFIRMED and ticket.how == How.SCAN:
                known += 1
            else:
                ready.append(ticket)
        confirmed += moves.move(
            tenant_of(user), ready, State.CONFIRMED, How.SCAN, now, context=context, by=user
        )
        if ready:  # the events are used to find labels that are never scanned out
            record(
                tenant_of(user),
                "view",
                user=user,
                orders=[one.order for one in ready],
                purpose="scan",
                at=now,
            )
    return Counted(confirmed, known, unknown)


def position_in(user: User, wave_id: int, text: str) -> int:
    """Return the position in a wave of a scanned label or a typed position; 0 if it is not in this wave.

    Raises:
        KeydError: the ledger cannot be written.
    """
    text = clean(text)
    places = Order.objects.filter(tenant=tenant_of(user), places__wave=wave_id)
    if is_reference(text):
        (opened,) = _open(context_of(user, purpose="print_label"), [text], "scan")
        ticket = _verdict(user, opened).ticket
        found = places.filter(pk=ticket.order_id) if ticket is not None else places.none()
    elif text.isascii() and text.strip().isdigit() and len(text.strip()) <= 4:  # noqa: PLR2004 - waybills are longer
        return int(text)
    else:
        found = places.filter(waybill_no=text.strip()[:80])
    return int(found.values_list("places__position", flat=True).first() or 0)


def _one(verdict: Verdict) -> list[Order]:
    return [verdict.order] if verdict.order is not None else []


def _confirmed(user: User, ticket: Ticket, now: datetime, context: messages.Context) -> Verdict:
    record(tenant_of(user), "view", user=user, orders=[ticket.order], purpose="scan")
    if ticket.state == State.CONFIRMED and ticket.how == How.SCAN:
        return Verdict(GENUINE, ticket, scanned=True)
    moves.move(tenant_of(user), [ticket], State.CONFIRMED, How.SCAN, now, context=context, by=user)
    return Verdict(GENUINE, ticket)


def _open(context: messages.Context, texts: list[str], origin: str) -> list[OpenedReference]:
    asked = OpenReferences(context=context, texts=texts, origin=origin)
    return keyd().call(asked, OpenedReferences).references


def _verdict(user: User, opened: OpenedReference) -> Verdict:
    if not opened.genuine:
        return Verdict(FOREIGN)
    tenant = tenant_of(user)
    ticket = (
        Ticket.objects.filter(uid=opened.uid, tenant=tenant)
        .select_related("order", "run__created_by", "printer", "run__printer")
        .first()
    )
    inside = shops_inside()
    if ticket is not None and inside is not None and ticket.order.shop not in inside:
        ticket = None  # a merchant's user learns nothing about another merchant's label
    if opened.kind != "ticket" or ticket is None or ticket.attempt != opened.attempt:
        return Verdict(UNKNOWN)
    newer = _latest(user, [ticket.order_id])
    if newer is not None and newer.attempt > ticket.attempt:
        return Verdict(SUPERSEDED, ticket, by=newer.attempt)
    if not _exists(ticket):
        return Verdict(UNPRINTED, ticket)
    return Verdict(GENUINE, ticket, scanned=ticket.how == How.SCAN)


def _exists(ticket: Ticket) -> bool:
    """Return whether a label of this ticket may exist; reports of people and agents may be wrong."""
    if ticket.state == State.VOID:
        return ticket.how in {How.AGENT, How.LEADER}
    return ticket.state not in {State.REFUSED, State.ISSUED}


def _latest(user: User, order_ids: list[int]) -> Ticket | None:
    return next(iter(_latest_of(user, order_ids).values()), None)


def _latest_of(user: User, order_ids: list[int]) -> dict[int, Ticket]:
    """Return the current label of each order: the last attempt that may have been printed."""
    found: dict[int, Ticket] = {}
    for start in range(0, len(order_ids), _AT_ONCE):
        rows = Ticket.objects.filter(
            moves.scannable() | moves.confirmed(), tenant=tenant_of(user), attempt__gt=0,
            order__in=order_ids[start : start + _AT_ONCE],
        ).select_related("order", "run__created_by", "printer")  # fmt: skip
        for ticket in rows.order_by("attempt"):
            found[ticket.order_id] = ticket
    return found


def _orders_of(user: User, numbers: list[str]) -> dict[str, list[int]]:
    tenant = tenant_of(user)
    book = EpochBook(tenant, keyd())
    days = book.days()
    queries = [messages.TokenQuery("waybill", number, days, []) for number in numbers]
    asked = messages.NumberTokens(
        context=context_of(user, purpose="print_label"), queries=queries, roots=book.roots()
    )
    answer = keyd().call(asked, messages.TokenAnswer)
    found: dict[str, list[int]] = {}
    for query, tokens in zip(queries, answer.tokens, strict=True):
        ids = having_token("waybill", tokens) if tokens else []
        if ids:
            rows = visible(tenant).filter(pk__in=ids, waybill_no=query.value)
            found[query.value] = list(rows.values_list("pk", flat=True))
    return found
