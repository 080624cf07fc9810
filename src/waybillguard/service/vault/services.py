"""Imports: a sealed file is read out of sight, shown as a preview, and committed by updating one row."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from waybillguard.orders.errors import FileTooLargeError
from waybillguard.service.audit.recording import record, refuse
from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.keyd import messages
from waybillguard.service.platform.database.bulk import CHUNK
from waybillguard.service.platform.errors import VaultError
from waybillguard.service.platform.queue import enqueue
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.spool import remove_spool
from waybillguard.service.vault.intake import refusal, shops_past_end
from waybillguard.service.vault.models import Batch, Epoch, Lane, Order, RefusedRow, Salt, Shredded
from waybillguard.service.vault.rotation import reseal_batches
from waybillguard.service.vault.shred import allowed_undoing, refuse_if_held
from waybillguard.service.vault.signals import undo_asked
from waybillguard.service.vault.uploads import SealedUpload


def start_import(user: User, upload: SealedUpload, password: str = "") -> Batch:
    """Store a sealed upload as an import and queue it for the worker.

    Raises:
        NotAllowedError: the person's role does not import.
        FileTooLargeError: the upload exceeded the limit; nothing was kept.
    """
    if not user.may(Permission.IMPORT):
        if upload.writer is not None:
            remove_spool(upload.writer.name)
        raise refuse(user, "import")
    if upload.too_large or upload.writer is None:
        raise FileTooLargeError(
            zh="文件超过 256 MB，未导入任何内容。请在平台后台按日期分批导出后重试。",
            en="the file is over 256 MB; nothing was imported. Export it in parts, for example by day.",
        )
    tenant = tenant_of(user)
    wrapped_password = b""
    if password:
        wrapped_password = (
            keyd().call(messages.WrapText(tenant=tenant.slug, text=password), messages.Wrapped).wrapped
        )
    with transaction.atomic():
        batch = Batch.begin(
            user,
            timezone.now(),
            kind=upload.kind,
            bytes_total=upload.size or 0,
            file_sha256=upload.writer.sha256,
            spool_name=upload.writer.name,
            wrapped_key=upload.writer.wrapped_key,
            wrapped_password=wrapped_password,
        )
        enqueue("vault.tasks.read_import", batch.pk)
    return batch


def commit_import(user: User, batch: Batch, also: Callable[[Batch], None] | None = None) -> Batch:
    """Commit a previewed import: the ledger first, then one row makes every order visible.

    ``also`` runs in the same transaction.

    Raises:
        NotAllowedError: the person's role does not import.
        NotNowError: there is nothing to confirm (still reading, failed, committed, undone), or a part cannot be
            committed: a day key was destroyed, or a legal hold keeps orders of a contract that ended.
    """
    if not user.may(Permission.IMPORT):
        raise refuse(user, "import")
    # During a rotation, rows only compare once they are under the same root.
    reseal_batches(batch.tenant, {batch.pk, *_since(batch).values_list("pk", flat=True)})
    with transaction.atomic():
        batch = _locked(batch, {Batch.State.PREVIEW})
        _refuse_destroyed_day_keys(batch)
        _drop_known_since(batch)
        _drop_past_end(batch)
        batch.save()
    # Recorded outside any transaction, so that no writer waits for the ledger's disk.
    receipt = _record(user, "import", batch)
    with transaction.atomic():
        batch = _locked(batch, {Batch.State.PREVIEW})
        # Covers imports and contract ends during the ledger write; there are seldom any.
        _refuse_destroyed_day_keys(batch)
        _drop_known_since(batch)
        _drop_past_end(batch)
        batch.state = Batch.State.COMMITTED
        batch.finished_at = timezone.now()
        batch.receipt = {"index": receipt.index, "leaf_hash": receipt.leaf_hash, "origin": receipt.origin}
        batch.save()
        record(batch.tenant, "import", user=user, purpose="orders")
        if also is not None:
            also(batch)
        enqueue("vault.tasks.merge_fragments", batch.tenant_id)
    return batch


def undo_import(user: User, batch: Batch) -> Batch:
    """Undo an import: its orders disappear at once, and their salts are shredded in the background.

    Raises:
        NotAllowedError: the person's role does not import.
        NotNowError: its labels were printed, it is not committed, or a legal hold forbids it.
    """
    if not user.may(Permission.IMPORT):
        raise refuse(user, "import")
    return _take_out(user, batch, "undo", {Batch.State.COMMITTED, Batch.State.PREVIEW})


def _refuse_if_needed(batch: Batch) -> None:
    """Refuse to undo an import with issued labels, or one that a later import relies on."""
    relying = (
        Batch.objects.filter(
            tenant=batch.tenant,
            state__in=[Batch.State.COMMITTED, Batch.State.PREVIEW],
            known_from__has_key=str(batch.pk),
        )
        .order_by("pk")
        .first()
    )
    if relying is not None:
        raise VaultError(
            code="not_now",
            zh=f"导入 {relying.label} 有订单只存在于本批。请先撤销或丢弃 {relying.label}。",
            en=f"import {relying.label} relies on orders that only this one holds. Undo or discard {relying.label} first.",
        )
    undo_asked.send(sender=Batch, batch=batch)


def discard_import(user: User, batch: Batch) -> Batch:
    """Discard a preview, or an import that waits to be read: it is never read then, and its file is shredded.

    Raises:
        NotAllowedError: the person's role does not import.
        NotNowError: any other state (the worker has begun to read it, for example), or a legal hold forbids it.
    """
    if not user.may(Permission.IMPORT):
        raise refuse(user, "import")
    return _take_out(user, batch, "discard", {Batch.State.PREVIEW, Batch.State.WAITING})


def preview_orders(batch: Batch, lane: str, limit: int = 5) -> list[Order]:
    """Return the first masked rows of one lane of an import, for the preview."""
    return list(Order.objects.filter(tenant=batch.tenant, batch=batch, lane_in=lane).order_by("pk")[:limit])


def same_file_before(batch: Batch) -> Batch | None:
    """Return an earlier committed import of the same file."""
    return (
        Batch.objects.filter(tenant=batch.tenant, file_sha256=batch.file_sha256, state=Batch.State.COMMITTED)
        .exclude(pk=batch.pk)
        .order_by("-pk")
        .first()
    )


def _locked(batch: Batch, states: set[Batch.State]) -> Batch:
    """Return the import's row, locked until the transaction ends, if it is in one of ``states``."""
    locked = (
        Batch.objects.select_for_update(of=("self",))
        .select_related("tenant")
        .get(pk=batch.pk, tenant=batch.tenant)
    )
    if locked.state not in states:
        raise _not_now(locked)
    return locked


