"""The index of looks: per-record chains of leaves, rebuildable from the segments.

The index is SQLite in WAL mode with synchronous=NORMAL. A power cut may lose the latest rows but never corrupts
it; the lost rows are read again from the segments.
"""

import sqlite3
import threading
from pathlib import Path

from waybillguard.ledger.entry import LOOK_SIZE, LOOK_VERSION, NO_HASH, NO_TAG
from waybillguard.ledger.fulldisk import disk_full_as_oserror

_SCHEMA = """
CREATE TABLE IF NOT EXISTS last (tag BLOB PRIMARY KEY, counter INTEGER, idx INTEGER, hash BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS look (day INTEGER, tag BLOB, counter INTEGER, idx INTEGER,
  PRIMARY KEY (day, tag, counter)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS day (day INTEGER PRIMARY KEY, first INTEGER, end INTEGER, idx INTEGER);
CREATE TABLE IF NOT EXISTS state (one INTEGER PRIMARY KEY CHECK (one = 1), upto INTEGER);
"""
_FLUSH = 20_000


def open_index(path: str) -> "LookIndex":
    """Open the index of looks; a damaged file is deleted and rebuilt from the segments.

    Raises:
        OSError: the disk is full.
    """
    try:
        with disk_full_as_oserror(Path(path).parent):
            return LookIndex(path)
    except sqlite3.DatabaseError:
        for ending in ("", "-wal", "-shm"):
            Path(path + ending).unlink(missing_ok=True)
        return LookIndex(path)


class LookIndex:
    """Chain state and looks of a shard; ``upto`` leaves are flushed to disk, later ones are pending in memory."""

    def __init__(self, path: str) -> None:
        self._guard = threading.RLock()
        self._folder = Path(path).parent
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("PRAGMA cache_size=-16000")
            self._db.executescript(_SCHEMA)
            if self._db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("quick_check")  # noqa: TRY301
            row = self._db.execute("SELECT upto FROM state").fetchone()
        except sqlite3.DatabaseError:
            self._db.close()
            raise
        self.upto: int = row[0] if row else 0
        self._last: dict[bytes, tuple[int, int, bytes]] = {}
        self._looks: list[tuple[int, bytes, int, int]] = []
        self._days: list[tuple[int, int, int, int]] = []

    def state(self, tag: bytes) -> tuple[int, bytes]:
        """Return (counter, leaf hash) of the record's last leaf, (0, zeros) if it has none."""
        known = self._last.get(tag)
        if known is not None:
            return known[0], known[2]
        with self._guard:
            row = self._db.execute("SELECT counter, hash FROM last WHERE tag = ?", (tag,)).fetchone()
        return (row[0], row[1]) if row else (0, NO_HASH)

    def note_look(self, index: int, day: int, tag: bytes, counter: int, leaf_hash: bytes) -> None:
        """Record one look; ``index`` must not decrease."""
        self._last[tag] = (counter, index, leaf_hash)
        self._looks.append((day, tag, counter, index))

    def note_day(self, index: int, day: int, first: int, end: int) -> None:
        """Record the leaf that closed a day."""
        self._days.append((day, first, end, index))

    def replay(self, index: int, leaf: bytes, leaf_hash: bytes, day: int) -> None:
        """Record a look from the bytes of its leaf."""
        if leaf[:1] == bytes([LOOK_VERSION]) and len(leaf) == LOOK_SIZE:
            tag = leaf[44:60]
            if tag != NO_TAG:
                self.note_look(index, day, tag, int.from_bytes(leaf[60:64], "big"), leaf_hash)

    def forget(self) -> None:
        """Discard the pending rows."""
        self._last, self._looks, self._days = {}, [], []

    def reset(self) -> None:
        """Delete all rows.

        Raises:
            OSError: the disk is full.
        """
        self.forget()
        with self._guard, disk_full_as_oserror(self._folder):
            self._db.execute("BEGIN")
            for table in ("look", "last", "day", "state"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
            self._db.execute("COMMIT")
            self.upto = 0

    def full(self) -> bool:
        """Return whether enough rows are pending to flush now."""
        return len(self._looks) >= _FLUSH

    def flush(self, upto: int) -> None:
        """Write the pending rows; the index then covers ``upto`` leaves.

        Raises:
            OSError: the disk is full.
        """
        with self._guard, disk_full_as_oserror(self._folder):
            looks, last, days = self._looks, self._last, self._days
            self._looks, self._days = [], []
            self._db.execute("BEGIN")
            self._db.executemany("INSERT OR REPLACE INTO look VALUES (?, ?, ?, ?)", looks)
            self._db.executemany(
                "INSERT OR REPLACE INTO last VALUES (?, ?, ?, ?)",
                ((tag, counter, index, digest) for tag, (counter, index, digest) in last.items()),
            )
            self._db.executemany("INSERT OR REPLACE INTO day VALUES (?, ?, ?, ?)", days)
            self._db.execute("INSERT OR REPLACE INTO state VALUES (1, ?)", (upto,))
            self._db.execute("COMMIT")
            self._last = {}
            self.upto = upto

    def day_rows(self, day: int) -> list[tuple[bytes, int, int]]:
        """Return (tag, looks of the day, last counter) of each record of the day, sorted; call `flush` first."""
        query = "SELECT tag, COUNT(*), MAX(counter) FROM look WHERE day = ? GROUP BY tag ORDER BY tag"
        with self._guard:
            return self._db.execute(query, (day,)).fetchall()

    def looks(self, tag: bytes) -> list[tuple[int, int, int]]:
        """Return (counter, index, day) of all looks at a record, oldest first; call `flush` first."""
        with self._guard:
            low, high = self._db.execute("SELECT MIN(day), MAX(day) FROM look").fetchone()
            found = []
            for day in range(low, high + 1) if low is not None else ():
                query = "SELECT counter, idx, day FROM look WHERE day = ? AND tag = ?"
                found += self._db.execute(query, (day, tag)).fetchall()
        return sorted(found)

    def closed_days(self) -> list[tuple[int, int, int, int]]:
        """Return (day, first, end, index of the closing leaf) of each closed day; call `flush` first."""
        with self._guard:
            return self._db.execute("SELECT day, first, end, idx FROM day ORDER BY day").fetchall()

    def close(self) -> None:
        """Close the file."""
        self._db.close()
