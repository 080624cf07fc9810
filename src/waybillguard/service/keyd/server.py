"""keyd's socket: one thread per connection; serves only processes of known users."""

import contextlib
import logging
import os
import socket
import socketserver
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import msgspec

from waybillguard.errors import WaybillGuardError
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.callers import ALL, Caller, Callers, NotAllowedCallerError
from waybillguard.service.keyd.client import frame_answer
from waybillguard.service.platform.disk import CODE, WORDS, is_full

if TYPE_CHECKING:
    from io import BufferedReader

logger = logging.getLogger(__name__)

MAX_CONNECTIONS: Final = 256
"""Maximum connections; a web process has one per thread."""
MAX_A_PROCESS: Final = 100
"""Maximum connections of one process, so that none takes all places."""
FRAME_S: Final = 30.0
"""How long a frame that has begun may take to arrive, and an answer to be read."""
MAX_UNKNOWN: Final = 4096
"""Maximum frame size before the caller has introduced itself."""
MAX_IN_FLIGHT: Final = 256 * 1024 * 1024
"""Bytes of large frames read or answered at a time, over all connections; this memory is locked."""
_PIECE: Final = 1 << 20
"""Bytes read at a time; frames up to this size count as small."""

_UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_LENGTH = struct.Struct(">I")
_PEER = struct.Struct("3i")
_decoder: msgspec.msgpack.Decoder[messages.Request] = msgspec.msgpack.Decoder(
    reduce(or_, sorted(ALL, key=lambda request: request.__name__))
)


class KeydServer(socketserver.ThreadingUnixStreamServer):
    """Answers requests on a Unix socket of mode 0600 (0660 if other users may connect).

    Args:
        path: of the socket; a stale one is replaced.
        handle: runs a request; its known errors become failures, all others an unnamed fault.
        callers: identifies the kind of process and checks what it may send.
        users: ids of the users whose processes may connect, besides this one's and root.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        path: Path,
        handle: Callable[[messages.Request], object],
        callers: Callers | None = None,
        users: frozenset[int] = frozenset(),
        data_dir: Path | None = None,
    ) -> None:
        path.unlink(missing_ok=True)
        before = os.umask(0o117 if users else 0o177)
        try:
            super().__init__(str(path), _Connection)
        finally:
            os.umask(before)
        self.work = handle
        self.data_dir = data_dir or path.parent
        self.callers = callers or Callers()
        self.users = users | {0, os.getuid()}
        self._guard = threading.Lock()
        self._places: Counter[int] = Counter()
        self.room = _FrameMemory(MAX_IN_FLIGHT)

    def verify_request(self, request: object, client_address: object) -> bool:
        """Accept only processes of known users (SO_PEERCRED, unix(7)), up to the connection limits."""
        del client_address
        if not isinstance(request, socket.socket):
            return False
        pid, uid = peer(request)
        if uid not in self.users:
            logger.error("a process of user %d was refused", uid)
            return False
        with self._guard:
            if self._places[pid] >= MAX_A_PROCESS or self._places.total() >= MAX_CONNECTIONS:
                logger.error("too many connections at a time; one was refused")
                return False
            self._places[pid] += 1
        return True

    def process_request(self, request: object, client_address: object) -> None:
        """Answer in a thread of its own; if none can be started, release the connection's place."""
        try:
            super().process_request(request, client_address)  # type: ignore[arg-type]  # of the stubs
        except BaseException:
            if isinstance(request, socket.socket):
                self.release_place(peer(request)[0])
            raise

    def release_place(self, pid: int) -> None:
        """Release the place of a connection."""
        with self._guard:
            self._places[pid] -= 1
            if self._places[pid] <= 0:
                del self._places[pid]


class _FrameMemory:
    """Memory for large frames: a connection waits until there is room. Small frames are not counted."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._freed = threading.Condition()

    @contextlib.contextmanager
    def hold(self, length: int, seconds: float) -> Iterator[bool]:
        """Reserve room for a frame; yields False if there was none within ``seconds``."""
        if length <= _PIECE:
            yield True
            return
        with self._freed:
            found = self._freed.wait_for(lambda: self._left >= length, seconds)
            self._left -= length if found else 0
        try:
            yield found
        finally:
            with self._freed:
                self._left += length if found else 0
                self._freed.notify_all()


def peer(connection: socket.socket) -> tuple[int, int]:
    """Return process and user id of the other end; this process's own if the system does not tell."""
    if not hasattr(socket, "SO_PEERCRED"):
        return os.getpid(), os.getuid()
    pid, uid, _ = _PEER.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))
    return pid, uid


