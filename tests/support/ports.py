"""Ports for the servers of tests. Two tests never get the same one, even while the server of one is stopped."""

import random
import socket

OURS = range(20_000, 28_000)
"""Not those of print components, for which a scan looks, nor those that Linux gives to whoever asks for any."""


def free_port(count: int = 1) -> int:
    """Return the first of ``count`` free TCP ports in a row on 127.0.0.1, reserved while this process runs.

    The reservation is a UDP socket of the same number, which keeps other tests away and leaves the TCP port free.
    """
    while True:
        first = random.choice(OURS)
        try:
            for port in range(first, first + count):
                _bound(port, socket.SOCK_DGRAM).detach()  # open until this process ends
                _bound(port, socket.SOCK_STREAM).close()
        except OSError:
            continue
        return first


def _bound(port: int, kind: socket.SocketKind) -> socket.socket:
    made = socket.socket(type=kind)
    try:
        made.bind(("127.0.0.1", port))
    except OSError:
        made.close()
        raise
    return made
