"""RFC 3161 timestamps over signed checkpoints, issued by an external authority.

The timestamp covers the signed note of a checkpoint, byte for byte, under SHA-256. Note and response are stored
beside the log and exported as two files, so that ``openssl ts -verify -data X.checkpoint -in X.tsr -CAfile ROOTS``
verifies them without our code.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from cryptography import x509
from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder, decode_timestamp_response

from waybillguard.ledger.errors import BadProofError

_SHA256 = "2.16.840.1.101.3.4.2.1"
_GRANTED = 0


class Stamp(msgspec.Struct, frozen=True):
    """One timestamped checkpoint: local day (days since 1970), tree size, timestamped note, response (DER)."""

    day: int
    size: int
    note: bytes
    response: bytes


def claimed_time(note: bytes, response: bytes) -> datetime:
    """Return the time in a timestamp response for this note; the authority's signature is not checked.

    Raises:
        BadProofError: the response is no timestamp, is a refusal, or covers other data.
    """
    parsed = decode(response)
    imprint = parsed.tst_info.message_imprint
    if imprint.hash_algorithm.dotted_string != _SHA256 or imprint.message != hashlib.sha256(note).digest():
        raise _bad("another checkpoint")
    return parsed.tst_info.gen_time.astimezone(UTC)


def proved_time(note: bytes, response: bytes, roots: Sequence[x509.Certificate]) -> datetime:
    """Return the time at which an authority certified under ``roots`` timestamped the note.

    Raises:
        BadProofError: the signature, its certificate or the timestamped data is not valid.
    """
    when = claimed_time(note, response)
    builder = VerifierBuilder(roots=list(roots), intermediates=[])
    try:
        builder.build().verify_message(decode(response), note)
    except (VerificationError, ValueError) as error:
        raise _bad("signature or certificate") from error
    return when


def read_roots(data: bytes) -> list[x509.Certificate]:
    """Return the certificates of a PEM file; raises BadProofError."""
    try:
        return x509.load_pem_x509_certificates(data)
    except ValueError as error:
        raise _bad("root certificates") from error


def decode(response: bytes) -> TimeStampResponse:
    """Parse a response that grants a timestamp; raises BadProofError."""
    try:
        parsed = decode_timestamp_response(response)
        if parsed.status != _GRANTED:
            raise _bad("refused")
        parsed.tst_info.gen_time  # noqa: B018 - parses the token
    except (ValueError, TypeError) as error:
        raise _bad("format") from error
    return parsed


def _bad(what: str) -> BadProofError:
    return BadProofError(zh=f"时间戳不成立（{what}）", en=f"the timestamp does not hold ({what})")
