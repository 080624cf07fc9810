"""Compatibility mode, for ERPs that can send only consignees and not yet order numbers.

Runs on a box or a server, never on a print station, and only for ERPs that an owner enabled in the console. The
agent passes each message to a child process without reading it. The child seals the consignees, the service stores
them in the vault, and the labels print by reference like any other. Every order received this way counts as a gap.
"""

import asyncio
import ssl
from collections import defaultdict
from http import HTTPStatus
from typing import Final, Protocol

from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from waybillguard.agent.errors import AgentError, RefusedError
from waybillguard.agent.protocol_intake import Intake, IntakeKey, IntakeKeyAsk, IntakeTaken
from waybillguard.agent.shim.child import Filtered, Job
from waybillguard.agent.shim.desk import Desk
from waybillguard.agent.shim.errors import MalformedError, ShimError
from waybillguard.agent.shim.filters import Filters
from waybillguard.agent.shim.guarded import SECONDS_TO_SHAKE_HANDS, Fragment, GuardedConnection, cleansing
from waybillguard.agent.shim.pairing import Pairing, Pairings
from waybillguard.agent.shim.server import Limits, is_loopback, plain_refused
from waybillguard.agent.shim.session import Session, refusal
from waybillguard.agent.shim.tasks import Tasks
from waybillguard.agent.shim.upstream import Upstream
from waybillguard.agent.shim.wire import Request as Asked
from waybillguard.agent.shim.wire import read_request

OFF: Final = "compatibility_off"


class IntakeClient(Protocol):
    """The calls that compatibility mode makes (`waybillguard.agent.client.ServiceClient`)."""

    async def intake_key(self, message: IntakeKeyAsk) -> IntakeKey:
        """Request the key to seal to."""

    async def take_in(self, message: Intake) -> IntakeTaken:
        """Send sealed orders to the vault."""


class CompatibilityServer:
    """Serves the protocol to ERPs whose messages contain consignees.

    Args:
        desk: prints sealed orders.
        client: the client of the service.
        pairings: who may connect.
        device: this device's id.
        upstream: address of the platform's own component for lane A, or ''.
    """

    def __init__(
        self,
        desk: Desk,
        client: IntakeClient,
        pairings: Pairings,
        *,
        device: str,
        upstream: str = "",
        version: str = "1.0",
        limits: Limits | None = None,
    ) -> None:
        self._desk, self._client, self._pairings, self._device = desk, client, pairings, device
        self._upstream, self._version = upstream, version
        self._limits = limits or Limits()
        self._tasks: defaultdict[str, Tasks] = defaultdict(Tasks)
        self._here: set[GuardedConnection] = set()  # all connections, admitted or not
        self._open: dict[GuardedConnection, tuple[Pairing, Session]] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self.filters = Filters()

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> asyncio.Server:
        """Listen; without TLS on loopback alone.

        Raises:
            ShimError: plain ws was requested on an address that other machines can reach.
        """
        if tls is None and not is_loopback(host):
            raise plain_refused()
        self.filters.prepare()
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            self._guarded,
            host,
            port,
            ssl=cleansing(tls) if tls else None,
            ssl_handshake_timeout=SECONDS_TO_SHAKE_HANDS if tls else None,
        )

    def close(self) -> None:
        """Close every connection, and end the waiting child."""
        for connection in list(self._here):
            connection.close()
        self.filters.close()

    def _guarded(self) -> GuardedConnection:
        return GuardedConnection(
            self._admit,
            self._handle,
            most=self._limits.message,
            on_close=self._on_close,
            on_open=self._on_open,
        )

    def _on_open(self, connection: GuardedConnection) -> bool:
        self._here.add(connection)
        return len(self._here) <= self._limits.connections

    def _admit(self, connection: GuardedConnection, protocol: ServerProtocol, request: Request) -> Response:
        try:
            pairing = self._pairings.find(request.path.strip("/"), request.headers.get("Origin"))
        except ShimError:
            pairing = None
        if pairing is None:
            return protocol.reject(HTTPStatus.FORBIDDEN, "not paired; pair this ERP first / 尚未配对\n")
        response = protocol.accept(request)
        if response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            tasks = self._tasks[pairing.token_hash]
            upstream = (
                Upstream(self._upstream, connection.send, heard=tasks.heard, most=self._limits.message)
                if self._upstream
                else None
            )
            session = Session(
                pairing=pairing,
                desk=self._desk,
                tasks=tasks,
                send=connection.send,
                upstream=upstream,
                version=self._version,
            )
            self._open[connection] = (pairing, session)
        return response

    def _on_close(self, connection: GuardedConnection) -> None:
        self._here.discard(connection)
        found = self._open.pop(connection, None)
        if found is not None:
            ending = asyncio.get_running_loop().create_task(found[1].close())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)

    async def _handle(self, connection: GuardedConnection, fragments: list[Fragment]) -> None:
        found = self._open.get(connection)
        if found is None:  # the sender has disconnected
            return
        pairing, session = found
        if not self._pairings.hold(pairing):
            connection.close()
            return
        filtered = Filtered(b"")
        try:
            job = Job(
                self._device,
                pairing.token_hash,
                await self._key(pairing),
                [fragment.mask for fragment in fragments],
                [len(fragment.payload) for fragment in fragments],
            )
            filtered = await self.filters.read(job, fragments)
            if filtered.documents:
                await self._client.take_in(
                    Intake(key=filtered.task, erp=pairing.name, documents=filtered.documents)
                )
        except AgentError as error:
            await connection.send(refusal(_asked(filtered.frame), error))
            return
        await session.receive(filtered.frame)

    async def _key(self, pairing: Pairing) -> bytes:
        """Return the key to seal to; empty if no owner enabled this, and then no plaintext is accepted."""
        try:
            return (await self._client.intake_key(IntakeKeyAsk(erp=pairing.name))).key
        except RefusedError as error:
            if error.reason == OFF:
                return b""
            raise


def _asked(frame: bytes) -> Asked:
    """Return the request that a refusal answers, as far as the child reported it."""
    try:
        return read_request(frame)
    except MalformedError:
        return Asked("", "", {})
