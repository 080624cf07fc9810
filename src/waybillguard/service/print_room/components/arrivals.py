"""Seal the orders that a station in compatibility mode sends into the vault, once each, as lane C."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from waybillguard.agent.protocol_intake import Intake, IntakeTaken, SealedDocument
from waybillguard.orders.model import Lane, OrderRow, Status
from waybillguard.service.audit.recording import record
from waybillguard.service.identity.devices.errors import compatibility_off, task_reused
from waybillguard.service.identity.models import Device
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.intake import Arrived, SealArrived
from waybillguard.service.platform.words import CONTRACT_ENDED
from waybillguard.service.print_room.components.compatibility import mode_of
from waybillguard.service.print_room.models import Arrival, CompatibilityMode
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.vault.epochs import EpochBook
from waybillguard.service.vault.importing import Chunk, ImportReading, Item
from waybillguard.service.vault.intake import refusal, shops_past_end
from waybillguard.service.vault.models import Batch, Order
from waybillguard.service.vault.tasks import merge_fragments

KIND = "erp"
"""Kind of an import that stations fill; one per station, ERP and day."""


def take_in(device: Device, asked: Intake, now: datetime) -> IntakeTaken:
    """Seal the orders of a print task into the vault; a repeated task is not stored again.

    Raises:
        DeviceError (compatibility_off): no owner turned the mode on for this ERP.
        DeviceError (task_reused): a repeated document of this task has other content, or its order is gone.
        KeydError: the ledger cannot be written, or a sealed order cannot be opened; nothing was stored.
    """
    mode = mode_of(device, asked.erp)
    if mode is None:
        raise compatibility_off()
    before = _stored(device, asked.key)
    again = [one for one in asked.documents if one.document in before]
    fresh = [one for one in asked.documents if one.document not in before]
    _compare(device, asked.key, again, before)
    if not fresh:
        return IntakeTaken(known=len(again))
    past_end = shops_past_end(device.tenant)
    reasons = {one.document: _reason(one) or _contract_refusal(one, past_end) for one in fresh}
    good = [one for one in fresh if not reasons[one.document]]
    bad = [one for one in fresh if reasons[one.document]]
    _record(device, asked, mode, len(good), len(bad))
    day = day_number(now, device.tenant)
    arrivals = [
        Arrival(tenant=device.tenant, device=device, erp=asked.erp, key=asked.key, document=one.document,
                reason=reasons[one.document], day=day, at=now)
        for one in bad
    ]  # fmt: skip
    if good:
        batch = _batch(device, asked.erp, mode, day, now)
        reading = _Arriving(batch, device, asked.key)
        try:
            for one in good:
                reading.arrive(one, day)
            reading.finish()
        finally:
            reading.close()
        reading.note_on_batch(now)
        arrivals += [
            Arrival(tenant=device.tenant, device=device, erp=asked.erp, key=asked.key, document=one.document,
                    order_uid=uid, batch_id=batch.pk, day=day, at=now)
            for one, uid in reading.orders()
        ]  # fmt: skip
        merge_fragments.enqueue(device.tenant_id)
    # Two concurrent requests may both have sealed; each order and each document is still stored once.
    Arrival.objects.bulk_create(arrivals, ignore_conflicts=True)
    kept = _stored(device, asked.key)
    if any(kept[one.document] != (one.order_uid, one.reason) for one in arrivals):
        raise task_reused()
    return IntakeTaken(sealed=len(good), known=len(again), refused=len(bad))


def arrived_orders(device: Device, key: str) -> dict[str, tuple[int | None, str]]:
    """Return the outcome of each document of a task: the order's id, or None and why it was refused."""
    found = _stored(device, key)
    uids = [uid for uid, _ in found.values() if uid]
    orders = Order.objects.filter(tenant=device.tenant, uid__in=uids, batch__state=Batch.State.COMMITTED)
    ids = {bytes(uid): pk for pk, uid in orders.values_list("pk", "uid")}
    return {document: (ids.get(uid), reason) for document, (uid, reason) in found.items()}


