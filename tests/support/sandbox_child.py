"""A child of the sandbox that does what it is told, also what it must not: ``python -m support.sandbox_child``."""

import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from waybillguard.sandbox import Bounds, serve


class Question(msgspec.Struct):
    what: str


class Answer(msgspec.Struct):
    said: str


def tried(what: list[str]) -> str:
    """Try one thing that a child must not do; say how it ended."""
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
    if question.what == "say environment":
        return Answer(" ".join(sorted(os.environ)))
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
    return Answer(question.what.removeprefix("say "))


if __name__ == "__main__":
    serve(Question, answer, Bounds(memory=1 << 30, seconds=30))
