"""HTTP server for a WitnessServer, and the keys it signs with."""

import os
import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from waybillguard.ledger.errors import LedgerError
from waybillguard.ledger.ledgerkeys import KEY, derive
from waybillguard.ledger.note import COSIGN_ED25519, MLDSA44, NoteSigner
from waybillguard.ledger.witness import MAX_REQUEST, Answer, WitnessServer

_LATEST = re.compile(r"/([0-9a-f]{64})/checkpoint")
_TIMEOUT_S = 10


def witness_signers(name: str, secret: bytes) -> list[NoteSigner]:
    """Return the cosigning keys of a witness from one 32-byte secret: ML-DSA-44 first, then Ed25519."""
    return [
        NoteSigner(name, MLDSA44, MLDSA44PrivateKey.from_seed_bytes(derive(secret, "witness ml-dsa-44"))),
        NoteSigner(
            name, COSIGN_ED25519, Ed25519PrivateKey.from_private_bytes(derive(secret, "witness ed25519"))
        ),
    ]


def witness_secret(path: Path) -> bytes:
    """Return the witness's secret from its key file (mode 0600), which is created on the first call."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        secret = path.read_bytes()
        if len(secret) != KEY or path.stat().st_mode & 0o077:
            raise LedgerError(
                zh="见证密钥文件长度不对，或其他用户可读；请设为 0600",
                en="the witness key file has the wrong length or is open to others; set mode 0600",
            ) from None
        return secret
    with os.fdopen(fd, "wb") as file:
        secret = os.urandom(KEY)
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    return secret


def serve_witness(server: WitnessServer, host: str, port: int) -> ThreadingHTTPServer:
    """Return an HTTP server bound to an address; the caller runs ``serve_forever`` and ``shutdown``."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _TIMEOUT_S

        def do_POST(self) -> None:
            if self.path != "/add-checkpoint":
                self._answer(Answer(HTTPStatus.NOT_FOUND), close=True)
                return
            length = self.headers.get("Content-Length", "")
            if not length.isascii() or not length.isdigit() or int(length) > MAX_REQUEST:
                self._answer(Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE), close=True)
                return
            self._answer(server.add_checkpoint(self.rfile.read(int(length))))

        def do_GET(self) -> None:
            found = _LATEST.fullmatch(self.path)
            self._answer(server.latest(found[1]) if found else Answer(HTTPStatus.NOT_FOUND))

        def _answer(self, answer: Answer, *, close: bool = False) -> None:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            if close:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: ANN401, A002
            """Write no access log, so that callers' addresses are not stored."""

    return ThreadingHTTPServer((host, port), Handler)
