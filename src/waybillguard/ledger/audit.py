"""Audit of a shard: recompute its tree from the raw entries.

``audit`` hashes every entry and compares the root with the signed checkpoint; with ``deep`` it also checks
time, every record's chain and every day's index, and with the first seal key every forward-secure seal.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence

import msgspec
from cryptography import x509

from waybillguard.ledger.audit_parts import Opener, gap_error, read_parts
from waybillguard.ledger.dayindex import index_root
from waybillguard.ledger.entry import DAY_SIZE, LOOK_SIZE, NO_HASH, NO_TAG, DayLeaf, Leaf, decode_leaf
from waybillguard.ledger.errors import BadEntryError, BadNoteError, BadProofError, LedgerCorruptError
from waybillguard.ledger.ledgerkeys import Ratchet
from waybillguard.ledger.levels import TILE, roots_of_tiles
from waybillguard.ledger.merkle import EMPTY_ROOT, full_root, leaf_hash
from waybillguard.ledger.note import Checkpoint, Note, Verifier, parse_checkpoint, parse_note, verified
from waybillguard.ledger.policy import Policy
from waybillguard.ledger.segment import BadFrameError, bundle_hashes
from waybillguard.ledger.storage import ShardStore
from waybillguard.ledger.timestamps import Stamp, claimed_time, proved_time
from waybillguard.ledger.view import tile_path

_CHUNK = 4096


class Problem(msgspec.Struct, frozen=True):
    """One defect found by an audit: its place and its description in Chinese and English.

    ``kind`` is damaged, interrupted (an incomplete write, removed at the next start) or rebuildable
    (`fsck.repair` rebuilds it from the entries).
    """

    place: str
    zh: str
    en: str
    kind: str = "damaged"


class Audit(msgspec.Struct, frozen=True):
    """The result of an audit: the recomputed tree, how many entries are signed, and all problems."""

    origin: str
    entries: int
    signed: int
    root: bytes
    problems: list[Problem]
    stamped: list["Stamped"] = []

    @property
    def good(self) -> bool:
        """Whether the audit found no problem."""
        return not self.problems


class Stamped(msgspec.Struct, frozen=True):
    """A timestamped checkpoint that matches the entries: tree size, time (ISO 8601), whether its signer is trusted."""

    size: int
    time: str
    trusted: bool


class Hasher:
    """Computes the tree root over a stream of leaves in little memory (a few MB for ten million leaves)."""

    def __init__(self) -> None:
        self.size = 0
        self._pending: list[bytes] = []
        self._tiles: list[bytes] = []

    def add(self, leaves: Iterable[bytes]) -> None:
        """Add leaves."""
        sha256 = hashlib.sha256
        self._pending += [sha256(b"\x00" + leaf).digest() for leaf in leaves]
        if len(self._pending) >= _CHUNK:
            self._fold()

    def add_hashes(self, hashes: Iterable[bytes]) -> None:
        """Add leaf hashes."""
        self._pending += hashes
        if len(self._pending) >= _CHUNK:
            self._fold()

    def add_tiles(self, roots: Sequence[bytes]) -> None:
        """Add roots of whole tiles; the leaves added before must fill whole tiles."""
        self._fold()
        if self._pending:
            raise ValueError(len(self._pending))
        self._tiles += roots
        self.size += len(roots) * TILE

    def _fold(self) -> None:
        whole = len(self._pending) - len(self._pending) % TILE
        self._tiles += roots_of_tiles(self._pending[:whole])
        del self._pending[:whole]
        self.size += whole

    def root(self) -> tuple[int, bytes]:
        """Return the number of leaves added so far and their root."""
        self._fold()
        peaks: list[bytes] = []
        for hashes in (self._tiles, self._pending):
            at, width = 0, len(hashes)
            while width:
                step = 1 << (width.bit_length() - 1)
                peaks.append(full_root(hashes[at : at + step]))
                at, width = at + step, width - step
        if not peaks:
            return 0, hashlib.sha256(b"").digest()
        root = peaks.pop()
        while peaks:
            root = hashlib.sha256(b"\x01" + peaks.pop() + root).digest()
        return self.size + len(self._pending), root


class DeepCheck:
    """Checks chains, time, day indexes and seals of a stream of leaves; memory grows with the number of records."""

    def __init__(self, utc_offset_s: int, seal_key: bytes | None = None) -> None:
        self.problems: list[Problem] = []
        self._offset = utc_offset_s
        self._ratchet = Ratchet(seal_key) if seal_key is not None else None
        self._last: dict[bytes, tuple[int, bytes]] = {}
        self._day: dict[bytes, tuple[int, int]] = {}
        self._day_first = 0
        self._time = 0

    def add(self, index: int, data: bytes) -> None:
        """Check the next leaf."""
        if self._ratchet is not None:
            seal = hmac.digest(self._ratchet.key, data[:-16], "sha256")[:16]
            self._ratchet.skip()
            if len(data) in {LOOK_SIZE, DAY_SIZE} and not hmac.compare_digest(seal, data[-16:]):
                self._bad(index, "封印不符", "its seal is wrong")
        try:
            leaf = decode_leaf(data)
        except BadEntryError:
            return
        if leaf.time_s < self._time:
            self._bad(index, "时间倒退", "its time runs backwards")
        self._time = leaf.time_s
        if isinstance(leaf, DayLeaf):
            self._close(index, leaf)
        elif leaf.tag != NO_TAG:
            self._look(index, leaf, data)

    def _look(self, index: int, leaf: Leaf, data: bytes) -> None:
        counter, previous = self._last.get(leaf.tag, (0, NO_HASH))
        if leaf.counter != counter + 1 or leaf.previous != previous:
            self._bad(index, "记录链断开", "it does not continue its record's chain")
        self._last[leaf.tag] = (leaf.counter, leaf_hash(data))
        looks, _ = self._day.get(leaf.tag, (0, 0))
        self._day[leaf.tag] = (looks + 1, leaf.counter)

    def _close(self, index: int, leaf: DayLeaf) -> None:
        rows = [(tag, *self._day[tag]) for tag in sorted(self._day)]
        if (leaf.first, leaf.end, leaf.records) != (self._day_first, index, len(rows)):
            self._bad(index, "当日索引的范围不符", "the day's index has the wrong range")
        elif leaf.root != index_root(rows):
            self._bad(index, "当日索引的根不符", "the root of the day's index is wrong")
        self._day, self._day_first = {}, index

    def _bad(self, index: int, zh: str, en: str) -> None:
        self.problems.append(Problem(f"entry {index}", zh, en))


def audit(
    store: ShardStore,
    verifiers: list[Verifier] | None = None,
    *,
    deep: bool = False,
    utc_offset_s: int = 8 * 3600,
    seal_key: bytes | None = None,
    progress: Callable[[int], None] | None = None,
    roots: Sequence[x509.Certificate] = (),
    opener: Opener | None = None,
    workers: int = 1,
) -> Audit:
    """Recompute a shard and compare it with its checkpoint.

    ``verifiers`` are the log's keys (None: signatures are not checked). Entries after the checkpoint are
    counted but not checked. Every timestamp must belong to a checkpoint that matches the entries. ``roots`` are the
    root certificates of trusted authorities (none: times are reported as claimed). With ``opener``, ``workers``
    processes read a shard of several segments in parallel (not with ``deep``, which follows each record).
    """
    problems: list[Problem] = []
    checkpoint = _checkpoint(store, verifiers, problems)
    hasher = Hasher()
    check = DeepCheck(utc_offset_s, seal_key) if deep or seal_key is not None else None
    stamps = store.stamps()
    sizes = {0} if checkpoint is None else {checkpoint.size}
    marks = sorted(sizes.union(stamp.size for stamp in stamps) - {0})
    found: dict[int, bytes] = {0: EMPTY_ROOT}
    if opener is not None and workers > 1 and check is None and len(store.segments()) > 1:
        _audit_parts(opener, store.segments(), workers, marks, hasher, found, problems, progress)
    else:
        _audit_frames(store, marks, hasher, found, check, problems, progress)
    size, root = hasher.root()
    if checkpoint is not None:
        signed_root = found.get(checkpoint.size)
        if signed_root is None:
            problems.append(
                Problem("checkpoint", f"已签名 {checkpoint.size} 条，只有 {size} 条", "entries are missing")
            )
        elif signed_root != checkpoint.root:
            problems.append(
                Problem("checkpoint", "条目与签名的根不符", "the entries do not give the signed root")
            )
    if check is not None:
        problems += check.problems
    origin = checkpoint.origin if checkpoint else store.name
    stamped = [done for stamp in stamps if (done := _stamped(stamp, origin, found, roots, problems))]
    return Audit(origin, size, checkpoint.size if checkpoint else 0, root, problems, stamped)


def _audit_frames(
    store: ShardStore,
    marks: list[int],
    hasher: Hasher,
    found: dict[int, bytes],
    check: DeepCheck | None,
    problems: list[Problem],
    progress: Callable[[int], None] | None,
) -> None:
    """Hash all frames in this process; fills ``found`` with the root at each of the tree sizes ``marks``."""
    count = 0
    try:
        for frame in store.frames():
            hashes = bundle_hashes(frame.public)
            if check is not None:
                for number, leaf in enumerate(frame.leaves()):
                    check.add(count + number, leaf)
            count = _add(hasher, hashes, count, marks, found)
            if progress is not None:
                progress(count)
    except BadFrameError as bad:
        problems.append(_bad_frame(bad.offset, short=bad.short))


def _bad_frame(offset: int, *, short: bool) -> Problem:
    """Describe an invalid frame: its write was interrupted, or its bytes have changed."""
    if short:
        return Problem(
            f"byte {offset}",
            "最后一次写入未完成，下次启动时自动清除；已确认的条目不受影响",
            "the last write was interrupted; the next start removes it, no acknowledged entry is missing",
            kind="interrupted",
        )
    return Problem(
        f"byte {offset}",
        "此处的字节已改变（介质损坏或被改动）；不要截断，先备份整个目录，再从镜像恢复",
        "bytes have changed here (a failing disk, or somebody's hand); cut nothing: back up the folder, then recover "
        "from a mirror",
    )


def _audit_parts(
    opener: Opener,
    starts: list[int],
    workers: int,
    marks: list[int],
    hasher: Hasher,
    found: dict[int, bytes],
    problems: list[Problem],
    progress: Callable[[int], None] | None,
) -> None:
    """Hash all frames in several processes, with the same result as `_audit_frames`."""
    count = 0
    for part in read_parts(opener, starts, marks, workers):
        if part.damaged[0]:
            raise LedgerCorruptError(zh=part.damaged[0], en=part.damaged[1])
        if part.first != count:
            raise gap_error()
        for run in part.runs:
            if run.tiles:
                hasher.add_tiles(run.hashes)
                count += len(run.hashes) * TILE
            else:
                count = _add(hasher, run.hashes, count, marks, found)
            if marks and marks[0] == count:
                found[marks.pop(0)] = hasher.root()[1]
        if part.torn >= 0:
            problems.append(_bad_frame(part.torn, short=part.short))
        if progress is not None:
            progress(count)


def _add(hasher: Hasher, hashes: list[bytes], count: int, marks: list[int], found: dict[int, bytes]) -> int:
    """Add leaf hashes, store the root at each of the sizes ``marks`` they reach, and return the new size."""
    at = 0
    while marks and marks[0] <= count + len(hashes):
        cut = marks.pop(0) - count
        hasher.add_hashes(hashes[at:cut])
        found[count + cut] = hasher.root()[1]
        at = cut
    hasher.add_hashes(hashes[at:] if at else hashes)
    return count + len(hashes)


def _stamped(
    stamp: Stamp,
    origin: str,
    found: dict[int, bytes],
    roots: Sequence[x509.Certificate],
    problems: list[Problem],
) -> Stamped | None:
    place = f"timestamp of day {stamp.day}"
    try:
        pinned = parse_checkpoint(parse_note(stamp.note).text)
        when = (
            proved_time(stamp.note, stamp.response, roots)
            if roots
            else claimed_time(stamp.note, stamp.response)
        )
    except (BadNoteError, BadProofError) as error:
        problems.append(Problem(place, error.zh, error.en))
        return None
    if pinned.origin != origin or found.get(pinned.size) != pinned.root:
        problems.append(
            Problem(place, "条目与盖过时间戳的根不符", "the entries do not give the timestamped root")
        )
        return None
    return Stamped(pinned.size, when.isoformat(), trusted=bool(roots))


def audit_static(read: Callable[[str], bytes], policy: Policy) -> Audit:
    """Recompute a log from its published static files (C2SP tlog-tiles) alone.

    ``read`` returns the file at a path such as ``tile/entries/000`` and raises OSError or KeyError if it is
    missing. Every bundle is hashed and every hash tile compared. Raises BadNoteError if the policy does not
    accept the checkpoint.
    """
    checkpoint = policy.judge(read("checkpoint")).checkpoint
    problems: list[Problem] = []
    hasher = Hasher()
    level: list[bytes] = []
    for n in range((checkpoint.size + TILE - 1) // TILE):
        path = tile_path("entries", n, min(TILE, checkpoint.size - n * TILE))
        try:
            hashes = bundle_hashes(read(path))
        except (OSError, KeyError, BadEntryError):
            hashes = []
            problems.append(Problem(path, "缺失或损坏", "missing or damaged"))
        hasher.add_hashes(hashes)
        level += hashes
    size, root = hasher.root()
    if (size, root) != (checkpoint.size, checkpoint.root):
        problems.append(
            Problem("checkpoint", "条目与签名的根不符", "the entries do not give the signed root")
        )
    height = 0
    while level:
        for n in range((len(level) + TILE - 1) // TILE):
            want = level[n * TILE : (n + 1) * TILE]
            path = tile_path(height, n, len(want))
            try:
                good = read(path) == b"".join(want)
            except (OSError, KeyError):
                good = False
            if not good:
                problems.append(Problem(path, "缺失或不符", "missing or wrong"))
        level = roots_of_tiles(level[: len(level) - len(level) % TILE])
        height += 1
    return Audit(checkpoint.origin, size, checkpoint.size, root, problems)


def _checkpoint(
    store: ShardStore, verifiers: list[Verifier] | None, problems: list[Problem]
) -> Checkpoint | None:
    head = store.head()
    if head is None:
        problems.append(Problem("lock.sqlite", "没有检查点", "there is no checkpoint"))
        return None
    note: Note = parse_note(head.note)
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin.rpartition("/")[2] != store.name:
        problems.append(
            Problem(
                "checkpoint",
                f"检查点属于另一分片 {checkpoint.origin}",
                f"it is of another shard, {checkpoint.origin}",
            )
        )
    if verifiers is not None:
        known = [v for v in verifiers if v.name == checkpoint.origin]
        if not verified(note, known):
            problems.append(Problem("checkpoint", "没有已知密钥的签名", "no known key signed it"))
    if (checkpoint.size, checkpoint.root) != (head.size, head.root):
        problems.append(
            Problem("lock.sqlite", "检查点与签名文本不符", "the row differs from the signed note")
        )
    return checkpoint
