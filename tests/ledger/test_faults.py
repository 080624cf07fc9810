"""The fault suite: acknowledged entries are never lost, and published checkpoints are always consistent.

A short form runs by default; ``WAYBILLGUARD_FAULTS=full`` tests every step and every byte.
"""

import errno
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from waybillguard.ledger import Entry, EntryKind, Ledger, LedgerConfig, LedgerKeys, LocalStorage
from waybillguard.ledger.audit import audit
from waybillguard.ledger.entry import Leaf, decode_leaf
from waybillguard.ledger.errors import (
    LedgerBusyError,
    LedgerCorruptError,
    LedgerError,
    LedgerRolledBackError,
    LedgerStoppedError,
)
from waybillguard.ledger.fsck import fsck
from waybillguard.ledger.local import FileOps, LocalShard
from waybillguard.ledger.merkle import consistency_proof, leaf_hash, verify_consistency
from waybillguard.ledger.note import parse_checkpoint, parse_note, parse_vkey
from waybillguard.ledger.person import words_of

SHARD = "hz-01-2026q4"
FULL = os.environ.get("WAYBILLGUARD_FAULTS") == "full"
POINTS = [
    "before write",
    "before flush",
    "after flush",
    "new segment",
    "before checkpoint swap",
    "after checkpoint swap",
]
DAY = 86_400 * 1_000_000


def only_segment(folder: Path) -> Path:
    return max((folder / SHARD).glob("seg-*.wgl"))


def leaves_of(folder: Path, name: str) -> list[bytes]:
    with closing(LocalStorage(folder).shard(name, read_only=True)) as store:
        return [leaf for frame in store.frames() for leaf in frame.leaves()]


# -- kill -9 -------------------------------------------------------------------------------------------------


def crash(folder: Path, point: str, count: int, size: int) -> None:
    done = subprocess.run(
        [
            sys.executable,
            str(Path(__file__).with_name("crasher.py")),
            str(folder),
            point,
            str(count),
            str(size),
        ],
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("count", range(1, 12) if FULL else [3])
def test_a_kill_at_any_step_loses_no_acknowledged_entry(
    tmp_path: Path, keys: LedgerKeys, point: str, count: int
) -> None:
    folder = tmp_path / "ledger"
    checkpoints = []
    for size in (1, 5):
        crash(folder, point, count, size)
        (name,) = LocalStorage(folder).shards()
        published = folder / name / "checkpoint"
        if published.exists():
            checkpoints.append(parse_checkpoint(parse_note(published.read_bytes()).text))
    acknowledged = tmp_path / "acknowledged"
    with Ledger.open(LocalStorage(folder), keys) as ledger:
        ledger.append([Entry(time_us=1, kind=EntryKind.SIGN_IN, tenant="hz-01")])
        tree = ledger.shard(name).reader()
        for old in checkpoints:
            if old.size == 0:
                continue
            proof = consistency_proof(tree.node, old.size, tree.size)
            verify_consistency(old.size, tree.size, proof, old.root, tree.root())
    leaves = leaves_of(folder, name)
    if acknowledged.exists():
        for line in acknowledged.read_text().splitlines():
            index, digest = line.split()
            assert leaf_hash(leaves[int(index)]).hex() == digest
    with closing(LocalStorage(folder).shard(name, read_only=True)) as store:
        assert audit(store, deep=True).problems == []


def test_random_kills_lose_no_acknowledged_entry(tmp_path: Path, keys: LedgerKeys) -> None:
    folder = tmp_path / "ledger"
    acknowledged = tmp_path / "acknowledged"
    acknowledged.touch()
    for turn in range(30 if FULL else 3):
        before = acknowledged.stat().st_size
        child = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("crasher.py")), str(folder), "never", "1", "9"]
        )
        while acknowledged.stat().st_size == before:
            time.sleep(0.01)
        time.sleep(0.013 * turn)
        child.kill()
        child.wait()
    with Ledger.open(LocalStorage(folder), keys):
        (name,) = LocalStorage(folder).shards()
    leaves = leaves_of(folder, name)
    lines = acknowledged.read_text().splitlines()
    assert len(lines) >= (30 if FULL else 3), "each child acknowledged something before it was killed"
    for line in lines:
        index, digest = line.split()
        assert leaf_hash(leaves[int(index)]).hex() == digest


# -- torn tails ----------------------------------------------------------------------------------------------


