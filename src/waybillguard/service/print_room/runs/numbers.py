"""Prepare orders for drawing: waybill numbers from the carrier, and the content of the label."""

from collections.abc import Sequence

from django.db import transaction

from waybillguard.label.model import LabelContent
from waybillguard.service.audit.recording import record
from waybillguard.service.keyd import label_messages, messages
from waybillguard.service.print_room.models import LabelRun, Ticket
from waybillguard.service.print_room.runs.services import content_fields
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.vault.epochs import EpochBook, hold_generation
from waybillguard.service.vault.models import Lane, Order
from waybillguard.service.vault.sealed import sealed_refs

_NUMBERS = ("waybill_no", "sort_code", "hub", "carrier", "simulated", "waybill_index")


def assign_numbers(
    run: LabelRun, context: messages.Context, orders: Sequence[Order], epochs: EpochBook
) -> None:
    """Have keyd send orders without numbers to the carrier; no plaintext passes through this process.

    An order that the carrier refuses gets ``carrier_refusal`` (Chinese, English).
    """
    lacking = [o for o in orders if o.lane != Lane.A and not (o.waybill_no and o.sort_code)]
    tenant, carrier = run.tenant, run.carrier
    if not lacking or not carrier:
        return
    sealed = sealed_refs(tenant, [order.pk for order in lacking])
    whole = [order for order in lacking if order.pk in sealed.refs]
    epochs.forget()
    answer = keyd().call(
        label_messages.AssignCarrier(
            context=context,
            carrier=carrier,
            epochs=sealed.epochs,
            orders=[sealed.refs[order.pk] for order in whole],
            roots=epochs.roots(),
        ),
        label_messages.CarrierAnswer,
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
    _keep(run, context, changed, epochs)


def _keep(run: LabelRun, context: messages.Context, orders: list[Order], epochs: EpochBook) -> None:
    """Store the carrier's answer; if a key rotation began meanwhile, the indexes are made anew."""
    while True:
        with transaction.atomic():
            if hold_generation(run.tenant, epochs.generation):
                # Lock in a fixed order: two leases of the same labels must not deadlock.
                keys = [order.pk for order in orders]
                list(Order.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
                Order.objects.bulk_update(orders, list(_NUMBERS))
                if orders:
                    # The carrier received the contact: record it, not the clerk, as the holder of plaintext.
                    record(
                        run.tenant, "export", account=f"carrier:{run.carrier}", orders=orders, exposed=True,
                        purpose="carrier", workstation=run.station, explained=("print_job", f"run {run.pk}"),
                    )  # fmt: skip
                return
        epochs.forget()
        queries = [messages.TokenQuery("waybill", order.waybill_no, [order.day], []) for order in orders]
        answer = keyd().call(
            messages.NumberTokens(context=context, queries=queries, roots=epochs.roots()),
            messages.TokenAnswer,
        )
        for order, tokens in zip(orders, answer.tokens, strict=True):
            order.waybill_index = tokens[0] if tokens else b""


def label_refusal(order: Order) -> tuple[str, str, str] | None:
    """Return the code and the Chinese and English text of why an order gets no label, or None."""
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


def label_content(
    ticket: Ticket, order: Order, *, reference: str, station: str, printed_at: str
) -> LabelContent:
    """Return the content of this attempt's label; ``printed_at`` is the printed local time."""
    return LabelContent(
        **content_fields(order),
        reference=reference,
        ticket=bytes(ticket.uid).hex()[:8].upper(),
        station=station,
        printed_at=printed_at,
        attempt=ticket.attempt,
        sample=order.simulated,
    )
