"""One-time codes of authenticator apps (RFC 4226, RFC 6238). This module keeps no state."""

import base64
import hmac
import secrets
import struct
from typing import Final

PERIOD_S: Final = 30
DIGITS: Final = 6
TOLERANCE: Final = 1
"""Periods before and after the current one whose codes are accepted, because telephone clocks differ."""


def new_totp_secret() -> bytes:
    """Return a secret of 160 bits, as RFC 4226 recommends."""
    return secrets.token_bytes(20)


def base32_secret(secret: bytes) -> str:
    """Return a TOTP secret as authenticator apps take it (base32)."""
    return base64.b32encode(secret).decode()


def totp_code(secret: bytes, counter: int) -> str:
    """Return the code of a counter (RFC 4226 section 5.3)."""
    digest = hmac.digest(secret, struct.pack(">Q", counter), "sha1")
    at = digest[-1] & 0x0F
    (value,) = struct.unpack(">I", digest[at : at + 4])
    return f"{(value & 0x7FFFFFFF) % 10**DIGITS:0{DIGITS}}"


def totp_counter(secret: bytes, code: str, now_s: int) -> int | None:
    """Return the counter whose code this is, within the tolerance, or None for a wrong code."""
    given = "".join(code.split())
    now = now_s // PERIOD_S
    found = None
    for counter in range(now - TOLERANCE, now + TOLERANCE + 1):
        if hmac.compare_digest(totp_code(secret, counter).encode(), given.encode()):
            found = counter
    return found