@pytest.fixture
def unsigned_tail(
    start: Callable[..., Ledger], look: Callable[..., Entry], folder: Path, tmp_path: Path
) -> Path:
    """A folder as left by a killed process: two frames signed, two more flushed but not yet signed."""
    with start() as ledger:
        ledger.append([look(1), look(2)])
        ledger.append([look(3)])
    ledger = start()
    ledger.append([look(4)])
    ledger.append([look(5), look(6)])
    copy = tmp_path / "killed"
    shutil.copytree(folder, copy)
    ledger.close()
    return copy


def last_frame(folder: Path) -> tuple[int, int]:
    with closing(LocalStorage(folder).shard(SHARD, read_only=True)) as store:
        frame = list(store.frames())[-1]
        return frame.offset, frame.end


def test_a_tail_torn_at_any_byte_is_cut_and_the_cut_is_recorded(
    unsigned_tail: Path, start: Callable[..., Ledger], look: Callable[..., Entry], tmp_path: Path
) -> None:
    begin, end = last_frame(unsigned_tail)
    step = 1 if FULL else 29
    for cut in range(begin + 1, end, step):
        torn = tmp_path / "torn"
        shutil.copytree(unsigned_tail, torn)
        os.truncate(only_segment(torn), cut)
        with start(folder=torn) as ledger:
            assert ledger.size == 5  # four whole entries, and the entry that records the removal
            assert ledger.append([look(9)])[0].index == 5
        shutil.rmtree(torn)


def test_a_tail_whose_second_half_never_reached_the_disk_is_cut(
    unsigned_tail: Path,  # noqa: ARG001
    start: Callable[..., Ledger],
    look: Callable[..., Entry],
    tmp_path: Path,
) -> None:
    """After a power loss the file has its full length, and unwritten sectors read as zeros."""
    big = tmp_path / "big"
    with start(folder=big) as ledger:
        ledger.append([look(1)])
    ledger = start(folder=big)
    ledger.append([look(n) for n in range(20)])
    shutil.copytree(big, tmp_path / "killed-big")
    ledger.close()
    begin, end = last_frame(tmp_path / "killed-big")
    for blank in range(begin // 512 + 1, end // 512):
        torn = tmp_path / f"torn-{blank}"
        shutil.copytree(tmp_path / "killed-big", torn)
        with only_segment(torn).open("r+b") as file:
            file.seek(blank * 512)
            file.write(bytes(512))
        with start(folder=torn) as opened:
            assert opened.size == 2


def test_a_torn_first_frame_leaves_an_empty_shard(
    start: Callable[..., Ledger], look: Callable[..., Entry], folder: Path, tmp_path: Path
) -> None:
    ledger = start()
    ledger.append([look(1)])
    shutil.copytree(folder, tmp_path / "copy")
    ledger.close()
    os.truncate(only_segment(tmp_path / "copy"), 17)
    with start(folder=tmp_path / "copy") as opened:
        assert opened.append([look(1)])[0].index == 1


def test_an_acknowledged_frame_altered_after_the_last_checkpoint_is_never_cut(
    unsigned_tail: Path, start: Callable[..., Ledger], tmp_path: Path
) -> None:
    begin, end = last_frame(unsigned_tail)
    places = range(begin, end) if FULL else range(begin, end, 37)
    for at in places:
        bad = tmp_path / "bad"
        shutil.copytree(unsigned_tail, bad)
        flip(only_segment(bad), at)
        with pytest.raises((LedgerCorruptError, LedgerRolledBackError)):
            start(folder=bad)
        shutil.rmtree(bad)


def flip(path: Path, at: int, bit: int = 3) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1 << bit]))


# -- one flipped bit in each kind of file --------------------------------------------------------------------


@pytest.fixture
def closed(start: Callable[..., Ledger], look: Callable[..., Entry], folder: Path, clock: Any) -> Path:
    with start() as ledger:
        for n in range(40):
            ledger.append([look(n % 5), look(n % 3)])
        clock.now += DAY
        ledger.append([look(n) for n in range(300)])
    return folder


def checked(folder: Path) -> list[str]:
    published = folder / SHARD / "checkpoint"
    with closing(LocalStorage(folder).shard(SHARD, read_only=True)) as store:
        note = published.read_bytes() if published.exists() else None
        return [problem.place for problem in fsck(store, note).problems]


def test_fsck_finds_nothing_in_a_good_folder(closed: Path) -> None:
    assert checked(closed) == []


def test_a_flipped_bit_anywhere_in_the_segments_is_found(closed: Path) -> None:
    path = only_segment(closed)
    size = path.stat().st_size
    for at in range(5, size, 97 if FULL else 9973):
        flip(path, at)
        assert checked(closed) != [], at
        flip(path, at)


