"""One batch of a rotation: orders are read, sealed again by keyd, and written in one transaction.

Nothing is locked while keyd works. The transaction first checks that each order is unchanged since it was read. Orders
that were shredded, removed, resealed by another process or given a waybill number meanwhile are left to a later batch.
Every batch dirties all pages of five indexes, however few orders it has. So batches grow until writing takes about
`LOCK_S`, which is how long an import or a print may have to wait for one.
"""

import time
from itertools import compress, repeat
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from waybillguard.seal.reseal import ResealedOrders, StoredOrders
from waybillguard.service.keyd import messages, rotation_messages
from waybillguard.service.keyd.client import RefusedError
from waybillguard.service.keyd.errors import ShreddedError
from waybillguard.service.platform.database.bulk import update_rows
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.vault.epochs import EpochBook, month_of_day
from waybillguard.service.vault.fragments import GramRow, chunk_bytes
from waybillguard.service.vault.models import GramChunk, Order, Rotation, Salt

MIN_BATCH: Final = 2_500
MAX_BATCH: Final = 25_000
LOCK_S: Final = 2.0
"""Target duration of a batch's transaction; on an idle machine the largest takes a third of it."""
_GROWTH: Final = 4
_ASKED_AT_ONCE: Final = 5_000

_READ: Final = (
    "pk", "epoch_id", "uid", "day", "shop", "order_no", "waybill_no", "salt", "blob", "phone_index",
    "last4_index", "order_index", "waybill_index", "row_index",
)  # fmt: skip
_SALT: Final = _READ.index("salt")
_UID: Final = _READ.index("uid")
_CHANGED: Final = (
    "key_generation", "epoch_id", "blob", "phone_index", "last4_index", "order_index", "waybill_index",
    "row_index",
)  # fmt: skip
_UNOPENED: Final = ("key_generation", "order_index", "waybill_index", "row_index")


