"""The child's side of the sandbox: sets its bounds and answers one question."""

import ctypes
import sys
from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from waybillguard.sandbox import capabilities, landlock, seccomp

try:
    import resource
except ImportError:  # Windows has no such limits; the parent's time limit still applies
    resource = None  # type: ignore[assignment]


_PR_SET_DUMPABLE: Final = 4


class Bounds(msgspec.Struct, frozen=True):
    """The resource limits of a child.

    Args:
        memory: address space, in bytes.
        seconds: processor time; None if only the parent's time limit applies.
        grace: seconds between SIGXCPU at the end of its time and the kernel's kill.
    """

    memory: int
    seconds: int | None = None
    grace: int = 0


def confine(bounds: Bounds, *, read: Iterable[str] = ()) -> None:
    """Limit this process permanently: address space, processor time, no file writes, no core dump.

    On Linux, as far as the kernel supports it (`landlock`, `seccomp`), the process can also open only the
    interpreter's files and ``read``, and cannot open sockets, start programs, or inspect or signal other processes. A
    lower limit that the process already has remains. Landlock applies to the calling thread and the threads that it
    starts later, so `start` makes sure that libraries start no threads when they are imported.
    """
    capabilities.drop()
    landlock.restrict(landlock.Rules(read=(*landlock.interpreter_paths(), *read), bind=(), connect=False))
    seccomp.refuse(*seccomp.NETWORK, *seccomp.PROGRAMS, *seccomp.SIGNALS, *seccomp.OTHERS)
    if sys.platform == "linux":
        # If cores are piped to a program (apport, systemd), the kernel checks this flag and not the limit (core(5)).
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    if resource is None:
        return
    wanted = [
        (resource.RLIMIT_AS, bounds.memory, bounds.memory),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ]
    if bounds.seconds is not None:
        wanted.append((resource.RLIMIT_CPU, bounds.seconds, bounds.seconds + bounds.grace))
    for what, soft, hard in wanted:
        _, most = resource.getrlimit(what)
        if most == resource.RLIM_INFINITY:
            resource.setrlimit(what, (soft, hard))
        else:
            resource.setrlimit(what, (min(soft, most), min(hard, most)))


def serve[Q](question: type[Q], answer: Callable[[Q], object], bounds: Bounds) -> None:
    """Run as the child: read one question from standard input, write the answer, exit."""
    confine(bounds)
    asked = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=question)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer(asked)))
