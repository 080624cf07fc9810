"""A first-come-first-served queue of SQLite writers, with a file lock between processes.

SQLite allows one writer at a time; waiting writers poll at intervals of up to 0.1 s and may be overtaken repeatedly
(sqlite.org, "sqlite3_busy_timeout"). In this queue, a writer is woken as soon as it is next. SQLite's own lock still
protects the data; the queue only orders the writers.
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
except ImportError:  # not Unix: writers queue within the process only; between processes, SQLite polls
    fcntl = None  # type: ignore[assignment]

_LOOK_AGAIN_S: Final = 0.001
"""Interval in seconds at which this process's first writer polls the lock of the three or four other processes."""


class Turns:
    """The queue of this process's writers of one database file.

    Args:
        lock: the empty file that the processes lock; None for an in-memory database.
    """

    def __init__(self, lock: Path | None) -> None:
        self._guard = threading.Lock()
        self._busy = False
        self._waiting: deque[threading.Lock] = deque()
        self._path = lock if fcntl is not None else None
        self._file: int | None = None

    def take(self, seconds: float) -> bool:
        """Wait for the turn; return False if it did not come within ``seconds``."""
        ends = time.monotonic() + seconds
        with self._guard:
            mine = None if not self._busy else threading.Lock()
            self._busy = True
            if mine is not None:
                mine.acquire()
                self._waiting.append(mine)
        if mine is not None and not self._called(mine, seconds):
            return False
        try:
            elsewhere = self._held_elsewhere(ends)
        except OSError:
            # The file lock is only an optimisation; SQLite's own lock still protects the data.
            self._path, elsewhere = None, False
        except BaseException:
            self._pass_on()
            raise
        if elsewhere:
            self._pass_on()
        return not elsewhere

    def _called(self, mine: threading.Lock, seconds: float) -> bool:
        """Wait in the queue; on a time-out, leave it and return False."""
        try:
            came = mine.acquire(timeout=seconds)
        except BaseException:
            if not self._give_up(mine):
                self._pass_on()
            raise
        # The turn may have been handed over just after the time-out; then take it.
        return came or not self._give_up(mine)

    def _give_up(self, mine: threading.Lock) -> bool:
        """Leave the queue; return False if the turn was already handed over."""
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return True
            return False

    def give(self) -> None:
        """End the turn and wake the next writer in the queue."""
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._pass_on()

    def close(self) -> None:
        """Close the lock file; the next `take` opens it again."""
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
        """Lock the file against other processes; return True if another one held it until ``ends``."""
        if self._path is None:
            return False
        if self._file is None:
            self._file = _opened(self._path)
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > ends:
                    return True
                time.sleep(_LOOK_AGAIN_S)
            else:
                return False


def _opened(path: Path) -> int:
    """Open the lock file; if root creates it, the folder's owner gets it, as with SQLite's own files."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    owner = path.parent.stat()
    if os.geteuid() == 0 and os.fstat(file).st_uid != owner.st_uid:
        os.fchown(file, owner.st_uid, owner.st_gid)
    return file


@cache
def turns_of(database: str) -> Turns:
    """Return the queue of a database file; an in-memory database needs no file lock."""
    in_memory = not database or database == ":memory:" or "mode=memory" in database
    return Turns(None if in_memory else Path(f"{database}-writer"))


if hasattr(os, "register_at_fork"):  # a forked child must not share its parent's file lock
    os.register_at_fork(after_in_child=turns_of.cache_clear)
