"""Sealing orders again under new keys: the heart of a rotation.

Each order gets a fresh salt at revision 0 under the new day key, so no nonce can repeat, and new tokens
under the new index root. The plaintext is carried over byte by byte. A token that was destroyed (empty)
stays so: a rotation never brings an index back.
"""

import os
from collections.abc import Mapping, Sequence

import msgspec

from waybillguard.keys.primitives import Random
from waybillguard.seal.contact import CONTACT_SCHEMA, decode_contact
from waybillguard.seal.envelope import SALT_SIZE, FieldGroup, open_blob, parse_header, seal_blob
from waybillguard.seal.errors import SealError
from waybillguard.seal.indexes import IndexKeys, last4_message, month_of, token_of
from waybillguard.seal.normal import LAST4, MIN_FOR_LAST4, normalise_phone, number_bytes


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
    random: Random = os.urandom,
) -> list[ResealedOrder]:
    """Seal orders again; same order, same length.

    Args:
        orders: as stored, tokens under the root before that of ``indexes``.
        tenant: whose.
        old_epochs: epoch id → key, of the blobs' headers; a missing one leaves its orders as they are.
        new_epochs: day → new epoch id and key.
        indexes: keys under the new root.
        random: source of the salts; asked once.

    A blob that does not open (damaged, swapped, shredded) is left as it is, with its phone tokens; nothing
    of it is lost, and its old day key must be kept.
    """
    salts = random(SALT_SIZE * len(orders))
    return [
        _reseal(order, salts[n * SALT_SIZE : (n + 1) * SALT_SIZE], tenant, old_epochs, new_epochs, indexes)
        for n, order in enumerate(orders)
    ]


def _reseal(
    order: StoredOrder,
    salt: bytes,
    tenant: str,
    old_epochs: Mapping[int, bytes],
    new_epochs: Mapping[int, tuple[int, bytes]],
    indexes: IndexKeys,
) -> ResealedOrder:
    month = indexes.month(month_of(order.day))
    order_index = (
        token_of(month.order, number_bytes(order.order_no)) if order.order_index and order.order_no else b""
    )
    waybill_index = (
        token_of(month.waybill, number_bytes(order.waybill_no))
        if order.waybill_index and order.waybill_no
        else b""
    )
    row_index = token_of(month.row, order.row_index) if order.row_index else b""
    plaintext = _open(order, tenant, old_epochs)
    if plaintext is None:
        return ResealedOrder(
            not order.blob, order.salt, order.blob, order.phone_index, order.last4_index, order_index,
            waybill_index, row_index,
        )  # fmt: skip
    epoch_id, epoch = new_epochs[order.day]
    blob = seal_blob(
        plaintext,
        epoch=epoch,
        epoch_id=epoch_id,
        salt=salt,
        tenant=tenant,
        order_uid=order.order_uid,
        group=FieldGroup.CONTACT,
        schema=CONTACT_SCHEMA,
    )
    phone = normalise_phone(decode_contact(plaintext).phone)
    phone_index = token_of(month.phone, phone.encode()) if order.phone_index and phone else b""
    tail = order.last4_index and len(phone) >= MIN_FOR_LAST4
    last4 = last4_message(phone[-LAST4:], order.shop, order.day)
    last4_index = token_of(month.last4, last4) if tail else b""
    return ResealedOrder(
        bool(blob), salt, blob, phone_index, last4_index, order_index, waybill_index, row_index
    )


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
