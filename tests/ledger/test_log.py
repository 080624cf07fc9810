"""The first promise: an entry with a receipt exists after any restart."""

import asyncio
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from support.codes import has_code

from waybillguard.ledger import Entry, EntryKind, FieldClass, Ledger, LedgerKeys, LocalStorage, Purpose
from waybillguard.ledger.errors import BadEntryError, LedgerError, LedgerStoppedError
from waybillguard.ledger.merkle import leaf_hash

KEYS = LedgerKeys(secret=bytes(range(32)), prefix="ledger.test/wg")
START = 1_795_000_000_000_000
RECORD = bytes(range(16))


class Ticking:
    """A clock controlled by the test."""

    def __init__(self, now: int = START) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


def look(record: bytes | None = RECORD, actor: str = "a-1", **more: object) -> Entry:
    return Entry(
        time_us=START,
        kind=EntryKind.REVEAL,
        tenant="hz-01",
        actor=actor,
        workstation="ws-1",
        field_class=FieldClass.PHONE,
        purpose=Purpose.COMPLAINT,
        record=record,
        detail=dict(more),
    )


def open_ledger(folder: Path, clock: Callable[[], int] | None = None) -> Ledger:
    return Ledger.open(LocalStorage(folder), KEYS, clock or Ticking())


def test_receipts_come_in_order_and_name_the_leaf(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        receipts = ledger.append([look(), look(), look()])
        assert [r.index for r in receipts] == [0, 1, 2]
        assert {r.origin for r in receipts} == {"ledger.test/wg/hz-01-2026q4"}
        assert all(r.tree_size == 3 for r in receipts)
    with closing(LocalStorage(tmp_path).shard("hz-01-2026q4", read_only=True)) as shard:
        frame = next(shard.frames())
    assert [leaf_hash(leaf) for leaf in frame.leaves()] == [r.leaf_hash for r in receipts]


def test_a_reopened_ledger_goes_on_where_it_ended(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.append([look()])
    with open_ledger(tmp_path) as ledger:
        assert ledger.append([look()])[0].index == 1


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    with open_ledger(tmp_path), pytest.raises(LedgerError, check=has_code("ledger_locked")):
        open_ledger(tmp_path)


def test_entries_of_two_warehouses_go_to_two_shards_and_keep_the_callers_order(tmp_path: Path) -> None:
    other = Entry(time_us=START, kind=EntryKind.SIGN_IN, tenant="sz-02", actor="b")
    with open_ledger(tmp_path) as ledger:
        receipts = ledger.append([look(), other, look()])
    assert [(r.origin[-12:], r.index) for r in receipts] == [
        ("hz-01-2026q4", 0),
        ("sz-02-2026q4", 0),
        ("hz-01-2026q4", 1),
    ]


def test_coroutines_share_one_ledger(tmp_path: Path) -> None:
    async def many(ledger: Ledger) -> list[int]:
        groups = await asyncio.gather(*(ledger.aappend([look(), look()]) for _ in range(20)))
        return [r.index for group in groups for r in group]

    with open_ledger(tmp_path) as ledger:
        assert sorted(asyncio.run(many(ledger))) == list(range(40))


def test_nothing_of_a_person_is_in_the_leaf_or_in_clear_on_the_disk(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.append([look(actor="clerk-bright", reason="asked by the consignee")])
    for path in tmp_path.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"clerk-bright" not in data
            assert b"consignee" not in data
            assert RECORD not in data


def test_many_threads_get_each_their_own_receipts(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger, ThreadPoolExecutor(16) as pool:
        groups = list(pool.map(lambda n: ledger.append([look()] * (1 + n % 3)), range(200)))
    indexes = [receipt.index for group in groups for receipt in group]
    assert sorted(indexes) == list(range(sum(1 + n % 3 for n in range(200))))
    assert all(group[-1].index - group[0].index == len(group) - 1 for group in groups)


def test_a_closed_ledger_gives_no_receipt(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    ledger.append([look()])
    ledger.close()
    with pytest.raises(LedgerStoppedError):
        ledger.append([look()])


def test_a_detail_that_cannot_be_written_is_refused_before_anything_is(tmp_path: Path) -> None:
    with open_ledger(tmp_path) as ledger:
        with pytest.raises(BadEntryError):
            ledger.append([look(), look(what=object())])
        with pytest.raises(BadEntryError):
            ledger.append([look(what="x" * 70_000)])
        assert ledger.append([look()])[0].index == 0


def test_finished_leaves_between_entries_keep_every_seal_whole(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "a") as ledger:
        ledger.append([look()])
        ledger.append_prebuilt("hz-01", [b"another application's leaf"] * 3)
        ledger.append([look(), look()])
    with open_ledger(tmp_path / "a") as ledger:
        ledger.append_prebuilt("hz-01", [b"x"])
        ledger.append([look()])
        shutil.copytree(tmp_path / "a", tmp_path / "killed")
    with open_ledger(tmp_path / "killed") as ledger:
        assert ledger.size == 8
