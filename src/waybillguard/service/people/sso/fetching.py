"""Requests to the identity provider: verified TLS, one host, no redirects, limits on size and time."""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from waybillguard.service.people.sso.errors import SingleSignOnError

if TYPE_CHECKING:
    import requests  # otherwise imported on first use: with all it needs, a twentieth of a start

MOST_BYTES: Final = 512 * 1024
MOST_SECONDS: Final = 10.0
_AT_ONCE = threading.BoundedSemaphore(4)
"""Threads of this process that may wait for providers; a provider that never answers cannot block them all."""


def host_of(address: str) -> tuple[str, int]:
    """Return host and port of an https address.

    Raises:
        SingleSignOnError: not an https address, or it contains a name and password.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        raise SingleSignOnError("unreachable", "address") from None
    if parts.scheme != "https" or not host or "@" in parts.netloc:
        raise SingleSignOnError("unreachable", "address")
    return host, port


class Fetcher:
    """Requests of one sign-in to one host, within ``seconds`` in total; has the interface of a requests session.

    Args:
        address: only its host is contacted.
        authority: PEM certificates to trust exclusively; empty for the system's.
        seconds: limit for all requests together.
    """

    def __init__(self, address: str, authority: str = "", seconds: float = MOST_SECONDS) -> None:
        self.host = host_of(address)
        self._until = time.monotonic() + seconds
        self._context = ssl.create_default_context(cadata=authority or None)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2

    def __enter__(self) -> Self:
        """Return itself; no connection is kept open between requests."""
        return self

    def __exit__(self, *_: object) -> None:
        """Do nothing."""

    def get(self, url: str, **about: Any) -> "requests.Response":  # noqa: ANN401 - the signature of requests
        """Return the response to GET."""
        return self.request("GET", url, **about)

    def json(self, url: str) -> Mapping[str, Any]:
        """Return the JSON object at an address."""
        try:
            found = self.get(url).json()
        except ValueError:
            raise SingleSignOnError("unreachable", "json") from None
        if not isinstance(found, dict):
            raise SingleSignOnError("unreachable", "json")
        return found

    def request(self, method: str, url: str, **about: Any) -> "requests.Response":  # noqa: ANN401
        """Send a request; only status 200 is accepted.

        Raises:
            SingleSignOnError: another host, no answer in time, too large, or an unexpected answer.
        """
        import requests

        if host_of(url) != self.host:
            raise SingleSignOnError("unreachable", "other host")
        about.pop("timeout", None)
        prepared = requests.Request(method, url, **about).prepare()
        if not _AT_ONCE.acquire(timeout=1):
            raise SingleSignOnError("busy")
        try:
            return self._ask(prepared)
        except (OSError, ValueError, http.client.HTTPException, AttributeError):
            raise SingleSignOnError("unreachable", "no answer") from None
        finally:
            _AT_ONCE.release()

    def _ask(self, prepared: Any) -> "requests.Response":  # noqa: ANN401 - requests is untyped
        import requests

        left = self._until - time.monotonic()
        if left <= 0:
            raise SingleSignOnError("unreachable", "time")
        plain = socket.create_connection(self.host, timeout=left)
        with self._context.wrap_socket(
            plain, server_hostname=self.host[0], do_handshake_on_connect=False
        ) as wire:
            # A socket's time-out restarts with every byte; this one does not.
            end = threading.Timer(left, _hang_up, [wire])
            end.start()
            try:
                wire.do_handshake()
                connection = http.client.HTTPSConnection(*self.host, context=self._context)
                connection.sock = wire
                headers = {**prepared.headers, "Accept-Encoding": "identity", "Connection": "close"}
                connection.request(prepared.method, prepared.path_url, prepared.body, headers)
                answer = connection.getresponse()
                body = answer.read(MOST_BYTES + 1)
            finally:
                end.cancel()
        if answer.status != http.client.OK:
            raise SingleSignOnError("unreachable", f"status {answer.status}")
        if len(body) > MOST_BYTES:
            raise SingleSignOnError("unreachable", "size")
        found = requests.Response()
        found.status_code, found.url, found._content = answer.status, prepared.url, body  # noqa: SLF001 - as its adapters do
        found.headers.update({"content-type": answer.headers.get("content-type", "")})
        return found


def _hang_up(wire: ssl.SSLSocket) -> None:
    with contextlib.suppress(OSError):
        socket.socket.shutdown(wire, socket.SHUT_RDWR)
