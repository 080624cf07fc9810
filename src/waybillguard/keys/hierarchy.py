"""The key hierarchy: root key → purpose keys → epoch keys of a tenant and day.

The root key never seals an order. It derives one key per purpose by HKDF-SHA256, and wraps the random
epoch keys. Destroying a wrapped epoch makes everything sealed on that day unreadable (docs/formats.md).
"""

import os
from enum import StrEnum
from typing import Final, Protocol, Self

import msgspec

from waybillguard.keys.errors import KeysError
from waybillguard.keys.primitives import (
    KEY_SIZE,
    Random,
    SecretKey,
    blake2b_derive,
    frame,
    hkdf_sha256,
    kwp_unwrap,
    kwp_wrap,
    require_size,
    require_u32,
)

_SALT: Final = b"waybillguard/root/v1"
MAX_WRAPPED_SECRET: Final = 4096


class Purpose(StrEnum):
    """The purpose of a key below the root. The value is part of the derivation and must never change."""

    WRAP = "wrap"
    INDEX = "index"
    TOKEN = "token"  # noqa: S105 - a label, not a secret
    LEDGER = "ledger"
    REFERENCE = "reference"
    DECOY = "decoy"
    SERVICE = "service"


class RootKey(SecretKey):
    """The 32 bytes that derive or wrap all other keys; they exist only in the memory of keyd."""

    __slots__ = ()

    def __new__(cls, secret: bytes) -> Self:
        """Take exactly 32 bytes (`KeysError` otherwise)."""
        require_size(secret, KEY_SIZE, "root key")
        return super().__new__(cls, secret)

    @property
    def key_id(self) -> str:
        """A public fingerprint of 16 hex digits, which identifies key files and reveals nothing about the key."""
        return blake2b_derive(self, b"", person=b"root-id", size=8).hex()


class KeyHolder(Protocol):
    """Wraps, unwraps and derives with a root key."""

    @property
    def key_id(self) -> str:
        """Public fingerprint of the root key, stored beside the keys that it wraps."""
        ...

    def wrap(self, secret: bytes, context: bytes) -> bytes:
        """Wrap a secret so that it unwraps only under the same ``context``."""
        ...

    def unwrap(self, wrapped: bytes, context: bytes) -> SecretKey:
        """Undo `wrap`; `UnwrapError` if bytes, root key or context differ."""
        ...

    def derive(self, purpose: Purpose, context: bytes = b"", size: int = KEY_SIZE) -> SecretKey:
        """Derive the key of a purpose (not of ``WRAP``), optionally for a context below it."""
        ...


class FileHolder:
    """Key holder over a root key that a passphrase unlocked (see `keyfile`).

    Args:
        root: the unlocked root key.
    """

    __slots__ = ("_root", "key_id")

    def __init__(self, root: RootKey) -> None:
        self._root = root
        self.key_id: str = root.key_id

    def __repr__(self) -> str:
        """Show only the fingerprint of the root key."""
        return f"FileHolder({self.key_id})"

    def wrap(self, secret: bytes, context: bytes) -> bytes:
        """AES-256-KWP under a key derived for exactly this context: 32 bytes become 40."""
        if not 1 <= len(secret) <= MAX_WRAPPED_SECRET:
            raise KeysError(
                code="key_use",
                zh=f"程序错误：待包裹的秘密应为 1 至 {MAX_WRAPPED_SECRET} 字节。未包裹任何数据。",
                en=f"program fault: a secret has 1 to {MAX_WRAPPED_SECRET} bytes; nothing was wrapped.",
            )
        return kwp_wrap(self._derive(Purpose.WRAP, context, KEY_SIZE), secret)

    def unwrap(self, wrapped: bytes, context: bytes) -> SecretKey:
        """Undo `wrap`."""
        return kwp_unwrap(self._derive(Purpose.WRAP, context, KEY_SIZE), wrapped)

    @property
    def root(self) -> RootKey:
        """The root key itself, only for sealing it again."""
        return self._root

    def derive(self, purpose: Purpose, context: bytes = b"", size: int = KEY_SIZE) -> SecretKey:
        """Derive by HKDF-SHA256 from the root key, the purpose's label and the context."""
        if purpose is Purpose.WRAP:
            raise KeysError(
                code="key_use",
                zh="程序错误：包裹密钥不离开密钥持有者，请用 wrap 与 unwrap。",
                en="program fault: wrap keys stay inside the holder; use wrap and unwrap.",
            )
        return self._derive(purpose, context, size)

    def _derive(self, purpose: Purpose, context: bytes, size: int) -> SecretKey:
        return hkdf_sha256(self._root, frame(purpose.value.encode(), context), salt=_SALT, size=size)


class WrappedEpoch(msgspec.Struct, frozen=True):
    """The wrapped key of a tenant and day, which may be stored: it opens only with the holder of ``key_id``.

    ``epoch_id`` is unique in a tenant and never reused; ``day`` counts from 1970-01-01 in the
    tenant's zone; ``wrapped`` is 40 bytes of AES-KWP.
    """

    epoch_id: int
    tenant: str
    day: int
    wrapped: bytes
    key_id: str = ""


def epoch_context(tenant: str, epoch_id: int, day: int) -> bytes:
    """Return the data that a wrapped epoch is bound to; if the row is moved, it does not unwrap."""
    require_u32(epoch_id, "epoch id")
    require_u32(day, "day number")
    return frame(b"epoch", tenant.encode(), epoch_id.to_bytes(4), day.to_bytes(4))


def new_epoch(
    holder: KeyHolder, *, tenant: str, day: int, epoch_id: int, random: Random = os.urandom
) -> WrappedEpoch:
    """Make the random key of a tenant and day and return it wrapped.

    Raises:
        KeysError (key_use): a number does not fit four bytes.
    """
    context = epoch_context(tenant, epoch_id, day)
    wrapped = holder.wrap(random(KEY_SIZE), context)
    return WrappedEpoch(epoch_id, tenant, day, wrapped, holder.key_id)


def unwrap_epoch(holder: KeyHolder, epoch: WrappedEpoch) -> SecretKey:
    """Return the 32-byte key of an epoch.

    Raises:
        UnwrapError: damaged, wrapped by another root key, or moved to another tenant, day or number.
    """
    key = holder.unwrap(epoch.wrapped, epoch_context(epoch.tenant, epoch.epoch_id, epoch.day))
    require_size(key, KEY_SIZE, "epoch key")
    return key
