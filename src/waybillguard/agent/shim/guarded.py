"""A WebSocket connection whose messages the agent forwards without reading them.

Used by compatibility mode. The library (``websockets``, Sans-I/O) handles the handshake, outgoing frames and control
frames. Data frames bypass it: their payload stays under the client's mask (RFC 6455, section 5.3) in a buffer of this
class, is passed to a child process in that form, and the buffer is overwritten. The library would copy and unmask it
into memory that cannot be wiped. With TLS the decrypted record is read into the same buffer; OpenSSL wipes its own
copy (``SSL_OP_CLEANSE_PLAINTEXT``).
"""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

log = logging.getLogger(__name__)

OP_CLEANSE_PLAINTEXT: Final = 1 << 1
"""``SSL_OP_CLEANSE_PLAINTEXT`` (OpenSSL 3, SSL_CTX_set_options(3)); the ssl module has no name for it."""
LONGEST_HEAD: Final = 16_384
SECONDS_TO_SHAKE_HANDS: Final = 10.0
MOST_FRAGMENTS: Final = 1_024
_FIRST: Final = 65_536
SECONDS_TO_LEAVE: Final = 1.0
"""How long a refused client may take to send its request, which is then answered."""
NO_ROOM: Final = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_TEXT, _BINARY, _CONTINUED, _CONTROL = 1, 2, 0, 8
_FIN, _RESERVED, _MASKED = 0x80, 0x70, 0x80
_SHORT, _LONG = 126, 127
_MOST_CONTROL = 125


class Fragment(msgspec.Struct, frozen=True):
    """A fragment of a received message: four bytes of mask, and the masked payload."""

    mask: bytes
    payload: bytearray

    def __repr__(self) -> str:
        """Show only the size."""
        return f"Fragment({len(self.payload)})"

    def wipe(self) -> None:
        """Overwrite the payload."""
        wipe(self.payload)


type Handle = Callable[["GuardedConnection", list[Fragment]], Awaitable[None]]
type Admit = Callable[["GuardedConnection", ServerProtocol, Request], Response]


