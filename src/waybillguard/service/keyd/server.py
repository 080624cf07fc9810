"""keyd's socket: one thread a connection, requests of this user's processes alone."""

import logging
import os
import socket
import socketserver
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import msgspec

from waybillguard.errors import WaybillGuardError
from waybillguard.service.keyd import (
    enrolling,
    export_messages,
    intake,
    label_messages,
    ledger_messages,
    mandates,
    messages,
    passkeys,
    policy,
    rotation_messages,
    signing_in,
)
from waybillguard.service.keyd.client import frame_answer

if TYPE_CHECKING:
    from io import BufferedReader

logger = logging.getLogger(__name__)

MAX_CONNECTIONS: Final = 256
"""Connections at a time; a web process has one for each of its threads."""
FRAME_S: Final = 30.0
"""How long a frame that has begun may take to arrive, and an answer to be taken."""

_LENGTH = struct.Struct(">I")
_PEER = struct.Struct("3i")
_decoder = msgspec.msgpack.Decoder(
    messages.AnyRequest
    | ledger_messages.AnyLedgerRequest
    | label_messages.AnyLabelRequest
    | rotation_messages.AnyRotationRequest
    | intake.AnyIntakeRequest
    | export_messages.AnyExportRequest
    | enrolling.AnyEnrolRequest
    | signing_in.AnySignInRequest
    | mandates.AnyMandateRequest
    | passkeys.AnyPasskeyRequest
    | policy.AnyPolicyRequest
)


class KeydServer(socketserver.ThreadingUnixStreamServer):
    """Answers requests on a Unix socket of mode 0600.

    Args:
        path: where the socket lies; a stale one is replaced.
        handle: does the work; errors of the rooms become failures, anything else an unnamed fault.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, path: Path, handle: Callable[[messages.Request], object]) -> None:
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            super().__init__(str(path), _Connection)
        finally:
            os.umask(before)
        self.work = handle
        self.places = threading.BoundedSemaphore(MAX_CONNECTIONS)

    def verify_request(self, request: object, client_address: object) -> bool:
        """Let in processes of the same user only (SO_PEERCRED, unix(7)), and no more than `MAX_CONNECTIONS`."""
        del client_address
        if not self._of_this_user(request):
            return False
        if not self.places.acquire(blocking=False):
            logger.error("more than %d connections at a time; one was refused", MAX_CONNECTIONS)
            return False
        return True

    @staticmethod
    def _of_this_user(request: object) -> bool:
        if not isinstance(request, socket.socket) or not hasattr(socket, "SO_PEERCRED"):
            return isinstance(request, socket.socket)
        _, uid, _ = _PEER.unpack(request.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))
        return uid in {os.getuid(), 0}


class _Connection(socketserver.StreamRequestHandler):
    server: KeydServer

    def handle(self) -> None:
        try:
            self._serve()
        except ConnectionError:
            pass  # the caller died
        except TimeoutError:
            logger.warning("a frame was begun and not sent within %d s; its connection was closed", FRAME_S)
        finally:
            self.server.places.release()

    def _serve(self) -> None:
        while True:
            self.connection.settimeout(None)  # between frames a connection may rest
            if not cast("BufferedReader", self.rfile).peek(1):
                return
            self.connection.settimeout(FRAME_S)
            head = self.rfile.read(4)
            if len(head) < _LENGTH.size:
                return
            (length,) = _LENGTH.unpack(head)
            if length > messages.MAX_FRAME:
                self.wfile.write(frame_answer(_failure("too_large", "请求过大", "the request is too large")))
                return
            frame = self.rfile.read(length)
            if len(frame) < length:
                return
            try:
                self.wfile.write(frame_answer(self._answer(frame)))
                self.wfile.flush()
            except (BrokenPipeError, ConnectionResetError):
                return

    def _answer(self, frame: bytes) -> object:
        try:
            request = _decoder.decode(frame)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return _failure("bad_request", "无法理解的请求", "the request cannot be understood")
        try:
            return self.server.work(request)
        except WaybillGuardError as error:
            return messages.Failure(error.code, error.zh, error.en, getattr(error, "action", b""))
        except Exception as error:  # noqa: BLE001 - keyd must go on; the text may quote data, the type does not
            logger.error("%s failed: %s", type(request).__name__, type(error).__name__)  # noqa: TRY400
            return _failure(
                "internal",
                "密钥进程内部错误，未打开任何数据",
                "an internal fault in keyd; nothing was opened",
            )


def _failure(code: str, zh: str, en: str) -> messages.Failure:
    return messages.Failure(code=code, zh=zh, en=en)
