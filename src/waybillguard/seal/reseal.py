"""Seals orders again under new keys, as part of a rotation.

Each order gets a fresh salt at revision 0 under the new day key, so no nonce can repeat, and new tokens
under the new index root. The plaintext is copied unchanged. A destroyed (empty) token stays empty: a
rotation never restores an index.

Orders are passed as columns, because one struct per order took as long as opening and sealing it. For speed, the
loop repeats inline what `envelope` and `indexes` do for a single order; tests compare the two.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple, Self

import msgspec
from cryptography.exceptions import InvalidTag

from waybillguard.keys.primitives import TAG_SIZE, Random, frame
from waybillguard.seal.contact import CONTACT_SCHEMA, decode_contact
from waybillguard.seal.envelope import (
    HEADER_SIZE,
    SALT_SIZE,
    UID_SIZE,
    FieldGroup,
    Header,
    nonce_of,
    parse_header,
)
from waybillguard.seal.errors import SealError
from waybillguard.seal.grams import GramKeys
from waybillguard.seal.indexes import IndexKeys, month_of
from waybillguard.seal.normal import LAST4, MIN_FOR_LAST4, normalise_phone, number_bytes, to_utf8
from waybillguard.seal.suites import SUITES, Aead, Suite, record_keys


class _Columns(msgspec.Struct, frozen=True, array_like=True, gc=False):
    def __repr__(self) -> str:
        """Show only the type."""
        return f"{type(self).__name__}(…)"

    @classmethod
    def of(cls, rows: Sequence[Sequence[Any]]) -> Self:
        """Turn rows, values in the order of the fields, into columns."""
        if not rows:
            return cls(*([] for _ in cls.__struct_fields__))
        return cls(*map(list, zip(*rows, strict=True)))


class StoredOrders(_Columns, frozen=True, array_like=True, gc=False):
    """Orders as stored in the database; a salt is empty if its order was shredded or never sealed."""

    order_uids: list[bytes]
    days: list[int]
    shops: list[str]
    order_nos: list[str]
    waybill_nos: list[str]
    salts: list[bytes]
    blobs: list[bytes]
    phone_indexes: list[bytes]
    last4_indexes: list[bytes]
    order_indexes: list[bytes]
    waybill_indexes: list[bytes]
    row_indexes: list[bytes]


class ResealedOrders(_Columns, frozen=True, array_like=True, gc=False):
    """The new data of the orders. ``opened`` is False if a contact could not be opened; it is left unchanged."""

    opened: list[bool]
    salts: list[bytes]
    blobs: list[bytes]
    phone_indexes: list[bytes]
    last4_indexes: list[bytes]
    order_indexes: list[bytes]
    waybill_indexes: list[bytes]
    row_indexes: list[bytes]
    name_grams: list[bytes]
    address_grams: list[bytes]


class _Day(NamedTuple):
    """The keys and headers to seal the orders of one day."""

    month: int
    message: bytes
    header: bytes
    tail: bytes
    key_of: Callable[[bytes], bytes]


class _Opening(NamedTuple):
    """The keys to open the blobs with one header."""

    cipher: type[Aead]
    key_of: Callable[[bytes], bytes]
    nonce: bytes
    tail: bytes


def reseal_many(
    orders: StoredOrders,
    *,
    tenant: str,
    old_epochs: Mapping[int, bytes],
    new_epochs: Mapping[int, tuple[int, bytes]],
    indexes: IndexKeys,
    grams: GramKeys | None = None,
    suite: int = Suite.AES_256_GCM,
    random: Random = os.urandom,
) -> ResealedOrders:
    """Seal orders again; the result has the same order and length.

    Args:
        orders: the stored orders, with tokens under the root before that of ``indexes``.
        tenant: the tenant of the orders.
        old_epochs: epoch id → key, for the blobs' headers; orders of a missing one are left unchanged.
        new_epochs: day → new epoch id and key.
        indexes: keys under the new root.
        grams: gram keys under the new root, or None for no gram tokens.
        suite: the suite of the new blobs, whatever the suite of the old ones.
        random: source of the salts; called once.

    A blob that does not open (damaged, swapped, shredded) is left unchanged with its phone tokens, and its old
    day key must be kept.
    """
    head = frame(tenant.encode()) + UID_SIZE.to_bytes(4)
    days = {day: _day(day, *new_epochs[day], suite) for day in set(orders.days)}
    places = [days[day] for day in orders.days]
    shops = {shop: frame(to_utf8(shop)) for shop in set(orders.shops)}
    heads = [head + uid + shops[shop] for uid, shop in zip(orders.order_uids, orders.shops, strict=True)]
    plaintexts = _open_all(orders, heads, old_epochs)
    contacts = [None if plaintext is None else decode_contact(plaintext) for plaintext in plaintexts]
    salts, blobs = _seal_all(orders, plaintexts, places, heads, suite, random)
    phones = [b"" if contact is None else normalise_phone(contact.phone).encode() for contact in contacts]
    tails = {shop: to_utf8(shop) for shop in set(orders.shops)}
    last4 = [
        phone[-LAST4:] + place.message + tails[shop] if len(phone) >= MIN_FOR_LAST4 else b""
        for phone, place, shop in zip(phones, places, orders.shops, strict=True)
    ]
    states = {month: indexes.month(month) for month in {place.month for place in days.values()}}
    asked: dict[str, tuple[list[bytes], list[bytes]]] = {
        "phone": (orders.phone_indexes, phones),
        "last4": (orders.last4_indexes, last4),
        "order": (orders.order_indexes, list(map(number_bytes, orders.order_nos))),
        "waybill": (orders.waybill_indexes, list(map(number_bytes, orders.waybill_nos))),
        "row": (orders.row_indexes, orders.row_indexes),
    }
    months = [place.month for place in places]
    phone_column, last4_column, order_column, waybill_column, row_column = (
        _tokens({month: getattr(keys, field).copy for month, keys in states.items()}, months, *columns)
        for field, columns in asked.items()
    )
    for place, plaintext in enumerate(plaintexts):
        if plaintext is None:
            phone_column[place] = orders.phone_indexes[place]
            last4_column[place] = orders.last4_indexes[place]
    names, addresses = [b""] * len(salts), [b""] * len(salts)
    if grams is not None:
        for place, contact in enumerate(contacts):
            if contact is not None:
                names[place], addresses[place] = grams.of_contact(contact, months[place])
    opened = [
        plaintext is not None or not blob for plaintext, blob in zip(plaintexts, orders.blobs, strict=True)
    ]
    return ResealedOrders(
        opened, salts, blobs, phone_column, last4_column, order_column, waybill_column, row_column, names,
        addresses,
    )  # fmt: skip


def _open_all(
    orders: StoredOrders, heads: list[bytes], old_epochs: Mapping[int, bytes]
) -> list[bytes | None]:
    """Open blobs like `open_blob`; None for each one where that would raise."""
    plaintexts: list[bytes | None] = []
    openings: dict[bytes, _Opening | None] = {}
    columns = (orders.order_uids, heads, orders.salts, orders.blobs)
    for uid, head, salt, blob in zip(*columns, strict=True):
        if (
            len(blob) < HEADER_SIZE + TAG_SIZE
        ):  # too short: says nothing about other blobs with the same header
            plaintexts.append(None)
            continue
        start = blob[:HEADER_SIZE]
        if start not in openings:
            openings[start] = _opening(blob, old_epochs)
        opening = openings[start]
        plaintext = None
        if opening is not None and len(salt) == SALT_SIZE and len(uid) == UID_SIZE:
            cipher = opening.cipher(opening.key_of(salt))
            try:
                plaintext = cipher.decrypt(opening.nonce, blob[HEADER_SIZE:], head + opening.tail)
            except InvalidTag:
                plaintext = None
        plaintexts.append(plaintext)
    return plaintexts


def _seal_all(
    orders: StoredOrders,
    plaintexts: list[bytes | None],
    places: list[_Day],
    heads: list[bytes],
    suite: int,
    random: Random,
) -> tuple[list[bytes], list[bytes]]:
    """Seal like `seal_blob` at revision 0, each order under a fresh salt, so no nonce repeats."""
    cipher, nonce = SUITES[suite], nonce_of(FieldGroup.CONTACT, 0)
    fresh = random(SALT_SIZE * len(plaintexts))
    salts, blobs = orders.salts.copy(), orders.blobs.copy()
    for place, (plaintext, day, head) in enumerate(zip(plaintexts, places, heads, strict=True)):
        if plaintext is not None:
            salt = fresh[place * SALT_SIZE : (place + 1) * SALT_SIZE]
            sealed = cipher(day.key_of(salt)).encrypt(nonce, plaintext, head + day.tail)
            salts[place], blobs[place] = salt, day.header + sealed
    return salts, blobs


def _tokens(
    copies: dict[int, Callable[[], blake2b]], months: list[int], stored: list[bytes], messages: list[bytes]
) -> list[bytes]:
    """Return the new token of each message; empty if there was no token before or the message is empty."""
    tokens = []
    for month, token, message in zip(months, stored, messages, strict=True):
        if token and message:
            keyed = copies[month]()
            keyed.update(message)
            tokens.append(keyed.digest())
        else:
            tokens.append(b"")
    return tokens


def _opening(blob: bytes, old_epochs: Mapping[int, bytes]) -> _Opening | None:
    try:
        header = parse_header(blob)
    except SealError:
        return None
    epoch = old_epochs.get(header.epoch_id)
    if epoch is None:
        return None
    nonce = nonce_of(FieldGroup.CONTACT, header.revision)
    tail = _tail(blob[:HEADER_SIZE])
    return _Opening(SUITES[header.suite], record_keys(epoch, header.suite), nonce, tail)


def _day(day: int, epoch_id: int, epoch: bytes, suite: int) -> _Day:
    header = Header(suite, epoch_id, 0).pack()
    return _Day(month_of(day), day.to_bytes(4), header, _tail(header), record_keys(epoch, suite))


def _tail(header: bytes) -> bytes:
    return frame(bytes([FieldGroup.CONTACT]), bytes([CONTACT_SCHEMA]), header)
