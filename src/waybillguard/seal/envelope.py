"""The blob of one field group of one order: ``5A ver suite epoch revision | ciphertext | tag``.

Promise: it opens only with its tenant, order, shop, group, schema, epoch and revision, and never again once the
order's salt or the day's key is destroyed. The byte format is final: docs/formats.md.
"""

from enum import IntEnum
from struct import Struct
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag

from waybillguard.keys.primitives import KEY_SIZE, TAG_SIZE, SecretKey, frame, require_size, require_u32
from waybillguard.seal.contact import CONTACT_SCHEMA, Contact, decode_contact, encode_contact
from waybillguard.seal.errors import CannotOpenError, cannot_open
from waybillguard.seal.normal import to_utf8
from waybillguard.seal.suites import SUITES, Suite, record_keys

MAGIC: Final = 0x5A
VERSION: Final = 1
SALT_SIZE: Final = 16
UID_SIZE: Final = 16
_HEADER: Final = Struct(">BBBII")
HEADER_SIZE: Final = _HEADER.size


class FieldGroup(IntEnum):
    """Fields that are sealed together; the number is in nonce and associated data."""

    CONTACT = 1


class Header(msgspec.Struct, frozen=True):
    """The clear header of a blob: suite, day key and revision."""

    suite: int
    epoch_id: int
    revision: int

    def pack(self) -> bytes:
        """Return the 11 bytes of the header."""
        return _HEADER.pack(MAGIC, VERSION, self.suite, self.epoch_id, self.revision)


def parse_header(blob: bytes) -> Header:
    """Read the header, which needs no key and names the epoch whose key opens the blob.

    Raises:
        CannotOpenError: too short, or not a blob of this format.
        CannotOpenError (unknown_suite): a version or suite that this program does not support.
    """
    if len(blob) < HEADER_SIZE + TAG_SIZE or blob[0] != MAGIC:
        raise cannot_open()
    _, version, suite, epoch_id, revision = _HEADER.unpack_from(blob)
    if version != VERSION or suite not in SUITES:
        raise CannotOpenError(
            code="unknown_suite",
            zh=f"密封格式不识（版本 {version}，算法套件 {suite}）：数据被改动，或由更新版本写入。"
            "请升级程序，或从备份恢复；未显示任何内容。",
            en=f"unknown sealed format (version {version}, suite {suite}): altered, or written by a newer "
            "program. Upgrade, or restore from a backup; nothing was shown.",
        )
    return Header(suite, epoch_id, revision)


def record_key(epoch: bytes, salt: bytes, suite: int = Suite.AES_256_GCM) -> SecretKey:
    """Derive the key of one order and suite (`record_keys`)."""
    require_size(epoch, KEY_SIZE, "epoch key")
    require_size(salt, SALT_SIZE, "salt")
    return SecretKey(record_keys(epoch, suite)(salt))


def nonce_of(group: int, revision: int) -> bytes:
    """Return the 12-byte nonce: group u32 BE ‖ revision u64 BE; never repeated under one record key."""
    return group.to_bytes(4) + revision.to_bytes(8)


def associated_data(
    tenant: str, order_uid: bytes, shop: str, group: int, schema: int, header: bytes
) -> bytes:
    """Return all data that a blob is bound to, each part after its length."""
    return frame(tenant.encode(), order_uid, to_utf8(shop), bytes([group]), bytes([schema]), header)


def seal_blob(
    plaintext: bytes,
    *,
    epoch: bytes,
    epoch_id: int,
    salt: bytes,
    tenant: str,
    order_uid: bytes,
    shop: str,
    group: int,
    schema: int,
    revision: int = 0,
    suite: int = Suite.AES_256_GCM,
) -> bytes:
    """Seal one group. To seal an order again under the same salt, the caller *must* raise the revision.

    Raises:
        KeysError (key_use): a key, salt or number of the wrong size.
    """
    require_size(order_uid, UID_SIZE, "order uid")
    require_u32(epoch_id, "epoch id")
    require_u32(revision, "revision")
    header = Header(suite, epoch_id, revision).pack()
    aad = associated_data(tenant, order_uid, shop, group, schema, header)
    cipher = SUITES[suite](record_key(epoch, salt, suite))
    return header + cipher.encrypt(nonce_of(group, revision), plaintext, aad)


def open_blob(
    blob: bytes,
    *,
    epoch: bytes,
    salt: bytes,
    tenant: str,
    order_uid: bytes,
    shop: str,
    group: int,
    schema: int,
) -> bytes:
    """Open what `seal_blob` made, with the key of the epoch that `parse_header` names.

    Raises:
        CannotOpenError: anything differs from when it was sealed.
        KeysError (key_use): a key, salt or uid of the wrong size.
    """
    require_size(order_uid, UID_SIZE, "order uid")
    header = parse_header(blob)
    aad = associated_data(tenant, order_uid, shop, group, schema, blob[:HEADER_SIZE])
    cipher = SUITES[header.suite](record_key(epoch, salt, header.suite))
    try:
        return cipher.decrypt(nonce_of(group, header.revision), blob[HEADER_SIZE:], aad)
    except InvalidTag:
        raise cannot_open() from None


def seal_contact(
    contact: Contact,
    *,
    epoch: bytes,
    epoch_id: int,
    salt: bytes,
    tenant: str,
    order_uid: bytes,
    shop: str,
    revision: int = 0,
    suite: int = Suite.AES_256_GCM,
) -> bytes:
    """Seal the contact of one order; in bulk use `Sealer.seal_many`.

    Raises:
        CannotSealError: text that UTF-8 cannot encode.
        KeysError (key_use): a key, salt or number of the wrong size.
    """
    return seal_blob(
        encode_contact(contact),
        epoch=epoch,
        epoch_id=epoch_id,
        salt=salt,
        tenant=tenant,
        order_uid=order_uid,
        shop=shop,
        group=FieldGroup.CONTACT,
        schema=CONTACT_SCHEMA,
        revision=revision,
        suite=suite,
    )


def open_contact(
    blob: bytes, *, epoch: bytes, salt: bytes, tenant: str, order_uid: bytes, shop: str
) -> Contact:
    """Open the contact of one order.

    Raises:
        CannotOpenError: anything differs from when it was sealed.
        KeysError (key_use): a key, salt or uid of the wrong size.
    """
    plaintext = open_blob(
        blob,
        epoch=epoch,
        salt=salt,
        tenant=tenant,
        order_uid=order_uid,
        shop=shop,
        group=FieldGroup.CONTACT,
        schema=CONTACT_SCHEMA,
    )
    return decode_contact(plaintext)
