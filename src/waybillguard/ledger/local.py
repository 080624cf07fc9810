"""Storage in local files: one folder per shard, one writer, one flush per group commit.

Layout of a shard: ``seg-<first index>.wgl`` (frames), ``hash-<level>`` (the tiles of one level, end to end),
``lock.sqlite`` (checkpoint, daily keys; synchronous=FULL), ``index.sqlite`` (looks by record; rebuildable).
"""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from waybillguard.keys.publishing import sync_folder
from waybillguard.ledger.errors import LedgerCorruptError, LedgerError
from waybillguard.ledger.lockdb import LockDatabase
from waybillguard.ledger.merkle import HASH
from waybillguard.ledger.mirror import Mirror, ShardMirror, behind_mirror_error
from waybillguard.ledger.segment import HEADER, BadFrameError, Frame, parse_header, read_frame
from waybillguard.ledger.storage import DayKeyRow, FaultPoint, Head, ShardStore, no_fault
from waybillguard.ledger.timestamps import Stamp

SEGMENT_BYTES = 64 << 20
_SPARSE = 64 << 10
_CHUNK = 4 << 20


class FileOps:
    """File operations whose failures the tests simulate."""

    def write(self, fd: int, data: bytes | memoryview) -> int:
        """Write at the end."""
        return os.write(fd, data)

    def flush(self, fd: int) -> None:
        """Flush data to the device."""
        os.fdatasync(fd)


