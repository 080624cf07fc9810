"""Encrypt fields of the people's tables (AES-256-GCM under keys derived from the process secret)."""

import base64
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE_BYTES = 12


def seal_text(text: str, context: bytes) -> str:
    """Encrypt ``text`` for one purpose, named by ``context``."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + _cipher(context).encrypt(nonce, text.encode(), context)
    return base64.urlsafe_b64encode(sealed).decode()


def open_text(sealed: str, context: bytes) -> str:
    """Decrypt a text that `seal_text` encrypted for the same purpose.

    Raises:
        cryptography.exceptions.InvalidTag: the text was encrypted under another key or for another purpose, or was
            altered.
    """
    raw = base64.urlsafe_b64decode(sealed.encode())
    return _cipher(context).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context).decode()


def _cipher(context: bytes) -> AESGCM:
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=context).derive(
        settings.SECRET_KEY.encode()
    )
    return AESGCM(key)
