"""Seal contacts to a recipient's key: one ledger entry per record first, and no plaintext leaves this process.

Two people agreed before, each with a factor that keyd checked. Their mandate names this export, this recipient and
the number of records, and each entry names both people. An hourly limit per warehouse applies as well.
"""

from typing import TYPE_CHECKING, Final

from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.seal import open_contact
from waybillguard.seal.errors import SealError
from waybillguard.seal.exportfile import ExportRecord, read_head, seal_part
from waybillguard.seal.exportkey import fingerprint
from waybillguard.service.keyd import export_messages as asked
from waybillguard.service.keyd.errors import RequestRefusedError, ShreddedError
from waybillguard.service.keyd.mandates import export_job, mandated
from waybillguard.service.keyd.revealing import PURPOSES
from waybillguard.service.keyd.shops import require_own_shops

if TYPE_CHECKING:
    from waybillguard.service.keyd.operations import Operations

RECORDS_A_PART: Final = 200
RECORDS_AN_HOUR: Final = 5_000
"""Maximum records sealed to recipients per warehouse and hour; a larger export waits."""


def seal_export(operations: "Operations", request: asked.SealExport) -> asked.SealedPart:
    """Record the looks, wait for the receipts, open the records and seal them to the recipient.

    Orders that were shredded or do not open are left out. If that happens after the receipts, the ledger still has
    their entries.

    Raises:
        NotGrantedError: no two people agreed to this export, or one is a merchant's and an order of another shop.
        LimitReachedError: they agreed to fewer records.
        RequestRefusedError: purpose or policy is missing, the head is another's, too many orders.
        RequestRefusedError (export_paced): too many within the hour.
        LedgerError: the ledger does not write, so nothing was opened.
        SealError (export_key): nothing can be sealed to this key.
    """
    context = request.context
    purpose = PURPOSES.get(context.purpose)
    if purpose is None or not request.policies or not request.policy_version:
        raise _refused("缺少用途或据以决定的规则", "purpose or deciding policy is missing")
    to = fingerprint(request.recipient)
    mandate = mandated(operations, context, export_job(request.export, to))
    second = mandate.agreed_by
    for name in (mandate.holder, second):
        person = operations.people.find(context.tenant, name)
        role = person.role if person is not None else ""
        require_own_shops(operations, context.tenant, name, role, [one.ref for one in request.orders])
    head = read_head(request.head)
    if (head.to, head.warehouse, head.export) != (to, context.tenant, request.export):
        raise _refused("文件头与收件方或导出不符", "the head is not that of this recipient and export")
    if len(request.orders) > RECORDS_A_PART:
        raise _refused(
            f"一次最多 {RECORDS_A_PART} 条", f"at most {RECORDS_A_PART} records are sealed at a time"
        )
    tenant = context.tenant
    epochs = {epoch.epoch_id: epoch for epoch in request.epochs}
    orders = [
        one
        for one in request.orders
        if one.ref.epoch_id in epochs
        and operations.may_open(tenant, one.ref.order_uid, epochs[one.ref.epoch_id])
    ]
    if not operations.usage.export(tenant, len(orders), RECORDS_AN_HOUR):
        raise RequestRefusedError(
            code="export_paced",
            zh=f"一小时内密封导出超过 {RECORDS_AN_HOUR} 条，已暂停。稍后会自动继续；如非本人所为，请立即联系负责人。",
            en=f"more than {RECORDS_AN_HOUR} records were sealed for recipients within an hour; it goes on later by "
            "itself. If this was not you, tell the owner at once.",
        )
    operations.jobs.charge(
        mandate, EntryKind.EXPORT, FieldClass.CONTACT, {"export": request.export}, len(orders)
    )
    receipts = operations.write(
        [
            operations.entry(
                context, EntryKind.EXPORT, FieldClass.CONTACT, record=one.ref.order_uid, purpose=purpose,
                detail={
                    "export": request.export, "part": request.number, "to": to, "agreed_by": second,
                    "purpose": context.purpose, "policies": " ".join(request.policies)[:300],
                    "policy_version": request.policy_version,
                },
            )
            for one in orders
        ]
    )  # fmt: skip
    records = []
    for one, receipt in zip(orders, receipts, strict=True):
        try:
            contact = open_contact(
                one.ref.blob, epoch=operations.epoch_key(tenant, epochs[one.ref.epoch_id]), salt=one.ref.salt,
                tenant=tenant, order_uid=one.ref.order_uid, shop=one.ref.shop,
            )  # fmt: skip
        except (SealError, ShreddedError):
            continue
        records.append(
            ExportRecord(
                order_no=one.order_no, waybill_no=one.waybill_no, shop=one.ref.shop, day=one.day, name=contact.name,
                phone=contact.phone, extension=contact.extension, virtual_until=contact.virtual_until,
                province=one.ref.province, city=one.ref.city, district=one.ref.district, detail=contact.detail,
                receipt=receipt.index,
            )
        )  # fmt: skip
    sealed = seal_part(request.recipient, request.head, request.number, records)
    first, origin = (receipts[0].index, receipts[0].origin) if receipts else (-1, "")
    return asked.SealedPart(sealed, len(records), first, origin)


def _refused(zh: str, en: str) -> RequestRefusedError:
    return RequestRefusedError(zh=f"{zh}，未打开任何数据。", en=f"{en}; nothing was opened.")
