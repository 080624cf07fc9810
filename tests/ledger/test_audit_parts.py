"""An audit by several processes gives the same roots and reports the same damage as one by a single process."""

from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from waybillguard.ledger import Ledger, LocalStorage
from waybillguard.ledger.audit import Hasher, audit
from waybillguard.ledger.audit_parts import read_part
from waybillguard.ledger.errors import LedgerCorruptError
from waybillguard.ledger.timestamps import Stamp

SHARD = "hz-01-2026q4"


@pytest.fixture
def parted(start: Callable[..., Ledger], folder: Path) -> Path:
    """5,000 leaves over several segments in groups of various sizes; checkpoints in between and at the end."""
    with start(storage=LocalStorage(folder, segment_bytes=10_000)) as ledger:
        at = 0
        for group in (1, 255, 256, 300, 7, 1000, 700, 1, 1, 1500, 979):
            ledger.append_prebuilt("hz-01", [b"leaf %d of the test" % n for n in range(at, at + group)])
            at += group
    return folder


def opener(folder: Path) -> Callable[[], object]:
    return partial(LocalStorage(folder).shard, SHARD, read_only=True)


@pytest.mark.parametrize(
    "marks", [[], [1], [256], [255, 256, 257], [512, 1819, 4999], [5000], [4096, 4352, 4353]]
)
def test_parts_put_together_give_the_roots_of_one_hasher(parted: Path, marks: list[int]) -> None:
    with closing(LocalStorage(parted).shard(SHARD, read_only=True)) as store:
        starts = store.segments()
        leaves = [leaf for frame in store.frames() for leaf in frame.leaves()]
    assert len(starts) > 3
    hasher, count = Hasher(), 0
    for first, stop in zip(starts, [*starts[1:], -1], strict=True):
        part = read_part(opener(parted), first, stop, marks)  # type: ignore[arg-type]
        assert (part.first, part.torn, part.damaged) == (count, -1, ("", ""))
        for run in part.runs:
            if run.tiles:
                assert not any(count < mark < count + 256 * len(run.hashes) for mark in marks)
                hasher.add_tiles(run.hashes)
                count += 256 * len(run.hashes)
            else:
                hasher.add_hashes(run.hashes)
                count += len(run.hashes)
        assert count == part.end
    whole = Hasher()
    whole.add(leaves)
    assert hasher.root() == whole.root() == (5000, whole.root()[1])


def test_two_processes_report_what_one_reports(parted: Path) -> None:
    with closing(LocalStorage(parted).shard(SHARD)) as store:
        head = store.head()
        assert head is not None
        store.add_stamp(Stamp(1, head.size, head.note, b"no timestamp at all"))
    with closing(LocalStorage(parted).shard(SHARD, read_only=True)) as store:
        one = audit(store)
        two = audit(store, opener=opener(parted), workers=2)  # type: ignore[arg-type]
    assert one == two
    assert (two.entries, two.signed) == (5000, 5000)
    assert [problem.place for problem in two.problems] == ["timestamp of day 1"]


@pytest.mark.parametrize("which", [0, 1, -1])
def test_damage_in_any_segment_is_found(parted: Path, which: int) -> None:
    path = sorted((parted / SHARD).glob("seg-*.wgl"))[which]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with closing(LocalStorage(parted).shard(SHARD, read_only=True)) as store:
        try:
            found = audit(store, opener=opener(parted), workers=2).problems  # type: ignore[arg-type]
        except LedgerCorruptError as error:
            found = [error]  # type: ignore[list-item]
    assert found


def test_a_segment_that_is_gone_is_found(parted: Path) -> None:
    sorted((parted / SHARD).glob("seg-*.wgl"))[1].unlink()
    with (
        closing(LocalStorage(parted).shard(SHARD, read_only=True)) as store,
        pytest.raises(LedgerCorruptError),
    ):
        audit(store, opener=opener(parted), workers=2)  # type: ignore[arg-type]
