"""A time that an outside authority vouches for: RFC 3161 timestamps over signed checkpoints.

What is stamped is the signed note of a checkpoint, byte for byte, under SHA-256. Note and response are kept beside
the log and exported as two files, so that ``openssl ts -verify -data X.checkpoint -in X.tsr -CAfile ROOTS`` checks
them without a line of ours.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from cryptography import x509
from rfc3161_client import (
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from waybillguard.ledger.errors import BadProofError, LedgerError

_SHA256 = "2.16.840.1.101.3.4.2.1"
_GRANTED = 0


class TimestampError(LedgerError):
    """The authority gave no timestamp."""

    code = "timestamp"


class Stamp(msgspec.Struct, frozen=True):
    """One stamped checkpoint: local day (days since 1970), its size, the note stamped, the response (DER)."""

    day: int
    size: int
    note: bytes
    response: bytes


def claimed_time(note: bytes, response: bytes) -> datetime:
    """Return the time in a response that speaks of this note; whose signature it bears is not asked.

    Raises:
        BadProofError: it is no timestamp, was refused, or is over something else.
    """
    parsed = decode(response)
    imprint = parsed.tst_info.message_imprint
    if imprint.hash_algorithm.dotted_string != _SHA256 or imprint.message != hashlib.sha256(note).digest():
        raise _bad("another checkpoint")
    return parsed.tst_info.gen_time.astimezone(UTC)


def proved_time(note: bytes, response: bytes, roots: Sequence[x509.Certificate]) -> datetime:
    """Return the time at which an authority under ``roots`` had the note before it.

    Raises:
        BadProofError: the signature, its certificate or what was stamped does not hold.
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
