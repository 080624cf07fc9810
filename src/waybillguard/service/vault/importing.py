"""One import: a child process reads its file, keyd seals it in chunks, and the rows stay hidden until commit."""

import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import MAXYEAR, MINYEAR, datetime
from functools import partial
from threading import Lock, RLock
from typing import Any, BinaryIO, NamedTuple, cast

import msgspec
from django.db import transaction
from django.utils import timezone

from waybillguard.label.goods import goods_class
from waybillguard.orders.child import read_in_child
from waybillguard.orders.model import OrderRow, Status
from waybillguard.orders.sheet_lines import SheetLines
from waybillguard.seal import Contact, SealedOrder, SealInput
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.destroying import ImportMark, MarkImport, uid_of
from waybillguard.service.platform.database.bulk import CHUNK, database_time, insert_rows
from waybillguard.service.tenancy.days import day_number
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.spool import open_spool, remove_spool
from waybillguard.service.vault.epochs import EpochBook, hold_days, hold_generation, month_of_day
from waybillguard.service.vault.errors import no_rows
from waybillguard.service.vault.exact import committed_rows
from waybillguard.service.vault.fragments import GramRow, chunk_bytes
from waybillguard.service.vault.intake import refusal, shops_past_end
from waybillguard.service.vault.models import Batch, GramChunk, Order, OrderState, RefusedRow, Salt
from waybillguard.service.vault.writers import Writers

# An order dated earlier than this, or in the future, is assigned to the day of its import, so that a wrong date in a
# spreadsheet does not keep it longer.
PLAUSIBLE_DAYS = 3 * 366
_CLOCKS_APART = 1

ORDER_FIELDS = (
    "uid", "tenant_id", "batch_id", "day", "lane", "lane_in", "state", "order_no", "waybill_no", "carrier",
    "sort_code", "hub", "simulated", "shop", "platform", "created_at", "goods_class", "quantity", "province",
    "city", "district", "masked_name", "masked_phone", "masked_address", "masked_remark", "epoch_id", "blob",
    "phone_index", "last4_index", "order_index", "waybill_index", "row_index", "person_token",
    "person_token_previous", "decoy_tag", "printed_at", "attempts", "key_generation",
)  # fmt: skip
_SALT_FIELDS = ("order_uid", "tenant_id", "batch_id", "salt")
_KEPT = 10_000
_encoder = msgspec.json.Encoder()


class Item(NamedTuple):
    """A row being imported."""

    row: OrderRow
    uid: bytes
    created_at: datetime | None
    day: int


class Chunk(NamedTuple):
    """Rows stored together, with the refused rows among them."""

    items: list[Item]
    refused: list[tuple[str, int, str]]
    ids: list[tuple[int, ...]]
    """An id for each item; empty if the database assigns ids in insertion order."""


class _Keys(NamedTuple):
    """The keys a chunk was sealed under: the generation of the index root, and the ids of its day keys."""

    generation: int
    epochs: frozenset[int] = frozenset()


class _Sent(NamedTuple):
    items: list[Item]
    keys: _Keys
    sealing: Future[messages.SealedBatch]


