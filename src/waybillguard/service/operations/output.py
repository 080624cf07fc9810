"""Pass on the service's output without ever blocking on a slow reader.

A reader may stop reading (a paused terminal, a full pipe), which would block every process that writes, keyd included.
So the supervisor and its children write to a pipe that one thread always drains; another thread writes to the original
stream. Output that does not fit in the buffer between them is dropped and counted.
"""

import os
import threading
from collections import deque
from contextlib import suppress
from typing import Final, Self

HELD: Final = 1 << 20
"""Size in bytes of the buffer for a slow reader."""
_AT_ONCE: Final = 1 << 16
_LAST_WORDS_S: Final = 2.0
_STREAMS: Final = (1, 2)


class Output:
    """Redirects standard output and standard error of this process and its children within the block."""

    def __enter__(self) -> Self:
        """Redirect both streams to pipes; to a single pipe if both have the same target, which keeps their order."""
        groups = [_STREAMS] if os.path.sameopenfile(*_STREAMS) else [(number,) for number in _STREAMS]
        self._relays = [_Relay(group) for group in groups]
        return self

    def __exit__(self, *_: object) -> None:
        """Restore the streams after the buffered output is written, or the reader does not accept it."""
        for relay in self._relays:
            relay.close()


class _Relay:
    def __init__(self, streams: tuple[int, ...]) -> None:
        self._streams = streams
        self._target = os.dup(streams[0])
        self._source, entrance = os.pipe()
        for number in streams:
            os.dup2(entrance, number)
        os.close(entrance)
        self._pieces: deque[bytes] = deque()
        self._held = self._dropped = 0
        self._ended = False
        self._changed = threading.Condition()
        self._threads = [threading.Thread(target=one, daemon=True) for one in (self._read, self._write)]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        for number in self._streams:
            os.dup2(self._target, number)
        for thread in self._threads:
            thread.join(_LAST_WORDS_S)

    def _read(self) -> None:
        while piece := os.read(self._source, _AT_ONCE):
            with self._changed:
                if self._held + len(piece) > HELD:
                    self._dropped += len(piece)
                    continue
                self._pieces.append(piece)
                self._held += len(piece)
                self._changed.notify()
        with self._changed:
            self._ended = True
            self._changed.notify()

    def _write(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pieces or self._ended)
                if not self._pieces:
                    return
                piece = self._pieces.popleft()
            with suppress(OSError):  # the reader closed the stream
                self._pass_on(piece)
            with self._changed:
                self._held -= len(piece)
                dropped = self._dropped if not self._pieces else 0
                self._dropped -= dropped
            if dropped:
                words = f"\n[{dropped} 字节未能输出：无人读取 / {dropped} bytes were not printed: nobody read them]\n"
                with suppress(OSError):
                    self._pass_on(words.encode())

    def _pass_on(self, piece: bytes) -> None:
        view = memoryview(piece)
        while view:
            view = view[os.write(self._target, view) :]
