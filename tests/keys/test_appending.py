"""On a full disk a line is there whole or not at all, and whoever wrote it knows."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from waybillguard.agent.journal import FILE, Journal
from waybillguard.service.keyd.messages import ShredLine, ShredScope
from waybillguard.service.keyd.shredlog import ShredList

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
A, B = "a" * 32, "b" * 32


@contextmanager
def room_for(path: Path, more: int) -> Iterator[None]:
    """Let this process make no file longer than this one and some bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + more, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("more", [0, 20])
def test_a_job_whose_start_the_journal_cannot_hold_is_not_begun(tmp_path: Path, more: int) -> None:
    with Journal(tmp_path / FILE, NOW) as journal:
        journal.leased([A, B], NOW)
        before = (tmp_path / FILE).read_bytes()
        with room_for(tmp_path / FILE, more), pytest.raises(OSError, match="too large"):
            journal.sending(A, NOW)
        assert (tmp_path / FILE).read_bytes() == before
        journal.sending(B, NOW)
    with Journal(tmp_path / FILE, NOW) as journal:
        said = {ack.job: (ack.outcome, ack.reason) for ack in journal.untold()}
    assert said == {A: ("failed", "not_started"), B: ("uncertain", "crashed")}


def test_a_shredding_that_the_list_cannot_hold_is_not_taken_for_done(tmp_path: Path) -> None:
    path = tmp_path / "shredded"
    shredded = ShredList(path)
    shredded.add(line(1))
    before = path.read_bytes()
    with room_for(path, 10), pytest.raises(OSError, match="too large"):
        shredded.add(line(2))
    assert path.read_bytes() == before
    assert (shredded.forbids_epoch("t", 1, 0), shredded.forbids_epoch("t", 2, 0)) == (True, False)


def line(day: int) -> ShredLine:
    return ShredLine(f"m{day}", "t", 0, ShredScope("day", day=day, epoch_up_to=1))
