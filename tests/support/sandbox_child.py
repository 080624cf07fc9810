"""A child of the sandbox that does what it is told, also what it must not: ``python -m support.sandbox_child``."""

import os
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from waybillguard.sandbox import Bounds, serve


class Question(msgspec.Struct):
    what: str


class Answer(msgspec.Struct):
    said: str


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
    if question.what == "answer nonsense":
        return 7
    return Answer(question.what.removeprefix("say "))


if __name__ == "__main__":
    serve(Question, answer, Bounds(memory=1 << 30, seconds=30))
