"""``keys rotate``: all orders of a tenant under new day keys and a new index root, while it works.

The work list is the orders themselves: each says under which generation of keys it lies. A chunk is one
short transaction that locks its orders, has keyd seal them again, and writes blob, salt and tokens together;
kill anything at any moment, and the next call goes on where the list still holds something. New orders are
sealed under the new generation from the first moment. Searches ask both until the end. Then the ledger
says so, and old day keys and the old index root are destroyed, as far as nothing refers to them any more.

What a rotation does not reach: a copy or a backup made before. It holds its own day keys, and opens with the
passphrase of that time. Person tokens, label references and the ledger's keys stay.
"""

import logging
import time
from datetime import timedelta
from typing import Final, NamedTuple

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from waybillguard.seal.reseal import ResealedOrder, StoredOrder
from waybillguard.service.common import context_of, keyd, tenant_of
from waybillguard.service.keyd import messages, rotation_messages
from waybillguard.service.keyd.client import KeydClient, KeydUnavailableError
from waybillguard.service.people.models import Permission, Tenant, User
from waybillguard.service.vault.bulk import update_rows
from waybillguard.service.vault.epochs import EpochBook, month_of_day
from waybillguard.service.vault.errors import not_allowed
from waybillguard.service.vault.fragments import GramRow, chunk_bytes, merge_waiting
from waybillguard.service.vault.models import (
    Epoch,
    GramChunk,
    GramPlan,
    KeyGeneration,
    Order,
    Posting,
    Rotation,
    Salt,
)

logger = logging.getLogger(__name__)

CHUNK: Final = 2_500
SLICE_S: Final = 5.0
"""How long one task works before it goes back into the queue: imports need not wait for a rotation."""
STALE_S: Final = 15.0
"""A rotation that has not moved for so long is taken up again by whoever asks for it."""

_STORED: Final = (
    "pk", "epoch_id", "uid", "day", "shop", "order_no", "waybill_no", "salt", "blob", "phone_index",
    "last4_index", "order_index", "waybill_index", "row_index",
)  # fmt: skip
_CHANGED: Final = (
    "key_generation", "epoch_id", "blob", "phone_index", "last4_index", "order_index", "waybill_index",
    "row_index",
)  # fmt: skip
_UNOPENED: Final = ("key_generation", "order_index", "waybill_index", "row_index")


class _Stored(NamedTuple):
    pk: int
    epoch_id: int
    order: StoredOrder


def start_rotation(user: User) -> Rotation:
    """Begin a rotation of the person's tenant, or take up the one that is under way.

    Raises:
        NotAllowedError: only an owner rotates keys.
        KeydError: the key process does not answer, or the ledger does not write; nothing began.
    """
    if not user.may(Permission.ADMINISTER):
        raise not_allowed()
    tenant = tenant_of(user)
    rotation = under_way(tenant)
    if rotation is None:
        try:
            rotation = _begin(user, tenant)
        except IntegrityError:  # somebody else began it in the same moment
            rotation = Rotation.objects.get(tenant=tenant, finished_at=None)
    elif stopped(rotation):
        Rotation.objects.filter(pk=rotation.pk, tenant=tenant).update(
            error_zh="", error_en="", moved_at=timezone.now()
        )
        _enqueue(rotation)
    return rotation


def stopped(rotation: Rotation) -> bool:
    """Tell whether a rotation stands still: an error stopped it, or nothing has moved for a while."""
    if rotation.finished_at is not None:
        return False
    return bool(rotation.error_en) or timezone.now() - rotation.moved_at > timedelta(seconds=STALE_S)


def under_way(tenant: Tenant) -> Rotation | None:
    """Return the rotation that has not ended, if there is one."""
    return Rotation.objects.filter(tenant=tenant, finished_at=None).select_related("started_by").first()


def latest(tenant: Tenant) -> Rotation | None:
    """Return the last rotation, ended or not."""
    return Rotation.objects.filter(tenant=tenant).order_by("-pk").first()


def work(rotation: Rotation, seconds: float = SLICE_S) -> bool:
    """Seal orders again for a while; True when the rotation has ended.

    Raises:
        KeydError: the key process does not answer, or the ledger does not write.
    """
    work = _Work(rotation)
    deadline = time.monotonic() + seconds
    while True:
        try:
            if not work.chunk():
                break
        except KeydUnavailableError:
            # Wait for keyd outside the transaction, where nobody waits for us.
            keyd().call(messages.Status(), messages.StatusAnswer)
        if time.monotonic() >= deadline:
            return False
    work.keyd.close()
    while merge_waiting(rotation.tenant):
        if time.monotonic() >= deadline + seconds:
            return False
    return work.end()


def reseal_batches(tenant: Tenant, batches: set[int]) -> None:
    """Seal the orders of these imports again at once: rows of two imports compare under one root alone."""
    if (rotation := under_way(tenant)) is not None:
        work = _Work(rotation)
        while work.chunk(Q(batch_id__in=batches)):
            pass


