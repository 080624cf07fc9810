"""HTTP clients for witnesses and timestamp authorities; imported only by ledgers that use one.

Response bodies are read up to a fixed size, so that a server cannot exhaust our memory.
"""

import hashlib
from collections.abc import Sequence

import httpx
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from waybillguard.ledger.cosign import Reply, WitnessUnreachableError
from waybillguard.ledger.errors import BadNoteError, LedgerError
from waybillguard.ledger.note import Checkpoint, Verifier, parse_checkpoint, parse_note, verified
from waybillguard.ledger.timestamps import claimed_time, decode

_OK = 200
MAX_ANSWER = 64 << 10
"""Maximum size of a response in bytes; a checkpoint signed by every witness of a policy is far smaller."""
MAX_RESPONSE = 64 << 10


class TooLongError(httpx.HTTPError):
    """A response exceeds the size limit; reading stopped at the limit."""


def read_answer(client: httpx.Client, request: httpx.Request, most: int) -> tuple[int, bytes]:
    """Send a request and return the status and a body of at most ``most`` bytes.

    Raises:
        TooLongError: the body is longer than ``most`` bytes.
        httpx.HTTPError: the server is unreachable, or the response is cut short.
    """
    request.headers["accept-encoding"] = "identity"
    answer = client.send(request, stream=True)
    try:
        body = bytearray()
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > most:
                raise TooLongError(f"longer than {most} bytes")
        return answer.status_code, bytes(body)
    finally:
        answer.close()


class HttpWitness:
    """A witness reached over HTTP at its submission prefix."""

    def __init__(self, url: str, client: httpx.Client | None = None, *, timeout_s: float = 5.0) -> None:
        self._url = url.rstrip("/")
        self._client = client or httpx.Client(timeout=timeout_s)

    def add_checkpoint(self, body: bytes) -> Reply:
        """Send the checkpoint by ``POST add-checkpoint``."""
        try:
            question = self._client.build_request("POST", f"{self._url}/add-checkpoint", content=body)
            return Reply(*read_answer(self._client, question, MAX_ANSWER))
        except httpx.HTTPError as error:
            raise _unreachable() from error

    def latest(self, origin: str, logs: Sequence[Verifier] = ()) -> Checkpoint | None:
        """Fetch the last checkpoint that the witness cosigned (an endpoint of this project's witness).

        ``logs`` are the log's own keys for this origin. A checkpoint that none of them signed raises BadNoteError, so
        an impostor of the witness cannot stop the ledger with a forged checkpoint.
        """
        digest = hashlib.sha256(origin.encode()).hexdigest()
        try:
            question = self._client.build_request("GET", f"{self._url}/{digest}/checkpoint")
            status, note = read_answer(self._client, question, MAX_ANSWER)
        except httpx.HTTPError as error:
            raise _unreachable() from error
        if status != _OK:
            return None
        parsed = parse_note(note)
        if logs and not verified(parsed, logs):
            raise BadNoteError(
                zh="见证方给出的检查点没有本台账的签名，不予采信；请核对见证方地址",
                en="the checkpoint that the witness gave is not signed by this ledger and counts for nothing; check the "
                "witness's address",
            )
        return parse_checkpoint(parsed.text)

    def close(self) -> None:
        """Close connections."""
        self._client.close()


def request_stamp(client: httpx.Client, url: str, note: bytes) -> bytes:
    """Request a timestamp for a note and return the response, verified against the request.

    Raises:
        LedgerError (timestamp): the authority is unreachable, refuses, or its response does not match the request.
    """
    asked = TimestampRequestBuilder().data(note).hash_algorithm(HashAlgorithm.SHA256).build()
    try:
        question = client.build_request(
            "POST", url, content=asked.as_bytes(), headers={"content-type": "application/timestamp-query"}
        )
        status, answer = read_answer(client, question, MAX_RESPONSE)
    except TooLongError:
        raise _refused("an answer without end") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise LedgerError(
            code="timestamp",
            zh="时间戳服务没有应答；请检查地址与网络",
            en="the timestamp authority does not answer; check address and network",
        ) from error
    if status != _OK:
        raise _refused(f"status {status}")
    response = decode(answer)
    if response.tst_info.nonce != asked.nonce:
        raise _refused("another nonce")
    claimed_time(note, answer)
    return answer


def _refused(what: str) -> LedgerError:
    return LedgerError(
        code="timestamp",
        zh=f"时间戳服务拒绝或答非所问（{what}）",
        en=f"the timestamp authority refused, or answered otherwise ({what})",
    )


def _unreachable() -> WitnessUnreachableError:
    return WitnessUnreachableError(
        zh="无法连接见证方；请检查网络与地址", en="the witness cannot be reached; check network and address"
    )
