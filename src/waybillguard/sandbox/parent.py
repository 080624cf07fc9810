"""The side of the parent: start a child, ask it, survive it."""

import os
import subprocess
import sys
from collections.abc import Iterable
from typing import ClassVar, Final

import msgspec

from waybillguard.errors import WaybillGuardError

_KEPT_ENVIRONMENT: Final = (
    "PATH",
    "PYTHONPATH",
    "PYTHONHOME",
    "LD_LIBRARY_PATH",
    "SYSTEMROOT",
    "VIRTUAL_ENV",
)
"""What Python itself needs; no secret, no address, no folder of ours."""


class SandboxError(WaybillGuardError):
    """The child ended without an answer: it was out of memory or time, or died of what it read."""

    code: ClassVar[str] = "sandbox"


def start(module: str, *, descriptors: Iterable[int] = ()) -> subprocess.Popen[bytes]:
    """Start ``python -m module`` with pipes for its input and output; ``descriptors`` stay open in it."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-B", "-X", "utf8", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ},
        pass_fds=tuple(descriptors),
        bufsize=0,
    )


def ask[A](module: str, question: object, answer: type[A], *, seconds: float) -> A:
    """Have a fresh child (`serve`) answer one question.

    Args:
        module: the child's.
        question: what it expects (`serve`).
        answer: the type of what it gives back.
        seconds: how long the parent waits.

    Raises:
        SandboxError: there is no answer, or none of that type; what the child said stays unsaid.
    """
    with start(module) as child:
        try:
            said, _ = child.communicate(msgspec.msgpack.encode(question), timeout=seconds)
            if child.returncode == 0:
                return msgspec.msgpack.decode(said, type=answer)
        except (subprocess.TimeoutExpired, msgspec.MsgspecError):
            child.kill()
            child.wait()
    raise SandboxError(
        zh="读取文件的进程没有给出结果（超出内存或时间，或文件损坏）。未更改任何内容。",
        en="the process that reads the file gave no answer (out of memory or time, or the file is damaged); nothing was changed",
    )
