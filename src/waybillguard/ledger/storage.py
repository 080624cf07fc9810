"""What the ledger asks of a place to keep it: protocols, implemented by local files here and by others above.

Every method may raise OSError; after one from ``append`` the ledger stops and never retries, because a page
that failed to flush is gone.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import msgspec

from waybillguard.ledger.segment import Frame
from waybillguard.ledger.timestamps import Stamp


class Head(msgspec.Struct, frozen=True):
    """The last checkpoint a shard signed, as the lock keeps it.

    ``note`` is the signed note with all cosignatures so far; ``seal_key`` the wrapped forward-secure key for
    entry ``size``; ``time_us`` when it was signed.
    """

    size: int
    root: bytes
    note: bytes
    seal_key: bytes
    time_us: int


class DayKeyRow(msgspec.Struct, frozen=True):
    """One wrapped pair of daily keys: ``owner`` under the owner's key, ``regulator`` sealed or empty."""

    number: int
    day: int
    owner: bytes
    regulator: bytes


class ShardStore(Protocol):
    """One shard: segment log, tree hashes, and the small lock database."""

    name: str

    def append(self, frame: bytes, first: int) -> None:
        """Put a frame on stable storage; durable on return."""

    def join_mirror(self, size: int, root_of: Callable[[int], bytes]) -> None:
        """Compare with the mirror, if there is one, and bring it up to ``size``; raises LedgerRolledBackError."""

    def mirrored(self) -> int:
        """Return how many entries the mirror holds durably (0: there is none, or it is away)."""

    def frames(self, index: int = 0) -> Iterator[Frame]:
        """Yield frames from the one that holds ``index``; raises BadFrameError or LedgerCorruptError."""

    def segments(self) -> list[int]:
        """Return the first entry of each segment, in order."""

    def last_segment(self) -> int:
        """Return the first entry of the last segment (0: none)."""

    def tail(self, offset: int) -> bytes:
        """Return the bytes of the last segment from ``offset`` on."""

    def cut(self, offset: int) -> bytes:
        """Cut the last segment at ``offset`` and return what was cut off, kept aside as well."""

    def overwrite(self, places: Sequence[tuple[int, Sequence[tuple[int, int]]]]) -> None:
        """Put zeros over parts (start, length) of private records, each by its index; durable on return."""

    def hash_count(self, level: int) -> int:
        """Return how many tree hashes a tile level holds."""

    def read_hashes(self, level: int, first: int, count: int) -> bytes:
        """Return up to ``count`` hashes of a level, 32 bytes each."""

    def write_hashes(self, level: int, first: int, data: bytes) -> None:
        """Write hashes at their place; need not be durable."""

    def truncate_hashes(self, level: int, count: int) -> None:
        """Drop the hashes of a level behind ``count``."""

    def sync_hashes(self) -> None:
        """Make the tree hashes durable."""

    def head(self) -> Head | None:
        """Return the last checkpoint of the lock."""

    def swap_head(self, old_size: int, head: Head) -> bool:
        """Replace the checkpoint if the lock still holds ``old_size`` (0: none); durable on return."""

    def meta(self, key: str) -> bytes | None:
        """Return a small value."""

    def put_meta(self, key: str, value: bytes) -> None:
        """Keep a small value durably."""

    def day_keys(self) -> list[DayKeyRow]:
        """Return the wrapped daily keys."""

    def add_day_key(self, day: int, owner: bytes, regulator: bytes) -> int:
        """Keep a pair of daily keys durably and return its number."""

    def drop_day_keys(self, before_day: int) -> int:
        """Destroy the daily keys of days before ``before_day``; returns how many."""

    def stamps(self) -> list[Stamp]:
        """Return the timestamps of the shard's checkpoints, oldest first."""

    def add_stamp(self, stamp: Stamp) -> None:
        """Keep a timestamp durably; one a day."""

    def index_path(self) -> str:
        """Return the SQLite file of the rebuildable index of looks."""

    def close(self) -> None:
        """Let go of files."""


class Storage(Protocol):
    """The home of all shards of one installation."""

    def lock(self) -> AbstractContextManager[None]:
        """Hold the right to write; raises LedgerLockedError if another process has it."""

    def shards(self) -> list[str]:
        """Return the names of the shards, sorted."""

    def shard(self, name: str, *, create: bool = False, read_only: bool = False) -> ShardStore:
        """Open a shard (close it after use); raises LedgerError if it is missing and not to be created."""


FaultPoint = Callable[[str], None]
"""Called with the name of each step, so that tests can end the process there."""


def no_fault(_point: str) -> None:
    """Do nothing at a fault point."""
