"""What the service prints is passed on, and nobody ever waits for whoever reads it.

A reader may stop: a paused terminal, a pipe that is full. A process that writes then stands still, keyd included. So
the supervisor and all it starts write into a pipe of ours, which one thread always empties; another writes on, and what
does not fit in between is dropped and counted.
"""

import os
import threading
from collections import deque
from contextlib import suppress
from typing import Final, Self

HELD: Final = 1 << 20
"""Bytes kept for a reader who is slow."""
_AT_ONCE: Final = 1 << 16
_LAST_WORDS_S: Final = 2.0
_STREAMS: Final = (1, 2)


class Output:
    """Standard output and standard error of this process and its children, while the block runs."""

    def __enter__(self) -> Self:
        """Turn both streams into pipes of ours; where both go to one place, into one, which keeps their order."""
        groups = [_STREAMS] if os.path.sameopenfile(*_STREAMS) else [(number,) for number in _STREAMS]
        self._relays = [_Relay(group) for group in groups]
        return self

    def __exit__(self, *_: object) -> None:
        """Give the streams back once the last words are out, or nobody takes them."""
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
            with suppress(OSError):  # whoever read has gone
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
