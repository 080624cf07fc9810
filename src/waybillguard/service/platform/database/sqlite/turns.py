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
        if mine is not None and not self._called(mine, seconds):
            return False
        try:
            elsewhere = self._held_elsewhere(ends)
        except OSError:
            # This queue is a courtesy between processes; SQLite's own lock still keeps the data right.
            self._path, elsewhere = None, False
        except BaseException:
            self._pass_on()
            raise
        if elsewhere:
            self._pass_on()
        return not elsewhere

    def _called(self, mine: threading.Lock, seconds: float) -> bool:
        """Wait in the queue; False: the turn did not come, and the place is given up."""
        try:
            came = mine.acquire(timeout=seconds)
        except BaseException:
            if not self._give_up(mine):
                self._pass_on()
            raise
        # It may be handed over at the last moment; then it is ours.
        return came or not self._give_up(mine)

    def _give_up(self, mine: threading.Lock) -> bool:
        """Leave the queue; False: the turn was handed over already."""
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return True
            return False

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
    """Open the lock file; one that a superuser makes belongs to the owner of the folder, as SQLite's own files do."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    owner = path.parent.stat()
    if os.geteuid() == 0 and os.fstat(file).st_uid != owner.st_uid:
        os.fchown(file, owner.st_uid, owner.st_gid)
    return file


@cache
def turns_of(database: str) -> Turns:
    """Return the queue of a database file; one in memory has no other process to mind."""
    in_memory = not database or database == ":memory:" or "mode=memory" in database
    return Turns(None if in_memory else Path(f"{database}-writer"))


if hasattr(os, "register_at_fork"):  # a child must not share the lock of its parent's open file
    os.register_at_fork(after_in_child=turns_of.cache_clear)
