"""The agent's durable record of its jobs: ids and states, never content.

Each job passes through ``leased → sending → sent | failed | uncertain → told``. ``sending`` is on the disk
before the first byte goes to the printer. After a crash, a job in ``leased`` was never started (``failed``), and one
in ``sending`` may have been printed (``uncertain``). An outcome that is not ``told`` is reported again, which has no
effect at the service.
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
    """One state change of one job."""

    job: Id
    state: State
    at: datetime
    reason: Reason = ""


class Journal:
    """The station's journal file. One process uses it at a time, guarded by a lock file beside it.

    A state change that cannot be written completely (a full disk) raises OSError and is not recorded.
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
        """Close the file. All states have been written already."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def leased(self, jobs: Iterable[str], now: datetime) -> None:
        """Record jobs that arrived."""
        self._add([Line(job=job, state="leased", at=now) for job in jobs])

    def sending(self, job: str, now: datetime) -> None:
        """Record durably that the first byte of a job is about to be sent."""
        self._add([Line(job=job, state="sending", at=now)], durable=True)

    def outcome(self, job: str, outcome: Outcome, now: datetime, reason: Reason = "") -> None:
        """Record the outcome of a job."""
        self._add([Line(job=job, state=outcome, at=now, reason=reason)])

    def mark_reported(self, jobs: Iterable[str], now: datetime) -> None:
        """Record that the service knows the outcomes, and drop the jobs."""
        self._add([Line(job=job, state="told", at=now) for job in jobs if job in self._jobs])
        if self._lines > _COMPACT_AT:
            self._compact()

    def unreported(self) -> list[Ack]:
        """Return the outcomes not yet reported to the service, oldest first."""
        return [
            Ack(job=line.job, outcome=line.state, at=line.at, reason=line.reason)
            for line in self._jobs.values()
            if line.state in {"sent", "failed", "uncertain"}
        ]

    def holding(self) -> list[str]:
        """Return the jobs that this agent holds or has not reported yet."""
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
                continue  # a line cut off by a crash: the step that it announces had not begun
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
        """Rewrite the file with the open jobs only; the old file stays until the new one is complete."""
        self.close()
        # Starts a new line, because the last one may have been cut off.
        write_private(self._path, b"".join(msgspec.json.encode(line) + b"\n" for line in self._jobs.values()))
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND)
        self._lines = len(self._jobs)
