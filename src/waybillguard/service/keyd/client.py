"""Client for keyd, used by every other process of the service."""

import os
import socket
import struct
import threading
import time
from pathlib import Path
from typing import Any

import msgspec

from waybillguard.errors import WaybillGuardError
from waybillguard.service.keyd import messages
from waybillguard.service.platform.config import Config, default_data_dir

# How long a caller waits while keyd is being restarted.
PATIENCE = 5.0
MAX_BREAKS = 4
"""How often one request is sent again after its connection broke; the request itself may crash keyd."""

CALLER = "WAYBILLGUARD_KEYD_CALLER"
"""Environment variable with the caller's ``name:key`` (`callers`)."""

_LENGTH = struct.Struct(">I")
_encoder = msgspec.msgpack.Encoder()
_FAILED = b"\xff"
_FINE = b"\x00"


class KeydError(WaybillGuardError):
    """keyd is unreachable, locked, or refused the request; nothing was opened."""

    code = "keyd"


class KeydUnavailableError(KeydError):
    """No key process answers on the socket."""

    code = "keyd_unavailable"


class RefusedError(KeydError):
    """keyd refused the request; ``reason`` is its machine-readable code.

    ``action`` is not empty if the request needs a code confirmed for this act (`actions`).
    """

    code = "keyd_refused"

    def __init__(self, *, zh: str, en: str, reason: str = "", action: bytes = b"") -> None:
        super().__init__(zh=zh, en=en)
        self.reason = reason
        self.action = action


def _unavailable() -> KeydUnavailableError:
    return KeydUnavailableError(
        zh="密钥进程没有应答，未打开任何数据。请确认 waybillguard up 正在运行。",
        en="the key process does not answer; nothing was opened. Check that `waybillguard up` is running.",
    )


class KeydClient:
    """Thread-safe client: one connection per thread, reopened after keyd restarts.

    Raises:
        KeydUnavailableError: keyd does not answer.
        RefusedError: keyd refused the request.
    """

    def __init__(self, path: Path, timeout: float = 120.0, patience: float = PATIENCE) -> None:
        self._path = path
        self._timeout = timeout
        self._patience = patience
        self._local = threading.local()
        self.hello: messages.Hello | None = None
        """The greeting to send instead of this process's own (`own_hello`)."""

    def call[Answer](self, request: messages.Request, answer: type[Answer]) -> Answer:
        """Send ``request`` and return the decoded answer."""
        payload = _encoder.encode(request)
        if len(payload) > messages.MAX_FRAME:
            raise RefusedError(
                zh="请求过大，请分批进行", en="the request is too large: send it in parts", reason="too_large"
            )
        frame = self._deliver(payload)
        if frame[:1] == _FAILED:
            failure = msgspec.msgpack.decode(frame[1:], type=messages.Failure)
            raise RefusedError(zh=failure.zh, en=failure.en, reason=failure.code, action=failure.action)
        return msgspec.msgpack.decode(memoryview(frame)[1:], type=answer)

    def _deliver(self, payload: bytes) -> bytes:
        """Exchange one frame, and wait while keyd is being restarted.

        A request whose connection broke is sent again. Sealing and tokens give the same result; a look may then be
        recorded twice in the ledger, but never omitted. One retry is not enough: a keyd that is being killed still
        accepts connections for a moment and then breaks them.
        """
        fresh = getattr(self._local, "pid", None) != os.getpid()
        deadline = time.monotonic() + self._patience
        breaks = 0
        while True:
            try:
                return self._exchange(payload, fresh=fresh)
            except (ConnectionRefusedError, FileNotFoundError):
                if time.monotonic() >= deadline:
                    raise _unavailable() from None
                time.sleep(0.05)
            except (BrokenPipeError, ConnectionResetError, EOFError):
                breaks += 1
                if breaks > 1 and (breaks > MAX_BREAKS or time.monotonic() >= deadline):
                    raise _unavailable() from None
                if breaks > 1:
                    time.sleep(0.1)
            except OSError:
                raise _unavailable() from None
            fresh = True

    def _exchange(self, payload: bytes, *, fresh: bool) -> bytes:
        if fresh:
            self.close()
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(self._timeout)
            try:
                connection.connect(str(self._path))
            except BaseException:
                connection.close()
                raise
            self._local.connection = connection
            self._local.pid = os.getpid()
            self._introduce(connection)
        connection = self._local.connection
        try:
            connection.sendall(_LENGTH.pack(len(payload)) + payload)
            (length,) = _LENGTH.unpack(_read_exactly(connection, 4))
            return _read_exactly(connection, length)
        except BaseException:
            self.close()
            raise

    def _introduce(self, connection: socket.socket) -> None:
        """Send which kind of process this is. A keyd that does not distinguish callers accepts any greeting."""
        hello = self.hello or own_hello()
        if hello is None:
            return
        payload = _encoder.encode(hello)
        try:
            connection.sendall(_LENGTH.pack(len(payload)) + payload)
            (length,) = _LENGTH.unpack(_read_exactly(connection, _LENGTH.size))
            _read_exactly(connection, length)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close this thread's connection."""
        connection: socket.socket | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
        self._local.connection = None
        self._local.pid = None


def _read_exactly(connection: socket.socket, length: int) -> bytes:
    buffer = bytearray(length)
    view = memoryview(buffer)
    got = 0
    while got < length:
        count = connection.recv_into(view[got:])
        if count == 0:
            raise EOFError
        got += count
    return bytes(buffer)


def frame_answer(answer: Any) -> bytes:  # noqa: ANN401 - any of the answer structs
    """Frame an answer (server side)."""
    failed = isinstance(answer, messages.Failure)
    payload = (_FAILED if failed else _FINE) + _encoder.encode(answer)
    return _LENGTH.pack(len(payload)) + payload


def own_hello() -> messages.Hello | None:
    """Return this process's greeting, with the key it was given or the command line's key from the data folder."""
    given = os.environ.get(CALLER)
    if given is None:
        try:
            given = Config(default_data_dir()).caller_file.read_text(encoding="ascii").strip()
        except OSError:
            return None
    caller, _, key = given.partition(":")
    return messages.Hello(caller, key)
