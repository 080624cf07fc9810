"""What every process that holds keys or plaintext does first: no core dumps, no peeking by other programs of the user."""

import ctypes
import os
import resource
import sys
from pathlib import Path

_PR_GET_DUMPABLE, _PR_SET_DUMPABLE = 3, 4
_MCL_CURRENT, _MCL_FUTURE, _MCL_ONFAULT = 1, 2, 4
_CAP_IPC_LOCK = 14


def harden_process() -> None:
    """Make files for this user alone, forbid core dumps and, on Linux, attaching to this process by anyone but root (prctl(2))."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def dumps_nothing() -> bool:
    """Say whether this process leaves no core and nobody of its own user attaches to it."""
    if resource.getrlimit(resource.RLIMIT_CORE)[1] != 0:
        return False
    return sys.platform != "linux" or int(ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0)) == 0


def lock_memory() -> bool:
    """Keep this process's memory out of swap (mlockall(2)), now and later; False where its limit forbids it.

    With a limit that is too low a later allocation would fail, so it is asked for only without one.
    """
    if sys.platform != "linux":
        return False
    if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] != resource.RLIM_INFINITY and not _may_lock():
        return False
    return int(ctypes.CDLL(None).mlockall(_MCL_CURRENT | _MCL_FUTURE | _MCL_ONFAULT)) == 0


def _may_lock() -> bool:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    held = next((int(line.split()[1], 16) for line in lines if line.startswith("CapEff:")), 0)
    return bool(held >> _CAP_IPC_LOCK & 1)
