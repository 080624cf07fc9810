"""Signs and verifies requests of devices: HTTP message signatures (RFC 9421) with Ed25519.

Covered: method, authority, path, query and content digest (RFC 9530), with ``created``, ``nonce``, ``keyid``
and ``alg``. The scheme is not covered, so a relay that only forwards TLS or a port does not break a signature.
The verifier has to refuse replays: each nonce is valid once (`Verified.nonce`).
"""

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)

from waybillguard.agent.errors import bad_signature, clock_skew
from waybillguard.keys.primitives import Random

LABEL: Final = "device"
TAG: Final = "waybillguard-device"
COVERED: Final = ("@method", "@authority", "@path", "@query", "content-digest")
SKEW: Final = timedelta(seconds=60)
ENROL_KEY_ID: Final = "enrol"
NONCE_BYTES: Final = 16
_LONGEST_NONCE: Final = 64


@dataclass
class SignedRequest:
    """The parts of a request that a signature covers."""

    method: str
    url: str
    headers: MutableMapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verified:
    """A request that the holder of ``key_id`` signed at ``created``."""

    key_id: str
    nonce: str
    created: datetime


class _OnePrivateKey(HTTPSignatureKeyResolver):
    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        del key_id
        return self._key


class _KnownKeys(HTTPSignatureKeyResolver):
    def __init__(self, find: Callable[[str], bytes | None]) -> None:
        self._find = find

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        found = self._find(key_id)
        return None if found is None else Ed25519PublicKey.from_public_bytes(found)


def sign(
    method: str,
    url: str,
    body: bytes,
    *,
    key: Ed25519PrivateKey,
    key_id: str,
    now: datetime,
    random: Random,
) -> dict[str, str]:
    """Return the headers that sign a request: Content-Digest, Signature-Input, Signature."""
    message = SignedRequest(method, url)
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_OnePrivateKey(key))
    signer.sign(
        message,
        key_id=key_id,
        created=now,
        nonce=random(NONCE_BYTES).hex(),
        label=LABEL,
        tag=TAG,
        covered_component_ids=COVERED,
        body=body,
    )
    return dict(message.headers)


def verify(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    find_key: Callable[[str], bytes | None],
    now: datetime,
) -> Verified:
    """Check a request's signature; ``find_key`` gives the Ed25519 public key (32 bytes) of a key id.

    Raises:
        SignatureError: no signature, a wrong one, or one that covers too little.
        ClockSkewError: the signature is valid, but more than `SKEW` old or ahead.
    """
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=_KnownKeys(find_key))
    verifier.max_clock_skew = timedelta(days=36500)  # skew is checked below, with the clock passed in
    message = SignedRequest(method, url, dict(headers))
    try:
        found = verifier.verify(message, max_age=None, expect_tag=TAG, require_components=COVERED, body=body)
    except (HTTPMessageSignaturesException, ValueError, OverflowError):
        raise bad_signature() from None
    if len(found) != 1:
        raise bad_signature()
    stated = found[0].parameters
    nonce, created, key_id = stated.get("nonce"), stated.get("created"), stated.get("keyid")
    if not (isinstance(nonce, str) and isinstance(created, int) and isinstance(key_id, str)):
        raise bad_signature()
    if not NONCE_BYTES <= len(nonce) <= _LONGEST_NONCE:
        raise bad_signature()
    off = created - int(now.timestamp())
    if abs(off) > SKEW.total_seconds():
        raise clock_skew(off)
    return Verified(key_id, nonce, datetime.fromtimestamp(created, UTC))
