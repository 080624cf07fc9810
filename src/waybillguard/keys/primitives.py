"""Thin typed wrappers around `cryptography`, `hashlib` and `argon2-cffi`, without own cryptography.

All randomness is passed by the caller. Sizes are in bytes. Sources: AES-GCM NIST SP 800-38D,
AES-KWP NIST SP 800-38F and RFC 5649, HKDF RFC 5869, BLAKE2b RFC 7693, Argon2id RFC 9106.
"""

import unicodedata
from collections.abc import Callable
from hashlib import blake2b
from typing import Final, NoReturn

import msgspec
from argon2.exceptions import HashingError
from argon2.low_level import ARGON2_VERSION, Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap_with_padding,
    aes_key_wrap_with_padding,
)

from waybillguard.keys.errors import KeysError, UnwrapError

type Random = Callable[[int], bytes]
"""Returns the given number of random bytes: ``os.urandom``, or a fixed sequence in tests of formats."""

KEY_SIZE: Final = 32
NONCE_SIZE: Final = 12
TAG_SIZE: Final = 16


class SecretKey(bytes):
    """Key bytes that are hidden from ``repr``, ``str`` and formatting.

    Usable wherever bytes are; slices and concatenations are plain bytes. It cannot be pickled, so it
    does not get into a queue, a cache or a store of tracebacks.

    >>> SecretKey(bytes(32))
    SecretKey(…)
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Show only the type."""
        return f"{type(self).__name__}(…)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        """Show only the type, for any format."""
        return repr(self)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        """Refuse to be pickled."""
        raise TypeError("a key cannot be pickled")


class Argon2Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cost of Argon2id: memory in KiB, passes, lanes. The default takes about half a second."""

    memory_kib: int = 160 * 1024
    passes: int = 3
    lanes: int = 1

    def check(self) -> None:
        """Raise `KeysError` outside the bounds: a hostile file must not exhaust the machine.

        Lower bound: OWASP's minimum for Argon2id, 19 MiB and 2 passes. Upper: 256 MiB, 8 passes.
        """
        if not (
            ARGON2_MIN_MEMORY_KIB <= self.memory_kib <= ARGON2_MAX_MEMORY_KIB
            and ARGON2_MIN_PASSES <= self.passes <= ARGON2_MAX_PASSES
            and 1 <= self.lanes <= ARGON2_MAX_LANES
        ):
            raise KeysError(
                code="key_file_damaged",
                zh="密钥文件要求的 Argon2id 参数超出允许范围，未执行。请使用备份的密钥文件。",
                en="the key file asks for Argon2id parameters outside the bounds; nothing was run. "
                "Use the key file from your backup.",
            )


ARGON2_MIN_MEMORY_KIB: Final = 19 * 1024
ARGON2_MAX_MEMORY_KIB: Final = 256 * 1024
ARGON2_MIN_PASSES: Final = 2
ARGON2_MAX_PASSES: Final = 8
ARGON2_MAX_LANES: Final = 4


def require_size(value: bytes, size: int, what: str) -> None:
    """Raise `KeysError` unless ``value`` has exactly ``size`` bytes; ``what`` is its name for the error."""
    if len(value) != size:
        raise KeysError(
            code="key_use",
            zh=f"程序错误：{what} 应为 {size} 字节，实为 {len(value)} 字节。未加密也未解密任何数据。",
            en=f"program fault: {what} must be {size} bytes, not {len(value)}; nothing was sealed or opened.",
        )


def require_u32(value: int, what: str) -> None:
    """Raise `KeysError` unless ``value`` fits four unsigned bytes."""
    if not 0 <= value < 1 << 32:
        raise KeysError(
            code="key_use",
            zh=f"程序错误：{what} 超出 0 至 4294967295。未加密也未解密任何数据。",
            en=f"program fault: {what} is outside 0 to 4294967295; nothing was sealed or opened.",
        )


