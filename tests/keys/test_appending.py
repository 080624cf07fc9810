"""On a full disk a line is written completely or not at all, and the writer gets an error."""

import errno
import os
import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import msgspec
import pytest

from waybillguard.agent.journal import FILE, Journal
from waybillguard.service.keyd.messages import ShredScope
from waybillguard.service.keyd.shredlog import ShredLine, ShredList

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
        said = {ack.job: (ack.outcome, ack.reason) for ack in journal.unreported()}
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


def test_a_line_that_fails_takes_no_other_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "shredded"
    shredded = ShredList(path)
    shredded.add(line(1))
    write, torn, gone = os.write, Event(), Event()

    def half_of_the_second(descriptor: int, content: memoryview) -> int:
        if b'"m2"' not in bytes(content):
            return write(descriptor, content)
        write(descriptor, content[:10])
        torn.set()
        gone.wait(0.5)  # the other has all the time it would need
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", half_of_the_second)
    with ThreadPoolExecutor(2) as pool:
        second = pool.submit(shredded.add, line(2))
        assert torn.wait(10)
        third = pool.submit(shredded.add, line(3))
        third.add_done_callback(lambda _: gone.set())
        with pytest.raises(OSError, match="space"):
            second.result()
        third.result()
    assert [kept.mark for kept in ShredList(path).lines] == ["m1", "m3"]
    assert [kept.mark for kept in shredded.lines] == ["m1", "m3"]


def line(day: int) -> ShredLine:
    return ShredLine(f"m{day}", "t", 0, ShredScope("day", day=day, epoch_up_to=1))


def test_a_line_that_was_not_written_by_this_key_process_counts_for_nothing(tmp_path: Path) -> None:
    """Who can append to the file would destroy everything at the next start, without any grant."""
    path, key = tmp_path / "shredded", bytes(range(32))
    kept = ShredList(path, key)
    kept.add(line(1))
    ours = path.read_bytes()
    everything = ShredLine("m9", "t", 0, ShredScope("tenant", epoch_up_to=10**9))
    ShredList(path, bytes(32)).add(everything)  # another installation's
    with path.open("ab") as file:
        file.write(msgspec.json.encode(everything) + b"\n")  # no tag at all
        file.write(ours.replace(b'"epoch_up_to":1', b'"epoch_up_to":9').replace(b",1,0]", b",9,0]"))
    again = ShredList(path, key)
    assert [one.mark for one in again.lines] == ["m1"]
    assert not again.forbids_epoch("t", 2, 1)
    assert not again.forbids_epoch("t", 1, 9), "an altered line does not reach further"
    assert again.forbids_epoch("t", 1, 1)
