"""Forwards encrypted waybills of lane A unaltered to the platform's own print component.

Promise: either the received and checked request is forwarded with every value unchanged, or nothing is forwarded. Only
the JSON is serialised again, so that it hides no second value of a key, and an empty printer is filled in. Previews
are refused before, as are virtual printers and printers that the component does not list.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from waybillguard.agent.shim.errors import LaneAError
from waybillguard.agent.shim.printers import is_virtual

_PATIENCE = 3.0
_MARK = "waybillguard-"
_QUESTION = {"cmd": "getPrinters", "version": "1.0"}
_WECHAT_QUESTION = {"command": "getPrinterList", "version": "2.0"}


class Upstream:
    """One connection to a platform's component for one ERP's connection, opened when first needed.

    Args:
        address: address of the component.
        relay: receives each message of the component unchanged.
        heard: receives the parsed message if it is a JSON object.
        most: size limit of a message, in bytes.
    """

    def __init__(
        self,
        address: str,
        relay: Callable[[str | bytes], Awaitable[None]],
        *,
        heard: Callable[[dict[str, Any]], None],
        most: int,
    ) -> None:
        self._address = address
        self._relay = relay
        self._heard = heard
        self._most = most
        self._connection: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._own: dict[str, asyncio.Future[dict[str, object]]] = {}
        self._numbers = itertools.count(1)
        self._opening = asyncio.Lock()

    async def send(self, frame: str | bytes) -> None:
        """Forward a frame unchanged.

        Raises:
            LaneAError: the component cannot be reached; nothing was printed.
        """
        try:
            connection = await self._connected()
            await connection.send(frame)
        except (OSError, TimeoutError, WebSocketException) as error:
            raise _silent() from error

    async def printers(self) -> list[dict[str, object]]:
        """Return the component's printers without virtual ones; [] if it does not answer."""
        try:
            return (await self.listing())[0]
        except LaneAError:
            return []

    async def listing(self, *, wechat: bool = False) -> tuple[list[dict[str, object]], str]:
        """Return the component's printers and its default printer, or ''; ``wechat``: use the WeChat store's form.

        Raises:
            LaneAError: the component does not answer.
        """
        number = f"{_MARK}{next(self._numbers)}"
        waiting = asyncio.get_running_loop().create_future()
        self._own[number] = waiting
        try:
            question = (_WECHAT_QUESTION if wechat else _QUESTION) | {"requestID": number}
            await self.send(msgspec.json.encode(question).decode())
            answered = await asyncio.wait_for(waiting, _PATIENCE)
        except TimeoutError as error:
            raise _silent() from error
        finally:
            self._own.pop(number, None)
        listed = answered.get("printers", answered.get("printerList"))
        found = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
        marked = (item.get("name") for item in found if item.get("isDefault") is True)
        default = answered.get("defaultPrinter") or next(marked, "")
        paper = [item for item in found if not is_virtual(str(item.get("name", "")))]
        return paper, default if isinstance(default, str) else ""

    async def close(self) -> None:
        """End the connection."""
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader
        if self._connection is not None:
            await self._connection.close()

    async def _connected(self) -> ClientConnection:
        async with self._opening:
            if self._connection is None or self._reader is None or self._reader.done():
                self._connection = await connect(
                    self._address, max_size=self._most, open_timeout=_PATIENCE, proxy=None
                )
                self._reader = asyncio.create_task(self._read(self._connection))
            return self._connection

    async def _read(self, connection: ClientConnection) -> None:
        with suppress(WebSocketException, OSError):
            async for frame in connection:
                body = _read_object(frame)
                if not self._answers_us(body):
                    self._heard(body)
                    await self._relay(frame)

    def _answers_us(self, body: dict[str, Any]) -> bool:
        waiting = self._own.get(str(body.get("requestID")))
        if waiting is not None and not waiting.done():
            waiting.set_result(body)
        return waiting is not None


def _silent() -> LaneAError:
    return LaneAError(
        zh="平台打印组件没有响应，本次加密面单未打印。请确认组件已启动。",
        en="The platform's print component does not answer; the encrypted waybill was not printed. Start it.",
    )


def _read_object(frame: str | bytes) -> dict[str, Any]:
    try:
        body = msgspec.json.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
