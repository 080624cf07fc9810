"""Acknowledged entries survive a power cut that loses any subset of unsynced writes.

The model: just before a flush, each 512-byte sector of the last frame is on the disk or missing (zeros, or end of
file). Any part of the files that are never flushed (tree hashes, index of looks) is lost. Everything flushed before,
and the lock database, is intact. ``WAYBILLGUARD_FAULTS=full`` tests every subset.
"""

import itertools
import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from waybillguard.ledger import Entry, Ledger, LocalStorage
from waybillguard.ledger.audit import audit
from waybillguard.ledger.errors import LedgerError
from waybillguard.ledger.local import FileOps
from waybillguard.ledger.merkle import leaf_hash
from waybillguard.ledger.note import parse_checkpoint, parse_note

FULL = os.environ.get("WAYBILLGUARD_FAULTS") == "full"
SECTOR = 512
SHARD = "hz-01-2026q4"


class Cut(msgspec.Struct):
    """The folder at a power cut, and the position of the frame that was written but not flushed."""

    folder: Path
    segment: str
    offset: int
    data: bytes
    acknowledged: dict[int, bytes]
    published: int


class Recorder(FileOps):
    """Copies the folder between a write and its flush, at the given commits."""

    def __init__(self, folder: Path, wanted: set[int]) -> None:
        self.folder, self.wanted = folder, wanted
        self.acknowledged: dict[int, bytes] = {}
        self.cuts: list[Cut] = []
        self._pending: dict[int, list[bytes]] = {}
        self._commits = 0

    def write(self, fd: int, data: bytes | memoryview) -> int:
        self._pending.setdefault(fd, []).append(bytes(data))
        return os.write(fd, data)

    def flush(self, fd: int) -> None:
        data = b"".join(self._pending.pop(fd, []))
        self._commits += 1
        if data and self._commits in self.wanted:
            self._keep(fd, data)
        os.fdatasync(fd)

    def _keep(self, fd: int, data: bytes) -> None:
        path = Path(f"/proc/self/fd/{fd}").readlink()
        copy = self.folder.parent / f"cut-{self._commits}"
        shutil.copytree(self.folder, copy)
        note = self.folder / SHARD / "checkpoint"
        size = parse_checkpoint(parse_note(note.read_bytes()).text).size if note.exists() else 0
        offset = path.stat().st_size - len(data)
        self.cuts.append(Cut(copy, path.name, offset, data, dict(self.acknowledged), size))


@pytest.fixture(params=[64 << 20, 2_000], ids=["one segment", "several segments"])
def cuts(
    request: pytest.FixtureRequest, start: Callable[..., Ledger], look: Callable[..., Entry], folder: Path
) -> list[Cut]:
    """Power cuts at the first commit, just after a checkpoint, and some commits after one."""
    disk = Recorder(folder, {1, 2, 6, 9})
    with start(storage=LocalStorage(folder, ops=disk, segment_bytes=request.param)) as ledger:
        for commit in range(9):
            receipts = ledger.append([look(n % 3) for n in range(1 + commit % 5)])
            disk.acknowledged |= {receipt.index: receipt.leaf_hash for receipt in receipts}
            if commit == 4:
                ledger.checkpoint(SHARD)
    return disk.cuts


def sectors(cut: Cut) -> list[tuple[int, int]]:
    """Return the parts of the frame in each disk sector of the file."""
    edges = [cut.offset, *range((cut.offset // SECTOR + 1) * SECTOR, cut.offset + len(cut.data), SECTOR)]
    edges.append(cut.offset + len(cut.data))
    return list(itertools.pairwise(edges))


def subsets(count: int, rng: random.Random) -> Iterator[tuple[bool, ...]]:
    every = list(itertools.product((False, True), repeat=count))
    return iter(every if FULL or len(every) <= 16 else rng.sample(every, 16))


def after(cut: Cut, reached: tuple[bool, ...], longer: bool, place: Path) -> Path:
    """Create the folder as found after the cut: some sectors written, the rest zeros or beyond the end of the file."""
    shutil.copytree(cut.folder, place)
    path = place / SHARD / cut.segment
    parts = sectors(cut)
    with path.open("r+b") as file:
        for (begin, end), there in zip(parts, reached, strict=True):
            if not there:
                file.seek(begin)
                file.write(bytes(end - begin))
        if not longer:
            file.truncate(
                max(
                    (end for (_, end), there in zip(parts, reached, strict=True) if there), default=cut.offset
                )
            )
    return place


def lose(place: Path, rng: random.Random) -> None:
    """Lose any part of the files that are never flushed."""
    for path in sorted((place / SHARD).glob("hash-*")):
        data = bytearray(path.read_bytes()[: rng.randrange(path.stat().st_size + 1)])
        for at in range(0, len(data), SECTOR):
            if rng.random() < 0.3:
                data[at : at + SECTOR] = bytes(len(data[at : at + SECTOR]))
        path.write_bytes(data)
    if rng.random() < 0.5:
        for path in (place / SHARD).glob("index.sqlite*"):
            path.unlink()


def test_what_was_acknowledged_outlives_any_subset_of_lost_writes(
    cuts: list[Cut], start: Callable[..., Ledger], look: Callable[..., Entry], tmp_path: Path
) -> None:
    rng = random.Random(7)
    played = 0
    assert len(cuts) == 4
    for cut in cuts:
        for reached in subsets(len(sectors(cut)), rng):
            for longer in (True, False):
                place = after(cut, reached, longer, tmp_path / f"state-{played}")
                lose(place, rng)
                played += 1
                with start(folder=place) as ledger:
                    (receipt,) = ledger.append([look(9)])
                    assert receipt.index >= len(cut.acknowledged)
                with closing(LocalStorage(place).shard(SHARD, read_only=True)) as store:
                    assert audit(store, deep=True).problems == []
                    leaves = [leaf for frame in store.frames() for leaf in frame.leaves()]
                for index, digest in cut.acknowledged.items():
                    assert leaf_hash(leaves[index]) == digest
                assert len(leaves) > cut.published
                shutil.rmtree(place)
    assert played >= 40


def test_the_model_can_fail(cuts: list[Cut], tmp_path: Path) -> None:
    """The loss of a flushed sector is reported."""
    place = tmp_path / "lost"
    shutil.copytree(cuts[-1].folder, place)
    first = min((place / SHARD).glob("seg-*.wgl"))
    data = bytearray(first.read_bytes())
    data[40:SECTOR] = bytes(SECTOR - 40)
    first.write_bytes(data)
    with closing(LocalStorage(place).shard(SHARD, read_only=True)) as store:
        try:
            found = [problem.place for problem in audit(store).problems]
        except LedgerError as error:
            found = [error.code]
    assert found, "it was overlooked"
