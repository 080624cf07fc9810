"""The child that reads evidence, forked from a process that has loaded its modules and the catalogue.

Loading them takes ten times the processor time that a frozen PC's evidence needs. Each fork runs the same function as
a child that is started anew, with its own confinement, and its parent speaks to it over pipes in the same way.
"""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest import mock

from waybillguard.sandbox import start
from waybillguard.sensor.evidence import child

WORKER = "waybillguard.sensor.evidence.child_worker"


class ForkedReader:
    """One fork; has what `waybillguard.sensor.evidence.child` uses of a ``Popen``."""

    def __init__(self, prepared: socket.socket) -> None:
        question, asks = os.pipe()
        hears, answers = os.pipe()
        socket.send_fds(prepared, [b"f"], [question, answers])
        os.close(question)
        os.close(answers)
        self._prepared = prepared
        self.stdin, self.stdout = os.fdopen(asks, "wb", 0), os.fdopen(hears, "rb", 0)

    def kill(self) -> None:
        self._prepared.send(b"k")

    def wait(self) -> None:
        assert self._prepared.recv(1) == b"k", "the prepared process ended"


@contextmanager
def prepared_reader() -> Iterator[None]:
    """While entered, `examine` in this process reads each evidence in a fork instead of a new interpreter."""
    ours, its = socket.socketpair()
    path = os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", ""))))
    with mock.patch.dict(os.environ, PYTHONPATH=path):
        prepared = start("sensor.prepared_reader", descriptors=[its.fileno()])
    with prepared, ours:
        assert prepared.stdin is not None
        prepared.stdin.write(f"{its.fileno()}\n".encode())
        its.close()

        def forked(module: str) -> ForkedReader:
            assert module == WORKER
            return ForkedReader(ours)

        with mock.patch.object(child, "start", forked):
            yield


def main() -> None:
    from waybillguard.sensor.catalogue import catalogue
    from waybillguard.sensor.evidence.child_worker import serve

    catalogue()
    reader = 0
    with socket.socket(fileno=int(sys.stdin.buffer.readline())) as asked:
        while True:
            what, ends, _, _ = socket.recv_fds(asked, 1, 2)
            if what == b"f":
                reader = os.fork()
                if reader == 0:
                    asked.close()
                    with (
                        suppress(Exception),
                        os.fdopen(ends[0], "rb") as source,
                        os.fdopen(ends[1], "wb") as sink,
                    ):
                        serve(source, sink)
                    os._exit(0)
                for end in ends:
                    os.close(end)
            elif what == b"k":
                os.kill(reader, signal.SIGKILL)  # it has not been waited for: the number is still its own
                os.waitpid(reader, 0)
                asked.send(b"k")
            else:
                return


if __name__ == "__main__":
    main()
