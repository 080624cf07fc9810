"""Seccomp: refuses system calls to a process permanently (seccomp(2)), by a small filter in classic BPF.

The filter is a deny-list: Python and its libraries may use all system calls except those for sockets, other
processes' memory and control of the machine. Refused calls return EPERM.
"""

import ctypes
import os
import platform
import struct
import sys
from typing import Final

from waybillguard.sandbox.landlock import Taken

# AUDIT_ARCH_* of linux/audit.h; the number of seccomp(2); and the numbers of each call below.
_ARCHITECTURES: Final = {"x86_64": (0xC000003E, 317, 0), "aarch64": (0xC00000B7, 277, 1)}
_CALLS: Final = {
    # name: (x86_64, aarch64), from asm/unistd_64.h and asm-generic/unistd.h
    "socket": (41, 198),
    "connect": (42, 203),
    "accept": (43, 202),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept4": (288, 242),
    "execve": (59, 221),
    "execveat": (322, 281),
    "kill": (62, 129),
    "tkill": (200, 130),
    "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "kexec_load": (246, 104),
}
NETWORK: Final = ("socket", "connect", "accept", "accept4", "bind", "listen")
PROGRAMS: Final = ("execve", "execveat")
SIGNALS: Final = ("kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal")
"""For processes that send no signals: before Linux 6.12, Landlock allows signals to all processes of the user."""
OTHERS: Final = tuple(name for name in _CALLS if name not in (*NETWORK, *PROGRAMS, *SIGNALS))
"""Calls for other processes, the kernel's keys and rings, mounts and modules, which the service never uses."""

_SET_MODE_FILTER, _TSYNC = 1, 1
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _EPERM = 0x7FFF0000, 0x00050001
_X32: Final = 0x40000000
_PR_SET_NO_NEW_PRIVS: Final = 38


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def supported() -> bool:
    """Return whether calls can be refused here: Linux on a processor whose call numbers are known."""
    return (
        sys.platform == "linux"
        and platform.machine() in _ARCHITECTURES
        and os.path.exists("/proc/sys/kernel/seccomp/actions_avail")  # noqa: PTH110 - one look, no path kept
    )


def refuse(*names: str) -> frozenset[Taken]:
    """Refuse these calls to this process, all its threads and the processes that it starts.

    Raises:
        OSError: the kernel knows seccomp and refused the filter.
    """
    if not supported():
        return frozenset()
    _, number, _ = _ARCHITECTURES[platform.machine()]
    code = program(names, platform.machine())
    kernel = ctypes.CDLL(None, use_errno=True)
    kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    asked = _Program(len(code) // 8, code)
    if kernel.syscall(number, _SET_MODE_FILTER, _TSYNC, ctypes.byref(asked)) != 0:
        found = ctypes.get_errno()
        raise OSError(found, os.strerror(found))
    return frozenset({Taken.SYSTEM_CALLS})


def program(names: tuple[str, ...], machine: str) -> bytes:
    """Return the filter: instructions of 8 bytes (code, jump if true, jump if false, operand; linux/filter.h)."""
    audit, _, column = _ARCHITECTURES[machine]
    numbers = [_CALLS[name][column] for name in names]
    refused = len(numbers) + 4  # the index of the last instruction
    code = [
        (_LOAD, 0, 0, 4),  # seccomp_data.arch
        (_EQUAL, 0, refused - 2, audit),
        (_LOAD, 0, 0, 0),  # seccomp_data.nr
    ]
    if machine == "x86_64":  # the second set of numbers, for 32-bit pointers
        refused += 1
        code[1] = (_EQUAL, 0, refused - 2, audit)
        code.append((_AT_LEAST, refused - 4, 0, _X32))
    code += [(_EQUAL, refused - len(code) - place - 1, 0, number) for place, number in enumerate(numbers)]
    code += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _EPERM)]
    return b"".join(struct.pack("=HBBI", *one) for one in code)
