"""The lock database on a full disk: it raises OSError as file operations do, and stays intact."""

import resource
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from errno import ENOSPC
from functools import partial
from pathlib import Path

import pytest

from waybillguard.ledger.errors import LedgerStoppedError
from waybillguard.ledger.local import LocalStorage
from waybillguard.ledger.lockdb import Head, LockDatabase

BIG = bytes(400_000)


@pytest.mark.parametrize(
    "write",
    [
        lambda lock: lock.put_meta("big", BIG),
        lambda lock: lock.add_day_key(20_783, BIG, b""),
        lambda lock: lock.swap_head(1, Head(2, bytes(32), BIG, bytes(32), 0)),
    ],
    ids=["meta", "day key", "head"],
)
def test_a_full_disk_is_told_apart_from_damage_and_nothing_of_the_write_stays(
    write: Callable[[LockDatabase], object], tmp_path: Path
) -> None:
    with closing(LockDatabase(tmp_path / "lock.sqlite")) as lock:
        assert lock.swap_head(0, Head(1, bytes(32), b"first", bytes(32), 0))
        (pages,) = lock._db.execute("PRAGMA page_count").fetchone()
        lock._db.execute(f"PRAGMA max_page_count = {pages}")  # SQLite's own full disk
        with pytest.raises(OSError, match="space") as refused:
            write(lock)
        assert refused.value.errno == ENOSPC
        assert lock.head() == Head(1, bytes(32), b"first", bytes(32), 0)
        assert lock.day_keys() == []
        lock._db.execute("PRAGMA max_page_count = 100000")
        write(lock)
        lock.swap_head(2, Head(3, bytes(32), b"later", bytes(32), 0))


def test_a_database_that_somebody_holds_is_no_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: a full disk was reported as damage, so the ledger stayed closed until the service was restarted."""
    path = tmp_path / "lock.sqlite"
    LockDatabase(path).close()
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, timeout=0))
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LedgerStoppedError, match="another program holds it"):
            LockDatabase(path)
    LockDatabase(path).close()


def test_a_database_that_finds_no_room_to_be_made_is_no_damage_and_no_shard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = LocalStorage(tmp_path)
    full = shutil.disk_usage(tmp_path)._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        with pytest.raises(OSError, match="space"):
            storage.shard("w-2026q4", create=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert storage.shards() == []
    with closing(storage.shard("w-2026q4", create=True)) as shard:
        assert shard.head() is None
    assert storage.shards() == ["w-2026q4"]
