"""Read-only view of a shard: proofs, tiles and bundles as of a signed checkpoint."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterator

from waybillguard.ledger.entry import decode_leaf
from waybillguard.ledger.errors import BadEntryError, BadNoteError, BadProofError, LedgerCorruptError
from waybillguard.ledger.levels import TILE, Tile, TreeReader
from waybillguard.ledger.merkle import inclusion_proof, leaf_hash, verify_inclusion
from waybillguard.ledger.note import Checkpoint, Note, parse_checkpoint, parse_note
from waybillguard.ledger.policy import Policy
from waybillguard.ledger.proof import Disclosure, TlogProof
from waybillguard.ledger.segment import BadFrameError, Frame, bundle
from waybillguard.ledger.storage import ShardStore


class ShardView:
    """A shard as of one signed checkpoint.

    The checkpoint is ``note`` if given, with ``witnessed`` the last one that met the quorum, else the log's last one.
    """

    def __init__(self, store: ShardStore, *, witnessed: bool = False, note: bytes | None = None) -> None:
        head = store.head()
        if note is None and witnessed:
            note = store.meta("witnessed")
        if note is None and head is not None:
            note = best_note(head.note, store.meta)
        if note is None:
            raise LedgerCorruptError(
                zh="该分片还没有检查点", en="this shard has no checkpoint yet; start the service once"
            )
        self.store = store
        self.note = note
        self.checkpoint: Checkpoint = parse_checkpoint(parse_note(note).text)
        self.size = self.checkpoint.size
        self._tiles: OrderedDict[tuple[int, int], Tile] = OrderedDict()

    @property
    def origin(self) -> str:
        """The shard's origin line."""
        return self.checkpoint.origin

    def tree(self, size: int | None = None) -> TreeReader:
        """Return a reader of the tree (all readers share one cache of tiles)."""
        return TreeReader(self.store.read_hashes, self.size if size is None else size, self._tiles)

    def frame(self, index: int) -> Frame:
        """Return the frame of an entry; raises BadProofError if the checkpoint does not cover it."""
        if not 0 <= index < self.size:
            raise BadProofError(
                zh=f"检查点只覆盖 {self.size} 条，没有第 {index} 条",
                en=f"the checkpoint covers {self.size} entries; there is no entry {index}",
            )
        try:
            return next(self.store.frames(index))
        except (BadFrameError, StopIteration) as error:
            raise _damaged() from error

    def leaf(self, index: int) -> bytes:
        """Return the bytes of a leaf."""
        frame = self.frame(index)
        return frame.leaves()[index - frame.first]

    def record(self, index: int) -> bytes:
        """Return the private record of a leaf (empty: it has none)."""
        frame = self.frame(index)
        records = frame.records()
        return records[index - frame.first][1] if records else b""

    def path(self, index: int) -> list[bytes]:
        """Return the audit path of an entry after verifying it; raises LedgerCorruptError."""
        path = inclusion_proof(self.tree().node, index, self.size)
        try:
            root = self.checkpoint.root
            verify_inclusion(leaf_hash(self.leaf(index)), index, self.size, path, root)
        except BadProofError as error:
            raise LedgerCorruptError(
                zh="台账的树文件已损坏，可从条目重建；请运行 waybillguard ledger fsck --repair",
                en="the ledger's tree files are damaged and can be rebuilt: "
                "waybillguard ledger fsck --repair",
            ) from error
        return path

    def prove(self, index: int, disclosed: tuple[bytes, bytes] | None = None) -> bytes:
        """Return a ``.tlog-proof`` file for an entry; ``disclosed`` adds its body and the body's key."""
        body, key = disclosed or (b"", b"")
        extra = Disclosure(self.leaf(index), body, key).encode()
        return TlogProof(index, tuple(self.path(index)), self.note, extra).encode()

    def entries(self, first: int, end: int) -> Iterator[bytes]:
        """Yield the leaves ``[first, end)``."""
        for frame in self._frames(first, end):
            for number, leaf in enumerate(frame.leaves()):
                if first <= frame.first + number < end:
                    yield leaf

    def records(self, first: int) -> Iterator[tuple[bytes, bytes]]:
        """Yield the leaves from ``first`` on, each with its private record (empty: it has none, or it is damaged)."""
        for frame in self._frames(first, self.size):
            try:
                records = frame.records()
            except BadEntryError:
                records = []
            for number, leaf in enumerate(frame.leaves()):
                if first <= frame.first + number < self.size:
                    yield leaf, records[number][1] if records else b""

    def _frames(self, first: int, end: int) -> Iterator[Frame]:
        """Yield all frames that hold the entries ``[first, end)``; raises as `frame` does."""
        if first >= end:
            return
        self.frame(end - 1)
        try:
            for frame in self.store.frames(first):
                yield frame
                if frame.first + frame.count >= end:
                    return
        except BadFrameError as error:
            raise _damaged() from error

    def first_since(self, moment_s: int) -> int:
        """Return the first entry at or after a time (POSIX seconds), by binary search; `size` if there is none."""
        return bisect_left(range(self.size), moment_s, key=lambda index: decode_leaf(self.leaf(index)).time_s)

    def tile(self, level: int, n: int) -> bytes:
        """Return a hash tile as served at ``tile/<level>/<n>`` (partial at the right edge, empty: none)."""
        width = min(TILE, (self.size >> (8 * level)) - n * TILE)
        return self.store.read_hashes(level, n * TILE, width) if width > 0 else b""

    def bundle(self, n: int) -> bytes:
        """Return an entry bundle as served at ``tile/entries/<n>``."""
        return bundle(list(self.entries(n * TILE, min(self.size, (n + 1) * TILE))))