def _stored(device: Device, key: str) -> dict[str, tuple[bytes, str]]:
    """Return the stored documents of a task: the uid of the order, or b'' and why it was refused."""
    rows = Arrival.objects.filter(tenant=device.tenant, device=device, key=key)
    return {row.document: (bytes(row.order_uid), row.reason) for row in rows}


def _reason(one: SealedDocument) -> str:
    return one.reason or ("" if one.sealed else "none")


def _contract_refusal(one: SealedDocument, past_end: Mapping[str, int]) -> str:
    merchant = past_end.get(one.shop[:80])
    return "" if merchant is None else refusal(merchant)


def _compare(
    device: Device, key: str, again: list[SealedDocument], before: dict[str, tuple[bytes, str]]
) -> None:
    """Check that repeated documents have the same content as before; only keyd can compare them. Stores nothing.

    Raises:
        DeviceError (task_reused): a document has other content, or its order is gone.
    """
    again = [
        one for one in again if not before[one.document][1].startswith(CONTRACT_ENDED)
    ]  # documents that were not stored before
    if any(before[one.document][1] != _reason(one) for one in again):
        raise task_reused()
    good = [(one, before[one.document][0]) for one in again if not _reason(one)]
    orders = Order.objects.filter(
        tenant=device.tenant, uid__in=[uid for _, uid in good], batch__state=Batch.State.COMMITTED
    ).values_list("uid", "row_index", "day")
    held = {bytes(uid): (bytes(row), day) for uid, row, day in orders}
    if not all(uid in held and held[uid][0] for _, uid in good):
        raise task_reused()
    if not good:
        return
    # Tokens are made with a monthly key: compare each under the key of the order's own day.
    rows = [_arrived(device, key, one, uid, held[uid][1]) for one, uid in good]
    sealed = keyd().call(_request(EpochBook(device.tenant, keyd()), device, rows), messages.SealedBatch)
    tokens = _row_tokens(sealed)
    if any(held[uid][0] not in found for (_, uid), found in zip(good, tokens, strict=True)):
        raise task_reused()


def _row_tokens(sealed: messages.SealedBatch) -> list[set[bytes]]:
    """Return the tokens of each row under the newest and the earlier roots (an empty set if a row has none)."""
    return [
        {row.row_index, *(column[place] for column in sealed.earlier_rows)} - {b""}
        for place, row in enumerate(sealed.rows)
    ]


def _arrived(device: Device, key: str, one: SealedDocument, uid: bytes, day: int) -> Arrived:
    return Arrived(
        device.uid, key, one.document, one.sealed, uid, day, one.shop, one.order_no, one.waybill_no
    )


def _request(epochs: EpochBook, device: Device, rows: list[Arrived]) -> SealArrived:
    return SealArrived(
        tenant=device.tenant.slug,
        epochs=[epochs.of_day(day) for day in sorted({row.day for row in rows})],
        rows=rows,
        roots=epochs.roots(),
    )


def _record(device: Device, asked: Intake, mode: CompatibilityMode, good: int, bad: int) -> None:
    detail: dict[str, str | int] = {
        "what": "compatibility", "device": device.uid, "erp": asked.erp, "task": asked.key, "orders": good,
        "refused": bad, "let_in_by": f"u{mode.on_by_id}",
    }  # fmt: skip
    context = messages.Context(
        tenant=device.tenant.slug, actor=f"d{device.pk}", workstation=device.station, purpose="orders"
    )
    keyd().call(messages.Record(context=context, kind="import", detail=detail), messages.Recorded)
    record(device.tenant, "import", user=mode.on_by, purpose="orders", workstation=device.station)


def _batch(device: Device, erp: str, mode: CompatibilityMode, day: int, now: datetime) -> Batch:
    """Return the open import of this station, ERP and day, or create it."""
    known = (
        Arrival.objects.filter(tenant=device.tenant, device=device, erp=erp, day=day, batch_id__isnull=False)
        .order_by("-pk")
        .values_list("batch_id", flat=True)
        .first()
    )
    batch = Batch.objects.filter(pk=known or 0, tenant=device.tenant, state=Batch.State.COMMITTED).first()
    if batch is not None:
        return batch
    label = timezone.localtime(now).strftime("%Y%m%d")
    with transaction.atomic():
        number = Batch.objects.filter(tenant=device.tenant, label__startswith=f"{label}-").count() + 1
        return Batch.objects.create(
            tenant=device.tenant, created_by=mode.on_by, created_at=now, kind=KIND, label=f"{label}-{number}",
            state=Batch.State.COMMITTED, finished_at=now,
            file_sha256=hashlib.sha256(f"{device.uid}/{erp}/{day}/{number}".encode()).digest(),
        )  # fmt: skip


