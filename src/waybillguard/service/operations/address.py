"""The console's address: the host and port it listens on, and the names under which it is reachable."""

import socket
import sys
from dataclasses import dataclass

from waybillguard.errors import reason_in_chinese
from waybillguard.service.operations.start_errors import StartError


@dataclass(frozen=True, slots=True)
class Address:
    """A requested host and a port."""

    host: str
    port: int

    @property
    def origin(self) -> str:
        """The console's URL origin (scheme, host, port), with the first of `host_names`."""
        name = self.host_names()[0]
        return f"https://[{name}]:{self.port}" if ":" in name else f"https://{name}:{self.port}"

    def to_bind(self) -> str:
        """Return the IP address to listen on; the server accepts no host names.

        Raises:
            StartError: the name cannot be resolved.
        """
        host = self.host
        if host == "localhost":
            return "127.0.0.1"
        try:
            return str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])
        except OSError:
            raise StartError(
                zh=f"无法解析监听地址 {host}。请填写本机的 IP 地址或主机名。",
                en=f"the address {host} cannot be resolved. Give an address or name of this machine.",
            ) from None

    def host_names(self) -> list[str]:
        """Return the requested host names, the one to display first; passkeys need a name, not an IP address."""
        host = self.host
        if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
            return [socket.gethostname(), *_own_addresses()]
        return ["localhost"] if host in {"127.0.0.1", "::1"} else [host]

    def all_names(self) -> list[str]:
        """Return every name or IP address of the console."""
        return list(dict.fromkeys([*self.host_names(), "localhost", "127.0.0.1"]))

    def take_port(self) -> socket.socket:
        """Return a socket that keeps the port from other services; our web server may listen beside it.

        Granian binds with SO_REUSEPORT, under which two services would share one port unnoticed.

        Raises:
            StartError: the port cannot be bound.
        """
        family = socket.AF_INET6 if ":" in self.to_bind() else socket.AF_INET
        held = socket.socket(family)
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((self.to_bind(), self.port))
            if sys.platform == "linux":  # elsewhere Granian binds without it
                held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                held.bind((self.to_bind(), self.port))
        except OSError as error:
            held.close()
            raise StartError(
                zh=f"端口 {self.port} 无法使用（{reason_in_chinese(error)}）。请用 --port 换一个端口，或先停止占用它的程序。",
                en=f"port {self.port} cannot be used ({error.strerror}). Choose another with --port, or stop what holds it.",
            ) from None
        return held


def _own_addresses() -> list[str]:
    """Return the IP addresses under which this machine is reachable in the local network."""
    found = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    return sorted(str(address) for address in found)
