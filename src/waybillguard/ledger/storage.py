"""Protocols for the ledger's storage; this package implements them with local files.

Every method may raise OSError. After one from ``append`` the ledger stops and never retries, because the kernel
may have discarded a page that failed to flush.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import msgspec

from waybillguard.ledger.segment import Frame
from waybillguard.ledger.timestamps import Stamp


class Head(msgspec.Struct, frozen=True):
    """The last checkpoint a shard signed, as stored in the lock database.

    ``note`` is the signed note with all cosignatures so far. ``seal_key`` is the wrapped forward-secure key for
    entry ``size``. ``time_us`` is the signing time.
    """

    size: int
    root: bytes
    note: bytes
    seal_key: bytes
    time_us: int


class DayKeyRow(msgspec.Struct, frozen=True):
    """One wrapped pair of daily keys: ``owner`` under the owner's key, ``regulator`` under the regulator's or empty."""

    number: int
    day: int
    owner: bytes
    regulator: bytes


class ShardStore(Protocol):
    """One shard: segment log, tree hashes, and the small lock database."""

    name: str

    def append(self, frame: bytes, first: int) -> None:
        """Write a frame to stable storage; durable on return."""

    def join_mirror(self, size: int, root_of: Callable[[int], bytes]) -> None:
        """Compare with the mirror, if there is one, and bring it up to ``size``; raises LedgerRolledBackError."""

    def mirrored(self) -> int:
        """Return how many entries the mirror holds durably (0: no mirror, or it is unavailable)."""

    def frames(self, index: int = 0) -> Iterator[Frame]:
        """Yield frames from the one that holds ``index``; raises BadFrameError or LedgerCorruptError."""

    def segments(self) -> list[int]:
        """Return the first entry of each segment, in order."""

    def last_segment(self) -> int:
        """Return the first entry of the last segment (0: none)."""

    def tail(self, offset: int) -> bytes:
        """Return the bytes of the last segment from ``offset`` on."""

    def cut(self, offset: int) -> bytes:
        """Truncate the last segment at ``offset`` and return the removed bytes, which are also kept in a file."""

    def overwrite(self, places: Sequence[tuple[int, Sequence[tuple[int, int]]]]) -> None:
        """Overwrite parts (start, length) of private records, given by index, with zeros; durable on return."""

    def hash_count(self, level: int) -> int:
        """Return how many tree hashes a tile level holds."""

    def read_hashes(self, level: int, first: int, count: int) -> bytes:
        """Return up to ``count`` hashes of a level, 32 bytes each."""

    def write_hashes(self, level: int, first: int, data: bytes) -> None:
        """Write hashes at their position; need not be durable."""

    def truncate_hashes(self, level: int, count: int) -> None:
        """Truncate a level to ``count`` hashes."""

    def sync_hashes(self) -> None:
        """Make the tree hashes durable."""

    def head(self) -> Head | None:
        """Return the last checkpoint in the lock database."""

    def swap_head(self, old_size: int, head: Head) -> bool:
        """Replace the checkpoint if the stored one still has size ``old_size`` (0: none); durable on return."""

    def meta(self, key: str) -> bytes | None:
        """Return a small value."""

    def put_meta(self, key: str, value: bytes) -> None:
        """Store a small value durably."""

    def day_keys(self) -> list[DayKeyRow]:
        """Return the wrapped daily keys."""

    def add_day_key(self, day: int, owner: bytes, regulator: bytes) -> int:
        """Store a pair of daily keys durably and return its number."""

    def drop_day_keys(self, before_day: int) -> int:
        """Destroy the daily keys of days before ``before_day`` and return how many."""

    def stamps(self) -> list[Stamp]:
        """Return the timestamps of the shard's checkpoints, oldest first."""

    def add_stamp(self, stamp: Stamp) -> None:
        """Store a timestamp durably; one per day."""

    def index_path(self) -> str:
        """Return the SQLite file of the rebuildable index of looks."""

    def close(self) -> None:
        """Close the files."""


class Storage(Protocol):
    """The storage of all shards of one installation."""

    def lock(self) -> AbstractContextManager[None]:
        """Hold the write lock; raises LedgerError if another process has it."""

    def shards(self) -> list[str]:
        """Return the names of the shards, sorted."""

    def shard(self, name: str, *, create: bool = False, read_only: bool = False) -> ShardStore:
        """Open a shard (close it after use); raises LedgerError if it is missing and ``create`` is false."""


FaultPoint = Callable[[str], None]
"""Called with the name of each step, so that tests can kill the process at that point."""


def no_fault(_point: str) -> None:
    """Do nothing at a fault point."""
