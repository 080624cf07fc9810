"""The demo's label printer: receives TSPL on a loopback socket and saves each label as a picture.

It replaces a printer on the network, so that the demo can show the print room. It understands only what the agent
sends to a printer with ``BITMAP`` labels; any other input closes the connection.
Source: the TSPL/TSPL2 manual (SIZE, CLS, BITMAP, PRINT, ``<ESC>!?``).
"""

import re
import socketserver
from pathlib import Path
from typing import Final, cast

from PIL import Image

READY: Final = b"\x00"
"""The answer to ``<ESC>!?``: ready, no fault."""
KEPT: Final = 200
"""Number of pictures kept; older ones are deleted."""
MOST_BYTES: Final = 4_000_000
_ASKED: Final = b"\x1b!?"
_LABEL: Final = re.compile(rb"BITMAP 0,0,(\d{1,4}),(\d{1,5}),0,")
_PRINT: Final = b"\r\nPRINT 1,1\r\n"


class DemoPrinter(socketserver.ThreadingTCPServer):
    """A printer at 127.0.0.1; it writes one PNG per label to ``folder``, numbered from 1."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Connection)
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._printed = max((int(path.stem) for path in folder.glob("[0-9]*.png")), default=0)

    def keep(self, picture: Image.Image) -> None:
        """Save a label, and delete the oldest beyond ``KEPT``."""
        self._printed += 1
        picture.save(self.folder / f"{self._printed:05}.png")
        (self.folder / f"{self._printed - KEPT:05}.png").unlink(missing_ok=True)


class _Connection(socketserver.BaseRequestHandler):
    """One connection: status queries are answered at once; a label is saved when its PRINT command arrives."""

    def handle(self) -> None:
        """Read until the agent closes the connection."""
        waiting = b""
        while (got := self.request.recv(65_536)) and len(waiting) < MOST_BYTES:
            waiting += got
            while True:
                if waiting.startswith(_ASKED):
                    self.request.sendall(READY)
                    waiting = waiting[len(_ASKED) :]
                elif (taken := take_label(waiting)) is not None:
                    picture, waiting = taken
                    cast("DemoPrinter", self.server).keep(picture)
                else:
                    break


def take_label(stream: bytes) -> tuple[Image.Image, bytes] | None:
    """Return the first label of a stream and the remaining bytes; None while the label is incomplete.

    Bitmap data may be any bytes, so it is skipped by its stated size, never searched. A 0 bit is a black dot.
    """
    head = _LABEL.search(stream)
    if head is None:
        return None
    row_bytes, height = int(head[1]), int(head[2])
    end = head.end() + row_bytes * height
    if not stream.startswith(_PRINT, end):
        return None
    dots = Image.frombytes("1", (row_bytes * 8, height), stream[head.end() : end])
    return dots, stream[end + len(_PRINT) :]