class ImportReading:
    """One pass over one file; memory holds one chunk, regardless of the file size."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.tenant = batch.tenant
        self.keyd = keyd()
        self.epochs = EpochBook(batch.tenant, self.keyd)
        marking = MarkImport(batch.tenant.slug, str(batch.pk))
        self._mark = self.keyd.call(marking, ImportMark).mark
        self.today = day_number(timezone.now(), batch.tenant)
        self._past_end = shops_past_end(batch.tenant)
        self.items: list[Item] = []
        self._sent: _Sent | None = None
        self._sealer = ThreadPoolExecutor(1, "seal")
        self._writers = Writers(batch.tenant)
        self._book, self._tally = RLock(), Lock()
        self.refused: list[tuple[str, int, str]] = []
        self.counts: Counter[str] = Counter()
        self.lanes: Counter[str] = Counter()
        self.shops: Counter[str] = Counter()
        self.days: Counter[int] = Counter()
        self._classes: dict[str, str] = {}
        self._moments: dict[str, tuple[datetime | None, int]] = {}
        self.known_from: Counter[str] = Counter()
        self.lines = SheetLines()

    def run(self) -> None:
        """Read the whole file and leave the import as a preview."""
        password = None
        if self.batch.wrapped_password:
            request = messages.UnwrapText(self._context(), bytes(self.batch.wrapped_password))
            password = self.keyd.call(request, messages.Text).text
        try:
            self._read(password)
            self.finish()
        finally:
            # No writer may still be running when the caller removes the rows of a failed reading.
            self.close()
        if not self.counts["read"]:
            raise no_rows()
        # The file is removed last: after a crash before this line the reading can start again.
        self.publish(Batch.State.PREVIEW)
        remove_spool(self.batch.spool_name)

    def _read(self, password: str | None) -> None:
        name, wrapped = self.batch.spool_name, bytes(self.batch.wrapped_key)
        with open_spool(self._context(), "import", name, wrapped) as stream:
            for rows in read_in_child(
                cast("BinaryIO", stream), f"upload.{self.batch.kind}", password=password, lines=self.lines
            ):
                for row in rows:
                    self.take(row)
                if len(self.items) >= CHUNK or len(self.refused) >= CHUNK:
                    self.flush()

    def _context(self) -> messages.Context:
        actor = f"u{self.batch.created_by_id}"
        return messages.Context(tenant=self.tenant.slug, actor=actor, workstation="worker", purpose="import")

    def publish(self, state: str) -> None:
        """Publish the final state and the counts."""
        Batch.objects.filter(pk=self.batch.pk, tenant=self.tenant, state=Batch.State.READING).update(
            state=state,
            lanes=dict(self.lanes),
            shops=dict(self.shops.most_common(500)),
            days={str(day): rows for day, rows in self.days.items()},
            known_from=dict(self.known_from),
            spool_name="",
            wrapped_key=b"",
            wrapped_password=b"",
            **self.progress(),
        )

    def take(self, row: OrderRow) -> str:
        """Add one row to the chunk; return the reason if it is refused, else an empty string."""
        self.counts["read"] += 1
        reason = str(row.reason) if row.status == Status.REJECT else self._contract_refusal(row)
        if reason:
            self.refused.append((row.sheet, row.row, reason))
            return reason
        if (when := self._moments.get(row.created_at)) is None:
            if len(self._moments) >= _KEPT:
                self._moments.clear()
            when = self._moments[row.created_at] = self._when(row.created_at)
        self.items.append(Item(row, self.new_uid(), *when))
        return ""

    def new_uid(self) -> bytes:
        """Return the uid of the next order; keyd reads the import from it."""
        return uid_of(self._mark, time.time_ns())

    def _contract_refusal(self, row: OrderRow) -> str:
        merchant = self._past_end.get(row.shop[:80])
        return "" if merchant is None else refusal(merchant)

    def _when(self, text: str) -> tuple[datetime | None, int]:
        created_at = _moment(text)
        day = day_number(created_at, self.tenant) if created_at else self.today
        return created_at, day if -PLAUSIBLE_DAYS <= day - self.today <= _CLOCKS_APART else self.today

    def progress(self) -> dict[str, Any]:
        """Return the counts to store with the import."""
        return {
            "rows_read": self.counts["read"],
            "rows_ok": self.counts["ok"],
            "rows_reference": self.counts["reference"],
            "rows_refused": self.counts["refused"],
            "rows_known": self.counts["known"],
        }

    def flush(self) -> None:
        """Send a chunk to keyd, and meanwhile store the previous one in a short transaction."""
        sent, self._sent = self._sent, None
        items, self.items = self.items, []
        if items:
            with self._book:
                request, keys = self.request(items), self._keys(items)
            sealing = self._sealer.submit(self.keyd.call, request, messages.SealedBatch)
            self._sent = _Sent(items, keys, sealing)
        if sent is not None:
            self._hand_on(sent.items, sent.keys, sent.sealing.result())
        elif self.refused:
            self._hand_on([], _Keys(self.epochs.generation), messages.SealedBatch([]))

    def finish(self) -> None:
        """Store the chunks still in progress.

        Raises:
            DatabaseError: a writer failed; the import is incomplete.
        """
        self.flush()
        self.flush()
        self._writers.wait()
        self.close()

    def close(self) -> None:
        """End the threads of this reading; safe to repeat."""
        self._sealer.shutdown(cancel_futures=True)
        self._writers.close()

    def _hand_on(self, items: list[Item], keys: _Keys, sealed: messages.SealedBatch) -> None:
        refused, self.refused = self.refused, []
        # Ids are drawn here, in the order of the file, because two writers would mix them.
        ids = self._writers.numbers(Order, len(items))
        self._writers.write(partial(self._store, Chunk(items, refused, ids), keys, sealed))

    def _store(self, chunk: Chunk, keys: _Keys, sealed: messages.SealedBatch) -> None:
        """Store a chunk in one short transaction.

        If a rotation began since it was sealed, or one of its day keys was destroyed, it is sealed again.
        """
        while True:
            with transaction.atomic():
                held = hold_generation(self.tenant, keys.generation) and hold_days(self.tenant, keys.epochs)
                if held and keys.generation == self.epochs.generation:
                    self.store_held(chunk, sealed)
                    return
            with self._book:
                self.epochs.forget()
                request, keys = self.request(chunk.items), self._keys(chunk.items)
            sealed = self.keyd.call(request, messages.SealedBatch)

    def _keys(self, items: list[Item]) -> _Keys:
        days = {item.day for item in items}
        return _Keys(self.epochs.generation, frozenset(self.epochs.of_day(day).epoch_id for day in days))

    def store_held(self, chunk: Chunk, sealed: messages.SealedBatch) -> None:
        """Store a chunk inside the caller's transaction; rows imported earlier are counted as known."""
        items, refused = chunk.items, list(chunk.refused)
        # Read again under the lock that the end of a contract waits for.
        self._past_end = shops_past_end(self.tenant)
        known = self._known(sealed)
        tenant, batch = self.tenant.pk, self.batch.pk
        here = str(batch)
        fresh: list[tuple[Item, SealedOrder, tuple[int, ...]]] = []
        counts: Counter[str] = Counter()
        known_from: Counter[str] = Counter()
        salts = []
        grams: list[GramRow] = []
        months = {day: month_of_day(day) for day in {item.day for item in items}}
        for item, row, name, address, number in zip(
            items, sealed.rows, sealed.name_grams, sealed.address_grams, chunk.ids, strict=True
        ):
            if reason := self._contract_refusal(item.row):
                refused.append((item.row.sheet, item.row.row, reason))
                continue
            if (holder := known.get(row.row_index)) is not None:
                counts["known"] += 1
                if holder != here:
                    known_from[holder] += 1
                continue
            known[row.row_index] = here
            fresh.append((item, row, number))
            if row.salt:
                salts.append((item.uid, tenant, batch, row.salt))
            if name or address:
                grams.append((item.uid, months[item.day], name, address))
        orders = self._order_values(fresh)
        numbered = ("id",) if fresh and fresh[0][2] else ()
        insert_rows(Order, (*numbered, *ORDER_FIELDS), orders)
        insert_rows(Salt, _SALT_FIELDS, salts)
        if grams:
            GramChunk.objects.create(
                tenant=self.tenant,
                batch=self.batch,
                generation=self.epochs.generation,
                rows=chunk_bytes(grams),
            )
        insert_rows(
            RefusedRow,
            ("batch_id", "tenant_id", "sheet", "row", "line", "reason"),
            [
                (self.batch.pk, self.tenant.pk, sheet[:120], number, self.lines.line(number), reason)
                for sheet, number, reason in refused
            ],
        )
        counts["refused"] = len(refused)
        with self._tally:
            self.counts += counts
            self.known_from += known_from
            self._count([item for item, _, _ in fresh])
            progress = self.progress()
        Batch.objects.filter(pk=batch, tenant=self.tenant).update(**progress)

    def request(self, items: list[Item]) -> messages.Request:
        """Return the request for keyd to seal a chunk; its answer is a `messages.SealedBatch`."""
        return messages.SealBatch(
            tenant=self.tenant.slug,
            epochs=[self.epochs.of_day(day) for day in sorted({item.day for item in items})],
            rows=[_seal_input(item) for item in items],
            roots=self.epochs.roots(),
        )

    def _known(self, sealed: messages.SealedBatch) -> dict[bytes, str]:
        """Return the rows that a committed import of this tenant already has, each with that import.

        Compared by their newest token: a token under an earlier root is translated.
        """
        newest = [row.row_index for row in sealed.rows]
        translate = dict(zip(newest, newest, strict=True))
        for column in sealed.earlier_rows:
            translate.update(zip(column, newest, strict=True))
        found = committed_rows(self.tenant, list(translate))
        return {translate[digest]: str(batch_id) for digest, batch_id in found}

    def _count(self, items: list[Item]) -> None:
        references = sum(item.row.status == Status.ALREADY_MASKED for item in items)
        self.counts["reference"] += references
        self.counts["ok"] += len(items) - references
        self.lanes.update([item.row.lane for item in items])
        self.shops.update([item.row.shop for item in items])
        self.days.update([item.day for item in items])

    def _order_values(
        self, rows: list[tuple[Item, SealedOrder, tuple[int, ...]]]
    ) -> list[tuple[object, ...]]:
        """Return id (if drawn) and values of ``ORDER_FIELDS``; shared values of a chunk are computed once."""
        tenant, batch, generation = self.tenant.pk, self.batch.pk, self.epochs.generation
        epochs = {day: self.epochs.of_day(day).epoch_id for day in {item.day for item, _, _ in rows}}
        waiting, at = OrderState.AWAITING_SHIPMENT.value, database_time()
        return [
            (
                *number, item.uid, tenant, batch, item.day, row.lane, row.lane, waiting, row.order_no[:80],
                row.waybill_no[:80], row.carrier[:40], row.sort_code[:60], "", False, row.shop[:80],
                row.platform[:40], at(item.created_at), self.goods_of(item), row.quantity[:20],
                row.province[:30], row.city[:30], row.district[:30], row.masked.name[:60],
                row.masked.phone[:60], row.masked.address[:300], row.masked.remark[:500],
                epochs[item.day] if sealed.blob else 0, sealed.blob, sealed.phone_index, sealed.last4_index,
                sealed.order_index, sealed.waybill_index, sealed.row_index, sealed.person_token,
                sealed.person_token_previous, sealed.decoy_tag, None, 0, generation,
            )
            for item, sealed, number in rows
            for row in (item.row,)
        ]  # fmt: skip

    def goods_of(self, item: Item) -> str:
        """Return the goods class for label and masked view; cached, because a file repeats few titles."""
        goods = item.row.goods
        if (known := self._classes.get(goods)) is None:
            if len(self._classes) >= _KEPT:
                self._classes.clear()
            known = self._classes[goods] = goods_class(goods)
        return known


def _seal_input(item: Item) -> SealInput:
    row = item.row
    # These fields identify an order line in overlapping exports; a waybill number may come later.
    identity = [row.platform, row.order_no, row.goods, row.quantity, row.name, row.phone, row.detail]
    if not row.order_no:
        identity += [row.created_at, row.waybill_no, str(row.row)]
    return SealInput(
        order_uid=item.uid,
        contact=None if row.status == Status.ALREADY_MASKED else Contact.from_row(row),
        shop=row.shop[:80],  # as stored with the order, because the contact opens only under this shop
        day=item.day,
        order_no=row.order_no,
        waybill_no=row.waybill_no,
        row=_encoder.encode(identity),
    )


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    # Programs write the first and last year for "none", and another time zone may not have such a time.
    if not MINYEAR < moment.year < MAXYEAR:
        return None
    return moment if moment.tzinfo else timezone.make_aware(moment)