class Resealing:
    """The batches of one work period on a rotation."""

    def __init__(self, rotation: Rotation, context: messages.Context) -> None:
        self.rotation = rotation
        self.tenant = rotation.tenant
        self.book = EpochBook(self.tenant, keyd())
        self.context = context

    def reseal_batch(self, only: Q | None = None) -> bool:
        """Reseal one batch of the work list; returns False when none is left.

        Raises:
            KeydError: keyd does not answer, or the ledger cannot write; the batch had no effect.
        """
        which = only or Q(pk__gt=self.rotation.position)
        rows = self._read(self._left(which))
        if not rows:
            return False
        try:
            sealed = self._sealed(rows)
        except RefusedError as error:
            if error.reason != ShreddedError.code:
                raise
            # A day whose key is cached was shredded: clear the cache and seal once more.
            self.book.forget()
            if not (rows := self._read(self._left(which))):
                return False
            sealed = self._sealed(rows)
        began = time.monotonic()
        with transaction.atomic():
            standing = self._standing(rows)
            self._write(_kept(rows, standing), [_kept(column, standing) for column in sealed])
            self._move(rows, sealed[0], standing, whole=only is None)
        self._pace(len(rows), time.monotonic() - began)
        return True

    def _left(self, which: Q) -> QuerySet[Order]:
        return Order.objects.filter(
            which, tenant=self.tenant, key_generation__lt=self.rotation.generation, shredded_at=None
        )

    def _read(self, orders: QuerySet[Order]) -> list[tuple[Any, ...]]:
        """Blob, salt and tokens are read in one statement, so that they belong together."""
        salt = Salt.objects.filter(tenant=self.tenant, order_uid=OuterRef("uid")).values("salt")[:1]
        return list(
            orders.annotate(salt=Subquery(salt)).order_by("pk").values_list(*_READ)[: self.rotation.wave]
        )

    def _sealed(self, rows: list[tuple[Any, ...]]) -> list[list[Any]]:
        """Have keyd reseal the batch; return the columns of `ResealedOrders`."""
        columns: list[list[Any]] = [[] for _ in ResealedOrders.__struct_fields__]
        for start in range(0, len(rows), _ASKED_AT_ONCE):
            _, epochs, *values = zip(*rows[start : start + _ASKED_AT_ONCE], strict=True)
            values[_SALT - _UID] = tuple(salt or b"" for salt in values[_SALT - _UID])
            orders = StoredOrders(*map(list, values))
            answer = keyd().call(
                rotation_messages.Reseal(
                    context=self.context,
                    roots=self.book.roots(),
                    # Orders shredded after they were read have no key here, or keyd refuses them.
                    old_epochs=self.book.of_ids(set(epochs) - {0}),
                    new_epochs=[self.book.of_day(day) for day in sorted(set(orders.days))],
                    orders=orders,
                ),
                rotation_messages.Resealed,
            )
            for column, name in zip(columns, ResealedOrders.__struct_fields__, strict=True):
                column.extend(getattr(answer, name))
        return columns

    def _standing(self, rows: list[tuple[Any, ...]]) -> list[bool] | None:
        """Return which orders are unchanged, and lock them; None if all are."""
        place = _READ.index("waybill_index")
        then = [(row[0], bytes(row[place])) for row in rows]
        orders = self._left(Q(pk__range=(then[0][0], then[-1][0])))
        if connection.vendor == "postgresql":
            orders = orders.select_for_update(of=("self",))
        now = [(pk, bytes(token)) for pk, token in orders.order_by("pk").values_list("pk", "waybill_index")]
        if now == then:
            return None
        same = set(now)
        return [order in same for order in then]

    def _write(self, rows: list[tuple[Any, ...]], sealed: list[list[Any]]) -> None:
        if not rows:
            return
        generation = self.rotation.generation
        pks, old_epochs, uids, days = list(zip(*rows, strict=True))[:4]
        opened, salts, blobs, *tokens, names, addresses = sealed
        months = {day: month_of_day(day) for day in set(days)}
        numbers = {day: self.book.of_day(day).epoch_id for day in months}
        epochs = [
            numbers[day] if blob else old for day, blob, old in zip(days, blobs, old_epochs, strict=True)
        ]
        new = zip(repeat(generation), epochs, blobs, *tokens, pks)
        update_rows(Order, _CHANGED, list(compress(new, opened)))
        if not all(opened):
            kept = zip(repeat(generation), *tokens[2:], pks)
            update_rows(Order, _UNOPENED, list(compress(kept, [not one for one in opened])))
        fresh = [bool(one and blob) for one, blob in zip(opened, blobs, strict=True)]
        update_rows(Salt, ("salt",), list(compress(zip(salts, uids, strict=True), fresh)))
        grams: list[GramRow] = [
            (bytes(uid), months[day], name, address)
            for uid, day, name, address in zip(uids, days, names, addresses, strict=True)
            if name or address
        ]
        if grams:
            GramChunk.objects.create(tenant=self.tenant, generation=generation, rows=chunk_bytes(grams))

    def _move(
        self, rows: list[tuple[Any, ...]], opened: list[bool], standing: list[bool] | None, *, whole: bool
    ) -> None:
        done = _kept(opened, standing)
        rotation = Rotation.objects.select_for_update().get(pk=self.rotation.pk, tenant=self.tenant)
        rotation.done += len(done)
        rotation.unopened += done.count(False)
        rotation.moved_at = timezone.now()
        rotation.error_zh = rotation.error_en = ""
        if whole:
            rotation.position = max(rotation.position, rows[-1][0])
        rotation.save(update_fields=["done", "unopened", "moved_at", "position", "error_zh", "error_en"])
        self.rotation.position = rotation.position

    def _pace(self, rows: int, seconds: float) -> None:
        """Set the size of the next batch, also for later work periods."""
        fitting = min(int(rows * LOCK_S / max(seconds, 0.001)), self.rotation.wave * _GROWTH)
        self.rotation.wave = max(MIN_BATCH, min(MAX_BATCH, fitting))
        Rotation.objects.filter(pk=self.rotation.pk, tenant=self.tenant).update(wave=self.rotation.wave)


def _kept[Row](rows: list[Row], standing: list[bool] | None) -> list[Row]:
    return rows if standing is None else list(compress(rows, standing))