@pytest.mark.parametrize("name", ["hash-0", "hash-1", "checkpoint", "index.sqlite"])
def test_a_flipped_bit_in_a_derived_file_is_found_and_does_no_harm(
    closed: Path, start: Callable[..., Ledger], look: Callable[..., Entry], name: str
) -> None:
    path = closed / SHARD / name
    flip(path, 20 if name == "index.sqlite" else path.stat().st_size // 2)
    assert any(name.split("-", maxsplit=1)[0] in place for place in checked(closed)) or name == "index.sqlite"
    with start() as ledger:
        ledger.append([look(1)])
    assert checked(closed) == []


def test_a_flipped_bit_in_the_signed_note_or_root_of_the_lock_is_found(
    closed: Path,
    keys: LedgerKeys,  # noqa: ARG001
    start: Callable[..., Ledger],  # noqa: ARG001
) -> None:
    path = closed / SHARD / "lock.sqlite"
    data = path.read_bytes()
    with closing(LocalStorage(closed).shard(SHARD, read_only=True)) as store:
        head = store.head()
    assert head is not None
    for needle, inside in ((head.note[:60], 40), (head.root, 11)):
        at = data.rindex(needle) + inside
        flip(path, at)
        assert checked(closed) != []
        flip(path, at)


def test_a_damaged_lock_database_refuses_to_open(closed: Path, start: Callable[..., Ledger]) -> None:
    path = closed / SHARD / "lock.sqlite"
    path.write_bytes(b"no database at all" * 300)
    with pytest.raises(LedgerCorruptError):
        start()


def test_entries_that_do_not_give_the_signed_root_are_refused_at_start(
    closed: Path, start: Callable[..., Ledger]
) -> None:
    """The tree detects segments rewritten with valid checksums."""
    from waybillguard.ledger.segment import encode_frame

    path = only_segment(closed)
    with closing(LocalStorage(closed).shard(SHARD, read_only=True)) as store:
        frames = list(store.frames())
    out = b""
    for frame in frames:
        leaves = frame.leaves()
        if frame.first == 0:
            leaves[0] = leaves[0][:9] + b"\x0c" + leaves[0][10:]
        out += encode_frame(frame.first, leaves, [record for _, record in frame.records()])
    path.write_bytes(out)
    for level in (closed / SHARD).glob("hash-*"):
        level.unlink()
    with pytest.raises(LedgerCorruptError):
        start()


# -- the disk ------------------------------------------------------------------------------------------------


class Failing(FileOps):
    """A disk that fails on demand."""

    def __init__(self) -> None:
        self.write_error = 0
        self.flush_error = 0
        self.short = 0
        self.slow_s = 0.0
        self.flushes = 0

    def write(self, fd: int, data: bytes | memoryview) -> int:
        if self.write_error:
            os.write(fd, bytes(data[: self.short]))
            raise OSError(self.write_error, os.strerror(self.write_error))
        if self.short:
            return os.write(fd, data[: self.short])
        return os.write(fd, data)

    def flush(self, fd: int) -> None:
        self.flushes += 1
        time.sleep(self.slow_s)
        if self.flush_error:
            raise OSError(self.flush_error, os.strerror(self.flush_error))
        os.fdatasync(fd)


@pytest.mark.parametrize("short", [0, 1, 200])
def test_a_full_disk_stops_the_ledger_and_loses_nothing(
    start: Callable[..., Ledger], look: Callable[..., Entry], folder: Path, short: int
) -> None:
    disk = Failing()
    ledger = start(storage=LocalStorage(folder, ops=disk))
    ledger.append([look(1)])
    disk.write_error, disk.short = errno.ENOSPC, short
    with pytest.raises(LedgerStoppedError):
        ledger.append([look(2)])
    disk.write_error = disk.short = 0
    with pytest.raises(LedgerStoppedError):
        ledger.append([look(3)])
    assert not ledger.healthy
    assert ledger.stopped is not None
    assert ledger.stopped.errno == errno.ENOSPC, "who opens it again asks whether room was all it wanted"
    ledger.close()
    with start() as again:
        assert again.append([look(2)])[0].index == (1 if short == 0 else 2)


@pytest.mark.parametrize("short", [0, 200])
def test_a_disk_full_at_the_start_lets_go_of_the_lock_and_records_the_cut_when_there_is_room(
    unsigned_tail: Path, start: Callable[..., Ledger], short: int
) -> None:
    os.truncate(only_segment(unsigned_tail), last_frame(unsigned_tail)[1] - 7)
    disk = Failing()
    disk.write_error, disk.short = errno.ENOSPC, short
    for _ in range(2):
        with pytest.raises(LedgerStoppedError) as refused:
            start(storage=LocalStorage(unsigned_tail, ops=disk))
        assert refused.value.errno == errno.ENOSPC
    with start(folder=unsigned_tail) as ledger:
        assert ledger.size == 5, "four whole entries, and the entry that records the cut"
    with start(folder=unsigned_tail) as ledger:
        assert ledger.size == 5, "it is recorded once"


def test_a_cut_that_finds_no_room_is_counted_once(
    unsigned_tail: Path, start: Callable[..., Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin, end = last_frame(unsigned_tail)
    os.truncate(only_segment(unsigned_tail), end - 7)
    real = Path.write_bytes

    def full(path: Path, data: Any) -> int:
        if path.name.startswith("torn-"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    for _ in range(3):
        with pytest.raises(OSError, match="space"):
            start(folder=unsigned_tail)
    monkeypatch.setattr(Path, "write_bytes", real)
    with start(folder=unsigned_tail) as ledger:
        assert words_of(ledger, SHARD, 4)["detail"] == {"cut_bytes": end - 7 - begin}


def test_a_shard_that_found_no_room_for_its_first_entry_still_names_the_one_before(
    start: Callable[..., Ledger], look: Callable[..., Entry], folder: Path, clock: Any
) -> None:
    disk = Failing()
    ledger = start(storage=LocalStorage(folder, ops=disk))
    ledger.append([look(1)])
    clock.now += 100 * DAY
    disk.write_error = errno.ENOSPC
    with pytest.raises(LedgerStoppedError):
        ledger.append([look(2)])
    ledger.close()
    with pytest.raises(LedgerStoppedError):
        start(storage=LocalStorage(folder, ops=disk))
    with start(folder=folder) as again:
        assert again.append([look(2)])[0].index == 1
        name = again.current_shard("hz-01")
        leaf = decode_leaf(next(again.shard(name).store.frames()).leaves()[0])
        assert isinstance(leaf, Leaf)
        assert leaf.kind == EntryKind.SUCCESSOR


def test_a_shard_that_closes_badly_leaves_neither_files_nor_the_lock_behind(
    start: Callable[..., Ledger], look: Callable[..., Entry]
) -> None:
    ledger = start()
    ledger.append([look(1)])
    shard = ledger.shard(SHARD)
    real = shard.index.close

    def close() -> None:
        real()
        raise sqlite3.OperationalError("disk I/O error")

    shard.index.close = close  # type: ignore[method-assign]
    with pytest.raises(sqlite3.OperationalError):
        ledger.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        shard.store.meta("vkeys")
    with start() as again:
        assert again.append([look(2)])[0].index == 1


@pytest.mark.parametrize("call", ["shard", "add_day_key"])
def test_a_disk_that_is_full_before_an_entry_is_written_is_said_as_in_writing(
    start: Callable[..., Ledger], look: Callable[..., Entry], monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    ledger = start()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(LocalStorage if call == "shard" else LocalShard, call, full)
        with pytest.raises(LedgerStoppedError) as refused:
            ledger.append([look(1)])
        assert refused.value.errno == errno.ENOSPC
    assert ledger.append([look(2)])[0].index == 0, "and there is room again"


def test_a_failed_flush_is_never_tried_again(
    start: Callable[..., Ledger], look: Callable[..., Entry], folder: Path
) -> None:
    disk = Failing()
    ledger = start(storage=LocalStorage(folder, ops=disk))
    ledger.append([look(1)])
    disk.flush_error = errno.EIO
    before = disk.flushes
    with pytest.raises(LedgerStoppedError):
        ledger.append([look(2)])
    disk.flush_error = 0
    with pytest.raises(LedgerStoppedError):
        ledger.append([look(2)])
    ledger.close()
    assert disk.flushes == before + 1
    assert parse_checkpoint(parse_note((folder / SHARD / "checkpoint").read_bytes()).text).size == 0


def test_short_writes_are_continued(
    start: Callable[..., Ledger], look: Callable[..., Entry], folder: Path
) -> None:
    disk = Failing()
    disk.short = 7
    with start(storage=LocalStorage(folder, ops=disk)) as ledger:
        assert ledger.append([look(1), look(2)])[1].index == 1
    assert checked(folder) == []


def test_a_slow_disk_gives_no_receipt_in_time(
    start: Callable[..., Ledger], look: Callable[..., Entry], folder: Path
) -> None:
    disk = Failing()
    with start(storage=LocalStorage(folder, ops=disk)) as ledger:
        ledger.append([look(1)])
        disk.slow_s = 0.3
        with pytest.raises(LedgerBusyError):
            ledger.append([look(2)], timeout=0.05)


def test_a_full_queue_refuses_instead_of_growing(
    keys: LedgerKeys, look: Callable[..., Entry], folder: Path
) -> None:
    disk = Failing()
    storage = LocalStorage(folder, ops=disk)
    with Ledger.open(
        storage, keys, lambda: 1_795_000_000_000_000, config=LedgerConfig(queue_limit=2)
    ) as ledger:
        ledger.append([look(1)])
        disk.slow_s = 0.3
        refused: list[LedgerError] = []

        def one() -> None:
            try:
                ledger.append([look(1)])
            except LedgerBusyError as error:
                refused.append(error)

        threads = [threading.Thread(target=one) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert refused


# -- clock, backup, seal -------------------------------------------------------------------------------------


def test_a_clock_that_runs_backwards_does_not_take_the_log_with_it(
    start: Callable[..., Ledger],
    look: Callable[..., Entry],
    clock: Any,
    keys: LedgerKeys,  # noqa: ARG001
    folder: Path,
) -> None:
    with start() as ledger:
        (first,) = ledger.append([look(1)])
        clock.now -= 3600 * 1_000_000
        (second,) = ledger.append([look(1)])
        verifiers = [parse_vkey(v) for v in ledger.verifiers(SHARD)]
    assert second.time_us >= first.time_us
    with closing(LocalStorage(folder).shard(SHARD, read_only=True)) as store:
        assert audit(store, verifiers, deep=True).problems == []


def test_a_tail_cut_below_the_signed_size_is_refused(
    start: Callable[..., Ledger], look: Callable[..., Entry], folder: Path
) -> None:
    with start() as ledger:
        ledger.append([look(1)])
        ledger.append([look(2)])
    begin, _ = last_frame(folder)
    os.truncate(only_segment(folder), begin)
    with pytest.raises(LedgerRolledBackError):
        start()


def test_an_entry_forged_after_the_last_checkpoint_breaks_the_seal(
    unsigned_tail: Path, start: Callable[..., Ledger]
) -> None:
    from waybillguard.ledger.segment import encode_frame

    path = only_segment(unsigned_tail)
    begin, _ = last_frame(unsigned_tail)
    with closing(LocalStorage(unsigned_tail).shard(SHARD, read_only=True)) as store:
        frame = list(store.frames())[-1]
    leaves = frame.leaves()
    leaves[0] = leaves[0][:9] + b"\x0c" + leaves[0][10:]
    forged = encode_frame(frame.first, leaves, [record for _, record in frame.records()])
    path.write_bytes(path.read_bytes()[:begin] + forged)
    with pytest.raises(LedgerCorruptError):
        start(folder=unsigned_tail)


def test_a_crash_in_the_middle_of_erasing_is_finished_at_start(
    start: Callable[..., Ledger],
    look: Callable[..., Entry],
    folder: Path,
    clock: Any,  # noqa: ARG001
) -> None:
    from waybillguard.ledger.erase import begin

    with start() as ledger:
        ledger.append([look(1), look(2)])
        begin(ledger.shard(SHARD).store, [(0, True)])
    with start() as ledger:
        assert ledger.size == 3
    with closing(LocalStorage(folder).shard(SHARD, read_only=True)) as store:
        _, record = next(store.frames()).records()[0]
    assert not any(record[4:])
    assert checked(folder) == []


def test_a_signed_entry_whose_bytes_changed_is_called_damaged_not_rolled_back(
    start: Callable[..., Ledger], look: Callable[..., Entry], folder: Path
) -> None:
    with start() as ledger:
        ledger.append([look(1)])
        ledger.append([look(2)])
    begin, _ = last_frame(folder)
    flip(only_segment(folder), begin + 60)
    (folder / SHARD / "index.sqlite").unlink(missing_ok=True)
    with pytest.raises(LedgerCorruptError, match="damaged at byte"):
        start()


def test_a_write_that_was_interrupted_is_not_called_damage(unsigned_tail: Path) -> None:
    _, end = last_frame(unsigned_tail)
    os.truncate(only_segment(unsigned_tail), end - 3)
    with closing(LocalStorage(unsigned_tail).shard(SHARD, read_only=True)) as store:
        problems = audit(store, None, deep=True).problems
    assert [problem.kind for problem in problems] == ["interrupted"]
