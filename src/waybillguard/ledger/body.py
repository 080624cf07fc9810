"""The erasable body of an entry, encrypted under its own key.

A private record is the number of the day keys (uint32) and three slots. Each slot has a checksum and can be
overwritten by zeros in place. The slots hold the body's key wrapped (AES-KW, RFC 3394) under the owner's key of
the day, the same key wrapped under the regulator's key of the day, and the ciphertext (AES-256-GCM; the nonce is
zero because every key is used once). The leaf commits to the plain body by HMAC under a key derived from the
body's key, because AES-GCM alone is not key-committing: one ciphertext could decrypt to two bodies.
"""

import hmac
import zlib
from collections.abc import Callable
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from waybillguard.ledger.entry import Entry
from waybillguard.ledger.errors import BadEntryError
from waybillguard.ledger.ledgerkeys import derive

MAX_BODY = 60_000
_NONCE = bytes(12)
_WRAP = 40
_SLOT = _WRAP + 4
_ID = 4
OWNER = (_ID, _SLOT)
REGULATOR = (_ID + _SLOT, _SLOT)
_BODY = _ID + 2 * _SLOT
_EMPTY = bytes(_SLOT)


class DayKeys(msgspec.Struct, frozen=True):
    """The two keys that wrap a day's body keys; ``regulator`` is None where no authority is set."""

    number: int
    owner: bytes
    regulator: bytes | None

    def __repr__(self) -> str:
        """Return a repr without the keys."""
        return "DayKeys()"


class Sealed(msgspec.Struct, frozen=True):
    """A private record and its commitment, which is part of the leaf."""

    record: bytes
    commit: bytes


def commit_to(key: bytes, body: bytes) -> bytes:
    """Return the commitment HMAC(HKDF(body key), body)."""
    return hmac.digest(derive_commit(key), body, "sha256")


def derive_commit(key: bytes) -> bytes:
    """Return the commitment key: one HKDF-Expand block (RFC 5869) over a uniformly random body key."""
    return hmac.digest(key, b"waybillguard ledger v1: commit\x01", "sha256")


def encode_body(entry: Entry) -> bytes:
    """Return the body of an entry as MessagePack; raises BadEntryError when too long."""
    words: dict[str, Any] = {"v": 1, "t": entry.time_us}
    fields = {
        "tenant": entry.tenant,
        "actor": entry.actor,
        "workstation": entry.workstation,
        "session": entry.session,
        "record": entry.record,
        "detail": entry.detail,
        "signature": entry.device_signature,
    }
    words |= {name: value for name, value in fields.items() if value}
    try:
        body = msgspec.msgpack.encode(words)
    except (TypeError, OverflowError) as error:
        raise BadEntryError(
            zh="条目内容只能是文字、数字、字节、列表和字典",
            en="an entry's detail holds text, numbers, bytes, lists and dictionaries only",
        ) from error
    if len(body) > MAX_BODY:
        raise BadEntryError(zh="条目内容过长", en=f"the entry's detail is longer than {MAX_BODY} bytes")
    return body


def seal_body(body: bytes, days: DayKeys, random: Callable[[int], bytes]) -> Sealed:
    """Encrypt a body under a fresh key and wrap that key for owner and regulator."""
    key = random(32)
    cipher = AESGCM(key).encrypt(_NONCE, body, None)
    number = days.number.to_bytes(_ID, "big")
    owner = aes_key_wrap(days.owner, key)
    regulator = _EMPTY if days.regulator is None else _slot(number, aes_key_wrap(days.regulator, key))
    record = b"".join((number, _slot(number, owner), regulator, _slot(number, cipher)))
    return Sealed(record, commit_to(key, body))


def _slot(number: bytes, data: bytes) -> bytes:
    return _check(number, data).to_bytes(4, "big") + data


def _check(number: bytes, data: bytes) -> int:
    return zlib.crc32(data, zlib.crc32(number))


def damaged(record: bytes) -> bool:
    """Return whether a slot is corrupt: it neither matches its checksum nor is wiped."""
    for start, end in ((_ID, _ID + _SLOT), (_ID + _SLOT, _BODY), (_BODY, len(record))):
        slot = record[start:end]
        if _check(record[:_ID], slot[4:]) != int.from_bytes(slot[:4], "big") and any(slot):
            return True
    return len(record) < _BODY + 4


def day_number(record: bytes) -> int:
    """Return the number of the day keys that wrap this record's key."""
    return int.from_bytes(record[:_ID], "big")


def wipe_ranges(record: bytes, *, everything: bool) -> list[tuple[int, int]]:
    """Return the ranges (start, length) that erasure overwrites: all slots, or only the owner's wrapped key."""
    return [(_ID, len(record) - _ID)] if everything else [OWNER]


def is_wiped(record: bytes, slot: tuple[int, int]) -> bool:
    """Return whether the slot of a wrapped key holds only zeros."""
    return not any(record[slot[0] : slot[0] + slot[1]])


def open_key(record: bytes, day_key: bytes, *, regulator: bool = False) -> tuple[bytes, bytes]:
    """Return the encoded body of a private record and the body's key; raises BadEntryError.

    With ``regulator``, ``day_key`` is the regulator's key of the day and opens the regulator's slot.
    """
    start = REGULATOR[0] if regulator else OWNER[0]
    if not record or is_wiped(record, (start, _SLOT)) or not any(record[_BODY:]):
        raise BadEntryError(
            zh="该条目的内容已被删除或限制", en="the words of this entry are erased or restricted"
        )
    try:
        key = aes_key_unwrap(day_key, record[start + 4 : start + _SLOT])
        body = AESGCM(key).decrypt(_NONCE, record[_BODY + 4 :], None)
    except (InvalidUnwrap, InvalidTag, ValueError) as error:
        raise BadEntryError(
            zh="该条目的内容无法解开：密钥不对或字节已损坏",
            en="the body does not open: another day's key, or damaged bytes",
        ) from error
    return body, key


def open_body(record: bytes, day_key: bytes, *, regulator: bool = False) -> tuple[dict[str, Any], bytes]:
    """Return the body of a private record and the commitment its leaf must carry; raises BadEntryError."""
    body, key = open_key(record, day_key, regulator=regulator)
    return msgspec.msgpack.decode(body), commit_to(key, body)


def seal_to(public: bytes, data: bytes, random: Callable[[int], bytes]) -> bytes:
    """Encrypt a short secret to an X25519 public key: ephemeral public key, then AES-256-GCM."""
    ephemeral = X25519PrivateKey.from_private_bytes(random(32))
    mine = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    key = derive(shared + mine + public, "sealed to")
    return mine + AESGCM(key).encrypt(_NONCE, data, mine)


def unseal(private: X25519PrivateKey, data: bytes) -> bytes:
    """Decrypt the output of ``seal_to``; raises BadEntryError."""
    mine = data[:32]
    public = private.public_key().public_bytes_raw()
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(mine))
        return AESGCM(derive(shared + mine + public, "sealed to")).decrypt(_NONCE, data[32:], mine)
    except (InvalidTag, ValueError) as error:
        raise BadEntryError(zh="这把钥匙打不开", en="this private key does not open it") from error
