"""The tree of a shard as tile levels: appended as it grows, read for proofs.

Level 0 is the sequence of leaf hashes, level L the roots of the full tiles of level L - 1. A C2SP tile is 256
consecutive hashes of a level, so a level file is the concatenation of its tiles. Levels can be rebuilt from segments.
"""

import contextlib
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence

from waybillguard.ledger.errors import LedgerCorruptError
from waybillguard.ledger.merkle import HASH, full_root, level_up, range_root
from waybillguard.ledger.storage import ShardStore

TILE = 256
_TILE_BITS = 8
_KEEP = 256

_sha256 = hashlib.sha256


def tile_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root of a full tile."""
    return full_root(hashes)


class Levels:
    """Writer of the tile levels; ``size`` is the number of leaves they hold."""

    def __init__(self, store: ShardStore) -> None:
        self._store = store
        self.size = 0
        self._counts: list[int] = [0]
        self._partial: list[list[bytes]] = [[]]

    def load(self, size: int) -> bool:
        """Load the levels at ``size`` leaves and discard later hashes; return False if they are shorter."""
        counts, partial = [], []
        count, level = size, 0
        while count or level == 0:
            if self._store.hash_count(level) < count:
                return False
            self._store.truncate_hashes(level, count)
            width = count % TILE
            data = self._store.read_hashes(level, count - width, width)
            counts.append(count)
            partial.append([data[i : i + HASH] for i in range(0, len(data), HASH)])
            count >>= _TILE_BITS
            level += 1
        self._counts, self._partial, self.size = counts, partial, size
        return True

    def sound(self, limit: int = 1 << 20) -> bool:
        """Return whether full tiles hash to the level above, for the last ``limit`` leaves."""
        for level in range(len(self._counts) - 1):
            end = self._counts[level] // TILE
            for n in range(max(0, end - (limit >> (8 * level)) // TILE), end):
                data = self._store.read_hashes(level, n * TILE, TILE)
                tile = [data[i : i + HASH] for i in range(0, len(data), HASH)]
                if full_root(tile) != self._store.read_hashes(level + 1, n, 1):
                    return False
        return True

    def append(self, hashes: Sequence[bytes]) -> None:
        """Add leaf hashes."""
        self.size += len(hashes)
        level = 0
        while hashes:
            if level == len(self._counts):
                if self._store.hash_count(level):
                    self._store.truncate_hashes(level, 0)
                self._counts.append(0)
                self._partial.append([])
            self._store.write_hashes(level, self._counts[level], b"".join(hashes))
            self._counts[level] += len(hashes)
            partial = self._partial[level]
            partial.extend(hashes)
            if len(partial) < TILE:
                return
            whole = len(partial) - len(partial) % TILE
            hashes = roots_of_tiles(partial[:whole])
            del partial[:whole]
            level += 1

    def root(self) -> bytes:
        """Return the root of the tree, from the partial tiles in memory."""
        peaks: list[bytes] = []
        for partial in reversed(self._partial):
            at = 0
            width = len(partial)
            while width:
                step = 1 << (width.bit_length() - 1)
                peaks.append(full_root(partial[at : at + step]))
                at += step
                width -= step
        if not peaks:
            return _sha256(b"").digest()
        root = peaks.pop()
        while peaks:
            root = _sha256(b"\x01" + peaks.pop() + root).digest()
        return root


def roots_of_tiles(hashes: Sequence[bytes]) -> list[bytes]:
    """Return the roots of concatenated whole tiles (a multiple of 256 hashes)."""
    level: Sequence[bytes] = hashes
    for _ in range(_TILE_BITS):
        level = level_up(level)
    return list(level)


HashSource = Callable[[int, int, int], bytes]
"""``source(level, first, count)`` returns up to ``count`` hashes of a tile level, concatenated."""


class TreeReader:
    """Reads the tree of ``size`` leaves for proofs; full tiles are cached with their inner nodes."""

    def __init__(
        self, source: HashSource, size: int, cache: "OrderedDict[tuple[int, int], Tile] | None" = None
    ) -> None:
        self._source = source
        self.size = size
        self._tiles: OrderedDict[tuple[int, int], Tile] = OrderedDict() if cache is None else cache

    def node(self, height: int, n: int) -> bytes:
        """Return the hash of leaves ``[n << height, (n + 1) << height)``."""
        level, up = divmod(height, _TILE_BITS)
        first = n << up
        tile = self._tile(level, first // TILE)
        return tile.node(up, (first % TILE) >> up)

    def _tile(self, level: int, n: int) -> "Tile":
        key = (level, n)
        tile = self._tiles.get(key)
        want = min(TILE, (self.size >> (_TILE_BITS * level)) - n * TILE)
        if tile is None or tile.width < want:
            data = self._source(level, n * TILE, want)
            if len(data) != want * HASH or want <= 0:
                raise LedgerCorruptError(
                    zh="台账的树缺少一块；请运行 waybillguard ledger fsck",
                    en="a tile of the ledger's tree is missing; run: waybillguard ledger fsck",
                )
            tile = Tile(data)
            self._tiles[key] = tile
            if len(self._tiles) > _KEEP:
                with contextlib.suppress(KeyError):
                    self._tiles.popitem(last=False)
        return tile

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the tree, or of an earlier size."""
        return range_root(self.node, 0, self.size if size is None else size)


class Tile:
    """One tile; each inner node is hashed once, on demand."""

    def __init__(self, data: bytes) -> None:
        self._levels: list[list[bytes]] = [[data[i : i + HASH] for i in range(0, len(data), HASH)]]
        self.width = len(self._levels[0])

    def node(self, up: int, n: int) -> bytes:
        """Return the hash of hashes ``[n << up, (n + 1) << up)`` of the tile."""
        while len(self._levels) <= up:
            self._levels.append(level_up(self._levels[-1]))
        return self._levels[up][n]
