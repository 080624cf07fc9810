"""Read evidence in a process of its own, which may die of a file without harm to the rest."""

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
"""Address space of the child; what it really holds stays far below."""
PATIENCE = 120.0
"""Seconds without a word from the child before its file is given up."""
LONGEST = 1_800.0
"""Seconds after which a file is given up although its reader goes on speaking."""
MAX_SEEN = 400_000
_MAX_DEATHS = 50


class Gathered(msgspec.Struct):
    """Everything the evidence gave."""

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
    """Read all files of folders and zips; a file that kills its reader is a loss, and the others are read.

    Args:
        paths: folders, zips or single files.
        rules: folder of YARA and Sigma rules; empty for none.
        progress: told the name of each file as it is begun.
        memory: address space of the reading process, in bytes.
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
    """The file that is being read, or the one that comes next while ``name`` is empty."""

    def __init__(self, skip: int) -> None:
        self.number, self.name, self.why, self.is_full = skip, "", "", False


def _one_child(request: Request, state: _State, out: Gathered, progress: Callable[[str], None]) -> bool:
    """Run one child; True if it read to the end, else ``state`` says at which file it stopped."""
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