class _Connection(socketserver.StreamRequestHandler):
    server: KeydServer
    caller: Caller | None = None

    def handle(self) -> None:
        try:
            self._serve()
        except ConnectionError:
            pass  # the caller exited
        except TimeoutError:
            self._held()
        finally:
            self.server.release_place(peer(self.connection)[0])

    def _held(self) -> None:
        """Record that a frame was held half sent, tell its sender, and close the connection."""
        logger.warning("a frame was begun and not sent within %d s; its connection was closed", FRAME_S)
        try:
            self.server.work(messages.FrameHeld(self.caller or ""))
        except WaybillGuardError as error:
            logger.warning("a held frame was not recorded: %s", error.code)
        zh, en = (
            "请求未在时限内发完，已断开",
            "the request was not sent in its time; the connection was closed",
        )
        with contextlib.suppress(OSError):
            self.wfile.write(frame_answer(_failure("frame_held", zh, en)))

    @property
    def _known(self) -> bool:
        return self.caller is not None or not self.server.callers.distinguished

    def _serve(self) -> None:
        while True:
            # Between frames, a connection may be idle once it has introduced itself.
            self.connection.settimeout(None if self._known else FRAME_S)
            if not cast("BufferedReader", self.rfile).peek(1):
                return
            deadline = time.monotonic() + FRAME_S
            head = self._read(_LENGTH.size, deadline)
            if len(head) < _LENGTH.size:
                return
            (length,) = _LENGTH.unpack(head)
            if length > (messages.MAX_FRAME if self._known else MAX_UNKNOWN):
                self.wfile.write(frame_answer(_failure("too_large", "请求过大", "the request is too large")))
                return
            with self.server.room.hold(length, FRAME_S / 2) as found:
                if not found:
                    zh, en = (
                        "同时处理的大请求过多，未做任何操作。请稍后再试。",
                        "too many large requests at a time; nothing was done. Try again later.",
                    )
                    self.wfile.write(frame_answer(_failure("busy", zh, en)))
                    return
                if not self._exchange(length, deadline):
                    return

    def _exchange(self, length: int, deadline: float) -> bool:
        """Read a frame of this length and answer it; False: the other end has closed."""
        frame = self._read(length, deadline)
        if len(frame) < length:
            return False
        self.connection.settimeout(FRAME_S)
        try:
            self.wfile.write(frame_answer(self._answer(frame)))
            self.wfile.flush()
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True

    def _read(self, size: int, deadline: float) -> bytes:
        """Read ``size`` bytes, or fewer at the end of the stream; the deadline applies to slow senders too."""
        data = bytearray()
        while len(data) < size:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.connection.settimeout(left)
            piece = cast("BufferedReader", self.rfile).read1(min(size - len(data), _PIECE))
            if not piece:
                break
            data += piece
        return bytes(data)

    def _answer(self, frame: bytes) -> object:
        request: messages.Request | None = None
        try:
            request = _decoder.decode(frame)
            if isinstance(request, messages.Hello):
                self.caller = self.server.callers.known(request)
                return messages.Done()
            self.server.callers.admit(self.caller, request)
            return self.server.work(request)
        except NotAllowedCallerError as error:
            # A program that sends requests it never sends may be compromised: log it.
            logger.error("%s asked for %s", self.caller or "an unknown process", type(request).__name__)  # noqa: TRY400
            return messages.Failure(code=error.code, zh=error.zh, en=error.en)
        except WaybillGuardError as error:
            return messages.Failure(error.code, error.zh, error.en, getattr(error, "action", b""))
        except Exception as error:  # noqa: BLE001 - keyd must go on
            # A number too large for a key or a row is only detected while the request runs.
            if isinstance(error, OverflowError) or (request is None and isinstance(error, _UNREADABLE)):
                return _failure("bad_request", "无法理解的请求", "the request cannot be understood")
            return self._fault(request, error)

    def _fault(self, request: object, error: Exception) -> messages.Failure:
        """Return the failure for a full disk or an internal fault. Only the type is logged: the text may quote data."""
        if is_full(error, self.server.data_dir):
            return _failure(CODE, *WORDS)
        logger.error("%s failed: %s", type(request).__name__, type(error).__name__)
        return _failure(
            "internal", "密钥进程内部错误，未打开任何数据", "an internal fault in keyd; nothing was opened"
        )


def _failure(code: str, zh: str, en: str) -> messages.Failure:
    return messages.Failure(code=code, zh=zh, en=en)