def best_note(head: bytes, meta: Callable[[str], bytes | None]) -> bytes:
    """Return the last checkpoint with its stored cosignatures, if there are any."""
    kept = meta("cosigned")
    if kept is None:
        return head
    known, fresh = parse_note(kept), parse_note(head)
    same = known.text == fresh.text
    return Note(fresh.text, fresh.signatures).add(known.signatures).encode() if same else head


def witnessed_note(store: ShardStore, policy: Policy) -> bytes | None:
    """Return the latest stored checkpoint that a policy accepts; None if its quorum never cosigned one."""
    head = store.head()
    notes = [] if head is None else [best_note(head.note, store.meta)]
    notes += [note for note in (store.meta("witnessed"),) if note is not None]
    return next((note for note in notes if accepted(note, policy)), None)


def accepted(note: bytes, policy: Policy) -> bool:
    """Return whether a policy accepts a checkpoint."""
    try:
        policy.judge(note)
    except BadNoteError:
        return False
    return True


def tile_path(level: int | str, n: int, width: int = TILE) -> str:
    """Return the C2SP path of a tile; ``level`` may be ``entries``.

    >>> tile_path(0, 1234067)
    'tile/0/x001/x234/067'
    >>> tile_path("entries", 5, 7)
    'tile/entries/005.p/7'
    """
    parts = [f"{n % 1000:03d}"]
    while n >= 1000:  # noqa: PLR2004
        n //= 1000
        parts.insert(0, f"x{n % 1000:03d}")
    partial = f".p/{width}" if width < TILE else ""
    return f"tile/{level}/{'/'.join(parts)}{partial}"


def static_files(view: ShardView) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Yield (path, content) of all C2SP tlog-tiles files of a view, the checkpoint last."""
    level, count = 0, view.size
    while count:
        for n in range((count + TILE - 1) // TILE):
            width = min(TILE, count - n * TILE)
            yield tile_path(level, n, width), _later(view.tile, level, n)
        level, count = level + 1, count >> 8
    for n in range((view.size + TILE - 1) // TILE):
        width = min(TILE, view.size - n * TILE)
        yield tile_path("entries", n, width), _later(view.bundle, n)
    yield "checkpoint", lambda: view.note


def _later(function: Callable[..., bytes], *arguments: int) -> Callable[[], bytes]:
    return lambda: function(*arguments)


def _damaged() -> LedgerCorruptError:
    return LedgerCorruptError(
        zh="条目所在的文件已损坏；请运行 waybillguard ledger fsck",
        en="the file of this entry is damaged; run: waybillguard ledger fsck",
    )
