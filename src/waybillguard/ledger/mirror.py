"""Mirrors of the ledger: a second copy that holds every entry before its receipt says ``mirrored``.

A mirror holds leaves, checkpoints and timestamps, but neither the bodies of entries nor their keys, so an erasure
needs no change there. It is written after the local flush, so it is never ahead of an honest ledger. A mirror that
holds more entries, or different ones, proves that the local ledger was rolled back or rewritten.
"""

import sqlite3
import time
from collections.abc import Callable
from errno import EIO
from typing import Final, Protocol

from waybillguard.ledger.errors import LedgerCorruptError, LedgerRolledBackError, MirrorAwayError
from waybillguard.ledger.levels import TreeReader
from waybillguard.ledger.segment import BadFrameError, Frame, encode_frame, is_torn_frame, public_only
from waybillguard.ledger.storage import Head, ShardStore
from waybillguard.ledger.timestamps import Stamp

RETRY_S: Final = 5.0
_AWAY: Final = (OSError, sqlite3.Error, LedgerCorruptError)
PUBLIC_META: Final = frozenset({"vkeys", "witnessed", "cosigned"})


class Mirror(Protocol):
    """A place that shards are mirrored to."""

    def shards(self) -> list[str]:
        """Return the names of the shards that the mirror holds; raises OSError while it is unavailable."""

    def shard(self, name: str) -> "ShardMirror":
        """Return the mirror of a shard."""


