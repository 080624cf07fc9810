"""What the agent knows of its jobs across a crash: ids and states, never a byte of content.

Each job runs through ``leased → sending → sent | failed | uncertain → told``. ``sending`` is on the disk
before the first byte goes to the printer. After a crash a job found ``leased`` was never begun (``failed``), one
found ``sending`` may have been printed (``uncertain``); an outcome that was not ``told`` is told again, which
changes nothing at the service.
"""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, Self

import msgspec

from waybillguard.agent.files import write_private
from waybillguard.agent.protocol import Ack, Id, Outcome, Reason
from waybillguard.keys.appending import append_whole

type State = Literal["leased", "sending", "sent", "failed", "uncertain", "told"]

FILE: Final = "journal.jsonl"
_COMPACT_AT: Final = 4096


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step of one job."""

    job: Id
    state: State
    at: datetime
    reason: Reason = ""


class Journal:
    """The station's journal file; one process at a time, so a lock file stands beside it.

    What it cannot write whole (a full disk) it raises as OSError and does not take for noted.
    """

    def __init__(self, path: Path, now: datetime) -> None:
        self._path = path
        self._jobs: dict[str, Line] = {}
        self._lines = 0
        self._read()
        self._settle(now)
        self._descriptor = -1
        self._compact()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; every state is in it already."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def leased(self, jobs: Iterable[str], now: datetime) -> None:
        """Note jobs that arrived."""
        self._add([Line(job=job, state="leased", at=now) for job in jobs])

    def sending(self, job: str, now: datetime) -> None:
        """Note, durably, that the first byte of a job is about to go out."""
        self._add([Line(job=job, state="sending", at=now)], durable=True)

    def outcome(self, job: str, outcome: Outcome, now: datetime, reason: Reason = "") -> None:
        """Note what became of a job."""
        self._add([Line(job=job, state=outcome, at=now, reason=reason)])

    def told(self, jobs: Iterable[str], now: datetime) -> None:
        """Note that the service knows the outcome; the job is forgotten."""
        self._add([Line(job=job, state="told", at=now) for job in jobs if job in self._jobs])
        if self._lines > _COMPACT_AT:
            self._compact()

    def untold(self) -> list[Ack]:
        """Return the outcomes that the service does not know yet, oldest first."""
        return [
            Ack(job=line.job, outcome=line.state, at=line.at, reason=line.reason)
            for line in self._jobs.values()
            if line.state in {"sent", "failed", "uncertain"}
        ]

    def holding(self) -> list[str]:
        """Return the jobs that are in this agent's hands or not yet told."""
        return list(self._jobs)

    def _read(self) -> None:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return
        for raw in content.split(b"\n"):
            try:
                line = msgspec.json.decode(raw, type=Line)
            except msgspec.DecodeError:
                continue  # a line torn by a crash: what it was to say had not begun
            self._take(line)

    def _settle(self, now: datetime) -> None:
        for job, line in list(self._jobs.items()):
            if line.state == "leased":
                self._jobs[job] = Line(job=job, state="failed", at=now, reason="not_started")
            elif line.state == "sending":
                self._jobs[job] = Line(job=job, state="uncertain", at=now, reason="crashed")

    def _take(self, line: Line) -> None:
        if line.state == "told":
            self._jobs.pop(line.job, None)
        else:
            self._jobs[line.job] = line

    def _add(self, lines: list[Line], *, durable: bool = False) -> None:
        if not lines:
            return
        content = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
        append_whole(self._descriptor, content, durable=durable)
        for line in lines:
            self._take(line)
        self._lines += len(lines)

    def _compact(self) -> None:
        """Write the file anew with what is still open; the old one stays until the new one is whole."""
        self.close()
        # A line of its own for what may have been torn before.
        write_private(self._path, b"".join(msgspec.json.encode(line) + b"\n" for line in self._jobs.values()))
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND)
        self._lines = len(self._jobs)