def retire_unused(tenant: Tenant, context: messages.Context) -> int:
    """Destroy index roots that no order lies under any more; return how many."""
    destroyed = 0
    for row in KeyGeneration.objects.filter(tenant=tenant, state=KeyGeneration.State.KEPT):
        if _referring(tenant, row.number).exists():
            continue
        wrapped = b""
        if row.number > 1:
            root = messages.IndexRoot(row.number, bytes(row.wrapped))
            request = rotation_messages.RetireIndexRoot(context=context, root=root)
            wrapped = keyd().call(request, messages.Wrapped).wrapped
        KeyGeneration.objects.filter(pk=row.pk, tenant=tenant).update(
            state=KeyGeneration.State.ROWS, wrapped=wrapped, destroyed_at=timezone.now()
        )
        destroyed += 1
    return destroyed


def _begin(user: User, tenant: Tenant) -> Rotation:
    state = KeyGeneration.State
    with transaction.atomic():
        # Whoever stores orders holds this row shared: none comes in under the old generation after us.
        Tenant.objects.select_for_update().get(pk=tenant.pk)
        rows = KeyGeneration.objects.filter(tenant=tenant)
        if not rows.exists():
            KeyGeneration.objects.create(tenant=tenant, number=1, state=state.CURRENT)
        current = rows.get(state=state.CURRENT)
        rotation = Rotation.objects.create(
            tenant=tenant, generation=current.number + 1, started_by=user,
            total=Order.objects.filter(tenant=tenant, shredded_at=None).count(),
        )  # fmt: skip
        made = keyd().call(
            rotation_messages.NewIndexRoot(context=_context(rotation), generation=rotation.generation),
            messages.Wrapped,
        )
        rows.filter(state=state.CURRENT).update(state=state.RETIRING)
        KeyGeneration.objects.create(
            tenant=tenant, number=rotation.generation, state=state.CURRENT, wrapped=made.wrapped
        )
        transaction.on_commit(lambda: _enqueue(rotation))
    return rotation


def _enqueue(rotation: Rotation) -> None:
    from waybillguard.service.vault.tasks import rotate_keys

    rotate_keys.enqueue(rotation.pk)


def _context(rotation: Rotation) -> messages.Context:
    return context_of(rotation.started_by, purpose="rotation")


def _referring(tenant: Tenant, generation: int) -> QuerySet[Order]:
    """Return orders that hold a token or a blob under a generation."""
    orders = Order.objects.filter(tenant=tenant, key_generation=generation)
    return orders.exclude(blob=b"", order_index=b"", waybill_index=b"")


