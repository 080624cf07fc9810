"""Child processes of compatibility mode: each reads one message and exits; one is always started in advance."""

import asyncio
import os
import subprocess
import time
from collections import deque
from typing import Final

import msgspec

from waybillguard.agent.errors import AgentError
from waybillguard.agent.shim.child import READY, Filtered, Job
from waybillguard.agent.shim.guarded import Fragment
from waybillguard.sandbox import start

_CHILD: Final = "waybillguard.agent.shim.child"
_SIZE: Final = 4
SECONDS: Final = 30.0
AT_ONCE: Final = 4


class Filters:
    """Starts children; ``lives`` holds for how many seconds each of the latest children had its message."""

    def __init__(self) -> None:
        self._spare: subprocess.Popen[bytes] | None = None
        self._slots = asyncio.Semaphore(AT_ONCE)
        self.lives: deque[float] = deque(maxlen=10_000)

    def prepare(self) -> None:
        """Start the child for the next message."""
        if self._spare is None:
            self._spare = start(_CHILD)

    async def read(self, job: Job, fragments: list[Fragment]) -> Filtered:
        """Let a new child read one message; the fragments are passed to it unchanged.

        Raises:
            AgentError (filter): the child did not start, ended without an answer, or took too long.
        """
        async with self._slots:
            child: subprocess.Popen[bytes] | None = None
            began: list[float] = []
            try:
                child, self._spare = self._spare or start(_CHILD), None
                self.prepare()
                async with asyncio.timeout(SECONDS):
                    return await asyncio.to_thread(_exchange, child, job, fragments, began)
            except (OSError, EOFError, TimeoutError, msgspec.MsgspecError):
                raise _broken() from None
            finally:
                if child is not None:
                    child.kill()
                    await asyncio.to_thread(child.wait)
                    _close(child)
                self.lives += [time.monotonic() - moment for moment in began]

    def close(self) -> None:
        """End the waiting child."""
        child, self._spare = self._spare, None
        if child is not None:
            child.kill()
            child.wait()
            _close(child)


def _exchange(
    child: subprocess.Popen[bytes], job: Job, fragments: list[Fragment], began: list[float]
) -> Filtered:
    if child.stdin is None or child.stdout is None:
        raise EOFError
    sink, source = child.stdin.fileno(), child.stdout.fileno()
    if os.read(source, 1) != READY:
        raise EOFError
    began.append(time.monotonic())
    head = msgspec.msgpack.encode(job)
    pieces: list[bytes | bytearray] = [len(head).to_bytes(_SIZE) + head]
    pieces += [fragment.payload for fragment in fragments]
    for piece in pieces:
        with memoryview(piece) as view:  # does not copy the payload in this process
            sent = 0
            while sent < len(view):
                sent += os.write(sink, view[sent:])
    for fragment in fragments:
        fragment.wipe()
    size = int.from_bytes(_read(source, _SIZE))
    return msgspec.msgpack.decode(_read(source, size), type=Filtered)


def _read(source: int, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        piece = os.read(source, size - len(parts))
        if not piece:
            raise EOFError
        parts += piece
    return bytes(parts)


def _close(child: subprocess.Popen[bytes]) -> None:
    for end in (child.stdin, child.stdout):
        if end is not None:
            end.close()


def _broken() -> AgentError:
    return AgentError(
        code="filter",
        zh="报文无法处理，未打印、未保存。请缩小批量后重发；如反复出现，请把订单导入面单卫士后按引用打印。",
        en="the message could not be dealt with; nothing was printed or kept. Send fewer labels at once; if it goes on, "
        "import the orders and print them by reference.",
    )
