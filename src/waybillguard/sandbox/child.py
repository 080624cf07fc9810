"""The side of the child: its bounds, and one question answered."""

import ctypes
import sys
from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from waybillguard.sandbox import capabilities, landlock, seccomp

try:
    import resource
except ImportError:  # Windows has no such limits; the parent's clock still holds
    resource = None  # type: ignore[assignment]


_PR_SET_DUMPABLE: Final = 4


class Bounds(msgspec.Struct, frozen=True):
    """What a child may use.

    Args:
        memory: address space, in bytes.
        seconds: processor time; None where the parent's clock bounds it.
        grace: seconds after which the kernel ends a child that was told (SIGXCPU) that its time is over.
    """

    memory: int
    seconds: int | None = None
    grace: int = 0


def confine(bounds: Bounds, *, read: Iterable[str] = ()) -> None:
    """Bound this process for good: address space, processor time, no file written, no core dumped.

    On Linux it also keeps nothing but the interpreter's own files and ``read`` to open, no socket, no other program
    to start, no other process to look into or to signal, as far as the kernel knows how (`landlock`, `seccomp`). A
    bound that the process already has and that is lower stays. Landlock binds the calling thread and what that
    starts: `start` sees to it that libraries which would start threads of their own when loaded start none.
    """
    capabilities.drop()
    landlock.restrict(landlock.Rules(read=(*landlock.interpreter_paths(), *read), bind=(), connect=False))
    seccomp.refuse(*seccomp.NETWORK, *seccomp.PROGRAMS, *seccomp.SIGNALS, *seccomp.OTHERS)
    if sys.platform == "linux":
        # Where cores are piped to a program (apport, systemd), the kernel asks this and not the limit (core(5)).
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
    """Be the child: read one question from standard input, write the answer, end."""
    confine(bounds)
    asked = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=question)
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer(asked)))
