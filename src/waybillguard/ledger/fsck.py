"""Check the files of a shard against each other, and rebuild the derived ones."""

import sqlite3
from pathlib import Path

from waybillguard.ledger.audit import Audit, Hasher, Problem, audit
from waybillguard.ledger.body import damaged
from waybillguard.ledger.entry import COUNTER_AT, LOOK_SIZE, LOOK_VERSION, NO_TAG, TAG_AT
from waybillguard.ledger.errors import BadEntryError, LedgerCorruptError, LedgerError
from waybillguard.ledger.levels import TILE, Levels, roots_of_tiles
from waybillguard.ledger.merkle import HASH
from waybillguard.ledger.note import Verifier
from waybillguard.ledger.segment import BadFrameError, Frame, bundle_hashes
from waybillguard.ledger.storage import Head, ShardStore

PUBLISHED = "checkpoint file"
"""Place of the one problem that a running ledger may show briefly: it signs a checkpoint between two reads."""
_CHINA_S = 8 * 3600
_DAY_S = 86_400


def fsck(store: ShardStore, published: bytes | None, verifiers: list[Verifier] | None = None) -> Audit:
    """Check segments, private records, tile levels, index of looks, checkpoint and its published copy.

    ``published`` is the content of the published checkpoint file (None: missing). Nothing is changed.
    """
    try:
        result = audit(store, verifiers, deep=True)
    except LedgerError as error:
        return Audit(store.name, 0, 0, bytes(HASH), [Problem("segments or lock", error.zh, error.en)])
    problems = list(result.problems)
    head = store.head()
    if head is not None and published != head.note:
        problems.append(
            Problem(PUBLISHED, "公布的检查点文件与数据库不同", "the published file differs from the lock")
        )
    _check_frames(store, problems, result.signed)
    return Audit(result.origin, result.entries, result.signed, result.root, problems)


class _LevelCheck:
    """Compares the stored tile levels with leaf hashes as they stream by, tile by tile."""

    def __init__(self, store: ShardStore, problems: list[Problem]) -> None:
        self._store = store
        self._problems = problems
        self._done: list[int] = []
        self._pending: list[list[bytes]] = []

    def add(self, hashes: list[bytes], level: int = 0) -> None:
        """Check the next hashes of a level."""
        if level == len(self._pending):
            self._done.append(0)
            self._pending.append([])
        pending = self._pending[level]
        pending += hashes
        whole = len(pending) - len(pending) % TILE
        if whole:
            for at in range(0, whole, TILE):
                self._compare(level, pending[at : at + TILE])
            roots = roots_of_tiles(pending[:whole])
            del pending[:whole]
            self.add(roots, level + 1)

    def finish(self) -> None:
        """Compare the partial tiles at the right edge."""
        for level, pending in enumerate(self._pending):
            if pending:
                self._compare(level, pending)

    def _compare(self, level: int, want: list[bytes]) -> None:
        first = self._done[level]
        self._done[level] += len(want)
        try:
            found = self._store.read_hashes(level, first, len(want))
        except OSError:
            found = b""
        if found != b"".join(want):
            place = f"hash-{level} tile {first // TILE}"
            self._problems.append(
                Problem(place, "树文件与条目不符（可重建）", "the tile is wrong (rebuildable)", "rebuildable")
            )


def _check_frames(store: ShardStore, problems: list[Problem], signed: int) -> None:
    levels = _LevelCheck(store, problems)
    index = _IndexCheck(store.index_path())
    try:
        for frame in store.frames():
            for number, (_, record) in enumerate(_records(frame, problems)):
                if record and damaged(record):
                    place = f"entry {frame.first + number}"
                    problems.append(Problem(place, "内容部分已损坏", "its private record is damaged"))
            hashes = bundle_hashes(frame.public)
            for number, (leaf, digest) in enumerate(zip(frame.leaves(), hashes, strict=True)):
                index.add(frame.first + number, leaf, digest)
            levels.add(hashes[: max(0, signed - frame.first)])
    except (BadFrameError, BadEntryError):
        return  # the audit has reported it
    levels.finish()
    problems += index.problems()


