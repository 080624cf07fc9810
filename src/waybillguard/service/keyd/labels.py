"""Requests about labels: carrier numbers, making and opening references, recording ticket steps.

As in `operations`, the ledger is written first.
"""

from typing import TYPE_CHECKING, Final

from waybillguard.errors import WaybillGuardError
from waybillguard.label.carrier import CARRIERS, CarrierRequest
from waybillguard.ledger import EntryKind, FieldClass, Purpose
from waybillguard.seal import month_of, open_contact
from waybillguard.seal.errors import ForgedReferenceError
from waybillguard.service.keyd import label_messages
from waybillguard.service.keyd.errors import RequestRefusedError
from waybillguard.service.keyd.label_messages import (
    AssignCarrier,
    CarrierAnswer,
    CarrierNumbers,
    OpenedReference,
    OpenedReferences,
    OpenReferences,
    RecordTicketSteps,
    StepsRecorded,
)

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

STEPS: Final = {
    "sent": EntryKind.DEVICE,
    "uncertain": EntryKind.DEVICE,
    "confirmed": EntryKind.SCAN,
    "void": EntryKind.UNDO,
}
"""Ledger kind of each step. ``issued`` is one entry per click; ``leased`` is the entry of the reference."""
ORIGINS: Final = {"check": EntryKind.SEARCH, "scan": EntryKind.SCAN}
MOST_AT_ONCE: Final = 10_000
MOST_REFERENCES: Final = 500
_US_A_DAY: Final = 86_400_000_000


def assign_carrier(ops: "Operations", request: AssignCarrier) -> CarrierAnswer:
    """Pass orders to a carrier from inside this process; only the numbers leave it."""
    make = CARRIERS.get(request.carrier)
    if make is None:
        raise RequestRefusedError(
            zh="没有这个快递接口；请在设置中选择已有的接口",
            en="there is no such carrier interface; choose one of those configured",
        )
    carrier = make()
    tenant = request.context.tenant
    keys = ops.tenant_keys(tenant, request.roots)
    epochs = {epoch.epoch_id: epoch for epoch in request.epochs}
    ops.write([
        ops.entry(
            request.context, EntryKind.HANDOVER, FieldClass.CONTACT, record=order.order_uid,
            detail={"carrier": request.carrier}, purpose=Purpose.CARRIER,
        )
        for order in request.orders
    ])  # fmt: skip
    answers = []
    for order in request.orders:
        epoch = epochs.get(order.epoch_id)
        if epoch is None or not ops.may_open(tenant, order.order_uid, epoch):
            answers.append(_refused("该日密钥已销毁，订单无法打开", "the key of that day was destroyed"))
            continue
        contact = open_contact(
            order.blob,
            epoch=ops.epoch_key(tenant, epoch),
            salt=order.salt,
            tenant=tenant,
            order_uid=order.order_uid,
            shop=order.shop,
        )
        try:
            numbers = carrier.assign(
                CarrierRequest(
                    order_uid=order.order_uid,
                    name=contact.name,
                    phone=contact.phone,
                    extension=contact.extension,
                    province=order.province,
                    city=order.city,
                    district=order.district,
                    detail=contact.detail,
                )
            )
        except WaybillGuardError as error:
            answers.append(_refused(error.zh, error.en))
            continue
        index = keys.indexes.waybill_tokens(numbers.waybill_no, [month_of(order.day)])
        answers.append(
            CarrierNumbers(
                waybill_no=numbers.waybill_no,
                sort_code=numbers.sort_code,
                hub=numbers.hub,
                carrier=numbers.carrier,
                simulated=numbers.sample,
                waybill_index=index[0] if index else b"",
            )
        )
    return CarrierAnswer(answers)


def issue_references(ops: "Operations", request: label_messages.IssueReferences) -> label_messages.References:
    """Make the references of labels, after recording each print in the ledger."""
    references = ops.tenant_keys(request.context.tenant).references
    receipts = ops.write([
        ops.entry(
            request.context, EntryKind.REPRINT if ticket.again else EntryKind.PRINT, FieldClass.MASKED,
            record=ticket.order_uid, detail={"ticket": ticket.ticket.hex(), "attempt": ticket.attempt},
            purpose=Purpose.PRINT_LABEL,
        )
        for ticket in request.tickets
    ])  # fmt: skip
    month = month_of(ops.now_us() // _US_A_DAY)
    texts = references.seal_many([(t.ticket, t.attempt) for t in request.tickets], key_id=month)
    return label_messages.References(
        [label_messages.Reference(text, receipt.index) for text, receipt in zip(texts, receipts, strict=True)]
    )


def record_steps(ops: "Operations", request: RecordTicketSteps) -> StepsRecorded:
    """Record steps of tickets in the ledger."""
    if len(request.steps) > MOST_AT_ONCE or any(step.step not in STEPS for step in request.steps):
        raise RequestRefusedError(zh="未知的票据步骤", en="unknown step of a ticket, or too many at once")
    receipts = ops.write([
        ops.entry(
            request.context, STEPS[step.step], FieldClass.NONE, record=step.order_uid,
            detail={
                "ticket": step.ticket.hex(), "attempt": step.attempt, "step": step.step,
                **({"how": step.how} if step.how else {}),
            },
            purpose=Purpose.PRINT_LABEL,
        )
        for step in request.steps
    ])  # fmt: skip
    return StepsRecorded([receipt.index for receipt in receipts])


def open_references(ops: "Operations", request: OpenReferences) -> OpenedReferences:
    """Return what references name, after recording the look in the ledger."""
    kind = ORIGINS.get(request.origin)
    if kind is None or len(request.texts) > MOST_REFERENCES:
        raise RequestRefusedError(zh="引用过多或来源未知", en="too many references, or an unknown origin")
    if request.origin == "check":
        ops.usage.search(request.context.tenant, request.context.actor, len(request.texts))
    detail: dict[str, str | int] = {"field": "reference", "references": len(request.texts)}
    ops.write([ops.entry(request.context, kind, FieldClass.MASKED, detail=detail)])
    keys = ops.tenant_keys(request.context.tenant).references
    answers = []
    for text in request.texts:
        try:
            found = keys.open_text(text)
        except (ForgedReferenceError, ValueError):
            answers.append(OpenedReference(genuine=False))
            continue
        answers.append(OpenedReference(True, found.kind.name.lower(), found.uid, found.attempt))  # noqa: FBT003 - a struct's field
    return OpenedReferences(answers)


def _refused(zh: str, en: str) -> CarrierNumbers:
    return CarrierNumbers("", "", "", "", simulated=False, waybill_index=b"", refused_zh=zh, refused_en=en)
