"""Destroy a merchant's orders at the end of a contract, batch by batch, with the vault's shredding.

A batch is one transaction: first the ledger and keyd's list, then the tombstone, the salts and the count. A crash
leaves only complete batches; the next worker continues with the remaining orders. A batch that is in keyd but not in
the database is repeated by `replay_shredded` at the next start, or before that by the next batch.
"""

import time
from typing import Final

from django.db import transaction
from django.utils import timezone

from waybillguard.service.contracts.ending import locked_contract, locked_end
from waybillguard.service.contracts.models import EndPart, Entrustment, EntrustmentEnd
from waybillguard.service.contracts.standing import orders_at_end
from waybillguard.service.identity.accounts.changes import note
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.destroying import CONTRACT_END, part_of
from waybillguard.service.keyd.messages import Job
from waybillguard.service.vault.models import Order, Shredded
from waybillguard.service.vault.shred import certificate_of, hold_of, shred

WORK_S: Final = 20.0
"""Seconds that one task runs before it lets other tasks run."""


def destroy_for_a_while(end: EntrustmentEnd) -> bool:
    """Destroy orders for `WORK_S` seconds; return whether more can be destroyed now.

    Raises:
        KeydError: keyd is not available; finished batches are kept.
    """
    until = time.monotonic() + WORK_S
    while destroy_batch(end):
        if time.monotonic() > until:
            return True
    return False


def destroy_batch(end: EntrustmentEnd) -> bool:
    """Destroy the next batch of orders, or close the contract when none is left; return whether there are more.

    A legal hold stops the destruction. Its reference is stored with the end, and the hourly job tries again.
    """
    with transaction.atomic():
        locked_contract(end.entrustment)
        row = locked_end(end)
        if row.state != EntrustmentEnd.State.DESTROYING:
            return False
        hold = hold_of(row.tenant)
        if hold != row.held:
            EntrustmentEnd.objects.filter(pk=row.pk).update(held=hold)
        if hold:
            return False
        part = EndPart.objects.filter(end=row).order_by("pk").first()
        if part is None:
            _close(row)
            return False
        named = uids_in(part.uids)
        living = Order.objects.filter(tenant=row.tenant, uid__in=named, shredded_at=None)
        uids = [bytes(uid) for uid in living.values_list("uid", flat=True)]
        part.delete()
        if not uids:
            return True
        what = messages.ShredScope("orders", uids)
        why_zh, why_en = _why(row)
        certificate = certificate_of(
            what, len(uids), f"{why_zh}第 {row.waves + 1} 批。", f"{why_en} Part {row.waves + 1}."
        )
        job = Job(CONTRACT_END, part_of(named), str(row.pk))
        shred(
            row.tenant,
            _context(row, bytes(part.mandate)),
            what,
            len(uids),
            certificate,
            job,
            [*named - {*uids}],
        )
        row.destroyed, row.waves = row.destroyed + len(uids), row.waves + 1
        row.save(update_fields=["destroyed", "waves"])
        return True


def _close(row: EntrustmentEnd) -> None:
    """Write the certificate of destruction to the ledger, then close the contract."""
    now = timezone.now()
    why_zh, why_en = _why(row)
    _count_replayed(row)
    row.certificate = certificate_of(
        messages.ShredScope("orders"), row.destroyed,
        f"{why_zh}双方同意终止时尚有 {row.orders} 单；共 {row.waves} 批，各批另有记录。",
        f"{why_en} {row.orders} were there when the end was agreed to. In {row.waves} parts, each with an entry of its "
        "own.",
    )  # fmt: skip
    change = note(
        row.tenant, "entrustment_closed", now=now, entrustment=row.entrustment_id, end=row.pk, orders=row.destroyed,
        there=row.orders, parts=row.waves, proposed_by=f"u{row.proposed_by_id}", agreed_by=f"u{row.second_id}",
        certificate=row.certificate,
    )  # fmt: skip
    row.receipt, row.state, row.finished_at = change.ledger_index, EntrustmentEnd.State.DONE, now
    row.save(update_fields=["destroyed", "waves", "certificate", "receipt", "state", "finished_at"])
    Entrustment.objects.filter(pk=row.entrustment_id, tenant=row.tenant).update(closed_at=now)


def _count_replayed(row: EntrustmentEnd) -> None:
    """Count batches that `replay_shredded` repeated after a crash, since it does not count them.

    A batch that a later batch repeated first was counted there.
    """
    acts = Shredded.objects.filter(
        tenant=row.tenant, scope=Shredded.Scope.ORDERS, at__gte=row.second_at or row.proposed_at
    )
    replayed = [uids_in(act.uids) for act in acts.filter(orders=None).order_by("pk")]
    if not replayed:
        return
    counted = set[bytes]().union(*(uids_in(act.uids) for act in acts.exclude(orders=None)))
    for uids in replayed:
        found = orders_at_end(row).filter(uid__in=uids - counted).count()
        counted |= uids
        row.destroyed, row.waves = row.destroyed + found, row.waves + (found > 0)


def uids_in(joined: bytes | memoryview) -> set[bytes]:
    """Split joined uids."""
    uids = bytes(joined)
    return {uids[place : place + 16] for place in range(0, len(uids), 16)}


def _why(row: EntrustmentEnd) -> tuple[str, str]:
    number, merchant = row.entrustment_id, row.entrustment.merchant_id
    returned = row.returned_at is not None
    return (
        f"委托处理合同 {number}（商家 {merchant}）终止{'，已返还' if returned else ''}。",
        f"End of entrustment contract {number} (merchant {merchant}){', after return' if returned else ''}.",
    )


def _context(row: EntrustmentEnd, mandate: bytes) -> messages.Context:
    return messages.Context(
        tenant=row.tenant.slug, actor=f"u{row.second_id}", purpose="contract_end", grant=mandate
    )
