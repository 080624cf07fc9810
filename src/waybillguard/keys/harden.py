"""What every process that holds keys or plaintext does first: no core dumps, no peeking by other programs of the user."""

import ctypes
import os
import resource
import sys

_PR_SET_DUMPABLE = 4


def harden_process() -> None:
    """Make files for this user alone, forbid core dumps and, on Linux, attaching to this process by anyone but root (prctl(2))."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
