"""Whose turn it is to write: a queue in the order of arrival, and a lock that other processes see.

SQLite has one writer at a time and lets the others sleep in steps of up to a tenth of a second; whoever wakes at the
wrong moment sleeps again (sqlite.org, "sqlite3_busy_timeout"). Here a writer is woken the moment it is its turn.
SQLite's own lock stays what keeps the data right: this queue only decides who asks for it next.
"""

import os
import threading
import time
from collections import deque
from functools import cache
from pathlib import Path
from typing import Final

try:
    import fcntl
except (
    ImportError
):  # not a Unix: within the process writers still queue, between processes SQLite's sleep decides
    fcntl = None  # type: ignore[assignment]

_LOOK_AGAIN_S: Final = 0.001
"""How often the first of this process looks whether another process is done: there are three or four of them."""


class Turns:
    """The writers of one database file in this process, first come first served.

    Args:
        lock: the file that the processes lock; it holds nothing.
    """

    def __init__(self, lock: Path | None) -> None:
        self._guard = threading.Lock()
        self._busy = False
        self._waiting: deque[threading.Lock] = deque()
        self._path = lock if fcntl is not None else None
        self._file: int | None = None

    def take(self, seconds: float) -> bool:
        """Wait for the turn; False: it did not come within ``seconds``."""
        ends = time.monotonic() + seconds
        with self._guard:
            mine = None if not self._busy else threading.Lock()
            self._busy = True
            if mine is not None:
                mine.acquire()
                self._waiting.append(mine)
        if mine is not None and not mine.acquire(timeout=seconds):
            with self._guard:
                if mine in self._waiting:
                    self._waiting.remove(mine)
                    return False
            # It was handed over at the last moment, so it is ours.
        if self._held_elsewhere(ends):
            self._pass_on()
            return False
        return True

    def give(self) -> None:
        """End the turn; the next in the queue has it at once."""
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._pass_on()

    def close(self) -> None:
        """Close the lock file; whoever takes a turn after that opens it again."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._busy = False

    def _held_elsewhere(self, ends: float) -> bool:
        """Lock the file against other processes; True: one of them held it until the end."""
        if self._path is None:
            return False
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > ends:
                    return True
                time.sleep(_LOOK_AGAIN_S)
            else:
                return False


@cache
def turns_of(database: str) -> Turns:
    """Return the queue of a database file; one in memory has no other process to mind."""
    in_memory = not database or database == ":memory:" or "mode=memory" in database
    return Turns(None if in_memory else Path(f"{database}-writer"))


if hasattr(os, "register_at_fork"):  # a child must not share the lock of its parent's open file
    os.register_at_fork(after_in_child=turns_of.cache_clear)
