"""The lock database of a shard: checkpoint by compare-and-swap, daily keys, small values (SQLite, FULL)."""

import sqlite3
import threading
from pathlib import Path

from waybillguard.ledger.errors import LedgerCorruptError, LedgerStoppedError
from waybillguard.ledger.fulldisk import disk_full_as_oserror
from waybillguard.ledger.storage import DayKeyRow, Head
from waybillguard.ledger.timestamps import Stamp

_SCHEMA = """
CREATE TABLE IF NOT EXISTS head (
  one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, root BLOB NOT NULL, note BLOB NOT NULL,
  seal_key BLOB NOT NULL, time_us INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS day_key (
  number INTEGER PRIMARY KEY AUTOINCREMENT, day INTEGER NOT NULL, owner BLOB NOT NULL,
  regulator BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS stamp (
  day INTEGER PRIMARY KEY, size INTEGER NOT NULL, note BLOB NOT NULL, response BLOB NOT NULL);
"""


class LockDatabase:
    """A small SQLite file; every change is durable when the call returns, and overwritten rows are zeroed."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._guard = threading.Lock()
        self._folder = path.parent
        mode = "ro" if read_only else "rwc"
        self._db = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
        )
        if read_only:
            return
        try:
            with disk_full_as_oserror(self._folder):
                self._db.execute("PRAGMA journal_mode=TRUNCATE")
                self._db.execute("PRAGMA synchronous=FULL")
                self._db.execute("PRAGMA secure_delete=ON")
                self._db.executescript(_SCHEMA)
        except OSError:
            self._db.close()
            raise
        except sqlite3.OperationalError as error:
            self._db.close()
            raise _held() from error
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise _damaged() from error

    def head(self) -> Head | None:
        """Return the last signed checkpoint; raises LedgerCorruptError if the file is damaged."""
        try:
            with self._guard, disk_full_as_oserror(self._folder):
                row = self._db.execute("SELECT size, root, note, seal_key, time_us FROM head").fetchone()
        except sqlite3.OperationalError as error:
            raise _held() from error
        except sqlite3.DatabaseError as error:
            raise _damaged() from error
        return Head(*row) if row else None

    def swap_head(self, old_size: int, head: Head) -> bool:
        """Replace the checkpoint if its size is still ``old_size``."""
        with self._guard, disk_full_as_oserror(self._folder):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                row = self._db.execute("SELECT size FROM head").fetchone()
                same = (row[0] if row else 0) == old_size and head.size >= old_size
                if same:
                    self._db.execute(
                        "INSERT OR REPLACE INTO head VALUES (1, ?, ?, ?, ?, ?)",
                        (head.size, head.root, head.note, head.seal_key, head.time_us),
                    )
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # on a full disk SQLite has rolled back already
                    self._db.execute("ROLLBACK")
                raise
            return same

    def meta(self, key: str) -> bytes | None:
        """Return a small value."""
        with self._guard:
            row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return bytes(row[0]) if row else None

    def put_meta(self, key: str, value: bytes) -> None:
        """Store a small value."""
        with self._guard, disk_full_as_oserror(self._folder):
            self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def day_keys(self) -> list[DayKeyRow]:
        """Return the wrapped daily keys."""
        with self._guard:
            rows = self._db.execute("SELECT number, day, owner, regulator FROM day_key ORDER BY number")
            return [DayKeyRow(*row) for row in rows.fetchall()]

    def add_day_key(self, day: int, owner: bytes, regulator: bytes) -> int:
        """Store a pair of daily keys."""
        with self._guard, disk_full_as_oserror(self._folder):
            cursor = self._db.execute(
                "INSERT INTO day_key (day, owner, regulator) VALUES (?, ?, ?)", (day, owner, regulator)
            )
            return int(cursor.lastrowid or 0)

    def drop_day_keys(self, before_day: int) -> int:
        """Destroy the daily keys of days before ``before_day``."""
        with self._guard, disk_full_as_oserror(self._folder):
            return self._db.execute("DELETE FROM day_key WHERE day < ?", (before_day,)).rowcount

    def stamps(self) -> list[Stamp]:
        """Return the timestamps, oldest first; none if the database predates timestamps."""
        with self._guard:
            known = self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'stamp'").fetchone()
            if known is None:
                return []
            rows = self._db.execute("SELECT day, size, note, response FROM stamp ORDER BY day")
            return [Stamp(*row) for row in rows.fetchall()]

    def add_stamp(self, stamp: Stamp) -> None:
        """Store a timestamp; the first of a day is kept."""
        with self._guard, disk_full_as_oserror(self._folder):
            self._db.execute(
                "INSERT OR IGNORE INTO stamp VALUES (?, ?, ?, ?)",
                (stamp.day, stamp.size, stamp.note, stamp.response),
            )

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _held() -> LedgerStoppedError:
    return LedgerStoppedError(
        zh="台账的检查点数据库此刻无法打开：被其他程序占用，或磁盘读写出错。没有发现损坏；请检查磁盘，然后重启服务",
        en="the ledger's checkpoint database cannot be opened now: another program holds it, or the disk does not read or "
        "write. No damage was found; check the disk, then restart the service",
    )


def _damaged() -> LedgerCorruptError:
    return LedgerCorruptError(
        zh="台账的检查点数据库已损坏；先备份整个目录，再从镜像恢复或开设接续分片",
        en="the ledger's checkpoint database is damaged; back up the folder, then recover from a mirror "
        "or open a successor shard",
    )
