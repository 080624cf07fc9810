"""Postings: the orders that contain a fragment of a name or an address, as compressed sets under keyed tokens.

Tokens of an import wait in chunks; the worker merges them once the import is committed. Merging twice changes nothing,
so a crash loses work but no order. A search gets a superset of the matches here, and keyd then tests each.
"""

from array import array
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Final

import msgspec
import numpy as np
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from pyroaring import BitMap

from waybillguard.seal.planner import gram_bits, truncate
from waybillguard.service.keyd.messages import MonthTokens
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.epochs import month_of_day
from waybillguard.service.vault.models import Batch, GramChunk, GramPlan, Order, Posting, Salt

FIELDS: Final = ("name", "address")
_USUAL_GRAMS: Final = {"name": 2.0, "address": 24.0}
_USUAL_ORDERS: Final = 30_000
_BYTES_AT_ONCE: Final = 24 << 20
_ID_BYTES: Final = 4
_TOKENS_AT_ONCE: Final = 2_000
_ROWS_AT_ONCE: Final = 5_000
_LISTED: Final = 16
_FEW: Final = 64
_GRAM_BYTES: Final = 8
_SIX_BITS: Final = 0x7F

type GramRow = tuple[bytes, int, bytes, bytes]
"""uid, month, name tokens, address tokens (8 bytes each, joined)."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[tuple[bytes, int, bytes, bytes]]).decode


def encode_ids(ids: BitMap) -> bytes:
    """Encode a set of order ids: small sets as LEB128 differences after 00, large ones as Roaring after 01."""
    if len(ids) > _LISTED:
        return b"\x01" + ids.serialize()
    out = bytearray(b"\x00")
    last = 0
    for number in ids:
        step, last = number - last, number
        while step > _SIX_BITS:
            out.append(step & _SIX_BITS | 0x80)
            step >>= 7
        out.append(step)
    return bytes(out)


def decode_ids(data: bytes) -> BitMap:
    """Decode the result of `encode_ids`; raises ValueError for anything else."""
    if data[:1] == b"\x01":
        return BitMap.deserialize(data[1:])
    if data[:1] != b"\x00":
        raise ValueError("no set of ids")
    ids, number, step, shift = [], 0, 0, 0
    for byte in data[1:]:
        step |= (byte & _SIX_BITS) << shift
        shift += 7
        if byte <= _SIX_BITS:
            number += step
            ids.append(number)
            step = shift = 0
    if shift:
        raise ValueError("a set of ids ends in the middle")
    return BitMap(ids)


def chunk_bytes(rows: list[GramRow]) -> bytes:
    """Encode the tokens of a chunk of an import for the later merge."""
    return _encode(rows)


def bits_of(tenant: Tenant, month: int, field: str, generation: int = 1) -> int:
    """Return the number of bits of this month's tokens, derived on first use from the month before.

    A rotation may set it again from the month's actual size.
    """
    place = {"tenant": tenant, "generation": generation, "month": month, "field": field}
    plan = GramPlan.objects.filter(**place).first()
    if plan is None:
        known = GramPlan.objects.filter(tenant=tenant, field=field)
        rows = 0
        if generation > 1 and known.filter(month=month, generation__lt=generation).exists():
            rows = _orders_in(tenant, month)
        elif known.filter(month=month - 1).exists():
            rows = _orders_in(tenant, month - 1)
        bits = gram_bits(max(rows, _USUAL_ORDERS), _USUAL_GRAMS[field])
        plan, _ = GramPlan.objects.get_or_create(**place, defaults={"bits": bits})
    return plan.bits


def waiting_chunks(tenant: Tenant) -> QuerySet[GramChunk]:
    """Return the chunks for the next merge: those of committed imports and of a rotation."""
    ready = Q(batch__state=Batch.State.COMMITTED) | Q(batch=None)
    return GramChunk.objects.filter(ready, tenant=tenant)


def merge_waiting(tenant: Tenant) -> int:
    """Merge the chunks of committed imports; return how many were merged (0: none left)."""
    chunks = _next_chunks(tenant)
    generation = chunks[0].generation if chunks else 1
    rows = [row for chunk in chunks for row in _decode(bytes(chunk.rows))]
    ids = _living([row[0] for row in rows])
    for month in sorted({row[1] for row in rows}):
        mine = [row for row in rows if row[1] == month and row[0] in ids]
        numbers = [ids[row[0]] for row in mine]
        merge(tenant, month, "name", numbers, [row[2] for row in mine], generation)
        merge(tenant, month, "address", numbers, [row[3] for row in mine], generation)
    GramChunk.objects.filter(tenant=tenant, pk__in=[chunk.pk for chunk in chunks]).delete()
    return len(chunks)


def _next_chunks(tenant: Tenant) -> list[GramChunk]:
    """Return waiting chunks of one generation, about one merge in bytes (at least one chunk)."""
    chunks: list[GramChunk] = []
    size = 0
    for chunk in waiting_chunks(tenant).order_by("generation", "pk").iterator(chunk_size=1):
        size += len(chunk.rows)
        if chunks and (size > _BYTES_AT_ONCE or chunk.generation != chunks[0].generation):
            break
        chunks.append(chunk)
    return chunks


def _living(uids: list[bytes]) -> dict[bytes, int]:
    """Return the ids of these orders, without those shredded or removed: they have no salt.

    Both are read from the narrow index of the uid. An order's own row is wide, and the query builder took four times
    as long as the database.
    """
    ids: dict[bytes, int] = {}
    orders, salts = (connection.ops.quote_name(model._meta.db_table) for model in (Order, Salt))  # noqa: SLF001
    with connection.cursor() as cursor:
        for start in range(0, len(uids), _ROWS_AT_ONCE):
            part = uids[start : start + _ROWS_AT_ONCE]
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(
                f"SELECT o.uid, o.id FROM {orders} o WHERE o.uid IN ({marks}) "  # noqa: S608 - our own tables
                f"AND EXISTS (SELECT 1 FROM {salts} s WHERE s.order_uid = o.uid)",
                part,
            )
            ids.update((bytes(uid), pk) for uid, pk in cursor.fetchall())
    return ids


def merge(
    tenant: Tenant, month: int, field: str, ids: Sequence[int], tokens: Sequence[bytes], generation: int = 1
) -> None:
    """Add orders to the postings of their tokens, in a short transaction per 2,000 tokens."""
    lengths = np.fromiter((len(joined) // _GRAM_BYTES for joined in tokens), np.int64, len(tokens))
    if not lengths.sum():
        return
    bits = bits_of(tenant, month, field, generation)
    place = {"tenant": tenant, "generation": generation, "month": month, "field": field}
    keyed = np.frombuffer(b"".join(tokens), ">u8").astype(np.uint64) >> np.uint64(64 - min(bits, 63))
    orders = np.repeat(np.asarray(ids, np.uint32), lengths)
    by_token = np.argsort(keyed, kind="stable")
    distinct, starts = np.unique(keyed[by_token], return_index=True)
    ends = np.append(starts[1:], len(keyed))
    packed = orders[by_token].tobytes()
    for first in range(0, len(distinct), _TOKENS_AT_ONCE):
        block = slice(first, first + _TOKENS_AT_ONCE)
        fresh = {
            int(token): BitMap(array("I", packed[start * _ID_BYTES : end * _ID_BYTES]))
            for token, start, end in zip(distinct[block], starts[block], ends[block], strict=True)
        }
        with transaction.atomic():
            # Two workers must not merge into the same month at the same time.
            GramPlan.objects.select_for_update().get(**place)
            known = Posting.objects.filter(**place, token__in=list(fresh))
            for token, data in known.values_list("token", "ids"):
                fresh[token] |= decode_ids(bytes(data))
            _write(tenant, generation, month, field, fresh)


def _write(tenant: Tenant, generation: int, month: int, field: str, postings: dict[int, BitMap]) -> None:
    table = connection.ops.quote_name(Posting._meta.db_table)  # noqa: SLF001 - Django's public way in
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (tenant_id, generation, month, field, token, count, ids) "  # noqa: S608 - our own table
            "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (tenant_id, generation, month, field, token) "
            "DO UPDATE SET count = excluded.count, ids = excluded.ids",
            [
                (tenant.pk, generation, month, field, token, len(ids), encode_ids(ids))
                for token, ids in postings.items()
            ],
        )


def candidates(tenant: Tenant, field: str, months: Iterable[MonthTokens]) -> BitMap:
    """Return ids of orders that may contain a fragment, that is all of its grams; rarest first, month by month.

    Stops intersecting once few are left: testing those costs less than reading common postings.
    """
    found = BitMap()
    for asked in months:
        bits = bits_of(tenant, asked.month, field, asked.generation)
        wanted = {truncate(token, bits) for token in asked.tokens}
        postings = Posting.objects.filter(
            tenant=tenant, generation=asked.generation, month=asked.month, field=field, token__in=wanted
        )
        rarest = sorted(postings.values_list("count", "token"))
        if len(rarest) < len(wanted):
            continue  # no order of this month has this gram
        left: BitMap | None = None
        for _, token in rarest:
            # By token and month, not by id: PostgreSQL then reads only the matching partition.
            stored = list(postings.filter(token=token).values_list("ids", flat=True))
            ids = (
                decode_ids(bytes(stored[0])) if stored else BitMap()
            )  # a shredding may have emptied it meanwhile
            left = ids if left is None else left & ids
            if len(left) <= _FEW:
                break
        found |= left or BitMap()
    return found


def remove_orders(tenant: Tenant, gone: BitMap, months: Iterable[int], uids: frozenset[bytes]) -> None:
    """Remove orders from every posting and waiting chunk of these months."""
    generations = set(GramPlan.objects.filter(tenant=tenant).values_list("generation", flat=True)) or {1}
    for generation, month, field in product(sorted(generations), sorted(set(months)), FIELDS):
        last = -1
        mine = Posting.objects.filter(tenant=tenant, generation=generation, month=month, field=field)
        while rows := list(
            mine.filter(token__gt=last).order_by("token").values_list("token", "ids")[:_TOKENS_AT_ONCE]
        ):
            last = rows[-1][0]
            touched = [token for token, ids in rows if decode_ids(bytes(ids)) & gone]
            _thin_out(tenant, (generation, month, field), touched, gone)
    for chunk in GramChunk.objects.filter(tenant=tenant):
        rows_then = _decode(bytes(chunk.rows))
        rows_now = [row for row in rows_then if row[0] not in uids]
        if len(rows_now) < len(rows_then):
            GramChunk.objects.filter(tenant=tenant, pk=chunk.pk).update(rows=_encode(rows_now))


def _thin_out(tenant: Tenant, where: tuple[int, int, str], tokens: list[int], gone: BitMap) -> None:
    if not tokens:
        return
    generation, month, field = where
    place = {"tenant": tenant, "generation": generation, "month": month, "field": field}
    with transaction.atomic():
        GramPlan.objects.select_for_update().filter(**place).first()
        mine = Posting.objects.filter(**place, token__in=tokens)
        kept = {token: decode_ids(bytes(ids)) - gone for token, ids in mine.values_list("token", "ids")}
        mine.filter(token__in=[token for token, ids in kept.items() if not ids]).delete()
        _write(tenant, generation, month, field, {token: ids for token, ids in kept.items() if ids})


def _orders_in(tenant: Tenant, month: int) -> int:
    """Return the approximate number of orders of a month, from the sums stored with imports."""
    total = 0
    for days in Batch.objects.filter(tenant=tenant, state=Batch.State.COMMITTED).values_list(
        "days", flat=True
    ):
        total += sum(count for day, count in days.items() if month_of_day(int(day)) == month)
    return total
