"""The warehouse's side of a screening: the hub requests it, an owner agrees, the next report sends the answer."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q

from waybillguard.agent.protocol_screening import ScreeningAsk, ScreeningPart
from waybillguard.agent.protocol_town import ScreeningTold
from waybillguard.errors import WaybillGuardError
from waybillguard.service.alerts.messages import notify
from waybillguard.service.hub.errors import HubError
from waybillguard.service.hub.models import HubScreening
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Order
from waybillguard.trace.matching import Warehouse as Matching

if TYPE_CHECKING:
    from waybillguard.agent.client import ServiceClient

_PART: Final = 150_000
"""Waybills per part; at 42 bits each, a part stays below the size limit of a request."""


def take_screenings(tenant: Tenant, told: tuple[ScreeningTold, ...], now: datetime) -> None:
    """Store the hub's screenings and notify of new ones; a screening requested again is answered again."""
    for one in told:
        row, fresh = HubScreening.objects.get_or_create(
            tenant=tenant, number=one.id,
            defaults={
                "document": one.document, "authority": one.authority, "since": one.since, "arrived_at": now,
            },
        )  # fmt: skip
        if fresh:
            notify(
                tenant, f"hub:screening:{one.id}", "high", "公安机关请求筛查受害人，等待负责人同意",
                "The police ask for a screening of victims; an owner decides", "/town/inbox/", now=now,
            )  # fmt: skip
        elif row.answered_at is not None:
            HubScreening.objects.filter(pk=row.pk, tenant=tenant).update(answered_at=None)


def agree_to_answer(owner: User, row: HubScreening, now: datetime) -> HubScreening:
    """Agree to answer with the next report; return the screening. The ledger entry is written first.

    Raises:
        HubError: somebody agreed already.
        KeydError: the ledger entry cannot be written; nothing is answered.
    """
    tenant = tenant_of(owner)
    with transaction.atomic():
        waiting = HubScreening.objects.filter(pk=row.pk, tenant=tenant, agreed_at=None)
        if waiting.update(agreed_by=owner, agreed_at=now) != 1:
            raise HubError(zh="已有人同意。", en="somebody agreed already.")
        note(tenant, "screening_agreed", actor=owner, document=row.document)
    return row


def waybill_numbers_since(tenant: Tenant, since: date) -> list[str]:
    """Return the waybill numbers of orders since a day, as ``trace match`` reads them: upper case, no blanks."""
    rows = Order.objects.filter(
        Q(created_at=None) | Q(created_at__date__gte=since), tenant=tenant
    ).exclude(waybill_no="")  # fmt: skip
    return sorted(
        {no.upper().replace(" ", "") for no in rows.values_list("waybill_no", flat=True).iterator()}
    )


def answer_parts(number: int, waybills: list[str], request: bytes) -> Iterator[ScreeningPart]:
    """Yield the parts of an answer: one setup per ``_PART`` waybills under one new key; the first has the response.

    Raises:
        TraceError: the package for private matching is not installed, or ``request`` is not a valid request.
    """
    matching = Matching()
    response = matching.respond(request)
    pieces = [waybills[at : at + _PART] for at in range(0, len(waybills), _PART)] or [[]]
    for part, piece in enumerate(pieces, 1):
        yield ScreeningPart(
            id=number, part=part, parts=len(pieces), setup=matching.setup(piece),
            response=response if part == 1 else b"",
        )  # fmt: skip


async def answer_agreed(client: "ServiceClient", rows: list[tuple[HubScreening, list[str]]]) -> None:
    """Send the agreed answers; an error is stored with its screening, and the next report tries again."""
    for row, waybills in rows:
        try:
            asked = await client.ask_screening(ScreeningAsk(id=row.number))
            for part in answer_parts(row.number, waybills, asked.request):
                await client.answer_screening(part)
        except WaybillGuardError as error:
            row.error_zh, row.error_en = error.zh[:400], error.en[:400]
        else:
            row.error_zh, row.error_en, row.compared = "", "", len(waybills)