class _Dropped(NamedTuple):
    pk: int
    uid: bytes
    lane_in: str
    shop: str
    day: int


def _since(batch: Batch) -> QuerySet[Batch]:
    """Return the imports committed while this one was a preview."""
    return Batch.objects.filter(
        tenant=batch.tenant, state=Batch.State.COMMITTED, finished_at__gte=batch.created_at
    ).exclude(pk=batch.pk)


def _drop_known_since(batch: Batch) -> None:
    """Delete rows that another import committed while this one was a preview, so that no order is duplicated."""
    since = _since(batch)
    if not since.exists():
        return
    held = Order.objects.filter(
        tenant=batch.tenant, batch__state=Batch.State.COMMITTED, row_index=OuterRef("row_index")
    )
    twice = Order.objects.filter(tenant=batch.tenant, batch=batch).alias(held=Exists(held)).filter(held=True)
    rows = [_Dropped(*row) for row in twice.values_list(*_Dropped._fields)]
    _drop(batch, rows)
    batch.rows_known += len(rows)
    if rows:
        for holder in since.values_list("pk", flat=True):
            batch.known_from.setdefault(str(holder), 0)


def _drop_past_end(batch: Batch) -> None:
    """Delete rows of merchants whose contract ended while the import was a preview, and list them as refused.

    Raises:
        NotNowError: there are such rows, and a legal hold forbids destroying them.
    """
    shops = shops_past_end(batch.tenant)
    found = Order.objects.filter(tenant=batch.tenant, batch=batch, shop__in=shops)
    rows = [_Dropped(*row) for row in found.values_list(*_Dropped._fields)] if shops else []
    if not rows:
        return
    refuse_if_held(batch.tenant)
    _drop(batch, rows)
    # The row number of an order is not stored: 0 means unknown.
    RefusedRow.objects.bulk_create(
        (
            RefusedRow(batch=batch, tenant=batch.tenant, row=0, reason=refusal(shops[row.shop]))
            for row in rows
        ),
        batch_size=CHUNK,
    )
    batch.rows_refused += len(rows)


def _drop(batch: Batch, rows: list[_Dropped]) -> None:
    """Delete orders of a preview with their salts, and subtract them from its sums."""
    for start in range(0, len(rows), CHUNK):
        part = rows[start : start + CHUNK]
        Salt.objects.filter(tenant=batch.tenant, order_uid__in=[bytes(row.uid) for row in part]).delete()
        Order.objects.filter(tenant=batch.tenant, pk__in=[row.pk for row in part]).delete()
    gone = Counter(row.lane_in for row in rows)
    batch.rows_reference -= gone[Lane.A]
    batch.rows_ok -= len(rows) - gone[Lane.A]
    batch.lanes = _subtract(batch.lanes, gone)
    batch.shops = _subtract(batch.shops, Counter(row.shop for row in rows))
    batch.days = _subtract(batch.days, Counter(str(row.day) for row in rows))


