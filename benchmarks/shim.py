"""``make bench ROOM=shim``: what the shim adds between an ERP's message and the order to print.

Twenty ERPs send one label a task over real sockets, one after the other; the desk notes when it is asked and
answers at once. Wall time, milliseconds.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

ERPS = 20
TASKS = 100


def run() -> list[dict[str, Any]]:
    """Measure the time to the desk, and to the answer that the ERP reads."""
    import numpy as np

    to_desk, to_answer = asyncio.run(_measure())
    note = f"{ERPS} ERPs, {ERPS * TASKS:,} tasks of one label"
    return [
        {"name": f"{name} p{q}", "value": float(np.percentile(times, q)), "unit": "ms", "note": note}
        for name, times in (("message to desk", to_desk), ("message to answer", to_answer))
        for q in (50, 99)
    ]


async def _measure() -> tuple[list[float], list[float]]:
    import msgspec
    from websockets.asyncio.client import connect

    from waybillguard.agent.shim import DocumentResult, Outcome, Pairings, PrinterInfo, ShimServer

    sent: dict[str, float] = {}
    to_desk: list[float] = []
    to_answer: list[float] = []

    class Clock:
        async def printers(self) -> Sequence[PrinterInfo]:
            return [PrinterInfo("Label 1", default=True)]

        async def take(
            self, references: Sequence[tuple[str, str]], *, printer: str, key: str
        ) -> AsyncIterator[DocumentResult]:
            del printer, key
            to_desk.append((time.perf_counter() - sent[references[0][1]]) * 1000)
            return self._results(references)

        async def _results(self, references: Sequence[tuple[str, str]]) -> AsyncIterator[DocumentResult]:
            for document, _ in references:
                yield DocumentResult(document, Outcome.PRINTED)

        async def refused(self, kind: str, origin: str) -> None:
            raise AssertionError(f"refused: {kind} of {origin}")

        async def passed_on(self, document: str, printer: str) -> None:
            raise AssertionError(f"passed on: {document} to {printer}")

    async def erp(address: str, number: int) -> None:
        async with connect(address, proxy=None, compression=None) as connection:
            for task in range(TASKS):
                order = f"A-{number}-{task}"
                body = {
                    "cmd": "print", "requestID": order, "version": "1.0",
                    "task": {"taskID": order, "printer": "", "documents": [
                        {"documentID": "1", "contents": [{"data": {"orderNo": order}}]}]},
                }  # fmt: skip
                text = msgspec.json.encode(body).decode()
                sent[order] = time.perf_counter()
                await connection.send(text)
                await connection.recv()
                to_answer.append((time.perf_counter() - sent[order]) * 1000)
                await connection.recv()  # the result's notice
                await asyncio.sleep(0.002)

    with tempfile.TemporaryDirectory(prefix="waybillguard-bench-") as folder:
        pairings = Pairings(Path(folder) / "pairings.json")
        token = pairings.add("erp", "", at="2026-01-01T00:00:00+00:00")
        server = await ShimServer(Clock(), pairings).start("127.0.0.1", 0)
        address = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/{token}"
        await asyncio.gather(*(erp(address, number) for number in range(ERPS)))
        server.close()
        await server.wait_closed()
    return to_desk, to_answer
