"""Keys of recipients of sealed exports: made by the recipient, compared by their fingerprints.

X25519 (RFC 7748). The private half is an ordinary PEM file (PKCS #8, RFC 5958) that never leaves the recipient;
the public half is one line of text. Layout: docs/formats.md, "Export".
"""

import base64
import binascii
from hashlib import sha256
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from waybillguard.keys.primitives import frame
from waybillguard.seal.errors import SealError

PREFIX: Final = "wgx1-"
PUBLIC_SIZE: Final = 32
MOST_KEY_BYTES: Final = 4096
FINGERPRINT_SIZE: Final = 20
_FINGERPRINT: Final = b"waybillguard export key v1"
_GROUP: Final = 4


def new_export_key() -> X25519PrivateKey:
    """Make a key pair with the system's random source."""
    return X25519PrivateKey.generate()


def private_pem(key: X25519PrivateKey) -> bytes:
    """Return the private half as PEM; the recipient stores it in a file of mode 0600."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def read_private(pem: bytes) -> X25519PrivateKey:
    """Read the recipient's private key.

    Raises:
        SealError (export_key): not an unencrypted X25519 private key in PEM.
    """
    try:
        key = load_pem_private_key(pem[:MOST_KEY_BYTES], password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, X25519PrivateKey):
        raise SealError(
            code="export_key",
            zh="这不是导出收件方的私钥文件。请使用 waybillguard export key 生成的文件。",
            en="this is not the private key of a recipient of exports. "
            "Use the file that `waybillguard export key` made.",
        )
    return key


def public_line(public: bytes) -> str:
    """Return the public half as one line, the form in which it is handed over and registered."""
    return PREFIX + base64.urlsafe_b64encode(public).decode().rstrip("=")


def read_public(line: str) -> bytes:
    """Read a line that ``public_line`` made; spaces around it are ignored.

    Raises:
        SealError (export_key): damaged, of another kind, or an unusable point.
    """
    text = line.strip()
    body = text.removeprefix(PREFIX)
    try:
        public = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        public = b""
    if text[: len(PREFIX)] != PREFIX or len(public) != PUBLIC_SIZE or public_line(public) != text:
        raise _no_public()
    try:  # points of small order give a publicly known secret
        X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        raise _no_public() from None
    return public


def fingerprint(public: bytes) -> str:
    """Return the fingerprint that two people compare aloud: 160 bits of SHA-256, in ten groups of four digits.

    >>> fingerprint(bytes(range(32)))
    '253D 6E24 0919 1D71 5F7C 7CD6 3CB2 2A6F 73B1 C6EB'
    """
    text = sha256(frame(_FINGERPRINT, public)).hexdigest()[: 2 * FINGERPRINT_SIZE].upper()
    return " ".join(text[place : place + _GROUP] for place in range(0, len(text), _GROUP))


def same_fingerprint(typed: str, public: bytes) -> bool:
    """Return whether a typed fingerprint is that of this key; spaces, hyphens and case are ignored."""
    return "".join(typed.split()).replace("-", "").upper() == fingerprint(public).replace(" ", "")


def _no_public() -> SealError:
    return SealError(
        code="export_key",
        zh="这不是可用的收件方公钥。请让收件方重新发送 waybillguard export key 显示的整行内容（wgx1- 开头）。",
        en="this is no usable public key of a recipient. Ask for the whole line again that "
        "`waybillguard export key` showed (it begins with wgx1-).",
    )
