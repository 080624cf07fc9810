"""Messages that are forwarded without being read: complete, in order and wiped, on a connection that stays alive."""

import asyncio
import contextlib
import tracemalloc
from collections.abc import Awaitable, Callable

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from waybillguard.agent.shim import guarded
from waybillguard.agent.shim.guarded import Fragment, GuardedConnection


class Carrier:
    """Takes messages down unmasked, when it is let."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.fragments: list[Fragment] = []
        self.let = asyncio.Event()

    async def handle(self, connection: GuardedConnection, fragments: list[Fragment]) -> None:
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
            lambda: GuardedConnection(
                lambda _c, protocol, request: protocol.accept(request),
                carrier.handle,
                most=most,
                on_close=lambda _: None,
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


def test_many_small_control_frames_move_the_buffer_a_few_times_only(monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[int] = []
    drop = GuardedConnection._drop

    def counted(self: GuardedConnection, count: int) -> None:
        moved.append(self._filled)
        drop(self, count)

    monkeypatch.setattr(GuardedConnection, "_drop", counted)

    async def scene(carrier: Carrier, client: ClientConnection) -> None:
        carrier.let.set()
        pongs = 20_000
        client.transport.write(bytes([0x8A, 0x80, 1, 2, 3, 4]) * pongs)
        await client.send("after them")
        assert await asyncio.wait_for(client.recv(), 30) == "heard 1"
        assert carrier.heard == [b"after them"]
        assert sum(moved) < 3 * 6 * pongs

    play(scene)


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


def test_a_message_in_more_pieces_than_anybody_needs_ends_its_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guarded, "MOST_FRAGMENTS", 20)

    async def scene(carrier: Carrier, client: ClientConnection) -> None:
        carrier.let.set()
        await client.send(["x"] * 19)
        assert await client.recv() == "heard 1"
        await client.send([""] * 30)
        with pytest.raises(ConnectionClosed, match="1009"):
            await client.recv()
        assert carrier.heard == [b"x" * 19]

    play(scene)


def test_taking_a_frame_off_makes_no_copy_of_the_next() -> None:
    one = GuardedConnection(
        lambda _c, protocol, request: protocol.accept(request), Carrier().handle, most=2**21, on_close=print
    )
    rest = b"x" * 2**20
    one._buffer, one._filled = bytearray(b"first." + rest + b"tail"), 6 + len(rest)
    tracemalloc.start()
    try:
        one._drop(6)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2**16
    assert (one._filled, bytes(one._buffer)) == (len(rest), rest + bytes(6) + b"tail")


def test_who_does_not_shake_hands_is_let_go_and_who_did_stays() -> None:
    async def go() -> None:
        carrier = Carrier()
        carrier.let.set()
        server = await asyncio.get_running_loop().create_server(
            lambda: GuardedConnection(
                lambda _c, protocol, request: protocol.accept(request),
                carrier.handle,
                most=4_096,
                on_close=lambda _: None,
                patience=0.5,
            ),
            "127.0.0.1",
            0,
        )
        port = server.sockets[0].getsockname()[1]
        try:
            async with connect(f"ws://127.0.0.1:{port}/x", proxy=None) as client:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"GET / HTTP/1.1\r\n")
                with contextlib.suppress(ConnectionResetError):
                    assert await asyncio.wait_for(reader.read(), 10) == b""
                writer.close()
                await asyncio.sleep(0.6)
                await client.send("still here")
                assert await client.recv() == "heard 1"
        finally:
            server.close()

    asyncio.run(go())