def _subtract(sums: dict[str, int], gone: Counter[str]) -> dict[str, int]:
    """Subtract ``gone`` from sums that may omit small values; entries of 0 are removed."""
    return {name: left for name, count in sums.items() if (left := count - gone[name]) > 0}


def _refuse_destroyed_day_keys(batch: Batch) -> None:
    """Refuse to commit orders whose day key was destroyed while the import was read or a preview.

    Raises:
        NotNowError: there are such orders.
    """
    acts = Shredded.objects.filter(tenant=batch.tenant, at__gte=batch.created_at).exclude(
        scope=Shredded.Scope.ORDERS
    )
    bound = acts.aggregate(last=Max("order_up_to"))["last"]
    if bound is None:
        return
    key = Epoch.objects.filter(tenant=batch.tenant, epoch_id=OuterRef("epoch_id"))
    later = Order.objects.filter(tenant=batch.tenant, batch=batch, pk__gt=bound, shredded_at=None)
    if later.exclude(blob=b"").alias(opens=Exists(key)).filter(opens=False).exists():
        raise VaultError(
            code="not_now",
            zh="读取期间该日的密钥已被销毁，这些订单无法再打开。请丢弃本次导入，再导入一次该文件。",
            en="the key of their day was destroyed while these orders were read, so they would never open. Discard "
            "this import and import the file again.",
        )


def _take_out(user: User, batch: Batch, kind: str, states: set[Batch.State]) -> Batch:
    """Record the removal and make the import invisible; the worker shreds and empties it.

    The ledger is written between two checks, outside any transaction, so that no writer waits for its disk.
    """
    with transaction.atomic():
        state = _removable(batch, kind, states).state
    _record(user, kind, batch)
    if state == Batch.State.WAITING:
        return _give_up(batch, kind)
    mandate = allowed_undoing(
        context_of(user, purpose="undo"), batch.pk, batch.rows_ok + batch.rows_reference
    )
    with transaction.atomic():
        batch = _removable(batch, kind, states - {Batch.State.WAITING})
        batch.state, batch.mandate = Batch.State.UNDONE, mandate
        batch.finished_at = timezone.now()
        batch.save(update_fields=["state", "finished_at", "mandate"])
        enqueue("vault.tasks.purge_import", batch.pk)
    return batch


def _give_up(batch: Batch, kind: str) -> Batch:
    """End an import that still waits. It has no rows, and its task finds it ended."""
    with transaction.atomic():
        batch = _removable(batch, kind, {Batch.State.WAITING})
        name = batch.spool_name
        batch.state, batch.finished_at = Batch.State.UNDONE, timezone.now()
        batch.spool_name, batch.wrapped_key, batch.wrapped_password = "", b"", b""
        batch.error_code, batch.error_zh, batch.error_en = "", "", ""
        batch.save()
    # After a crash before this line its key is gone, and `sweep_spool` removes the file.
    remove_spool(name)
    return batch


def _removable(batch: Batch, kind: str, states: set[Batch.State]) -> Batch:
    """Return the import's row, locked, if nothing forbids removing it."""
    refuse_if_held(batch.tenant)
    locked = _locked(batch, states)
    if kind == "undo":
        _refuse_if_needed(locked)
    return locked


def _record(user: User, kind: str, batch: Batch) -> messages.Recorded:
    detail: dict[str, str | int] = {
        "batch": batch.pk,
        "orders": batch.rows_ok,
        "references": batch.rows_reference,
        "refused": batch.rows_refused,
        "file_sha256": bytes(batch.file_sha256).hex(),
    }
    return keyd().call(messages.Record(context=context_of(user), kind=kind, detail=detail), messages.Recorded)


def _not_now(batch: Batch) -> VaultError:
    state = Batch.State(batch.state)
    return VaultError(
        code="not_now",
        zh=f"该导入的状态是“{_STATE_ZH[state]}”，不能进行此操作。请刷新页面。",
        en=f"this import is “{state.value}”; that cannot be done now. Reload the page.",
    )


_STATE_ZH = {
    Batch.State.WAITING: "等待",
    Batch.State.READING: "读取中",
    Batch.State.PREVIEW: "待确认",
    Batch.State.COMMITTED: "已入库",
    Batch.State.UNDONE: "已撤销",
    Batch.State.FAILED: "失败",
}