class ShardMirror:
    """The mirror of one shard, in a separate store.

    It holds ``size`` entries durably. While it is unavailable, entries are still logged locally, unless ``required``.
    Later it catches up from the local files.
    """

    def __init__(
        self,
        open_store: Callable[[], ShardStore],
        *,
        required: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open = open_store
        self._required = required
        self._clock = clock
        self._store: ShardStore | None = None
        self._reached = 0
        self._tried = -RETRY_S
        self.away: OSError | None = None

    @property
    def size(self) -> int:
        """The number of entries the mirror holds; 0 while it is unavailable."""
        return self._reached if self.away is None and self._store is not None else 0

    def append(self, local: ShardStore, frame: bytes, first: int) -> None:
        """Mirror a frame that is durable locally; missing frames are copied first.

        Raises:
            LedgerRolledBackError: the mirror is available again and holds more entries, or different ones.
            MirrorAwayError: the mirror is unavailable and required.
        """
        try:
            if self._store is None or self.away is not None or self._reached != first:
                self._catch_up(local, first)
                return
            self._store.append(public_only(frame), first)
            self._reached = first + int.from_bytes(frame[12:16], "big")
        except _AWAY as error:
            self._lost(error)

    def join(self, local: ShardStore, size: int, root_of: Callable[[int], bytes]) -> None:
        """Compare the mirror with a shard that was just opened locally, then copy the missing entries.

        Raises:
            LedgerRolledBackError: the mirror holds more entries, or different ones.
            MirrorAwayError: the mirror is unavailable and required.
        """
        try:
            self._compare(self._ready(), local, size, root_of)
            self._catch_up(local, size)
            self._publish(local)
        except _AWAY as error:
            self._lost(error)

    def checkpoint(self, head: Head) -> None:
        """Mirror a signed checkpoint without its wrapped seal key."""
        store = self._store
        if store is None or self.away is not None or head.size > self._reached:
            return
        try:
            known = store.head()
            store.swap_head(
                known.size if known else 0, Head(head.size, head.root, head.note, b"", head.time_us)
            )
        except _AWAY as error:
            self._lost(error)

    def put_meta(self, key: str, value: bytes) -> None:
        """Mirror a small value if it is public."""
        if key in PUBLIC_META and self._store is not None and self.away is None:
            try:
                self._store.put_meta(key, value)
            except _AWAY as error:
                self._lost(error)

    def add_stamp(self, stamp: Stamp) -> None:
        """Mirror a timestamp."""
        if self._store is not None and self.away is None:
            try:
                self._store.add_stamp(stamp)
            except _AWAY as error:
                self._lost(error)

    def close(self) -> None:
        """Close the files of the mirror."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def _ready(self) -> ShardStore:
        if self._store is None:
            self._store = self._open()
            self._reached = 0
            self._reached = _end(self._store)
        return self._store

    def _publish(self, local: ShardStore) -> None:
        """Mirror the last checkpoint and the public values."""
        if (head := local.head()) is not None:
            self.checkpoint(head)
        for key in PUBLIC_META:
            if (value := local.meta(key)) is not None:
                self.put_meta(key, value)

    def _compare(
        self, store: ShardStore, local: ShardStore, size: int, root_of: Callable[[int], bytes]
    ) -> None:
        """Compare the mirror's last checkpoint and frame with the local tree of ``size`` entries and its files.

        Earlier frames are not copied again.
        """
        head = store.head()
        if self._reached > size or (
            head is not None and (head.size > size or root_of(head.size) != head.root)
        ):
            raise behind_mirror_error(local.name)
        for frame in store.frames(self._reached - 1) if self._reached else ():
            if frame.leaves() != _leaves(local, frame.first, frame.count):
                raise behind_mirror_error(local.name)

    def _catch_up(self, local: ShardStore, size: int) -> None:
        """Copy the missing frames; while the mirror is unavailable, retry at most every five seconds.

        A mirror that is available again is first compared with the local tree of ``size`` entries, as at a start.
        """
        now = self._clock()
        if self.away is not None and now - self._tried < RETRY_S:
            if self._required:
                raise self.away
            return
        self._tried = now
        if self.away is not None:
            self.close()
        back = self._store is None
        store = self._ready()
        if back:
            self._compare(store, local, size, TreeReader(local.read_hashes, size).root)
        for frame in local.frames(self._reached):
            leaves = frame.leaves()[self._reached - frame.first if frame.first < self._reached else 0 :]
            store.append(encode_frame(self._reached, leaves), self._reached)
            self._reached += len(leaves)
        self.away = None
        if back:
            self._publish(local)

    def _lost(self, error: Exception) -> None:
        self.away = error if isinstance(error, OSError) else OSError(EIO, type(error).__name__)
        self._tried = self._clock()
        if self._required:
            raise mirror_away_error() from error


def _end(store: ShardStore) -> int:
    """Remove the torn tail of a mirror and return its number of entries; missing ones are copied again."""
    reached = store.last_segment()
    try:
        for frame in store.frames(reached):
            reached = frame.first + frame.count
    except BadFrameError as bad:
        if not is_torn_frame(store.tail(bad.offset), bad.offset, reached):
            raise OSError(EIO, "a damaged mirror") from bad
        store.cut(bad.offset)
    return reached


def _leaves(store: ShardStore, first: int, count: int) -> list[bytes]:
    found: list[bytes] = []
    frame: Frame
    for frame in store.frames(first):
        found += frame.leaves()[first + len(found) - frame.first :]
        if len(found) >= count:
            break
    return found[:count]


def mirror_away_error() -> MirrorAwayError:
    """Return the error for a required mirror that is unavailable."""
    return MirrorAwayError(
        zh="镜像不可用，而设置要求每条记录先写入镜像：任何明文都不会放行；请接回镜像磁盘",
        en="the mirror is away and the settings ask for it before every receipt: no plaintext is opened; "
        "bring the mirror's disk back",
    )


def behind_mirror_error(name: str) -> LedgerRolledBackError:
    """Return the error for a ledger that is shorter than its mirror or differs from it."""
    return LedgerRolledBackError(
        zh=f"分片 {name} 与镜像不符：本机条目更少或不同，可能恢复了旧备份；拒绝写入，请从镜像恢复",
        en=f"{name} differs from its mirror: this machine holds less or something else, so an old backup may have "
        "been restored; nothing is written: recover it from the mirror",
    )
