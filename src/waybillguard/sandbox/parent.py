"""The parent's side of the sandbox: starts a child and asks it one question."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from threading import Thread
from typing import Final

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
"""Environment variables that Python needs; none holds a secret, an address or a folder of ours."""
_ONE_THREAD: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""NumPy starts threads when it is imported, and `confine` would not restrict those."""
_PIECE: Final = 1 << 20
_MOST: Final = 512 << 20
"""Size limit of an answer in bytes; a longer one is not read to its end."""


class SandboxError(WaybillGuardError):
    """The child ended without an answer: it ran out of memory or time, or crashed on its input."""

    code = "sandbox"


def start(module: str, *, descriptors: Iterable[int] = ()) -> subprocess.Popen[bytes]:
    """Start ``python -m module`` with pipes for input and output; ``descriptors`` stay open in the child."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-B", "-X", "utf8", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ} | _ONE_THREAD,
        pass_fds=tuple(descriptors),
        bufsize=0,
    )


def ask[A](module: str, question: object, answer: type[A], *, seconds: float) -> A:
    """Start a child (`serve`) and let it answer one question.

    Args:
        module: the child's module.
        question: a value of the type that the child expects (`serve`).
        answer: the type of the answer.
        seconds: how long the parent waits.

    Raises:
        SandboxError: there is no answer, or none of that type; the error does not quote the child.
    """
    ends = time.monotonic() + seconds
    said = bytearray()
    with start(module) as child:
        hearing = Thread(target=_read_answer, args=(child, said), daemon=True)
        telling = Thread(target=_write_question, args=(child, msgspec.msgpack.encode(question)), daemon=True)
        try:
            hearing.start()
            telling.start()
            hearing.join(seconds)
            if not hearing.is_alive() and len(said) <= _MOST:
                child.wait(max(0.0, ends - time.monotonic()))
                if child.returncode == 0:
                    return msgspec.msgpack.decode(said, type=answer)
        except (subprocess.TimeoutExpired, msgspec.MsgspecError):
            pass
        finally:
            child.kill()
    raise SandboxError(
        zh="读取文件的进程没有给出结果（超出内存或时间，或文件损坏）。未更改任何内容。",
        en="the process that reads the file gave no answer (out of memory or time, or the file is damaged); nothing was changed.",
    )


def _read_answer(child: subprocess.Popen[bytes], said: bytearray) -> None:
    with suppress(OSError, ValueError):  # closed when the child's time is over
        while child.stdout and len(said) <= _MOST and (piece := child.stdout.read(_PIECE)):
            said += piece


def _write_question(child: subprocess.Popen[bytes], question: bytes) -> None:
    if child.stdin is None:
        return
    with suppress(OSError, ValueError), child.stdin as pipe:  # the child may have ended already
        rest = memoryview(question)
        while rest:
            rest = rest[pipe.write(rest) or 0 :]
