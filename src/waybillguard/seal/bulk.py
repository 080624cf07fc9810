"""Sealing many orders at once: one blob, salt, and all tokens an order, at memory speed.

The loop repeats by hand what `envelope`, `indexes`, `person` and `decoy` state one order at a time; tests
hold the two against each other. Python calls, not AES, are what an order costs.
"""

import os
from collections.abc import Sequence
from hashlib import blake2b
from typing import Self

import msgspec

from waybillguard.keys.hierarchy import KeyHolder, Purpose
from waybillguard.keys.primitives import KEY_SIZE, Random, frame, require_size, require_u32
from waybillguard.seal.contact import CONTACT_SCHEMA, Contact, encode_contact, unsealable
from waybillguard.seal.decoy import DECOY, REAL, DecoyKey
from waybillguard.seal.envelope import (
    RECORD_KEY_PERSON,
    SALT_SIZE,
    SUITES,
    UID_SIZE,
    FieldGroup,
    Header,
    Suite,
    nonce_of,
)
from waybillguard.seal.errors import CannotSealError
from waybillguard.seal.indexes import IndexKeys, month_of
from waybillguard.seal.normal import last4_of, normalise_number, normalise_phone
from waybillguard.seal.person import PersonKeys, person_message
from waybillguard.seal.reference import ReferenceKeys


class SealInput(msgspec.Struct, frozen=True):
    """One order to seal. ``contact`` is None for a reference order (lane A): tokens, but no blob.

    ``day`` is the order's day number in the tenant's zone; ``row`` is the canonical data row of the
    export for ``row_index`` (empty: none).
    """

    order_uid: bytes
    contact: Contact | None
    shop: str
    day: int
    order_no: str
    waybill_no: str = ""
    decoy: bool = False
    row: bytes = b""

    def __repr__(self) -> str:
        """Show the type alone."""
        return "SealInput(…)"


class SealedOrder(msgspec.Struct, frozen=True):
    """What is stored of an order; empty bytes stand for none. The salt goes into the shred table."""

    blob: bytes
    salt: bytes
    phone_index: bytes
    last4_index: bytes
    order_index: bytes
    waybill_index: bytes
    row_index: bytes
    person_token: bytes
    person_token_previous: bytes
    decoy_tag: bytes

    def __repr__(self) -> str:
        """Show the type alone."""
        return "SealedOrder(…)"


class TenantKeys(msgspec.Struct, frozen=True):
    """The keys of one tenant beside its epochs: indexes, persons, decoys, references."""

    tenant: str
    indexes: IndexKeys
    persons: PersonKeys
    decoys: DecoyKey
    references: ReferenceKeys

    @classmethod
    def derive(cls, holder: KeyHolder, tenant: str) -> Self:
        """Ask the holder for each root and bind it to the tenant."""
        return cls(
            tenant,
            IndexKeys(holder.derive(Purpose.INDEX), tenant),
            PersonKeys(holder.derive(Purpose.TOKEN), tenant),
            DecoyKey(holder.derive(Purpose.DECOY), tenant),
            ReferenceKeys(holder.derive(Purpose.REFERENCE), tenant),
        )


class Sealer:
    """Seals the orders of one tenant under one epoch key.

    Args:
        epoch: the 32-byte epoch key.
        epoch_id: its number, written into every blob.
        keys: the tenant's other keys.
        random: source of the salts; asked once a batch.

    Raises:
        KeyUseError: a key or number of the wrong size.
    """

    __slots__ = ("_aad_head", "_aad_tail", "_epoch", "_header", "_keys", "_random")

    def __init__(self, epoch: bytes, epoch_id: int, keys: TenantKeys, *, random: Random = os.urandom) -> None:
        require_size(epoch, KEY_SIZE, "epoch key")
        require_u32(epoch_id, "epoch id")
        self._epoch = epoch
        self._keys = keys
        self._random = random
        self._header = Header(Suite.AES_256_GCM, epoch_id, 0).pack()
        self._aad_head = frame(keys.tenant.encode()) + UID_SIZE.to_bytes(4)
        self._aad_tail = frame(bytes([FieldGroup.CONTACT]), bytes([CONTACT_SCHEMA]), self._header)

    def __repr__(self) -> str:
        """Show the type alone."""
        return "Sealer(…)"

    def seal_many(self, orders: Sequence[SealInput]) -> list[SealedOrder]:
        """Seal each order under a fresh salt at revision 0 and make its tokens; same order, same length.

        Raises:
            CannotSealError: ``position`` names the order; nothing of the batch is returned.
            KeyUseError: an order uid that is not 16 bytes.
        """
        salts = self._random(SALT_SIZE * len(orders))
        require_size(salts, SALT_SIZE * len(orders), "salts")
        sealed: list[SealedOrder] = []
        try:
            self._fill(orders, salts, sealed)
        except (CannotSealError, UnicodeEncodeError):
            raise unsealable(len(sealed)) from None  # the original error quotes the field
        return sealed

    def _fill(self, orders: Sequence[SealInput], salts: bytes, sealed: list[SealedOrder]) -> None:
        epoch, header, head, tail = self._epoch, self._header, self._aad_head, self._aad_tail
        cipher, person = SUITES[Suite.AES_256_GCM], RECORD_KEY_PERSON + bytes([Suite.AES_256_GCM])
        nonce = nonce_of(FieldGroup.CONTACT, 0)
        decoy_state = self._keys.decoys.state
        persons, indexes = self._keys.persons, self._keys.indexes
        today: int | None = None
        day_bytes = b""
        position = 0
        for order in orders:
            uid = order.order_uid
            if len(uid) != UID_SIZE:
                require_size(uid, UID_SIZE, "order uid")
            if order.day != today:
                today = order.day
                day_bytes = today.to_bytes(4)
                month = indexes.month(month_of(today))
                this_year, last_year = persons.states(today)
            blob = salt = phone_index = last4_index = token = previous = row_index = b""
            order_index = waybill_index = b""
            contact = order.contact
            if contact is not None:
                salt = salts[position : position + SALT_SIZE]
                key = blake2b(digest_size=KEY_SIZE, key=epoch, salt=salt, person=person).digest()
                blob = header + cipher(key).encrypt(nonce, encode_contact(contact), head + uid + tail)
                phone = normalise_phone(contact.phone)
                if phone:
                    message = phone.encode()
                    phone_index = _token(month.phone, message)
                    last4 = last4_of(phone)
                    if last4:
                        last4_index = _token(month.last4, last4.encode() + day_bytes + order.shop.encode())
                    if contact.extension:
                        message = person_message(phone, contact.extension)
                    token = _token(this_year, message)
                    if last_year is not None:
                        previous = _token(last_year, message)
            number = normalise_number(order.order_no)
            if number:
                order_index = _token(month.order, number.encode())
            number = normalise_number(order.waybill_no)
            if number:
                waybill_index = _token(month.waybill, number.encode())
            if order.row:
                row_index = _token(month.row, order.row)
            decoy_tag = _token(decoy_state, uid + (DECOY if order.decoy else REAL))
            sealed.append(
                SealedOrder(
                    blob,
                    salt,
                    phone_index,
                    last4_index,
                    order_index,
                    waybill_index,
                    row_index,
                    token,
                    previous,
                    decoy_tag,
                )
            )
            position += SALT_SIZE


def _token(state: blake2b, message: bytes) -> bytes:
    state = state.copy()
    state.update(message)
    return state.digest()
