"""Reads evidence in a child process; a file that crashes it does not affect the others."""

import os
import select
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import msgspec

from waybillguard.sandbox import start
from waybillguard.sensor.evidence.child_protocol import (
    LENGTH,
    MAX_FRAME,
    Answer,
    Batch,
    Begin,
    Done,
    End,
    Request,
    write_frame,
)
from waybillguard.sensor.observation import Loss, Observation, ReadFile

MEMORY = 1_400 << 20
"""Address space limit of the child in bytes; its resident memory stays far below."""
PATIENCE = 120.0
"""Seconds without a message from the child after which its file is given up."""
LONGEST = 1_800.0
"""Seconds after which a file is given up although the child still sends messages."""
MAX_SEEN = 400_000
_MAX_DEATHS = 50


class Gathered(msgspec.Struct):
    """The result of reading the evidence."""

    seen: list[Observation]
    losses: list[Loss]
    read: list[ReadFile]
    offset: int | None = None
    computers: list[str] = []


def gather(
    paths: Sequence[str],
    *,
    rules: str = "",
    progress: Callable[[str], None] = lambda _: None,
    memory: int = MEMORY,
) -> Gathered:
    """Read all files of folders and zips; a file that crashes its reader is a loss, and the others are read.

    Args:
        paths: folders, zips or single files.
        rules: folder of YARA and Sigma rules; empty for none.
        progress: called with the name of each file before it is read.
        memory: address space limit of the child process, in bytes.
    """
    out = Gathered([], [], [])
    skip = deaths = 0
    while True:
        state = _State(skip)
        request = Request(tuple(map(os.fsencode, paths)), skip, memory, rules)
        if _one_child(request, state, out, progress):
            return out
        deaths += 1
        is_stuck = not state.name and state.number == skip
        name = state.name or "evidence"
        out.losses.append(Loss(file=name, reason=state.why or "its reading ended the reader; passed over"))
        if state.name:
            out.read.append(ReadFile(file=name, kind="damaged", sha256=""))
        skip = state.number + (1 if state.name else 0)
        if is_stuck or deaths >= _MAX_DEATHS:
            out.losses.append(
                Loss(file="evidence", reason="too many files ended their reader; the rest was not read")
            )
            return out


class _State:
    """The file that is being read; while ``name`` is empty, the next one."""

    def __init__(self, skip: int) -> None:
        self.number, self.name, self.why, self.is_full = skip, "", "", False


def _one_child(request: Request, state: _State, out: Gathered, progress: Callable[[str], None]) -> bool:
    """Run one child; return True if it read all files, else ``state`` holds the file at which it stopped."""
    process = start("waybillguard.sensor.evidence.child_worker")
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with suppress(OSError), process.stdin as pipe:
            write_frame(pipe, msgspec.msgpack.encode(request))  # type: ignore[arg-type]
        until = 0.0
        decoder: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)
        while (body := _frame(process.stdout.fileno(), state)) is not None:
            answer = decoder.decode(body)
            if isinstance(answer, Begin):
                state.number, state.name, state.is_full = answer.number, answer.name, False
                until = time.monotonic() + LONGEST
                progress(answer.name)
            elif isinstance(answer, Batch):
                if state.name and time.monotonic() > until:
                    state.why = "took longer than allowed; passed over"
                    return False
                room = MAX_SEEN - len(out.seen)
                out.seen += answer.seen[: max(room, 0)]
                if len(answer.seen) > room and not state.is_full:
                    state.is_full = True
                    out.losses.append(
                        Loss(
                            file=state.name,
                            reason=f"more than {MAX_SEEN} observations; the rest was left out",
                        )
                    )
            elif isinstance(answer, End):
                state.number, state.name = state.number + 1, ""
                out.read.append(answer.read)
                out.losses += answer.losses
                out.offset = answer.offset if out.offset is None else out.offset
                if answer.computer and answer.computer not in out.computers:
                    out.computers.append(answer.computer)
            elif isinstance(answer, Done):
                out.losses += answer.losses
                return True
        return False
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _frame(pipe: int, state: _State) -> bytes | None:
    head = _exactly(pipe, LENGTH.size, state)
    if head is None:
        return None
    (length,) = LENGTH.unpack(head)
    return _exactly(pipe, length, state) if length <= MAX_FRAME else None


def _exactly(pipe: int, size: int, state: _State) -> bytes | None:
    parts = []
    until = time.monotonic() + PATIENCE
    while size > 0:
        if os.name == "posix" and not select.select([pipe], [], [], max(until - time.monotonic(), 0.0))[0]:
            state.why = "took longer than allowed; passed over"
            return None
        part = os.read(pipe, min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
