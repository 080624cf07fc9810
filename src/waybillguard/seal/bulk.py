"""Seals many orders at once: makes one blob, one salt and all tokens per order.

For speed, the loop repeats inline what `envelope`, `indexes`, `person` and `decoy` do for a single order; tests
compare the two. Most of the time per order is spent on Python calls, not on AES.
"""

import os
from collections.abc import Sequence
from typing import Final, Self

import msgspec

from waybillguard.keys.hierarchy import KeyHolder, Purpose
from waybillguard.keys.primitives import KEY_SIZE, Random, frame, require_size, require_u32
from waybillguard.seal.contact import CONTACT_SCHEMA, Contact, contact_bytes, unsealable
from waybillguard.seal.decoy import DecoyKey
from waybillguard.seal.envelope import SALT_SIZE, UID_SIZE, FieldGroup, Header, nonce_of
from waybillguard.seal.indexes import IndexKeys, month_of, token_column
from waybillguard.seal.normal import LAST4, MIN_FOR_LAST4, normalise_phone, number_bytes, to_utf8
from waybillguard.seal.person import PersonKeys, person_message
from waybillguard.seal.reference import ReferenceKeys
from waybillguard.seal.suites import SUITES, Suite, record_keys

_DAY_COLUMNS: Final = 7


class SealInput(msgspec.Struct, frozen=True, array_like=True, gc=False):
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
        """Show only the type."""
        return "SealInput(…)"


class SealedOrder(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The stored data of an order; empty bytes mean none. The salt is stored in the shred table."""

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
        """Show only the type."""
        return "SealedOrder(…)"


class TenantKeys(msgspec.Struct, frozen=True):
    """The keys of one tenant beside its epochs: indexes, persons, decoys, references."""

    tenant: str
    indexes: IndexKeys
    persons: PersonKeys
    decoys: DecoyKey
    references: ReferenceKeys

    def __repr__(self) -> str:
        """Show only the type."""
        return "TenantKeys(…)"

    @classmethod
    def derive(cls, holder: KeyHolder, tenant: str) -> Self:
        """Derive each root from the holder and bind it to the tenant."""
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
        suite: the cipher of the blobs.
        random: source of the salts; called once per batch.

    Raises:
        KeysError (key_use): a key or number of the wrong size.
    """

    __slots__ = ("_aad_head", "_aad_tail", "_epoch", "_header", "_keys", "_random", "_suite")

    def __init__(
        self,
        epoch: bytes,
        epoch_id: int,
        keys: TenantKeys,
        *,
        suite: int = Suite.AES_256_GCM,
        random: Random = os.urandom,
    ) -> None:
        require_size(epoch, KEY_SIZE, "epoch key")
        require_u32(epoch_id, "epoch id")
        self._epoch = epoch
        self._keys = keys
        self._random = random
        self._suite = suite
        self._header = Header(suite, epoch_id, 0).pack()
        self._aad_head = frame(keys.tenant.encode()) + UID_SIZE.to_bytes(4)
        self._aad_tail = frame(bytes([FieldGroup.CONTACT]), bytes([CONTACT_SCHEMA]), self._header)

    def __repr__(self) -> str:
        """Show only the type."""
        return "Sealer(…)"

    def seal_many(self, orders: Sequence[SealInput]) -> list[SealedOrder]:
        """Seal each order under a fresh salt at revision 0 and make its tokens; same order, same length.

        Raises:
            CannotSealError: ``position`` names the order; nothing of the batch is returned.
            KeysError (key_use): an order uid that is not 16 bytes.
        """
        salts = self._random(SALT_SIZE * len(orders))
        require_size(salts, SALT_SIZE * len(orders), "salts")
        uids = [order.order_uid for order in orders]
        for size in set(map(len, uids)):
            require_size(bytes(size), UID_SIZE, "order uid")
        blobs: list[bytes] = []
        used: list[bytes] = []
        try:
            self._seal_contacts(orders, salts, blobs, used)
        except UnicodeEncodeError:
            raise unsealable(len(blobs)) from None  # the original error quotes the field
        decoy_tags = self._keys.decoys.tags(uids, [order.decoy for order in orders])
        columns = (blobs, used, *self._by_day(orders), decoy_tags)
        return list(map(SealedOrder, *columns))

    def _seal_contacts(
        self, orders: Sequence[SealInput], salts: bytes, blobs: list[bytes], used: list[bytes]
    ) -> None:
        """Append the blob and salt of each order; both are empty without a contact."""
        epoch, header, head, tail = self._epoch, self._header, self._aad_head, self._aad_tail
        cipher, key_of = SUITES[self._suite], record_keys(epoch, self._suite)
        nonce = nonce_of(FieldGroup.CONTACT, 0)
        tails = {shop: frame(to_utf8(shop)) + tail for shop in {order.shop for order in orders}}
        position = 0
        for order in orders:
            contact = order.contact
            if contact is None:
                blobs.append(b"")
                used.append(b"")
            else:
                plaintext = contact_bytes(contact)
                salt = salts[position : position + SALT_SIZE]
                sealed = cipher(key_of(salt)).encrypt(
                    nonce, plaintext, head + order.order_uid + tails[order.shop]
                )
                blobs.append(header + sealed)
                used.append(salt)
            position += SALT_SIZE

    def _by_day(self, orders: Sequence[SealInput]) -> list[list[bytes]]:
        """Return the seven token columns that depend on the day, in the order of `SealedOrder`."""
        days = {order.day for order in orders}
        if len(days) == 1:
            return self._tokens(orders, days.pop())
        columns: list[list[bytes]] = [[b""] * len(orders) for _ in range(_DAY_COLUMNS)]
        places: dict[int, list[int]] = {day: [] for day in days}
        for position, order in enumerate(orders):
            places[order.day].append(position)
        for day, positions in places.items():
            part = self._tokens([orders[position] for position in positions], day)
            for column, values in zip(columns, part, strict=True):
                for position, value in zip(positions, values, strict=True):
                    column[position] = value
        return columns

    def _tokens(self, orders: Sequence[SealInput], day: int) -> list[list[bytes]]:
        month = self._keys.indexes.month(month_of(day))
        this_year, last_year = self._keys.persons.states(day)
        day_bytes = day.to_bytes(4)
        contacts = [order.contact for order in orders]
        phones = [b"" if contact is None else normalise_phone(contact.phone).encode() for contact in contacts]
        tails = {shop: day_bytes + to_utf8(shop) for shop in {order.shop for order in orders}}
        last4 = [
            phone[-LAST4:] + tails[order.shop] if len(phone) >= MIN_FOR_LAST4 else b""
            for phone, order in zip(phones, orders, strict=True)
        ]
        persons = phones.copy()
        for position, contact in enumerate(contacts):
            if contact is not None and contact.extension:
                persons[position] = person_message(contact.phone, contact.extension)
        return [
            token_column(month.phone, phones),
            token_column(month.last4, last4),
            token_column(month.order, [number_bytes(order.order_no) for order in orders]),
            token_column(month.waybill, [number_bytes(order.waybill_no) for order in orders]),
            self._keys.indexes.row_column([order.row for order in orders], month_of(day)),
            token_column(this_year, persons),
            [b""] * len(orders) if last_year is None else token_column(last_year, persons),
        ]
