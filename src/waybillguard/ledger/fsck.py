"""Checking every file of a shard against every other."""

import sqlite3
from pathlib import Path

from waybillguard.ledger.audit import Audit, Problem, audit
from waybillguard.ledger.body import damaged
from waybillguard.ledger.entry import LOOK_SIZE, LOOK_VERSION, NO_TAG
from waybillguard.ledger.errors import BadEntryError, LedgerCorruptError, LedgerError
from waybillguard.ledger.levels import TILE, roots_of_tiles
from waybillguard.ledger.merkle import HASH, leaf_hash, root_of
from waybillguard.ledger.note import Verifier
from waybillguard.ledger.segment import BadFrameError, Frame
from waybillguard.ledger.storage import ShardStore

_TAG = slice(44, 60)
_COUNTER = slice(60, 64)


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
            Problem("checkpoint", "公布的检查点文件与数据库不同", "the published file differs from the lock")
        )
    hashes = _check_frames(store, problems)
    signed = result.signed
    _check_levels(store, hashes[:signed], problems)
    return Audit(result.origin, result.entries, signed, result.root, problems)


def _check_frames(store: ShardStore, problems: list[Problem]) -> list[bytes]:
    hashes: list[bytes] = []
    last: dict[bytes, int] = {}
    try:
        for frame in store.frames():
            for number, (_, record) in enumerate(_records(frame, problems)):
                if record and damaged(record):
                    place = f"entry {frame.first + number}"
                    problems.append(Problem(place, "内容部分已损坏", "its private record is damaged"))
            for leaf in frame.leaves():
                hashes.append(leaf_hash(leaf))
                if len(leaf) == LOOK_SIZE and leaf[0] == LOOK_VERSION and leaf[_TAG] != NO_TAG:
                    last[leaf[_TAG]] = int.from_bytes(leaf[_COUNTER], "big")
    except (BadFrameError, BadEntryError):
        return hashes
    _check_index(store.index_path(), last, problems)
    return hashes


def _records(frame: Frame, problems: list[Problem]) -> list[tuple[int, bytes]]:
    try:
        return frame.records()
    except BadEntryError as error:
        problems.append(Problem(f"entry {frame.first}", error.zh, error.en))
        return []


def _check_levels(store: ShardStore, hashes: list[bytes], problems: list[Problem]) -> None:
    level = 0
    while hashes:
        for at in range(0, len(hashes), TILE):
            want = hashes[at : at + TILE]
            try:
                found = store.read_hashes(level, at, len(want))
            except OSError:
                found = b""
            if found != b"".join(want):
                problems.append(
                    Problem(
                        f"hash-{level} tile {at // TILE}", "树文件与条目不符（可重建）", "the tile is wrong"
                    )
                )
        hashes = roots_of_tiles(hashes[: len(hashes) - len(hashes) % TILE])
        level += 1


def _check_index(path: str, last: dict[bytes, int], problems: list[Problem]) -> None:
    if not Path(path).exists():
        return  # built again at the next start
    try:
        database = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)
        try:
            if database.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("integrity")
            for tag, counter in database.execute("SELECT tag, counter FROM last"):
                if last.get(tag, 0) < counter:
                    problems.append(Problem("index.sqlite", "索引与条目不符（可重建）", "the index is wrong"))
                    break
        finally:
            database.close()
    except sqlite3.DatabaseError:
        problems.append(
            Problem("index.sqlite", "索引文件损坏（可重建）", "the index file is damaged (rebuildable)")
        )


def repair(store: ShardStore) -> None:
    """Write the tile levels again from the entries, up to the signed size, and drop the index of looks.

    The service must be stopped (hold the storage's lock). Segments and lock are never touched. Raises
    LedgerCorruptError if the entries do not give the signed root: then nothing here can repair them.
    """
    head = store.head()
    size = head.size if head is not None else 0
    hashes: list[bytes] = []
    for frame in store.frames():
        hashes += [leaf_hash(leaf) for leaf in frame.leaves()[: max(0, size - frame.first)]]
        if frame.first + frame.count >= size:
            break
    if head is None or len(hashes) < size or root_of(hashes) != head.root:
        raise LedgerCorruptError(
            zh="条目与已签名的检查点不符，无法就地修复；请保全整个目录，从镜像恢复",
            en="the entries do not give the signed root and cannot be repaired here; keep the folder and "
            "recover from a mirror",
        )
    level = 0
    while hashes:
        store.truncate_hashes(level, 0)
        store.write_hashes(level, 0, b"".join(hashes))
        hashes = roots_of_tiles(hashes[: len(hashes) - len(hashes) % TILE])
        level += 1
    store.sync_hashes()
    for ending in ("", "-wal", "-shm"):
        Path(store.index_path() + ending).unlink(missing_ok=True)
