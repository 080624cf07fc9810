"""The size of a server's response is limited."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import httpx
import pytest
from support.codes import has_code

from waybillguard.ledger.asking import HttpWitness, TooLongError, read_answer, request_stamp
from waybillguard.ledger.cosign import WitnessUnreachableError
from waybillguard.ledger.errors import LedgerError

PIECE = b"x" * 65_536


class Endless(BaseHTTPRequestHandler):
    """A server with an endless response; counts the bytes it could send."""

    sent: ClassVar[list[int]] = []

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(4_096):
                self.wfile.write(PIECE)
                self.sent.append(len(PIECE))
        except OSError:
            pass

    do_POST = do_GET  # noqa: N815 - the name that http.server calls

    def log_message(self, *_: object) -> None:
        """Write no access log."""


@pytest.fixture
def endless() -> Iterator[str]:
    Endless.sent.clear()
    server = HTTPServer(("127.0.0.1", 0), Endless)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_answer_without_end_is_left_after_its_bound(endless: str) -> None:
    with httpx.Client() as client, pytest.raises(TooLongError):
        read_answer(client, client.build_request("GET", endless), 100_000)
    assert sum(Endless.sent) < 64 << 20, "not read to its end (256 MiB)"


def test_an_authority_that_answers_without_end_gives_no_stamp(endless: str) -> None:
    with (
        httpx.Client() as client,
        pytest.raises(LedgerError, check=has_code("timestamp"), match="without end"),
    ):
        request_stamp(client, endless, b"a checkpoint")


def test_a_witness_that_answers_without_end_counts_as_unreachable(endless: str) -> None:
    link = HttpWitness(endless)
    with pytest.raises(WitnessUnreachableError):
        link.latest("an origin")
    with pytest.raises(WitnessUnreachableError):
        link.add_checkpoint(b"a checkpoint")
    link.close()