def frame(*parts: bytes) -> bytes:
    """Join parts unambiguously: each follows its length as u32 BE.

    >>> frame(b"ab", b"c") != frame(b"a", b"bc")
    True
    """
    return b"".join(len(part).to_bytes(4) + part for part in parts)


def hkdf_sha256(secret: bytes, info: bytes, *, salt: bytes = b"", size: int = KEY_SIZE) -> SecretKey:
    """Derive ``size`` bytes from a secret (RFC 5869)."""
    return SecretKey(HKDF(algorithm=SHA256(), length=size, salt=salt, info=info).derive(secret))


def blake2b_derive(key: bytes, message: bytes, *, person: bytes, size: int = KEY_SIZE) -> SecretKey:
    """Derive a subkey by keyed BLAKE2b; ``person`` (≤ 16 bytes) separates the uses."""
    return SecretKey(blake2b(message, digest_size=size, key=key, person=person).digest())


def argon2id(passphrase: str, salt: bytes, params: Argon2Params) -> SecretKey:
    """Stretch a passphrase to 32 bytes (RFC 9106, version 0x13).

    The passphrase is normalised by NFKC first, so full-width and half-width characters are equal.

    Raises:
        KeysError (key_file_damaged): parameters outside the bounds.
        KeysError (key_memory): the machine does not have the memory.
    """
    params.check()
    try:
        return SecretKey(
            hash_secret_raw(
                unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass"),
                salt,
                time_cost=params.passes,
                memory_cost=params.memory_kib,
                parallelism=params.lanes,
                hash_len=KEY_SIZE,
                type=Type.ID,
                version=ARGON2_VERSION,
            )
        )
    except (HashingError, MemoryError) as error:
        raise KeysError(
            code="key_memory",
            zh=f"解锁需要 {params.memory_kib // 1024} MiB 空闲内存，系统未能提供。"
            "关闭其他程序后重试；密钥文件未改动。",
            en=f"unlocking needs {params.memory_kib // 1024} MiB of free memory and the system refused. "
            "Close other programs and try again; the key file is unchanged.",
        ) from error


def gcm_seal(key: bytes, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Seal by AES-256-GCM: ciphertext followed by a 16-byte tag. A nonce must be used only once per key."""
    require_size(key, KEY_SIZE, "AES-256-GCM key")
    require_size(nonce, NONCE_SIZE, "AES-256-GCM nonce")
    return AESGCM(key).encrypt(nonce, plaintext, aad)


def gcm_open(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes | None:
    """Undo `gcm_seal`; None if anything differs (the caller raises the error)."""
    require_size(key, KEY_SIZE, "AES-256-GCM key")
    require_size(nonce, NONCE_SIZE, "AES-256-GCM nonce")
    if len(sealed) < TAG_SIZE:
        return None
    try:
        return AESGCM(key).decrypt(nonce, sealed, aad)
    except InvalidTag:
        return None


def kwp_wrap(kek: bytes, secret: bytes) -> bytes:
    """Wrap a secret of at least one byte by AES-256-KWP: padded to a multiple of 8, plus 8 bytes (32 → 40)."""
    require_size(kek, KEY_SIZE, "AES-256-KWP key")
    return aes_key_wrap_with_padding(kek, secret)


def kwp_unwrap(kek: bytes, wrapped: bytes) -> SecretKey:
    """Unwrap what `kwp_wrap` made.

    Raises:
        UnwrapError: damaged, or wrapped by another key.
    """
    require_size(kek, KEY_SIZE, "AES-256-KWP key")
    try:
        return SecretKey(aes_key_unwrap_with_padding(kek, wrapped))
    except (InvalidUnwrap, ValueError) as error:
        raise UnwrapError(
            zh="被包裹的密钥无法解开：已损坏，属于另一把根密钥，或被移到别的租户、日期、编号下。"
            "请核对正在使用的密钥文件，或从备份恢复该行；未解密任何数据。",
            en="the wrapped key cannot be unwrapped: damaged, of another root key, or moved to another "
            "tenant, day or number. Check which key file is in use or restore that row from a backup; "
            "nothing was opened.",
        ) from error
