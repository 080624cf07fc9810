"""Landlock: restricts the files, ports and signals of this process and of all processes that it starts.

Calls the kernel's interface (landlock(7), Linux 5.13 and later) with ctypes: three system calls, no dependencies. It
needs no privilege, and cannot be undone, not even by root. A process in a domain also cannot attach to a process
outside, nor read its memory or environment (``PTRACE_MODE_READ``), even if both belong to one user.

An older kernel supports fewer restrictions: `restrict` returns those in force, and callers report the missing ones.
"""

import ctypes
import os
import sys
from collections.abc import Iterable
from enum import IntFlag, StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

# The same numbers on every architecture (asm-generic/unistd.h).
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_CREATE_RULESET_VERSION: Final = 1
_RULE_PATH_BENEATH, _RULE_NET_PORT = 1, 2
_PR_SET_NO_NEW_PRIVS: Final = 38
_NETWORK_ABI, _SCOPES_ABI = 4, 6


class _Files(IntFlag):
    """LANDLOCK_ACCESS_FS_*, in the order in which kernel versions added them."""

    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    REMOVE_DIR = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_CHAR = 1 << 6
    MAKE_DIR = 1 << 7
    MAKE_REG = 1 << 8
    MAKE_SOCK = 1 << 9
    MAKE_FIFO = 1 << 10
    MAKE_BLOCK = 1 << 11
    MAKE_SYM = 1 << 12
    REFER = 1 << 13
    TRUNCATE = 1 << 14


_KNOWN_FILES: Final = {1: 1 << 13, 2: 1 << 14, 3: 1 << 15}
"""One more than the highest right of a version; later versions add none that matters here."""
_READ: Final = _Files.EXECUTE | _Files.READ_FILE | _Files.READ_DIR
_ON_FILES: Final = _Files.EXECUTE | _Files.READ_FILE | _Files.WRITE_FILE | _Files.TRUNCATE
_BIND, _CONNECT = 1, 2
_SCOPE_ABSTRACT_SOCKETS, _SCOPE_SIGNALS = 1, 2


class Taken(StrEnum):
    """The rights that can be taken away from a process."""

    FILES = "files"
    NETWORK = "network"
    SIGNALS = "signals"
    SYSTEM_CALLS = "system_calls"


class Rules(msgspec.Struct, frozen=True):
    """The rights that a process keeps; everything else is refused with EACCES.

    Attributes:
        read: files and folders, with all below them, to read and to run programs from.
        write: files and folders to read and write in.
        bind: TCP ports it may listen on; None does not restrict ports.
        connect: whether it may open TCP connections.
    """

    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    bind: tuple[int, ...] | None = None
    connect: bool = True


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


class _Port(ctypes.Structure):
    _fields_ = (("allowed", ctypes.c_uint64), ("port", ctypes.c_uint64))


@cache
def version() -> int:
    """Return the Landlock version of this kernel; 0 if there is none."""
    if sys.platform != "linux":
        return 0
    found = _kernel().syscall(_CREATE_RULESET, None, 0, _CREATE_RULESET_VERSION)
    return max(0, int(found))


def supported() -> frozenset[Taken]:
    """Return the rights that this kernel can take away by Landlock."""
    found = set()
    if version() > 0:
        found.add(Taken.FILES)
    if version() >= _NETWORK_ABI:
        found.add(Taken.NETWORK)
    if version() >= _SCOPES_ABI:
        found.add(Taken.SIGNALS)
    return frozenset(found)


def restrict(rules: Rules) -> frozenset[Taken]:
    """Restrict this process to ``rules`` permanently; return the rights taken away.

    It applies to the calling thread and the threads and processes that it starts: call it before other threads start.

    Raises:
        OSError: the kernel has Landlock and refused the rules; then nothing is restricted.
    """
    if version() == 0:
        return frozenset()
    kernel = _kernel()
    files = _Files(_KNOWN_FILES.get(version(), 1 << 15) - 1)
    network = 0
    if version() >= _NETWORK_ABI:
        network |= 0 if rules.bind is None else _BIND
        network |= 0 if rules.connect else _CONNECT
    scoped = _SCOPE_ABSTRACT_SOCKETS | _SCOPE_SIGNALS if version() >= _SCOPES_ABI else 0
    asked = _Ruleset(files, network, scoped)
    # Older kernels accept only the shorter structure.
    size = ctypes.sizeof(asked) if version() >= _SCOPES_ABI else 16 if version() >= _NETWORK_ABI else 8
    ruleset = _checked(kernel.syscall(_CREATE_RULESET, ctypes.byref(asked), size, 0))
    try:
        for path in rules.read:
            _allow(ruleset, path, _READ & files)
        for path in rules.write:
            # Writable folders allow neither running programs nor making device nodes.
            made = _Files.EXECUTE | _Files.MAKE_CHAR | _Files.MAKE_BLOCK
            _allow(ruleset, path, files & ~made)
        for port in rules.bind or () if network & _BIND else ():
            rule = _Port(_BIND, port)
            _checked(kernel.syscall(_ADD_RULE, ruleset, _RULE_NET_PORT, ctypes.byref(rule), 0))
        _checked(kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        _checked(kernel.syscall(_RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(ruleset)
    return supported() if network else supported() - {Taken.NETWORK}


def _allow(ruleset: int, path: str, allowed: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # a missing path needs no rule
    try:
        if not Path(path).is_dir():
            allowed &= _ON_FILES
        rule = _PathBeneath(allowed, place)
        _checked(_kernel().syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0))
    finally:
        os.close(place)


def interpreter_paths() -> tuple[str, ...]:
    """Return the paths of this Python, its packages and the system's libraries, which all our programs must read."""
    mine: Iterable[str] = (
        sys.prefix, sys.base_prefix, sys.exec_prefix, sys.executable, os.path.realpath(sys.executable),
        *(path for path in sys.path if path),
    )  # fmt: skip
    system = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/etc/ld.so.cache", "/etc/localtime")
    return tuple(dict.fromkeys(path for path in (*mine, *system) if Path(path).exists()))


@cache
def _kernel() -> ctypes.CDLL:
    kernel = ctypes.CDLL(None, use_errno=True)
    kernel.syscall.restype = ctypes.c_long
    return kernel


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return int(answer)
