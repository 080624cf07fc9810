"""A shim on a real socket, with a desk that records its requests."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from waybillguard.agent.shim import (
    DeskRefusedError,
    DocumentResult,
    Limits,
    Outcome,
    Pairings,
    PrinterInfo,
    ShimServer,
)


@dataclass
class Notebook:
    """A desk that prints at once, and keeps what it was told."""

    taken: list[tuple[list[tuple[str, str]], str, str]] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)
    handed_on: list[tuple[str, str]] = field(default_factory=list)
    outcome: Outcome = Outcome.PRINTED
    refuses: bool = False
    gate: asyncio.Event | None = None
    breaks: bool = False

    async def printers(self) -> Sequence[PrinterInfo]:
        return [PrinterInfo("Label 1", default=True), PrinterInfo("Label 2", ready=False)]

    async def take(
        self, references: Sequence[tuple[str, str]], *, printer: str, key: str
    ) -> AsyncIterator[DocumentResult]:
        if self.refuses:
            raise DeskRefusedError(zh="订单不存在", en="no such order")
        self.taken.append((list(references), printer, key))
        return self._results(references)

    async def _results(self, references: Sequence[tuple[str, str]]) -> AsyncIterator[DocumentResult]:
        for document, _ in references:
            if self.gate is not None:
                await self.gate.wait()
            if self.breaks:
                return
            yield DocumentResult(document, self.outcome)

    async def refused(self, kind: str, origin: str) -> None:
        self.refusals.append((kind, origin))

    async def passed_on(self, document: str, printer: str) -> None:
        self.handed_on.append((document, printer))


class Erp:
    """An ERP's side of a connection."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def ask(self, cmd: str, **more: Any) -> dict[str, Any]:
        await self.connection.send(json.dumps({"cmd": cmd, "requestID": "r1", "version": "1.0", **more}))
        return await self.hear()

    async def hear(self) -> dict[str, Any]:
        return json.loads(await asyncio.wait_for(self.connection.recv(), 10))


def task(*documents: dict[str, Any], number: str | int = "T1", **more: Any) -> dict[str, Any]:
    listed = [{"documentID": f"D{i}", "contents": [part]} for i, part in enumerate(documents, 1)]
    return {"taskID": number, "printer": "", "preview": False, "documents": listed, **more}


def reference(number: str = "A-10001") -> dict[str, Any]:
    return {"data": {"orderNo": number}, "templateURL": "http://template.invalid/1"}


@dataclass
class Station:
    desk: Notebook
    pairings: Pairings
    token: str
    server: ShimServer
    address: str

    @asynccontextmanager
    async def erp(self, token: str | None = None, origin: str | None = None) -> AsyncIterator[Erp]:
        path = self.token if token is None else token
        headers = {"Origin": origin} if origin else None
        async with connect(
            f"{self.address}/{path}", additional_headers=headers, proxy=None, max_size=2**24
        ) as connection:
            yield Erp(connection)


type Run = Callable[..., None]


@pytest.fixture
def station(tmp_path: Path) -> Callable[..., None]:
    """Run a coroutine function with a station that serves on a free port."""

    def run(
        scene: Callable[[Station], Awaitable[None]],
        *,
        upstream: str = "",
        limits: Limits | None = None,
        origin: str = "",
        desk: Notebook | None = None,
    ) -> None:
        async def play() -> None:
            pairings = Pairings(tmp_path / "pairings.json")
            token = pairings.add("erp", origin, at="2026-11-24T00:00:00+00:00")
            book = desk or Notebook()
            shim = ShimServer(book, pairings, upstream=upstream, limits=limits)
            server = await shim.start("127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            try:
                await scene(Station(book, pairings, token, shim, f"ws://127.0.0.1:{port}"))
            finally:
                server.close()
                await server.wait_closed()

        coroutine: Coroutine[Any, Any, None] = play()
        asyncio.run(coroutine)

    return run
