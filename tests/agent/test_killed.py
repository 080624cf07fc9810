"""The agent is killed with signal 9 at each step; no label is duplicated, and no loss goes unreported."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from support import station
from support.printer import Simulator

from waybillguard.agent.protocol import Ack, JobHead
from waybillguard.agent.sealedjob import lease

JOB = "0123456789abcdef0123456789abcdef"
CONTENT = b"SIZE 76 mm,130 mm\r\nCLS\r\nBITMAP 0,0,76,1040,0," + bytes(76 * 1040) + b"\r\nPRINT 1,1\r\n"


def put(jobs: Path) -> None:
    head = JobHead(
        job=JOB, ticket="T7-0001", attempt=1, printer="label-1", language="tspl",
        expires=datetime.now(UTC) + timedelta(minutes=2),
    )  # fmt: skip
    key = station.KEYS.sealing_public
    sealed = lease(CONTENT, head, device=station.DEVICE, key=key, random=os.urandom)
    jobs.write_bytes(msgspec.json.encode(sealed) + b"\n")


def start(home: Path, simulator: Simulator, step: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, station.__file__, str(home), str(simulator.port), str(home / "jobs"), str(home / "acks"), step],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def acks(home: Path) -> list[Ack]:
    path = home / "acks"
    return (
        [msgspec.json.decode(line, type=Ack) for line in path.read_bytes().splitlines()]
        if path.exists()
        else []
    )


@pytest.mark.parametrize(
    ("step", "outcome", "reason", "labels"),
    [
        ("leased", "failed", "not_started", 0),
        ("begin", "uncertain", "crashed", 0),
        ("middle", "uncertain", "crashed", 0),
        ("delivered", "uncertain", "crashed", 1),
        ("noted", "sent", "", 1),
        ("told", "sent", "", 1),
    ],
)
def test_killed_at(tmp_path: Path, step: str, outcome: str, reason: str, labels: int) -> None:
    put(tmp_path / "jobs")
    with Simulator() as simulator:
        killed = start(tmp_path, simulator, step)
        assert killed.wait(20) == -signal.SIGKILL
        again = start(tmp_path, simulator, "never")
        try:
            deadline = time.monotonic() + 20
            wanted = 2 if step == "told" else 1
            while len(acks(tmp_path)) < wanted and time.monotonic() < deadline:
                time.sleep(0.02)
            time.sleep(0.3)  # long enough to print it a second time
        finally:
            again.send_signal(signal.SIGTERM)
            assert again.wait(20) == 0
        assert {(ack.job, ack.outcome, ack.reason) for ack in acks(tmp_path)} == {(JOB, outcome, reason)}
        assert len(simulator.labels) == labels
    journal = (tmp_path / "journal.jsonl").read_bytes()
    assert set(msgspec.json.decode(b"[" + b",".join(journal.splitlines()) + b"]")[-1]) <= {
        "job",
        "state",
        "at",
        "reason",
    }
    assert CONTENT[:20] not in journal
