"""Drops root's capabilities permanently (capabilities(7)), because a service that runs as root needs none of them."""

import ctypes
import sys
from typing import Final

NET_BIND_SERVICE: Final = 10
"""The right to listen on a port below 1024."""
_LAST_ASKED: Final = 63
_VERSION_3: Final = 0x20080522
_PR_CAPBSET_DROP: Final = 24


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def drop(*kept: int) -> None:
    """Drop every capability but ``kept``; no effect without capabilities.

    Without this, a confined root process could still read the environment of other processes: CAP_PERFMON bypasses the
    kernel's ptrace access check, including Landlock's (mm_access in kernel/fork.c).
    """
    if sys.platform != "linux":
        return
    kernel = ctypes.CDLL(None, use_errno=True)
    header, held = _Header(_VERSION_3, 0), (_Data * 2)()
    if kernel.capget(ctypes.byref(header), held) != 0:
        return
    for number in range(_LAST_ASKED + 1):
        if number not in kept:
            kernel.prctl(
                _PR_CAPBSET_DROP, number, 0, 0, 0
            )  # refused without CAP_SETPCAP, and for unknown numbers
    wanted = sum(1 << number for number in kept)
    for half, data in enumerate(held):
        mask = wanted >> 32 * half & 0xFFFFFFFF
        data.effective &= mask
        data.permitted &= mask
        data.inheritable = 0
    kernel.capset(ctypes.byref(header), held)
