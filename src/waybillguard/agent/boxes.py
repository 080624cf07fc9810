"""Seals bytes to one public key: X25519 with a fresh key per box, HKDF-SHA256, AES-256-GCM.

X25519 (RFC 7748), HKDF (RFC 5869). Layout: version byte 1, ephemeral public key (32 bytes), ciphertext with its
tag. The derivation includes both public keys and the purpose of the box; ``bound`` is the additional data.
"""

from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from waybillguard.keys.primitives import KEY_SIZE, NONCE_SIZE, Random, frame, gcm_open, gcm_seal, hkdf_sha256

VERSION: Final = 1
_EPHEMERAL: Final = 32


def seal_box(content: bytes, *, key: bytes, info: bytes, bound: bytes, random: Random) -> bytes | None:
    """Seal ``content`` to an X25519 public key (32 bytes); None if the key is not a usable point.

    Args:
        content: the bytes that only the key's owner may read.
        key: the owner's public key.
        info: the purpose of the box; it does not open for another purpose.
        bound: the context of the content; the box does not open in another context.
        random: source of 32 fresh bytes.
    """
    ephemeral = X25519PrivateKey.from_private_bytes(random(_EPHEMERAL))
    public = ephemeral.public_key().public_bytes_raw()
    try:
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(key))
    except ValueError:
        return None
    secret, nonce = _derive(shared, info, public, key)
    return bytes([VERSION]) + public + gcm_seal(secret, nonce, content, bound)


def open_box(sealed: bytes, *, key: X25519PrivateKey, info: bytes, bound: bytes) -> bytes | None:
    """Open a box; None if it was sealed to another key, has another version, or was altered."""
    view = memoryview(sealed)
    if len(view) < 1 + _EPHEMERAL or view[0] != VERSION:
        return None
    public = bytes(view[1 : 1 + _EPHEMERAL])
    try:
        shared = key.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        return None
    secret, nonce = _derive(shared, info, public, key.public_key().public_bytes_raw())
    return gcm_open(secret, nonce, bytes(view[1 + _EPHEMERAL :]), bound)


def _derive(shared: bytes, info: bytes, ephemeral: bytes, key: bytes) -> tuple[bytes, bytes]:
    made = hkdf_sha256(shared, frame(info, ephemeral, key), size=KEY_SIZE + NONCE_SIZE)
    return made[:KEY_SIZE], made[KEY_SIZE:]
