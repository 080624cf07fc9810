"""A label printer on a raw socket (port 9100) whose status is queried.

The connection stays open between consecutive jobs. A job is ``sent`` when the printer reports that it holds no more
labels, or, for a printer that never answers, when it accepted every byte. If a printer answered before the job but
not after it (a pulled cable leaves the connection open), the job is ``uncertain``.
"""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from waybillguard.agent.printers.model import Delivery, Standing, reason_of
from waybillguard.agent.printers.replies import DIALECTS
from waybillguard.agent.protocol import Language

_PIECE: Final = 16 * 1024
_LONGEST_ANSWER: Final = 1_024
"""In bytes; no status answer of a printer is longer."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Time limits in seconds: to connect, to answer a query, to accept a piece of data, to finish a label."""

    connect: float = 5.0
    answer: float = 1.0
    piece: float = 30.0
    finish: float = 90.0


class RawPrinter:
    """One printer at one address.

    Args:
        host: its name or address.
        port: usually 9100.
        language: its language, which decides how its status is queried.
        asks: False for a printer that does not answer.
        patience: waiting times.
    """

    def __init__(
        self, host: str, port: int, language: Language, *, asks: bool = True, patience: Patience | None = None
    ) -> None:
        self._host, self._port, self._language = host, port, language
        self._dialect = DIALECTS.get(language) if asks else None
        self._patience = patience or Patience()
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._lock = asyncio.Lock()

    async def standing(self) -> Standing:
        """Query the printer; ``offline`` if it cannot be reached, ``unknown`` if it does not answer."""
        async with self._lock:
            try:
                await self._connect()
                return await self._ask()
            except (OSError, TimeoutError):
                await self._drop()
                return Standing("offline")

    async def deliver(self, content: bytes, language: Language, begin: Callable[[], None]) -> Delivery:
        """Print a job once; see `waybillguard.agent.printers.model.Printer`."""
        if language != self._language:
            return Delivery("failed", "language")
        async with self._lock:
            try:
                await self._connect()
                standing = await self._ask()
            except (OSError, TimeoutError):
                await self._drop()
                return Delivery("failed", "printer_offline")
            if not standing.can_start:
                return Delivery("failed", reason_of(standing.state))
            begin()
            try:
                await self._write(content)
                return await self._finish(answered=standing.state != "unknown")
            except (OSError, TimeoutError):
                await self._drop()
                return Delivery("uncertain", "connection_lost")

    async def close(self) -> None:
        """Close the connection."""
        async with self._lock:
            await self._drop()

    async def _connect(self) -> None:
        if self._writer is not None and self._reader is not None and not self._reader.at_eof():
            return
        await self._drop()
        async with asyncio.timeout(self._patience.connect):
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)

    async def _drop(self) -> None:
        writer, self._reader, self._writer = self._writer, None, None
        if writer is not None:
            writer.close()
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(self._patience.answer):
                    await writer.wait_closed()

    async def _write(self, content: bytes) -> None:
        assert self._writer is not None
        view = memoryview(content)
        for start in range(0, len(view), _PIECE):
            self._writer.write(view[start : start + _PIECE])
            async with asyncio.timeout(self._patience.piece):
                await self._writer.drain()

    async def _ask(self) -> Standing:
        """Query the printer once; ``unknown`` if it does not answer."""
        dialect = self._dialect
        if dialect is None:
            return Standing("unknown")
        assert self._reader is not None
        await self._forget_answers()
        await self._write(dialect.query)
        answer = b""
        try:
            async with asyncio.timeout(self._patience.answer):
                while (standing := dialect.read(answer)) is None:
                    if len(answer) >= _LONGEST_ANSWER:
                        return dialect.unfinished(answer)
                    piece = await self._reader.read(256)
                    if not piece:
                        raise ConnectionResetError
                    answer += piece
        except TimeoutError:
            return dialect.unfinished(answer)
        return standing

    async def _forget_answers(self) -> None:
        """Discard late answers, and answers to bytes of a picture: they do not describe the current state."""
        assert self._reader is not None
        with contextlib.suppress(TimeoutError):
            while True:
                async with asyncio.timeout(0):
                    if not await self._reader.read(256):
                        raise ConnectionResetError

    async def _finish(self, *, answered: bool) -> Delivery:
        """Wait until the label is printed; if that fails, the job is not sent again."""
        deadline = asyncio.get_running_loop().time() + self._patience.finish
        pause = 0.0
        while True:
            standing = await self._ask()
            if standing.state == "unknown" and not answered:
                await self._flush()
                return Delivery("sent")
            if standing.state == "ready":
                return Delivery("sent")
            if asyncio.get_running_loop().time() >= deadline:
                silent = standing.state == "unknown"
                if silent:
                    await self._drop()  # later answers must not be attributed to another label
                return Delivery("uncertain", "printer_offline" if silent else reason_of(standing.state))
            pause = min(0.25, pause + 0.01)
            await asyncio.sleep(pause)

    async def _flush(self) -> None:
        """Close the connection in order, not by a reset, so that a silent printer receives every byte."""
        assert self._reader is not None
        assert self._writer is not None
        if self._writer.can_write_eof():
            self._writer.write_eof()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._patience.answer):
                await self._reader.read()
        await self._drop()
