"""A sandbox child that tries both allowed and forbidden actions: ``python -m support.sandbox_child``."""

import ctypes
import itertools
import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np  # noqa: F401 - importing it starts threads

from waybillguard.sandbox import Bounds, serve

THREADS = len(list(Path("/proc/self/task").iterdir())) if sys.platform == "linux" else 1
"""The number of threads before the sandbox is set up."""


class Question(msgspec.Struct):
    what: str


class Answer(msgspec.Struct):
    said: str


def tried(what: list[str]) -> str:
    """Try one forbidden action and return the outcome."""
    acts: dict[str, Callable[[], object]] = {
        "read": lambda: Path(what[1]).read_bytes(),
        "socket": socket.socket,
        "program": lambda: os.execv("/bin/true", ["true"]),
        "signal": lambda: os.kill(os.getppid(), 0),
        "environment": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
        "memory": lambda: Path(f"/proc/{os.getppid()}/mem").open("rb").close(),
    }
    try:
        acts[what[0]]()
    except PermissionError:
        return "refused"
    return "done"


def answer(question: Question) -> object:
    if question.what == "speak on and on":
        sys.stdout.buffer.writelines(itertools.repeat(bytes(1 << 20)))
    if question.what == "die":
        sys.stderr.write("a person's name")
        os.abort()
    if question.what == "take memory":
        return Answer(str(len(bytearray(4 << 30))))
    if question.what == "write a file":
        Path(tempfile.gettempdir(), "sandbox-child").write_text("a person's name")
    if question.what == "sleep":
        time.sleep(60)
    if question.what.startswith("try "):
        return Answer(tried(question.what.split()[1:]))
    if question.what == "answer nonsense":
        return 7
    said = question.what.removeprefix("say ")
    facts: dict[str, Callable[[], str]] = {
        "environment": lambda: " ".join(sorted(os.environ)),
        "threads": lambda: str(THREADS),
        "dumpable": lambda: str(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)),  # PR_GET_DUMPABLE
    }
    return Answer(facts[said]() if said in facts else said)


if __name__ == "__main__":
    serve(Question, answer, Bounds(memory=1 << 30, seconds=30))