class _Arriving(ImportReading):
    """Seal arrived orders as rows of an existing import."""

    def __init__(self, batch: Batch, device: Device, task: str) -> None:
        super().__init__(batch)
        self._device, self._task = device, task
        self._documents: dict[bytes, SealedDocument] = {}
        self._rows: dict[bytes, set[bytes]] = {}

    def arrive(self, one: SealedDocument, day: int) -> None:
        """Add one document to the chunk."""
        row = OrderRow(
            status=Status.OK, lane=Lane.PLAINTEXT, order_no=one.order_no, waybill_no=one.waybill_no,
            carrier=one.carrier, sort_code=one.sort_code, shop=one.shop, platform=one.platform,
            province=one.province, city=one.city, district=one.district, quantity=one.quantity, masked=one.masked,
        )  # fmt: skip
        uid = self.new_uid()
        self._documents[uid] = one
        self.counts["read"] += 1
        self.items.append(Item(row, uid, None, day))

    def goods_of(self, item: Item) -> str:
        """Return the goods class that the station sent; the title is sealed."""
        return self._documents[item.uid].goods

    def request(self, items: list[Item]) -> SealArrived:
        """Have keyd open the documents and seal them for the vault."""
        rows = [
            _arrived(self._device, self._task, self._documents[item.uid], item.uid, item.day)
            for item in items
        ]
        return _request(self.epochs, self._device, rows)

    def store_held(self, chunk: Chunk, sealed: messages.SealedBatch) -> None:
        """Store a chunk and remember the tokens under which each row may be stored.

        Locks the device: of two concurrent chunks, the second finds the rows of the first.
        """
        Device.objects.select_for_update().get(pk=self._device.pk)
        tokens = _row_tokens(sealed)
        self._rows |= {item.uid: found for item, found in zip(chunk.items, tokens, strict=True)}
        super().store_held(chunk, sealed)

    def progress(self) -> dict[str, Any]:
        """Leave the counts of the import to `note_on_batch`, because others may add to them concurrently."""
        return {"finished_at": timezone.now()}

    def note_on_batch(self, now: datetime) -> None:
        """Add the new rows to the counts of the import."""
        with transaction.atomic():
            batch = Batch.objects.select_for_update().get(pk=self.batch.pk, tenant=self.tenant)
            for held, found in (
                (batch.lanes, self.lanes),
                (batch.shops, self.shops),
                (batch.days, {str(day): rows for day, rows in self.days.items()}),
            ):
                for name, count in found.items():
                    held[name] = held.get(name, 0) + count
            batch.finished_at = now
            batch.save(update_fields=["lanes", "shops", "days", "finished_at"])
            Batch.objects.filter(pk=batch.pk, tenant=self.tenant).update(
                rows_read=F("rows_read") + self.counts["read"],
                rows_ok=F("rows_ok") + self.counts["ok"],
                rows_known=F("rows_known") + self.counts["known"],
            )

    def orders(self) -> list[tuple[SealedDocument, bytes]]:
        """Return each document with the uid of its order: its own, or that of the same row stored before."""
        stored = Order.objects.filter(
            tenant=self.tenant,
            batch__state=Batch.State.COMMITTED,
            row_index__in=list(set().union(*self._rows.values())),
        ).values_list("row_index", "uid")
        by_row = {bytes(row): bytes(uid) for row, uid in stored}
        found = {
            uid: next((by_row[token] for token in tokens if token in by_row), uid)
            for uid, tokens in self._rows.items()
        }
        return [(one, found.get(uid, uid)) for uid, one in self._documents.items()]