class LocalStorage:
    """A folder of shards; a segment file that reaches ``segment_bytes`` is followed by a new one."""

    def __init__(
        self,
        folder: Path,
        *,
        segment_bytes: int = SEGMENT_BYTES,
        ops: FileOps | None = None,
        fault: FaultPoint = no_fault,
        mirror: Mirror | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.mirror = mirror
        self.segment_bytes = segment_bytes
        self.ops = ops or FileOps()
        self.fault = fault

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the write lock (flock, so that a killed process releases it)."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        fd = os.open(self.folder / "writer.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise LedgerError(
                    code="ledger_locked",
                    zh="台账正由另一个进程写入；请先停止它，不要同时运行两个服务",
                    en="another process writes this ledger; stop it first, never run two",
                ) from error
            self.check_mirror()
            yield
        finally:
            os.close(fd)

    def shards(self) -> list[str]:
        """Return the names of the shards, sorted."""
        if not self.folder.is_dir():
            return []
        return sorted(p.name for p in self.folder.iterdir() if _is_shard(p))

    def check_mirror(self) -> None:
        """Raise LedgerRolledBackError if the mirror holds a shard that is missing here."""
        missing = set(self.mirror.shards()) - set(self.shards()) if self.mirror is not None else set()
        if missing:
            raise behind_mirror_error(min(missing))

    def shard(self, name: str, *, create: bool = False, read_only: bool = False) -> ShardStore:
        """Open a shard's folder."""
        folder = self.folder / name
        if not (folder / "lock.sqlite").is_file():
            if not create:
                raise LedgerError(zh=f"没有名为 {name} 的分片", en=f"there is no shard named {name}")
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            sync_folder(self.folder)
        shard = LocalShard(folder, self.segment_bytes, self.ops, self.fault, read_only=read_only)
        if self.mirror is not None and not read_only:
            shard.mirror = self.mirror.shard(name)
        return shard


def _is_shard(folder: Path) -> bool:
    """Return whether a folder is a shard; if a full disk prevented its database, it is empty."""
    lock = folder / "lock.sqlite"
    return lock.is_file() and (lock.stat().st_size > 0 or any(folder.glob("seg-*.wgl")))


class LocalShard:
    """One shard's folder (the methods are documented in ShardStore)."""

    def __init__(
        self, folder: Path, segment_bytes: int, ops: FileOps, fault: FaultPoint, *, read_only: bool = False
    ) -> None:
        self.name = folder.name
        self.folder = folder
        self._limit = segment_bytes
        self._ops = ops
        self._fault = fault
        self._read_only = read_only
        self._lock = LockDatabase(folder / "lock.sqlite", read_only=read_only)
        if not read_only:
            try:
                sync_folder(folder)
            except OSError:
                self._lock.close()
                raise
        self._segments = sorted(int(p.name[4:-4]) for p in folder.glob("seg-*.wgl"))
        self._sparse: dict[int, list[tuple[int, int]]] = {}
        self._fd = -1
        self._size = 0
        self._levels: dict[int, int] = {}
        self.mirror: ShardMirror | None = None

    def segment_path(self, first: int) -> Path:
        """Return the file of the segment that begins with entry ``first``."""
        return self.folder / f"seg-{first:016d}.wgl"

    def append(self, frame: bytes, first: int) -> None:
        """Write a frame at the end and flush it."""
        if self._fd < 0 or self._size >= self._limit:
            self._open_tail(first)
        self._fault("before write")
        view = memoryview(frame)
        while view:
            view = view[self._ops.write(self._fd, view) :]
        self._fault("before flush")
        self._ops.flush(self._fd)
        self._fault("after flush")
        self._size += len(frame)
        if self.mirror is not None:
            self.mirror.append(self, frame, first)

    def join_mirror(self, size: int, root_of: Callable[[int], bytes]) -> None:
        """Compare with the mirror and bring it up to date."""
        if self.mirror is not None:
            self.mirror.join(self, size, root_of)

    def mirrored(self) -> int:
        """Return how many entries the mirror holds."""
        return self.mirror.size if self.mirror is not None else 0

    def _open_tail(self, first: int) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
        flags = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
        if self._segments:
            path = self.segment_path(self._segments[-1])
            size = path.stat().st_size
            if (size < self._limit and size > 0) or self._segments[-1] == first:
                self._fd, self._size = os.open(path, flags), size
                return
        self._fd = os.open(self.segment_path(first), flags | os.O_CREAT | os.O_EXCL, 0o600)
        sync_folder(self.folder)
        self._fault("new segment")
        self._segments.append(first)
        self._size = 0

    def frames(self, index: int = 0) -> Iterator[Frame]:
        """Yield frames from the one holding ``index``; entries must follow each other without a gap."""
        segments = list(self._segments)
        place = max((i for i, first in enumerate(segments) if first <= index), default=0)
        expected = -1
        for number in range(place, len(segments)):
            start = self._nearest(segments[number], index) if number == place else 0
            for frame in self._read_segment(segments[number], start, last=number == len(segments) - 1):
                # The first frame begins at or before the index, unless the segment that held it is missing.
                if expected != frame.first and (expected != -1 or frame.first > index):
                    raise _corrupt(self.segment_path(segments[number]).name, frame.offset)
                expected = frame.first + frame.count
                if expected > index:
                    yield frame

    def _nearest(self, segment: int, index: int) -> int:
        """Return the offset of a frame at or before ``index``, reading headers only."""
        known = self._sparse.setdefault(segment, [(segment, 0)])
        first, offset = known[-1]
        if index > first:
            fd = os.open(self.segment_path(segment), os.O_RDONLY)
            try:
                while True:
                    head = os.pread(fd, HEADER, offset)
                    try:
                        first, count, public, private = parse_header(head, offset)
                    except BadFrameError:
                        break
                    if offset - known[-1][1] >= _SPARSE:
                        known.append((first, offset))
                    if first + count > index:
                        break
                    offset += HEADER + public + private
            finally:
                os.close(fd)
        low, high = 0, len(known)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if known[middle][0] <= index else (low, middle)
        return known[low][1]

    def _read_segment(self, segment: int, start: int, *, last: bool) -> Iterator[Frame]:
        path = self.segment_path(segment)
        offset = start
        with path.open("rb") as file:
            file.seek(start)
            data = file.read(_CHUNK)
            at = 0
            while at < len(data):
                try:
                    frame = read_frame(data, at, offset + at)
                except BadFrameError as bad:
                    more = file.read(_CHUNK) if bad.short else b""
                    if more:
                        data, offset, at = data[at:] + more, offset + at, 0
                        continue
                    if last:
                        raise
                    raise _corrupt(path.name, bad.offset) from bad
                yield frame
                at = frame.end - offset
                if at == len(data):
                    offset += at
                    data, at = file.read(_CHUNK), 0

    def segments(self) -> list[int]:
        """Return the first entry of each segment."""
        return list(self._segments)

    def last_segment(self) -> int:
        """Return the first entry of the last segment (0: none)."""
        return self._segments[-1] if self._segments else 0

    def tail(self, offset: int) -> bytes:
        """Return the bytes of the last segment from ``offset`` on."""
        with self.segment_path(self._segments[-1]).open("rb") as file:
            file.seek(offset)
            return file.read()

    def cut(self, offset: int) -> bytes:
        """Truncate the last segment at ``offset``; the removed bytes are kept in ``torn-*``."""
        segment = self._segments[-1]
        path = self.segment_path(segment)
        with path.open("r+b") as file:
            file.seek(offset)
            tail = file.read()
            aside = self.folder / f"torn-{segment:016d}-{offset}"
            aside.write_bytes(tail)
            file.truncate(offset)
            file.flush()
            os.fsync(file.fileno())
        if offset == 0:
            path.unlink()
            self._segments.pop()
        self._sparse.pop(segment, None)
        sync_folder(self.folder)
        return tail

    def overwrite(self, places: Sequence[tuple[int, Sequence[tuple[int, int]]]]) -> None:
        """Overwrite parts of private records (index, ranges) with zeros, and flush each segment once."""
        by_segment: dict[int, list[tuple[int, int]]] = {}
        frame = None
        records: list[tuple[int, bytes]] = []
        for index, ranges in places:
            if frame is None or not frame.first <= index < frame.first + frame.count:
                frame = next(self.frames(index))
                records = frame.records()
            start, record = records[index - frame.first]
            if any(at + length > len(record) for at, length in ranges):
                raise LedgerError(zh="超出条目范围", en="the range lies outside the record")
            segment = max(first for first in self._segments if first <= frame.first)
            by_segment.setdefault(segment, []).extend((start + at, length) for at, length in ranges)
        for segment, zeros in by_segment.items():
            fd = os.open(self.segment_path(segment), os.O_WRONLY | os.O_CLOEXEC)
            try:
                for at, length in zeros:
                    os.pwrite(fd, bytes(length), at)
                self._ops.flush(fd)
            finally:
                os.close(fd)

    def _level_fd(self, level: int) -> int:
        fd = self._levels.get(level)
        if fd is None:
            flags = os.O_RDONLY if self._read_only else os.O_RDWR | os.O_CREAT
            fd = os.open(self.folder / f"hash-{level}", flags | os.O_CLOEXEC, 0o600)
            self._levels[level] = fd
        return fd

    def hash_count(self, level: int) -> int:
        """Return how many hashes a level holds."""
        return os.fstat(self._level_fd(level)).st_size // HASH

    def read_hashes(self, level: int, first: int, count: int) -> bytes:
        """Return up to ``count`` hashes."""
        return os.pread(self._level_fd(level), count * HASH, first * HASH)

    def write_hashes(self, level: int, first: int, data: bytes) -> None:
        """Write hashes at their position."""
        os.pwrite(self._level_fd(level), data, first * HASH)

    def truncate_hashes(self, level: int, count: int) -> None:
        """Truncate a level to ``count`` hashes."""
        os.ftruncate(self._level_fd(level), count * HASH)

    def sync_hashes(self) -> None:
        """Flush the level files."""
        for fd in list(self._levels.values()):
            os.fdatasync(fd)

    def head(self) -> Head | None:
        """Return the last signed checkpoint."""
        return self._lock.head()

    def swap_head(self, old_size: int, head: Head) -> bool:
        """Compare and swap the checkpoint, then publish it as a file."""
        self._fault("before checkpoint swap")
        done = self._lock.swap_head(old_size, head)
        self._fault("after checkpoint swap")
        if done:
            fresh = self.folder / "checkpoint.new"
            fresh.write_bytes(head.note)
            fresh.replace(self.folder / "checkpoint")
            if self.mirror is not None:
                self.mirror.checkpoint(head)
        return done

    def meta(self, key: str) -> bytes | None:
        """Return a small value."""
        return self._lock.meta(key)

    def put_meta(self, key: str, value: bytes) -> None:
        """Store a small value."""
        self._lock.put_meta(key, value)
        if self.mirror is not None:
            self.mirror.put_meta(key, value)

    def day_keys(self) -> list[DayKeyRow]:
        """Return the wrapped daily keys."""
        return self._lock.day_keys()

    def add_day_key(self, day: int, owner: bytes, regulator: bytes) -> int:
        """Store a pair of daily keys."""
        return self._lock.add_day_key(day, owner, regulator)

    def drop_day_keys(self, before_day: int) -> int:
        """Destroy old daily keys."""
        return self._lock.drop_day_keys(before_day)

    def stamps(self) -> list[Stamp]:
        """Return the timestamps."""
        return self._lock.stamps()

    def add_stamp(self, stamp: Stamp) -> None:
        """Store a timestamp."""
        self._lock.add_stamp(stamp)
        if self.mirror is not None:
            self.mirror.add_stamp(stamp)

    def index_path(self) -> str:
        """Return the file of the index of looks."""
        return str(self.folder / "index.sqlite")

    def close(self) -> None:
        """Close all files, even if closing one of them fails."""
        with ExitStack() as files:
            files.callback(self._lock.close)
            for fd in (*self._levels.values(), *([self._fd] if self._fd >= 0 else [])):
                files.callback(os.close, fd)
            self._levels.clear()
            self._fd = -1
            if self.mirror is not None:
                files.callback(self.mirror.close)


def _corrupt(name: str, offset: int) -> LedgerCorruptError:
    return LedgerCorruptError(
        zh=f"台账文件 {name} 在字节 {offset} 处已损坏；不要修改它，先备份整个目录，再从镜像恢复",
        en=f"ledger file {name} is damaged at byte {offset}; do not edit it: back up the folder, "
        "then recover from a mirror or open a successor shard",
    )
