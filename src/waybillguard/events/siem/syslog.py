"""Syslog messages (RFC 5424) with a length prefix, over TCP (RFC 6587, 3.4.1) or TLS (RFC 5425).

Use plain TCP only for a collector on the same machine or behind a tunnel. Syslog has no acknowledgement: messages
sent on a connection that then breaks may be lost. A caller that must not lose any stores its position and sends again
from there; a SIEM recognises repeats by ``metadata.uid``.
"""

import re
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC
from types import TracebackType
from typing import Final, Self

import msgspec

from waybillguard.events.errors import EventsError
from waybillguard.events.schema import AccessEvent, Action
from waybillguard.events.siem.ocsf import ocsf

_FACILITY: Final = 13  # log audit
_INFO, _NOTICE = 6, 5
_NOT_PRINTED: Final = re.compile(r"[^\x21-\x7e]")
_BOM: Final = b"\xef\xbb\xbf"


class SyslogError(EventsError):
    """The collector is unreachable or closed the connection; only earlier batches are known to have arrived."""

    code = "syslog"


def syslog_message(event: AccessEvent, *, host: str, app: str = "waybillguard") -> bytes:
    """Return an event as one RFC 5424 message, its OCSF object as JSON in the text.

    Args:
        event: the event; its action becomes the MSGID.
        host: name of this machine to show at the collector.
        app: APP-NAME.
    """
    failed = not event.allowed or event.action == Action.LOGIN_FAILED
    priority = _FACILITY * 8 + (_NOTICE if failed or event.exposed else _INFO)
    time = event.ts.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    head = f"<{priority}>1 {time} {_name(host, 255)} {_name(app, 48)} - {_name(event.action, 32)} - "
    return head.encode("ascii") + _BOM + msgspec.json.encode(ocsf(event))


def frame(message: bytes) -> bytes:
    """Return a message prefixed with its length in octets.

    >>> frame(b"abc")
    b'3 abc'
    """
    return b"%d %s" % (len(message), message)


class SyslogSender:
    """Sends messages over one connection, opened on demand and reopened after an error.

    Args:
        host, port: of the collector; 6514 is the port of RFC 5425.
        tls: a context that verifies the collector; None for plain TCP.
        seconds: timeout for connecting and for each batch.
    """

    def __init__(self, host: str, port: int, *, tls: ssl.SSLContext | None, seconds: float = 10.0) -> None:
        self._address = (host, port)
        self._tls = tls
        self._seconds = seconds
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, messages: Iterable[bytes]) -> None:
        """Send messages as one batch.

        Raises:
            SyslogError: the connection failed or broke; a part of the batch may have arrived.
        """
        data = b"".join(frame(message) for message in messages)
        if not data:
            return
        try:
            if self._socket is not None and self._hung_up(self._socket):
                self.close()
            if self._socket is None:
                self._socket = self._connect()
            self._socket.sendall(data)
        except OSError as error:
            self.close()
            raise SyslogError(
                zh=f"日志服务器 {self._address[0]}:{self._address[1]} 不可达或已断开（{type(error).__name__}）。"
                "事件仍在本机，恢复后会从上次的位置重发。请检查地址、端口和证书。",
                en=f"the collector {self._address[0]}:{self._address[1]} cannot be reached or hung up "
                f"({type(error).__name__}). The events are still here and are sent again from where it stopped. "
                "Check address, port and certificate.",
            ) from None

    def close(self) -> None:
        """Close the connection; a later ``send`` opens a new one."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()
            self._socket = None

    def _connect(self) -> socket.socket:
        plain = socket.create_connection(self._address, timeout=self._seconds)
        if self._tls is None:
            return plain
        try:
            return self._tls.wrap_socket(plain, server_hostname=self._address[0])
        except BaseException:
            plain.close()
            raise

    def _hung_up(self, connection: socket.socket) -> bool:
        """Return whether the collector closed the connection; it never sends data."""
        connection.settimeout(0)
        try:
            return connection.recv(1) == b""
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        finally:
            with suppress(OSError):
                connection.settimeout(self._seconds)


def _name(text: str, most: int) -> str:
    return _NOT_PRINTED.sub("?", text)[:most] or "-"
