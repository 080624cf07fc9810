"""Sealing orders again under new keys: the heart of a rotation.

Each order gets a fresh salt at revision 0 under the new day key, so no nonce can repeat, and new tokens
under the new index root. The plaintext is carried over byte by byte. A token that was destroyed (empty)
stays so: a rotation never brings an index back.
"""

import os
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Final

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from waybillguard.keys.primitives import KEY_SIZE, Random, frame
from waybillguard.seal.contact import CONTACT_SCHEMA, decode_contact
from waybillguard.seal.envelope import (
    RECORD_KEY_PERSON,
    SALT_SIZE,
    UID_SIZE,
    FieldGroup,
    Header,
    Suite,
    nonce_of,
    open_blob,
    parse_header,
)
from waybillguard.seal.errors import SealError
from waybillguard.seal.grams import GramKeys
from waybillguard.seal.indexes import IndexKeys, MonthHashes, last4_message, month_of, token_of
from waybillguard.seal.normal import LAST4, MIN_FOR_LAST4, normalise_phone, number_bytes

_PERSON: Final = RECORD_KEY_PERSON + bytes([Suite.AES_256_GCM])


class StoredOrder(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An order as the database keeps it; ``salt`` is empty if it was shredded or never sealed."""

    order_uid: bytes
    day: int
    shop: str
    order_no: str
    waybill_no: str
    salt: bytes
    blob: bytes
    phone_index: bytes
    last4_index: bytes
    order_index: bytes
    waybill_index: bytes
    row_index: bytes

    def __repr__(self) -> str:
        """Show the type alone."""
        return "StoredOrder(…)"


class ResealedOrder(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What replaces it. ``opened`` is False where the contact could not be opened: it stays as it was."""

    opened: bool
    salt: bytes
    blob: bytes
    phone_index: bytes
    last4_index: bytes
    order_index: bytes
    waybill_index: bytes
    row_index: bytes
    name_grams: bytes = b""
    address_grams: bytes = b""

    def __repr__(self) -> str:
        """Show the type alone."""
        return "ResealedOrder(…)"


def reseal_many(
    orders: Sequence[StoredOrder],
    *,
    tenant: str,
    old_epochs: Mapping[int, bytes],
    new_epochs: Mapping[int, tuple[int, bytes]],
    indexes: IndexKeys,
    grams: GramKeys | None = None,
    random: Random = os.urandom,
) -> list[ResealedOrder]:
    """Seal orders again; same order, same length.

    Args:
        orders: as stored, tokens under the root before that of ``indexes``.
        tenant: whose.
        old_epochs: epoch id → key, of the blobs' headers; a missing one leaves its orders as they are.
        new_epochs: day → new epoch id and key.
        indexes: keys under the new root.
        grams: gram keys under the new root, or None for no gram tokens.
        random: source of the salts; asked once.

    A blob that does not open (damaged, swapped, shredded) is left as it is, with its phone tokens; nothing
    of it is lost, and its old day key must be kept.
    """
    salts = random(SALT_SIZE * len(orders))
    work = _Resealing(tenant, old_epochs, new_epochs, indexes, grams)
    return [work.reseal(order, salts[n * SALT_SIZE : (n + 1) * SALT_SIZE]) for n, order in enumerate(orders)]


class _Resealing:
    """The keys of one call, with what depends on a day worked out once."""

    def __init__(
        self,
        tenant: str,
        old_epochs: Mapping[int, bytes],
        new_epochs: Mapping[int, tuple[int, bytes]],
        indexes: IndexKeys,
        grams: GramKeys | None,
    ) -> None:
        self._tenant = tenant
        self._old_epochs = old_epochs
        self._new_epochs = new_epochs
        self._indexes = indexes
        self._grams = grams
        self._days: dict[int, tuple[int, MonthHashes]] = {}
        self._head = frame(tenant.encode()) + UID_SIZE.to_bytes(4)
        self._tails: dict[int, tuple[bytes, bytes]] = {}
        self._nonce = nonce_of(FieldGroup.CONTACT, 0)

    def reseal(self, order: StoredOrder, salt: bytes) -> ResealedOrder:
        if (found := self._days.get(order.day)) is None:
            month = month_of(order.day)
            found = self._days[order.day] = (month, self._indexes.month(month))
        month, states = found
        order_index = waybill_index = row_index = b""
        if order.order_index and order.order_no:
            order_index = token_of(states.order, number_bytes(order.order_no))
        if order.waybill_index and order.waybill_no:
            waybill_index = token_of(states.waybill, number_bytes(order.waybill_no))
        if order.row_index:
            row_index = token_of(states.row, order.row_index)
        plaintext = _open(order, self._tenant, self._old_epochs)
        if plaintext is None:
            return ResealedOrder(
                not order.blob, order.salt, order.blob, order.phone_index, order.last4_index, order_index,
                waybill_index, row_index,
            )  # fmt: skip
        contact = decode_contact(plaintext)
        phone = normalise_phone(contact.phone)
        phone_index = last4_index = b""
        if order.phone_index and phone:
            phone_index = token_of(states.phone, phone.encode())
        if order.last4_index and len(phone) >= MIN_FOR_LAST4:
            last4_index = token_of(states.last4, last4_message(phone[-LAST4:], order.shop, order.day))
        names, addresses = self._grams.of_contact(contact, month) if self._grams else (b"", b"")
        return ResealedOrder(
            True, salt, self._seal(plaintext, order, salt), phone_index, last4_index, order_index,  # noqa: FBT003 - a field
            waybill_index, row_index, names, addresses,
        )  # fmt: skip

    def _seal(self, plaintext: bytes, order: StoredOrder, salt: bytes) -> bytes:
        """Do what `seal_blob` does at revision 0; the salt is fresh, so no nonce repeats."""
        epoch_id, epoch = self._new_epochs[order.day]
        if (known := self._tails.get(epoch_id)) is None:
            header = Header(Suite.AES_256_GCM, epoch_id, 0).pack()
            known = (header, frame(bytes([FieldGroup.CONTACT]), bytes([CONTACT_SCHEMA]), header))
            self._tails[epoch_id] = known
        header, tail = known
        key = blake2b(digest_size=KEY_SIZE, key=epoch, salt=salt, person=_PERSON).digest()
        sealed = AESGCM(key).encrypt(self._nonce, plaintext, self._head + order.order_uid + tail)
        return header + sealed


def _open(order: StoredOrder, tenant: str, old_epochs: Mapping[int, bytes]) -> bytes | None:
    if not order.blob or not order.salt:
        return None
    try:
        epoch = old_epochs.get(parse_header(order.blob).epoch_id)
        if epoch is None:
            return None
        return open_blob(
            order.blob,
            epoch=epoch,
            salt=order.salt,
            tenant=tenant,
            order_uid=order.order_uid,
            group=FieldGroup.CONTACT,
            schema=CONTACT_SCHEMA,
        )
    except SealError:
        return None