class GuardedConnection(asyncio.BufferedProtocol):
    """One connection; ``handle`` receives complete messages, one at a time.

    Args:
        admit: answers the handshake.
        handle: receives a message; the fragments are wiped when it returns.
        most: size limit of a message, in bytes.
        on_close: called when the connection has ended.
        on_open: called at the start, before a byte is read; returns whether the connection is accepted.
        patience: seconds within which the handshake must be complete.
    """

    def __init__(
        self,
        admit: Admit,
        handle: Handle,
        *,
        most: int,
        on_close: Callable[["GuardedConnection"], None],
        on_open: Callable[["GuardedConnection"], bool] = lambda _: True,
        patience: float = SECONDS_TO_SHAKE_HANDS,
    ) -> None:
        self._on_open, self._patience = on_open, patience
        self._waits: asyncio.TimerHandle | None = None
        self._admit, self._handle, self._most, self._on_close = admit, handle, most, on_close
        self._protocol = ServerProtocol(max_size=most)
        self._buffer = bytearray(_FIRST)
        self._filled = 0
        self._open = False
        self._turned_away = False
        self._fragments: list[Fragment] = []
        self._transport: asyncio.Transport | None = None
        self._busy: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()

    # --- asyncio's side -----------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the connection; close it if the handshake is not complete in time."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not self._on_open(self):
            self._turned_away = True
            asyncio.get_running_loop().call_later(SECONDS_TO_LEAVE, transport.close)
            return
        self._waits = asyncio.get_running_loop().call_later(self._patience, self._abort_unless_open)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the connection and wipe received data."""
        del exc
        if self._waits is not None:
            self._waits.cancel()
        self._writable.set()
        self._forget()
        wipe(self._buffer)
        self._on_close(self)

    def pause_writing(self) -> None:
        """Pause sending, because the peer reads slowly."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Resume sending."""
        self._writable.set()

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return the free part of the buffer, which grows up to the size of one message."""
        del sizehint
        if self._filled == len(self._buffer):
            larger = bytearray(min(2 * len(self._buffer), self._most + _FIRST))
            larger[: self._filled] = self._buffer
            wipe(self._buffer)
            self._buffer = larger
        return memoryview(self._buffer)[self._filled :]

    def buffer_updated(self, nbytes: int) -> None:
        """Process received bytes."""
        if self._turned_away:
            if self._transport is not None:  # only after the request, because clients expect no answer before
                self._transport.write(NO_ROOM)
                self._transport.close()
            return
        self._filled += nbytes
        if not self._open:
            self._shake_hands()
        if self._open:
            self._parse()

    # --- messages -------- -----------------------------------------------------------------------------

    async def send(self, frame: str | bytes) -> None:
        """Send a text message if the connection is still open."""
        text = frame.encode() if isinstance(frame, str) else frame
        if self._transport is None or self._transport.is_closing() or not self._open:
            return
        self._protocol.send_text(text)
        self._flush()
        await self._writable.wait()

    def close(self) -> None:
        """Close the connection, because the program stops."""
        if self._open:
            self._fail(1001, "going away")
        else:
            self._abort()

    def _shake_hands(self) -> None:
        end = self._buffer.find(b"\r\n\r\n", 0, self._filled)
        if end < 0:
            if self._filled > LONGEST_HEAD:
                self._abort()
            return
        self._protocol.receive_data(bytes(self._buffer[: end + 4]))
        self._drop(end + 4)
        asked = next(
            (event for event in self._protocol.events_received() if isinstance(event, Request)), None
        )
        if asked is None:
            self._flush()
            self._abort()
            return
        answer = self._admit(self, self._protocol, asked)
        self._protocol.send_response(answer)
        self._flush()
        self._open = answer.status_code == 101  # noqa: PLR2004 - switching protocols
        if not self._open and self._transport is not None:
            self._transport.close()

    def _parse(self) -> None:
        """Take complete frames off the buffer; while a message is handled, only control frames."""
        taken = 0  # frames are dropped together, because each drop moves the rest of the buffer
        while (found := self._frame(taken)) is not None:
            first, start, end = found
            opcode = first & 0x0F
            if opcode >= _CONTROL:
                self._protocol.receive_data(bytes(self._buffer[taken:end]))
                self._protocol.events_received()
                taken = end
                self._flush()
                continue
            if self._busy is not None:
                if self._transport is not None:
                    self._transport.pause_reading()
                break
            if (opcode == _CONTINUED) != bool(self._fragments):
                self._fail(1002, "unexpected frame")
                break
            self._fragments.append(Fragment(bytes(self._buffer[start - 4 : start]), self._buffer[start:end]))
            taken = end
            size = sum(len(fragment.payload) for fragment in self._fragments)
            if size > self._most or len(self._fragments) > MOST_FRAGMENTS:
                self._fail(1009, "message too big")
                break
            if first & _FIN:
                whole, self._fragments = self._fragments, []
                self._busy = asyncio.get_running_loop().create_task(self._work(whole))
        if taken:
            self._drop(taken)

    def _frame(self, at: int) -> tuple[int, int, int] | None:
        """Return first byte, payload start and payload end of the frame at ``at``; None while it is incomplete."""
        if self._filled < at + 2:
            return None
        first, second = self._buffer[at], self._buffer[at + 1]
        size, head = second & 0x7F, at + 2
        if size == _SHORT:
            size, head = int.from_bytes(self._buffer[at + 2 : at + 4]), at + 4
        elif size == _LONG:
            size, head = int.from_bytes(self._buffer[at + 2 : at + 10]), at + 10
        if self._filled < head:
            return None
        opcode = first & 0x0F
        if first & _RESERVED or not second & _MASKED or opcode not in {0, 1, 2, 8, 9, 10}:
            self._fail(1002, "bad frame")
            return None
        if opcode >= _CONTROL and (size > _MOST_CONTROL or not first & _FIN):
            self._fail(1002, "bad control frame")
            return None
        if size > self._most:
            self._fail(1009, "message too big")
            return None
        end = head + 4 + size
        return (first, head + 4, end) if self._filled >= end else None

    async def _work(self, fragments: list[Fragment]) -> None:
        try:
            await self._handle(self, fragments)
        except Exception as error:  # noqa: BLE001 - whoever sent it must not wait for ever
            log.error("a message was not dealt with: %s", type(error).__name__)  # noqa: TRY400 - no word of it
            self._fail(1011, "")
        finally:
            for fragment in fragments:
                fragment.wipe()
            self._busy = None
            if self._transport is not None and not self._transport.is_closing():
                self._transport.resume_reading()
                self._parse()

    def _drop(self, count: int) -> None:
        """Remove bytes from the front of the buffer and overwrite their memory."""
        rest = self._filled - count
        with memoryview(
            self._buffer
        ) as view:  # in place, because a slice would be a copy that is never wiped
            view[:rest] = view[count : self._filled]
        self._buffer[rest : self._filled] = bytes(self._filled - rest)
        self._filled = rest

    def _flush(self) -> None:
        if self._transport is None:
            return
        data = self._protocol.data_to_send()
        self._transport.write(b"".join(data))
        if b"" in data:  # the library asks for the end of the connection
            self._transport.close()

    def _fail(self, code: int, reason: str) -> None:
        self._protocol.fail(code, reason)
        self._flush()
        self._forget()
        if self._transport is not None:
            self._transport.close()

    def _abort_unless_open(self) -> None:
        if not self._open:
            self._abort()

    def _abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _forget(self) -> None:
        for fragment in self._fragments:
            fragment.wipe()
        self._fragments.clear()


def wipe(buffer: bytearray) -> None:
    """Overwrite a buffer in place."""
    buffer[:] = bytes(len(buffer))


def cleansing(tls: ssl.SSLContext) -> ssl.SSLContext:
    """Make OpenSSL overwrite decrypted data once it was read."""
    tls.options |= OP_CLEANSE_PLAINTEXT
    return tls
