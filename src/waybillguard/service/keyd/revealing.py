"""The only way to plaintext: after a ledger entry, one field group of one record for one screen.

There is no batch form. Each record is a request of its own, with its own ledger entry.
"""

from typing import TYPE_CHECKING, Final

from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.ledger import Purpose as LedgerPurpose
from waybillguard.seal import open_contact
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.errors import RequestRefusedError, ShreddedError

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

GROUPS: Final = {"phone": FieldClass.PHONE, "address": FieldClass.ADDRESS}
PURPOSES: Final = {
    "delivery_problem": LedgerPurpose.DELIVERY_PROBLEM,
    "address_change": LedgerPurpose.CORRECTION,
    "after_sales": LedgerPurpose.CUSTOMER_SERVICE,
    "return_parcel": LedgerPurpose.RETURN,
    "compensation": LedgerPurpose.COMPLAINT,
    "carrier_manual": LedgerPurpose.CARRIER,
    "authority_request": LedgerPurpose.INVESTIGATION,
    "data_subject": LedgerPurpose.PERSON_REQUEST,
    "contract_end": LedgerPurpose.MERCHANT_REQUEST,
}
"""Purposes of the access package and their codes in the public leaf; the purpose in words is in the entry's body."""


def reveal(operations: "Operations", request: messages.Reveal) -> messages.Revealed:
    """Record the look, wait for the receipt, open the record.

    Raises:
        ShreddedError: the order or its day was shredded.
        RequestRefusedError: no purpose, no such field group, or no policy is named.
        LedgerError: the ledger cannot write, so nothing was opened.
        CannotOpenError: the record is damaged or belongs to another tenant; the look stays recorded.
    """
    group, purpose = GROUPS.get(request.group), PURPOSES.get(request.context.purpose)
    if group is None or purpose is None or not request.policies or not request.policy_version:
        raise RequestRefusedError(
            zh="缺少用途、字段组或据以决定的规则，未打开任何数据。",
            en="purpose, field group or deciding policy is missing; nothing was opened.",
        )
    order = request.order
    if order.epoch_id != request.epoch.epoch_id:
        raise RequestRefusedError(
            zh="密钥与订单不符，未打开任何数据。", en="the key is not that of the order; nothing was opened."
        )
    tenant = request.context.tenant
    if not operations.may_open(tenant, order.order_uid, request.epoch):
        raise ShreddedError(
            zh="该订单已销毁，不会再打开。", en="this order was shredded and is never opened again."
        )
    (receipt,) = operations.write(
        [
            operations.entry(
                request.context,
                EntryKind.REVEAL,
                group,
                record=order.order_uid,
                detail={
                    "group": request.group,
                    "purpose": request.context.purpose,
                    "policies": " ".join(request.policies)[:300],
                    "policy_version": request.policy_version,
                },
                purpose=purpose,
            )
        ]
    )
    contact = open_contact(
        order.blob,
        epoch=operations.epoch_key(tenant, request.epoch),
        salt=order.salt,
        tenant=tenant,
        order_uid=order.order_uid,
        shop=order.shop,
    )
    head = (receipt.index, receipt.leaf_hash.hex(), receipt.origin)
    if request.group == "address":
        region = dict.fromkeys((order.province, order.city, order.district))
        return messages.Revealed(*head, address="".join((*region, contact.detail)))
    return messages.Revealed(
        *head,
        name=contact.name,
        phone=contact.phone,
        extension=contact.extension,
        virtual_until=contact.virtual_until,
    )
