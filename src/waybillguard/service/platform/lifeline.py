"""Who runs on a data folder, and processes that end with the one that started them.

The supervisor holds a lock on the data folder and hands it down: whoever lives holds it, however the supervisor
ended. A child is told by the kernel when its parent dies (prctl PR_SET_PDEATHSIG, Linux), so that a killed service
leaves nobody behind who still answers.
"""

import ctypes
import fcntl
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import NoReturn

_PR_SET_PDEATHSIG = 1
SUPERVISOR = "WAYBILLGUARD_SUPERVISOR"
"""Environment: pid of the supervisor, for its direct children."""
_PATIENCE = {signal.SIGTERM: 3.0, signal.SIGKILL: 60.0}
"""Seconds for those whose service died: to end by themselves (the kernel told them already), and to be gone once
killed, which takes its time on a busy machine."""


def end_with_parent() -> None:
    """Have this process told to end when its parent dies; call it first thing in a child's main thread."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    expected = os.environ.get(SUPERVISOR)
    if expected is not None and os.getppid() == 1 and expected != "1":
        raise SystemExit(0)  # it died before the kernel was asked


def end_at_once(status: int = 0) -> NoReturn:
    """End this process. What was loaded is left as it is: taken apart, native libraries call the rest of it leaks."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


class StopFlag:
    """Says that a process should end; a signal's handler may set it at any moment.

    ``threading.Event`` may not be used for that: the handler runs in the thread that waits, and where that, or an
    earlier handler, just holds the event's lock, it waits for itself for ever. Two signals in a row are enough.
    """

    def __init__(self) -> None:
        self._set = False
        self._told: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        """Say so."""
        self._set = True
        self._told.put(None)

    def is_set(self) -> bool:
        """Tell whether it was said."""
        return self._set

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is said, or for so many seconds; return whether it was."""
        if not self._set:
            with suppress(Empty):
                self._told.get(timeout=timeout)
                self._told.put(None)  # for whoever waits beside this thread
        return self._set


class FolderLock:
    """The lock on a data folder. Everyone who was handed the descriptor holds it too."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = -1

    def take(self) -> bool:
        """Take the lock; False while anybody holds it."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self.descriptor = descriptor
        return True

    def free(self) -> None:
        """Give up this process's hold."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def holders(self) -> list[int]:
        """Return the processes of this user that have the lock's file open, without this one."""
        try:
            wanted = self.path.stat()
        except FileNotFoundError:
            return []
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            pid = int(entry.name)
            if pid != os.getpid() and _has_open(entry / "fd", wanted):
                found.append(pid)
        return sorted(found)

    def end_holders(self) -> list[int]:
        """End whoever still holds the lock, first by asking; return who it was."""
        pids = self.holders()
        for number, patience in _PATIENCE.items():
            for pid in self.holders():
                _signal(pid, number)
            deadline = time.monotonic() + patience
            while self.holders() and time.monotonic() < deadline:
                time.sleep(0.1)
        return pids


def _has_open(folder: Path, wanted: os.stat_result) -> bool:
    try:
        names = list(folder.iterdir())
    except OSError:
        return False  # gone, or another user's
    for name in names:
        try:
            found = name.stat()
        except OSError:
            continue
        if (found.st_dev, found.st_ino) == (wanted.st_dev, wanted.st_ino):
            return True
    return False


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def own_mark() -> str:
    """Return a mark of this process that no later process has: pid, and its start in ticks since boot."""
    return f"{os.getpid()}-{_started(os.getpid())}"


def is_alive(mark: str) -> bool:
    """Say whether the process of a mark still lives; what cannot be told counts as alive."""
    pid, _, started = mark.partition("-")
    if not pid.isdigit():
        return False
    try:
        return _started(int(pid)) == started
    except FileNotFoundError:
        # Gone, or hidden from confined processes (proc(5), hidepid): then not even one's parent is shown.
        return not Path(f"/proc/{os.getppid()}").exists()
    except OSError:
        return True


def _started(pid: int) -> str:
    # Field 22 of proc_pid_stat(5); the name before it may hold spaces and brackets.
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
