"""Hardens processes that hold keys or plaintext: no core dumps, no access by other programs of the same user."""

import ctypes
import os
import resource
import sys
from pathlib import Path

_PR_GET_DUMPABLE, _PR_SET_DUMPABLE = 3, 4
_MCL_CURRENT, _MCL_FUTURE, _MCL_ONFAULT = 1, 2, 4
_CAP_IPC_LOCK = 14


def harden_process() -> None:
    """Set a private umask, forbid core dumps and, on Linux, let only root attach to this process (prctl(2))."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def dumps_nothing() -> bool:
    """Return whether this process leaves no core dump and programs of its own user cannot attach to it."""
    if resource.getrlimit(resource.RLIMIT_CORE)[1] != 0:
        return False
    return sys.platform != "linux" or int(ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0)) == 0


def lock_memory() -> bool:
    """Keep this process's memory out of swap (mlockall(2)), now and later; False if its limit forbids it.

    It is only used without a limit, because with one that is too low a later allocation would fail.
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
