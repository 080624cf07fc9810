"""The shim's server: WebSocket on loopback, or with TLS on the print room's network."""

import asyncio
import ipaddress
import logging
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus

import msgspec
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.http11 import Request, Response

from waybillguard.agent.shim.desk import Desk
from waybillguard.agent.shim.errors import ShimError
from waybillguard.agent.shim.guarded import NO_ROOM, SECONDS_TO_LEAVE, SECONDS_TO_SHAKE_HANDS
from waybillguard.agent.shim.pairing import Pairing, Pairings
from waybillguard.agent.shim.session import Session
from waybillguard.agent.shim.tasks import Tasks
from waybillguard.agent.shim.upstream import Upstream

log = logging.getLogger(__name__)


class Limits(msgspec.Struct, frozen=True):
    """Limits of one station. Sizes in bytes, times in seconds.

    Attributes:
        connections: open connections; further ones are refused.
        message: size of a message.
        waiting: unanswered messages of one connection; reading pauses beyond that.
    """

    connections: int = 1_000
    message: int = 1_048_576
    waiting: int = 16


class ShimServer:
    """Serves the protocol until it is closed.

    Args:
        desk: prints sealed orders.
        pairings: who may connect; read at each connection and message, so a removed pairing takes effect at once.
        upstream: address of the platform's own component for lane A, or '' for none.
        version: what getAgentInfo answers.
    """

    def __init__(
        self,
        desk: Desk,
        pairings: Pairings,
        *,
        upstream: str = "",
        version: str = "1.0",
        limits: Limits | None = None,
    ) -> None:
        self._desk = desk
        self._pairings = pairings
        self._upstream = upstream
        self._version = version
        self._limits = limits or Limits()
        self._tasks: defaultdict[str, Tasks] = defaultdict(Tasks)
        self._places = _ConnectionLimit(self._limits.connections)

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> Server:
        """Listen; without TLS on loopback alone.

        Raises:
            ShimError: plain ws was asked for on an address that others reach.
        """
        if tls is None and not is_loopback(host):
            raise plain_refused()

        class Guest(_CountedConnection):
            places = self._places

        return await serve(
            self._connection,
            host,
            port,
            ssl=tls,
            process_request=self._admit,
            max_size=self._limits.message,
            max_queue=self._limits.waiting,
            compression=None,
            server_header=None,
            logger=_quiet,
            create_connection=Guest,
            open_timeout=SECONDS_TO_SHAKE_HANDS,
            ssl_handshake_timeout=SECONDS_TO_SHAKE_HANDS if tls else None,
        )

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Refuse unpaired clients before a message is read."""
        try:
            pairing = self._pairings.find(request.path.strip("/"), request.headers.get("Origin"))
        except ShimError:
            pairing = None
        if pairing is None:
            return connection.respond(HTTPStatus.FORBIDDEN, "not paired; pair this ERP first / 尚未配对\n")
        connection.pairing = pairing  # type: ignore[attr-defined]
        return None

    async def _connection(self, connection: ServerConnection) -> None:
        pairing: Pairing = connection.pairing  # type: ignore[attr-defined]
        send = _sender(connection)
        tasks = self._tasks[pairing.token_hash]
        upstream = (
            Upstream(self._upstream, send, heard=tasks.heard, most=self._limits.message)
            if self._upstream
            else None
        )
        session = Session(
            pairing=pairing,
            desk=self._desk,
            tasks=tasks,
            send=send,
            upstream=upstream,
            version=self._version,
        )
        try:
            async for frame in connection:
                if not self._pairings.hold(pairing):
                    await connection.close(CloseCode.POLICY_VIOLATION, "the pairing has ended")
                    return
                await session.receive(frame)
        except ConnectionClosed:
            pass
        finally:
            await session.close()


class _ConnectionLimit:
    """Counts open connections, admitted or not."""

    def __init__(self, most: int) -> None:
        self._most, self._here = most, 0

    def take(self) -> bool:
        """Count one more connection; return whether the limit allows it."""
        self._here += 1
        return self._here <= self._most

    def give_back(self) -> None:
        """Count one connection less."""
        self._here -= 1


class _CountedConnection(ServerConnection):
    """A connection that counts towards the limit from its start, also without a handshake."""

    places: _ConnectionLimit
    _has_room = False
    _turned_away: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the connection, or mark it as refused if the limit is reached."""
        assert isinstance(transport, asyncio.Transport)
        self._has_room = self.places.take()
        if self._has_room:
            super().connection_made(transport)
        else:
            self._turned_away = transport
            asyncio.get_running_loop().call_later(SECONDS_TO_LEAVE, transport.close)

    def data_received(self, data: bytes) -> None:
        """Process received data. A refused client is answered after its request, since it expects no answer before."""
        if self._has_room:
            super().data_received(data)
        else:
            self._turned_away.write(NO_ROOM)
            self._turned_away.close()

    def eof_received(self) -> None:
        """Handle the end of the peer's data."""
        if self._has_room:
            super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the connection and stop counting it."""
        self.places.give_back()
        if self._has_room:
            super().connection_lost(exc)


def _sender(connection: ServerConnection) -> Callable[[str | bytes], Awaitable[None]]:
    async def send(frame: str | bytes) -> None:
        text = frame.decode() if isinstance(frame, bytes) else frame
        with suppress(ConnectionClosed):  # a disconnected ERP requests the task's status later
            await connection.send(text)

    return send


def plain_refused() -> ShimError:
    """Make the error for plain ws on an address that other machines can reach."""
    return ShimError(
        zh="未启用 TLS 时只能监听本机地址；要供其他电脑使用，请配置证书（wss）。",
        en="Without TLS only loopback is served; set up a certificate (wss) for other computers.",
    )


def is_loopback(host: str) -> bool:
    """Return whether an address can be reached only from this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


#: A silent logger for the library, because it would log paths, which contain tokens.
_quiet = logging.getLogger("waybillguard.agent.shim.quiet")
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False
