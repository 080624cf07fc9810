"""Send raw bytes to a simulated printer and read its responses."""

import socket
import time

import numpy as np
import zxingcpp
from numpy.typing import NDArray

from support.printed import modules
from support.printer import Simulator

SECONDS = 10.0  # far above what a thread on a busy machine needs


def send(printer: Simulator, *pieces: bytes) -> bytes:
    """Send the pieces on a new connection and return all responses after every byte has been read.

    The printer receives each piece separately: the next one is sent after the previous one was read.
    """
    goal = printer.received
    with socket.create_connection(("127.0.0.1", printer.port), SECONDS) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            connection.sendall(piece)
            goal, deadline = goal + len(piece), time.monotonic() + SECONDS
            while len(pieces) > 1 and printer.received < goal and time.monotonic() < deadline:
                time.sleep(0)
        connection.shutdown(socket.SHUT_WR)
        answers = b""
        while piece := connection.recv(4096):
            answers += piece
    return answers


def symbol(text: str, width: int = 320, height: int = 240) -> NDArray[np.bool_]:
    """Return a QR code on a white area; True is black."""
    dots = np.zeros((height, width), dtype=np.bool_)
    code = ~np.asarray(modules(text, zxingcpp.BarcodeFormat.QRCode, scale=4))
    dots[40 : 40 + code.shape[0], 48 : 48 + code.shape[1]] = code
    return dots
