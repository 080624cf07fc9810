"""Locks on a data folder, and child processes that end with their parent.

The supervisor's lock on the data folder is inherited by its children, so every living process holds it even after the
supervisor has died. The kernel signals a child when its parent dies (prctl PR_SET_PDEATHSIG, Linux), so a killed service
leaves no running processes.
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
"""Environment variable with the supervisor's pid, for its direct children."""
_PATIENCE = {signal.SIGTERM: 3.0, signal.SIGKILL: 60.0}
"""Seconds to wait for the processes of a dead service to end: after SIGTERM, and after SIGKILL, which may be slow on a
busy machine."""


def end_with_parent() -> None:
    """Have the kernel end this process when its parent dies; call it first in a child's main thread."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    expected = os.environ.get(SUPERVISOR)
    if expected is not None and os.getppid() == 1 and expected != "1":
        raise SystemExit(0)  # the parent died before the call


def end_at_once(status: int = 0) -> NoReturn:
    """End this process without interpreter shutdown, in which native libraries report false leaks."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


class StopFlag:
    """A flag that tells a process to end; safe to set in a signal handler.

    ``threading.Event`` is not safe: the handler runs in the waiting thread, and if that thread or an earlier handler
    holds the event's lock, it deadlocks. Two signals in a row are enough.
    """

    def __init__(self) -> None:
        self._set = False
        self._told: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        """Set the flag."""
        self._set = True
        self._told.put(None)

    def is_set(self) -> bool:
        """Tell whether the flag is set."""
        return self._set

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the flag is set, at most ``timeout`` seconds; return whether it is set."""
        if not self._set:
            with suppress(Empty):
                self._told.get(timeout=timeout)
                self._told.put(None)  # wake other waiting threads
        return self._set


class FolderLock:
    """A lock on a data folder; processes that inherit the descriptor hold it too."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = -1

    def take(self) -> bool:
        """Take the lock; return False if another process holds it."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self.descriptor = descriptor
        return True

    def free(self) -> None:
        """Release this process's hold."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def holders(self) -> list[int]:
        """Return the pids of this user's other processes that have the lock file open."""
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
        """End the processes that hold the lock, first by SIGTERM, then by SIGKILL; return their pids."""
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
        return False  # the process has ended, or belongs to another user
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
    """Return a unique mark of this process: its pid, and its start time in ticks since boot."""
    return f"{os.getpid()}-{_started(os.getpid())}"


def is_alive(mark: str) -> bool:
    """Tell whether the process of a mark is alive; in doubt, return True."""
    pid, _, started = mark.partition("-")
    if not pid.isdigit():
        return False
    try:
        return _started(int(pid)) == started
    except FileNotFoundError:
        # Ended, or hidden from sandboxed processes (proc(5), hidepid); in the latter case the parent is hidden too.
        return not Path(f"/proc/{os.getppid()}").exists()
    except OSError:
        return True


def _started(pid: int) -> str:
    # Field 22 of proc_pid_stat(5); the name before it may hold spaces and brackets.
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
