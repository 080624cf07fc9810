"""The server of compatibility mode on a real socket, with a service that answers as a test wants."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from waybillguard.agent.errors import RefusedError
from waybillguard.agent.protocol_intake import Intake, IntakeKey, IntakeKeyAsk, IntakeTaken
from waybillguard.agent.shim import DocumentResult, Limits, Outcome, Pairings, PrinterInfo, filters
from waybillguard.agent.shim.compatibility import CompatibilityServer

KEY = X25519PrivateKey.generate().public_key().public_bytes_raw()
RECEIVER = {"name": "测试甲", "mobile": "19900000001", "address": "浙江省金华市义乌市北苑街道机场路1号"}
TASK = {
    "taskID": "T1",
    "printer": "",
    "documents": [{"documentID": "D1", "contents": [{"data": {"receiver": RECEIVER}}]}],
}
PRINT = json.dumps({"cmd": "print", "requestID": "r7", "version": "1.0", "task": TASK})


class Desk:
    """Prints at once."""

    async def printers(self) -> list[PrinterInfo]:
        return [PrinterInfo("Label 1", default=True)]

    async def take(self, references: Any, **_: Any) -> AsyncIterator[DocumentResult]:
        async def results() -> AsyncIterator[DocumentResult]:
            for document, _ in references:
                yield DocumentResult(document, Outcome.PRINTED)

        return results()

    async def refused(self, kind: str, origin: str) -> None: ...

    async def passed_on(self, document: str, printer: str) -> None: ...


class Way:
    """The service: takes in, or raises what it is given."""

    def __init__(self, fails: Exception | None = None) -> None:
        self.fails = fails
        self.taken: list[Intake] = []

    async def intake_key(self, _message: IntakeKeyAsk) -> IntakeKey:
        return IntakeKey(key=KEY)

    async def take_in(self, message: Intake) -> IntakeTaken:
        if self.fails is not None:
            raise self.fails
        self.taken.append(message)
        return IntakeTaken(sealed=len(message.documents))


type Scene = Callable[[str], Awaitable[None]]


def play(folder: Path, scene: Scene, way: Way | None = None, limits: Limits | None = None) -> None:
    async def go() -> None:
        pairings = Pairings(folder / "pairings.json")
        token = pairings.add("erp", "", at="2026-11-24T00:00:00+00:00")
        made = CompatibilityServer(Desk(), way or Way(), pairings, device="d1", limits=limits)
        server = await made.start("127.0.0.1", 0)
        try:
            await scene(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/{token}")
        finally:
            made.close()
            server.close()

    asyncio.run(go())


@asynccontextmanager
async def erp(address: str) -> AsyncIterator[ClientConnection]:
    async with connect(address, proxy=None) as client:
        yield client


async def heard(client: ClientConnection) -> Any:
    return json.loads(await asyncio.wait_for(client.recv(), 30))


def test_who_has_not_shaken_hands_counts_against_the_connections(tmp_path: Path) -> None:
    async def scene(address: str) -> None:
        port = int(address.split(":")[2].split("/", maxsplit=1)[0])
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        await asyncio.sleep(0.2)
        with pytest.raises(InvalidStatus, match="503"):
            async with erp(address):
                pass
        for _, writer in idle:
            writer.close()
            await writer.wait_closed()
        await asyncio.sleep(0.2)
        async with erp(address) as client:
            await client.send('{"cmd": "getPrinters", "requestID": "r1"}')
            assert (await heard(client))["status"] == "success"

    play(tmp_path, scene, limits=Limits(connections=2))


def test_a_refusal_of_the_service_says_which_request_it_answers(tmp_path: Path) -> None:
    refused = RefusedError(zh="账本不可写", en="the ledger does not write", reason="ledger", status=503)

    async def scene(address: str) -> None:
        async with erp(address) as client:
            await client.send(PRINT)
            said = await heard(client)
        named = {name: said[name] for name in ("cmd", "requestID", "taskID", "status")}
        assert named == {"cmd": "print", "requestID": "r7", "taskID": "T1", "status": "failed"}
        assert "账本不可写" in said["msg"]

    play(tmp_path, scene, Way(refused))


def test_a_child_that_cannot_be_started_is_an_answer_and_the_next_message_is_dealt_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_process(*_: Any, **__: Any) -> Any:
        raise BlockingIOError

    way = Way()

    async def scene(address: str) -> None:
        async with erp(address) as client:
            with monkeypatch.context() as patched:
                patched.setattr(filters, "start", no_process)
                await client.send(PRINT)
                assert (await heard(client))["status"] == "failed"
            await client.send(PRINT)
            assert (await heard(client))["status"] == "success"
        assert len(way.taken) == 1

    play(tmp_path, scene, way)


def test_an_error_that_nobody_foresaw_ends_the_connection_without_a_word_of_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene(address: str) -> None:
        async with erp(address) as client:
            await client.send(PRINT)
            with pytest.raises(ConnectionClosed) as ended:
                await heard(client)
        assert ended.value.rcvd is not None
        assert (ended.value.rcvd.code, ended.value.rcvd.reason) == (1011, "")

    play(tmp_path, scene, Way(ValueError("测试甲")))
    assert "ValueError" in caplog.text
    assert "测试甲" not in caplog.text
