"""Virtual numbers: record the call in the ledger, then pass the real number to the provider and to nobody else."""

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from waybillguard.access.errors import VirtualNumberError
from waybillguard.access.virtual_numbers import BOUND_FOR, PROVIDERS, BindRequest, no_phone, provider_failed
from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.seal import open_contact
from waybillguard.service.keyd import export_messages as asked
from waybillguard.service.keyd.errors import RequestRefusedError, ShreddedError
from waybillguard.service.keyd.revealing import PURPOSES

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

logger = logging.getLogger(__name__)


def bind_number(operations: "Operations", request: asked.BindNumber) -> asked.BoundNumber:
    """Record the hand-over in the ledger, wait for the receipt, and have the provider bind a virtual number.

    Raises:
        RequestRefusedError: no such provider, or purpose or policy is missing.
        ShreddedError: the order or its day was shredded.
        LedgerError: the ledger does not write, so nothing was opened.
        VirtualNumberError: there is no number to connect to, or the provider failed.
    """
    context, order = request.context, request.order
    purpose, make = PURPOSES.get(context.purpose), PROVIDERS.get(request.provider)
    if make is None or purpose is None or not request.policies or not request.policy_version:
        raise RequestRefusedError(
            zh="缺少服务商、用途或据以决定的规则，未接通。",
            en="provider, purpose or deciding policy is missing; nothing was connected.",
        )
    if order.epoch_id != request.epoch.epoch_id:
        raise RequestRefusedError(
            zh="密钥与订单不符，未接通。", en="the key is not that of the order; nothing was connected."
        )
    tenant = context.tenant
    if not operations.may_open(tenant, order.order_uid, request.epoch):
        raise ShreddedError(
            zh="该订单已销毁，不会再打开。", en="this order was shredded and is never opened again."
        )
    (receipt,) = operations.write(
        [
            operations.entry(
                context, EntryKind.HANDOVER, FieldClass.PHONE, record=order.order_uid, purpose=purpose,
                detail={
                    "virtual_numbers": request.provider, "call": request.reference, "purpose": context.purpose,
                    "policies": " ".join(request.policies)[:300], "policy_version": request.policy_version,
                },
            )
        ]
    )  # fmt: skip
    contact = open_contact(
        order.blob, epoch=operations.epoch_key(tenant, request.epoch), salt=order.salt, tenant=tenant,
        order_uid=order.order_uid, shop=order.shop,
    )  # fmt: skip
    if not contact.phone:
        raise no_phone()
    until = datetime.fromtimestamp(operations.now_us() / 1e6, UTC) + BOUND_FOR
    reference = f"{tenant}/{request.reference}"
    try:
        bound = make().bind(BindRequest(reference, contact.phone, contact.extension, until))
    except VirtualNumberError:
        raise
    except Exception as error:  # noqa: BLE001 - a provider's text may quote the number; its type does not
        logger.error("the provider %s failed: %s", request.provider, type(error).__name__)  # noqa: TRY400
        raise provider_failed() from None
    if contact.phone in bound.number + bound.extension:  # the provider returned the real number
        logger.error("the provider %s answered with the real number", request.provider)
        raise provider_failed()
    return asked.BoundNumber(
        bound.number, bound.extension, int(min(bound.until, until + timedelta(seconds=1)).timestamp()), bound.sample,
        receipt.index, receipt.leaf_hash.hex(), receipt.origin,
    )  # fmt: skip


def release_number(_operations: "Operations", request: asked.ReleaseNumber) -> asked.Released:
    """Have the provider end a binding.

    Raises:
        RequestRefusedError: no such provider.
        VirtualNumberError: the provider failed; the binding expires at its end time.
    """
    make = PROVIDERS.get(request.provider)
    if make is None:
        raise RequestRefusedError(zh="没有这个虚拟号服务商。", en="there is no such provider.")
    try:
        make().release(f"{request.context.tenant}/{request.reference}")
    except Exception as error:  # noqa: BLE001 - as above
        logger.error("the provider %s failed: %s", request.provider, type(error).__name__)  # noqa: TRY400
        raise provider_failed() from None
    return asked.Released()
