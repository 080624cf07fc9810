"""The cipher suites of blobs, and how each one derives the key of an order.

Suite 1 is AES-256-GCM (NIST SP 800-38D), suite 2 AES-256-GCM-SIV (RFC 8452), suite 3 SM4-GCM (GB/T 32907,
RFC 8998) with keys from HMAC-SM3 (GB/T 32905), for operators for whom the law on commercial cryptography (密码法)
requires it. Each key belongs to one order and salt, so it seals only a few messages. The numbers are final:
docs/formats.md.
"""

from collections.abc import Callable, Mapping
from enum import IntEnum
from functools import partial
from hashlib import blake2b
from types import MappingProxyType
from typing import Final, Protocol

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESGCMSIV

from waybillguard.keys.primitives import KEY_SIZE, TAG_SIZE

RECORD_KEY_PERSON: Final = b"rec-key"
SM4_KEY_SIZE: Final = 16


class Suite(IntEnum):
    """The suite numbers of blobs."""

    AES_256_GCM = 1
    AES_256_GCM_SIV = 2
    SM4_GCM_SM3 = 3


class Aead(Protocol):
    """Authenticated encryption under one key; ``decrypt`` raises InvalidTag if anything differs."""

    def __init__(self, key: bytes) -> None:
        """Set the key."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Give ciphertext ‖ tag."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Give the plaintext."""


class SM4GCM:
    """SM4-GCM with a 16-byte tag, with the interface of the AEADs in `cryptography`.

    Raises:
        InvalidTag: by ``decrypt``, if anything differs.
    """

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = algorithms.SM4(key)

    def __repr__(self) -> str:
        """Show only the type."""
        return "SM4GCM(…)"

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Give ciphertext ‖ tag."""
        context = Cipher(self._key, modes.GCM(nonce)).encryptor()
        context.authenticate_additional_data(associated_data)
        return context.update(data) + context.finalize() + context.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        """Give the plaintext."""
        # A shortened tag would be easier to forge, so less than a whole tag is refused.
        tag = data[-TAG_SIZE:].rjust(TAG_SIZE, b"\0")
        context = Cipher(self._key, modes.GCM(nonce, tag)).decryptor()
        context.authenticate_additional_data(associated_data)
        return context.update(data[:-TAG_SIZE]) + context.finalize()


SUITES: Final[Mapping[int, type[Aead]]] = MappingProxyType({
    Suite.AES_256_GCM: AESGCM,
    Suite.AES_256_GCM_SIV: AESGCMSIV,
    Suite.SM4_GCM_SM3: SM4GCM,
})  # fmt: skip


def record_keys(epoch: bytes, suite: int) -> Callable[[bytes], bytes]:
    """Return a function that derives the key of one order from its 16-byte salt, for an epoch key and suite.

    Suites 1 and 2: BLAKE2b-256(key=epoch, salt=salt, person="rec-key" ‖ suite) of no data. Suite 3: the first
    16 bytes of HMAC-SM3(key=epoch, "rec-key" ‖ suite ‖ salt).
    """
    label = RECORD_KEY_PERSON + bytes([suite])
    if suite == Suite.SM4_GCM_SM3:
        return partial(_by_sm3, hmac.HMAC(epoch, hashes.SM3()), label)
    return partial(_by_blake2b, epoch, label)


def _by_blake2b(epoch: bytes, person: bytes, salt: bytes) -> bytes:
    return blake2b(digest_size=KEY_SIZE, key=epoch, salt=salt, person=person).digest()


def _by_sm3(keyed: hmac.HMAC, label: bytes, salt: bytes) -> bytes:
    state = keyed.copy()
    state.update(label + salt)
    return state.finalize()[:SM4_KEY_SIZE]