def _records(frame: Frame, problems: list[Problem]) -> list[tuple[int, bytes]]:
    try:
        return frame.records()
    except BadEntryError as error:
        problems.append(Problem(f"entry {frame.first}", error.zh, error.en))
        return []


class _IndexCheck:
    """Compares the index of looks with the entries as they stream by, up to the last entry it covers.

    Rows are compared by sums of Python hashes (keyed per process), so memory does not depend on their number.
    """

    def __init__(self, path: str) -> None:
        self._found: tuple[int, int, int] | None = None
        self._damaged = False
        self._looks = 0
        self._size = 0
        self._last: dict[bytes, tuple[int, int, bytes]] = {}
        if not Path(path).exists():
            return  # rebuilt at the next start
        try:
            database = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)
            try:
                self._found = _sums_of(database)
            finally:
                database.close()
        except sqlite3.DatabaseError:
            self._damaged = True

    def add(self, index: int, leaf: bytes, digest: bytes) -> None:
        """Check the next leaf and its hash."""
        self._size = index + 1
        if self._found is None or index >= self._found[0]:
            return
        if len(leaf) == LOOK_SIZE and leaf[0] == LOOK_VERSION and (tag := leaf[TAG_AT]) != NO_TAG:
            counter = int.from_bytes(leaf[COUNTER_AT], "big")
            day = (int.from_bytes(leaf[1:9], "big") + _CHINA_S) // _DAY_S
            self._looks += hash((day, tag, counter, index))
            self._last[tag] = (counter, index, digest)

    def problems(self) -> list[Problem]:
        """Return the problems found, after the last leaf."""
        if self._damaged:
            zh, en = "索引文件损坏（可重建）", "the index file is damaged (rebuildable)"
            return [Problem("index.sqlite", zh, en, "rebuildable")]
        last = sum(hash((tag, *row)) for tag, row in self._last.items())
        if self._found is None or (self._found[0] <= self._size and self._found[1:] == (self._looks, last)):
            return []
        zh, en = "索引与条目不符（可重建）", "the index is wrong (rebuildable)"
        return [Problem("index.sqlite", zh, en, "rebuildable")]


def _sums_of(database: sqlite3.Connection) -> tuple[int, int, int]:
    """Return the number of leaves the index covers, and checksums over its looks and each record's last look."""
    if database.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("integrity")
    database.execute("BEGIN")  # a consistent snapshot, because the ledger may be running
    row = database.execute("SELECT upto FROM state").fetchone()
    looks = sum(map(hash, database.execute("SELECT day, tag, counter, idx FROM look")))
    last = sum(map(hash, database.execute("SELECT tag, counter, idx, hash FROM last")))
    return row[0] if row else 0, looks, last


def repair(store: ShardStore) -> None:
    """Rebuild the tile levels from the entries, up to the signed size, and delete the index of looks.

    The service must be stopped (hold the storage's lock). Segments and lock database are never changed. Raises
    LedgerCorruptError if the entries do not match the signed root; this function cannot repair that.
    """
    head = store.head()
    size = head.size if head is not None else 0
    try:
        _compare_root(store, size, head)
    except BadFrameError as error:
        raise _not_here() from error
    levels = Levels(store)
    levels.load(0)
    for frame in store.frames():
        levels.append(bundle_hashes(frame.public)[: max(0, size - frame.first)])
        if frame.first + frame.count >= size:
            break
    store.sync_hashes()
    for ending in ("", "-wal", "-shm"):
        Path(store.index_path() + ending).unlink(missing_ok=True)


def _compare_root(store: ShardStore, size: int, head: Head | None) -> None:
    """Raise LedgerCorruptError, before anything is written, if the entries do not match the signed root."""
    hasher = Hasher()
    for frame in store.frames():
        hasher.add_hashes(bundle_hashes(frame.public)[: max(0, size - frame.first)])
        if frame.first + frame.count >= size:
            break
    if head is None or hasher.root() != (head.size, head.root):
        raise _not_here()


def _not_here() -> LedgerCorruptError:
    return LedgerCorruptError(
        zh="条目与已签名的检查点不符，无法就地修复；请保全整个目录，从镜像恢复",
        en="the entries do not give the signed root and cannot be repaired here; keep the folder and "
        "recover from a mirror",
    )
