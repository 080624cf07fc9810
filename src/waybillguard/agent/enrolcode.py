"""The one-time enrolment code for a new device: a secret and the fingerprint of the authority to trust.

``WG1-`` and 55 characters of Crockford's base32 in groups of five: 16 random bytes, the first 16 bytes of the
SHA-256 of the authority's certificate (DER), two bytes of checksum against typing errors. The service stores only
a hash of the secret. The device fetches the authority's certificate unverified, compares it with the code, and
sends the secret only over a connection that this authority certifies.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from waybillguard.agent.errors import AgentError
from waybillguard.keys.primitives import Random

PREFIX: Final = "WG1"
SECRET_SIZE: Final = 16
MARK_SIZE: Final = 16
_CHECK_SIZE: Final = 2
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES: Final = {
    **{c: n for n, c in enumerate(_ALPHABET)},
    "O": 0,
    "I": 1,
    "L": 1,
}
_SIZE: Final = SECRET_SIZE + MARK_SIZE + _CHECK_SIZE
_LENGTH: Final = -(-_SIZE * 8 // 5)
_GROUP: Final = 5


@dataclass(frozen=True, slots=True)
class EnrolCode:
    """``secret`` permits one enrolment; ``authority`` is the mark of the certificate to trust."""

    secret: bytes = field(repr=False)
    authority: bytes

    def text(self) -> str:
        """Return the code in the form that is shown and typed."""
        content = self.secret + self.authority
        number = int.from_bytes(content + _check(content)) << (_LENGTH * 5 - _SIZE * 8)
        letters = "".join(_ALPHABET[number >> 5 * n & 31] for n in reversed(range(_LENGTH)))
        return "-".join([PREFIX, *(letters[n : n + _GROUP] for n in range(0, _LENGTH, _GROUP))])

    def believes(self, certificate: bytes) -> bool:
        """Return whether a certificate (DER) is the authority that the code names."""
        return hmac.compare_digest(authority_mark(certificate), self.authority)


def authority_mark(certificate: bytes) -> bytes:
    """Return the mark of a certificate (DER): 128 bits, so a second one with the same mark cannot be made."""
    return hashlib.sha256(certificate).digest()[:MARK_SIZE]


def new_code(certificate: bytes, random: Random) -> EnrolCode:
    """Make a code for the service whose authority has this certificate (DER)."""
    return EnrolCode(random(SECRET_SIZE), authority_mark(certificate))


def read_code(text: str) -> EnrolCode:
    """Parse a typed code; case, spaces and dashes are ignored, O is read as 0, I and L as 1.

    Raises:
        AgentError (enrol_code): the code is invalid; nothing was sent.
    """
    plain = "".join(text.upper().split()).replace("-", "")
    letters = plain[len(PREFIX) :]
    if not plain.startswith(PREFIX) or len(letters) != _LENGTH or any(c not in _VALUES for c in letters):
        raise _mistyped()
    number = 0
    for letter in letters:
        number = number << 5 | _VALUES[letter]
    spare = _LENGTH * 5 - _SIZE * 8
    content = (number >> spare).to_bytes(_SIZE)
    body, check = content[:-_CHECK_SIZE], content[-_CHECK_SIZE:]
    if number & (1 << spare) - 1 or check != _check(body):
        raise _mistyped()
    return EnrolCode(body[:SECRET_SIZE], body[SECRET_SIZE:])


def _check(content: bytes) -> bytes:
    return hashlib.sha256(b"waybillguard enrol code" + content).digest()[:_CHECK_SIZE]


def _mistyped() -> AgentError:
    return AgentError(
        code="enrol_code",
        zh="登记码有误，未发送任何数据。请从控制台“设备”页完整复制（以 WG1- 开头）。",
        en="the enrolment code is mistyped; nothing was sent. Copy it whole from the console's Devices page "
        "(it begins with WG1-).",
    )
