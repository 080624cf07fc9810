"""A foreign server cannot fill an agent's memory or block it for ever."""

import asyncio
import os
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

import pytest
from support.erp import certificate

from waybillguard.agent import client as clients
from waybillguard.agent.client import ServiceClient, fetch_authority
from waybillguard.agent.enrolcode import new_code
from waybillguard.agent.errors import UnreachableError
from waybillguard.agent.keystore import DeviceKeys
from waybillguard.agent.protocol_desk import OutcomesAsk
from waybillguard.agent.station import pinned

PIECE = b"x" * 65_536

BUFFERED = 64 << 20
"""Bytes: more than the kernel's buffers on both sides ever hold, a thousandth of what the answer announces."""


class Endless(ThreadingTCPServer):
    """Answers every request with a body that never ends; counts the bytes that were taken."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, tls: ssl.SSLContext, more: bytes = b"") -> None:
        self.tls, self.more, self.sent = tls, more, 0
        super().__init__(("127.0.0.1", 0), _Answer)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.server_address[1]}"


class _Answer(BaseRequestHandler):
    server: Endless

    def handle(self) -> None:
        try:
            with self.server.tls.wrap_socket(self.request, server_side=True) as link:
                link.recv(65_536)
                link.sendall(
                    b"HTTP/1.1 200 OK\r\n" + self.server.more + b"Content-Length: 99999999999\r\n\r\n"
                )
                while True:
                    link.sendall(PIECE)
                    self.server.sent += len(PIECE)
        except OSError:
            return


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[tuple[Endless, Path]]:
    shown, kept = certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(shown, kept)
    with Endless(tls) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server, shown
        server.shutdown()


def ask(server: Endless, shown: Path) -> None:
    tls = pinned(shown.read_text())

    async def go() -> None:
        async with ServiceClient(
            server.url, "0" * 32, DeviceKeys.of(bytes(range(64))), tls=tls,
            now=lambda: datetime.now(UTC), random=os.urandom,
        ) as way:  # fmt: skip
            await way.outcomes(OutcomesAsk(tickets=["0" * 32]))

    asyncio.run(go())


def test_the_first_fetch_stops_reading_where_a_certificate_would_end(endless: tuple[Endless, Path]) -> None:
    server, shown = endless
    code = new_code(ssl.PEM_cert_to_DER_cert(shown.read_text()), os.urandom)
    with pytest.raises(UnreachableError):
        asyncio.run(fetch_authority(server.url, code))
    assert server.sent < BUFFERED


def test_an_answer_is_read_no_further_than_it_may_be_long(
    endless: tuple[Endless, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, shown = endless
    monkeypatch.setattr(clients, "LARGEST_ANSWER", 1 << 20)
    with pytest.raises(UnreachableError):
        ask(server, shown)
    assert server.sent < BUFFERED


def test_a_packed_answer_is_not_unpacked(endless: tuple[Endless, Path]) -> None:
    server, shown = endless
    server.more = b"Content-Encoding: gzip\r\n"
    with pytest.raises(UnreachableError):
        ask(server, shown)
