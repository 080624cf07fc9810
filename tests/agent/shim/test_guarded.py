"""Messages that are carried and not read: whole, in order, wiped; a connection that stays alive meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from waybillguard.agent.shim.guarded import Fragment, Guarded


class Carrier:
    """Takes messages down unmasked, when it is let."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.fragments: list[Fragment] = []
        self.let = asyncio.Event()

    async def handle(self, connection: Guarded, fragments: list[Fragment]) -> None:
        await self.let.wait()
        whole = b"".join(
            bytes(byte ^ one.mask[place % 4] for place, byte in enumerate(one.payload)) for one in fragments
        )
        self.heard.append(whole)
        self.fragments += fragments
        await connection.send(f"heard {len(self.heard)}")


def play(scene: Callable[[Carrier, ClientConnection], Awaitable[None]], most: int = 4_096) -> None:
    async def go() -> None:
        carrier = Carrier()
        server = await asyncio.get_running_loop().create_server(
            lambda: Guarded(
                lambda _c, protocol, request: protocol.accept(request),
                carrier.handle,
                most=most,
                gone=lambda _: None,
            ),
            "127.0.0.1",
            0,
        )
        port = server.sockets[0].getsockname()[1]
        try:
            async with connect(f"ws://127.0.0.1:{port}/x", proxy=None) as client:
                await scene(carrier, client)
        finally:
            server.close()

    asyncio.run(go())


def test_messages_come_whole_and_in_order_and_their_buffers_are_wiped() -> None:
    async def scene(carrier: Carrier, client: ClientConnection) -> None:
        carrier.let.set()
        sent = ["one", "二" * 1_000, "", "four"]
        for text in sent:
            await client.send(text)
        await client.send(["in ", "three ", "parts"])
        assert [await client.recv() for _ in range(5)] == [f"heard {n}" for n in range(1, 6)]
        assert carrier.heard == [text.encode() for text in [*sent, "in three parts"]]
        await asyncio.sleep(0.05)
        assert not any(any(one.payload) for one in carrier.fragments)

    play(scene)


def test_pings_are_answered_while_a_message_is_dealt_with() -> None:
    async def scene(carrier: Carrier, client: ClientConnection) -> None:
        await client.send("waits")
        for _ in range(3):
            await asyncio.wait_for(await client.ping(), 5)
        assert carrier.heard == []
        await client.send("the next")
        carrier.let.set()
        assert [await client.recv() for _ in range(2)] == ["heard 1", "heard 2"]
        assert carrier.heard == [b"waits", b"the next"]

    play(scene)


@pytest.mark.parametrize("parts", [["x" * 5_000], ["x" * 3_000, "x" * 3_000]])
def test_a_message_that_is_too_big_ends_its_connection(parts: list[str]) -> None:
    async def scene(carrier: Carrier, client: ClientConnection) -> None:
        carrier.let.set()
        await client.send(parts)
        with pytest.raises(ConnectionClosed, match="1009"):
            await client.recv()
        assert carrier.heard == []

    play(scene)