class _Work:
    """One piece of work on a rotation."""

    def __init__(self, rotation: Rotation) -> None:
        self.rotation = rotation
        self.tenant = rotation.tenant
        self.book = EpochBook(self.tenant, keyd())
        self.context = _context(rotation)
        self.keyd = KeydClient(settings.CONFIG.keyd_socket, patience=0)

    def chunk(self, only: Q | None = None) -> bool:
        """Seal one chunk of the work list again; False when nothing is left of it."""
        mine = Order.objects.filter(
            tenant=self.tenant, key_generation__lt=self.rotation.generation, shredded_at=None
        )
        mine = mine.filter(only) if only else mine.filter(pk__gt=self.rotation.position)
        days = set(mine.order_by("pk").values_list("day", flat=True)[:CHUNK])
        for day in days:
            self.book.of_day(day)  # in a transaction of its own
        with transaction.atomic():
            rows = self._read(mine.filter(day__in=days))
            if not rows:
                return False
            resealed = self.keyd.call(
                rotation_messages.Reseal(
                    context=self.context,
                    roots=self.book.roots(),
                    old_epochs=self.book.of_ids({row.epoch_id for row in rows if row.epoch_id}),
                    new_epochs=[self.book.of_day(day) for day in days],
                    orders=[row.order for row in rows],
                ),
                rotation_messages.Resealed,
            )
            self._write(rows, resealed.rows)
            self._move(rows, sum(not row.opened for row in resealed.rows), whole=only is None)
        return True

    def _read(self, orders: QuerySet[Order]) -> list[_Stored]:
        salt = Salt.objects.filter(tenant=self.tenant, order_uid=OuterRef("uid")).values("salt")[:1]
        if connection.vendor == "postgresql":
            orders = orders.select_for_update(of=("self",))
        found = orders.annotate(salt=Subquery(salt)).order_by("pk").values_list(*_STORED)[:CHUNK]
        return [
            _Stored(
                pk, epoch_id,
                StoredOrder(
                    bytes(uid), day, shop, order_no, waybill_no, bytes(salt or b""), bytes(blob), bytes(phone),
                    bytes(last4), bytes(order), bytes(waybill), bytes(row),
                ),
            )
            for pk, epoch_id, uid, day, shop, order_no, waybill_no, salt, blob, phone, last4, order, waybill, row in found
        ]  # fmt: skip

    def _write(self, rows: list[_Stored], resealed: list[ResealedOrder]) -> None:
        generation = self.rotation.generation
        changed, unopened, salts = [], [], []
        months = {row.order.day: month_of_day(row.order.day) for row in rows}
        epochs = {day: self.book.of_day(day).epoch_id for day in months}
        grams: list[GramRow] = []
        for (pk, epoch_id, old), new in zip(rows, resealed, strict=True):
            if not new.opened:
                tokens = (new.order_index, new.waybill_index, new.row_index)
                unopened.append((generation, *tokens, pk))
                continue
            if new.blob:
                epoch_id = epochs[old.day]  # noqa: PLW2901 - the new one
                salts.append((new.salt, old.order_uid))
            changed.append((
                generation, epoch_id, new.blob, new.phone_index, new.last4_index, new.order_index,
                new.waybill_index, new.row_index, pk,
            ))  # fmt: skip
            if new.name_grams or new.address_grams:
                grams.append((old.order_uid, months[old.day], new.name_grams, new.address_grams))
        update_rows(Order, _CHANGED, changed)
        update_rows(Order, _UNOPENED, unopened)
        update_rows(Salt, ("salt",), salts)
        if grams:
            GramChunk.objects.create(tenant=self.tenant, generation=generation, rows=chunk_bytes(grams))

    def _move(self, rows: list[_Stored], unopened: int, *, whole: bool) -> None:
        rotation = Rotation.objects.select_for_update().get(pk=self.rotation.pk, tenant=self.tenant)
        rotation.done += len(rows)
        rotation.unopened += unopened
        rotation.moved_at = timezone.now()
        rotation.error_zh = rotation.error_en = ""
        if whole:
            rotation.position = max(rotation.position, rows[-1].pk)
        rotation.save(update_fields=["done", "unopened", "moved_at", "position", "error_zh", "error_en"])
        self.rotation.position = rotation.position

    def end(self) -> bool:
        """Say in the ledger that it is done, then destroy the old keys; False if something is left after all."""
        rotation = Rotation.objects.get(pk=self.rotation.pk, tenant=self.tenant)
        if rotation.finished_at is not None:
            return True
        left = Order.objects.filter(
            tenant=self.tenant, key_generation__lt=rotation.generation, shredded_at=None
        )
        if left.exists():  # a row that came between the ids the list had already passed
            Rotation.objects.filter(pk=rotation.pk, tenant=self.tenant).update(position=0)
            return False
        tenant, old = self.tenant, {"tenant": self.tenant, "generation__lt": rotation.generation}
        dead = self._dead_epochs()
        keyd().call(
            rotation_messages.EndRotation(
                context=self.context, generation=rotation.generation, orders=rotation.done,
                unopened=rotation.unopened, days=len(dead),
            ),
            messages.Recorded,
        )  # fmt: skip
        with transaction.atomic():
            Epoch.objects.filter(tenant=tenant, epoch_id__in=dead).delete()
            KeyGeneration.objects.filter(tenant=tenant, state=KeyGeneration.State.RETIRING).update(
                state=KeyGeneration.State.KEPT
            )
            GramChunk.objects.filter(**old).delete()
            GramPlan.objects.filter(**old).delete()
            Posting.objects.filter(**old)._raw_delete("default")  # noqa: SLF001 - no cascades here
            Rotation.objects.filter(pk=rotation.pk, tenant=tenant).update(
                finished_at=timezone.now(), moved_at=timezone.now(), days_destroyed=len(dead), error_zh="",
                error_en="",
            )  # fmt: skip
        retire_unused(tenant, self.context)
        _overwrite_the_log()
        return True

    def _dead_epochs(self) -> list[int]:
        """Return old day keys that no order needs; those of orders that do not open are kept."""
        old = Epoch.objects.filter(tenant=self.tenant, generation__lt=self.rotation.generation)
        numbers = set(old.values_list("epoch_id", flat=True))
        needed = (
            Order.objects.filter(tenant=self.tenant, shredded_at=None, epoch_id__in=numbers)
            .exclude(blob=b"")
            .values_list("epoch_id", flat=True)
            .distinct()
        )
        return sorted(numbers - set(needed))


def sweep_interrupted_rotations() -> int:
    """Take up rotations that a crash left; runs before the worker takes tasks, outside any tenant."""
    from django_scopes import scopes_disabled

    with scopes_disabled():
        left = list(Rotation.objects.filter(finished_at=None))
    for rotation in left:
        _enqueue(rotation)
    return len(left)


def _overwrite_the_log() -> None:
    """Empty SQLite's write-ahead log, which still holds the old pages."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
