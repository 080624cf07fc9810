"""The receipt that the ledger returns for an entry; the key service requires one before it decrypts."""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from waybillguard.ledger.errors import BadEntryError

Level = Literal["logged", "mirrored", "witnessed"]
"""The durability level of an entry (docs/ledger-formats.md, "Durability").

``logged``: on stable storage of this machine. ``mirrored``: also at the mirror. ``witnessed``: covered by a
checkpoint that a quorum of witnesses cosigned.
"""

_LEVELS: tuple[Level, ...] = ("logged", "mirrored", "witnessed")
_HEAD = struct.Struct(">BBQQQ32sH")
_VERSION = 1


class Receipt(msgspec.Struct, frozen=True, gc=False):
    """Receipt for one entry: its position and hash in one shard.

    ``time_us`` is when the ledger wrote the entry; ``tree_size`` is the tree size after that group commit.
    """

    origin: str
    index: int
    leaf_hash: bytes
    tree_size: int
    time_us: int
    level: Level = "logged"

    def to_bytes(self) -> bytes:
        """Return the binary form: version, level, index, tree size, time, leaf hash, origin."""
        name = self.origin.encode()
        return (
            _HEAD.pack(
                _VERSION,
                _LEVELS.index(self.level),
                self.index,
                self.tree_size,
                self.time_us,
                self.leaf_hash,
                len(name),
            )
            + name
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> "Receipt":
        """Parse the binary form; raises BadEntryError."""
        try:
            version, level, index, size, time_us, leaf, length = _HEAD.unpack_from(data)
            name = data[_HEAD.size :]
            if version != _VERSION or len(name) != length or index >= size:
                raise ValueError(version)  # noqa: TRY301
            return cls(name.decode(), index, leaf, size, time_us, _LEVELS[level])
        except (struct.error, ValueError, IndexError) as error:
            raise _bad() from error

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        moment = datetime.fromtimestamp(self.time_us // 1_000_000, UTC)
        return {
            "v": _VERSION,
            "origin": self.origin,
            "index": self.index,
            "leaf_hash": self.leaf_hash.hex(),
            "tree_size": self.tree_size,
            "time": moment.replace(microsecond=self.time_us % 1_000_000).isoformat(),
            "level": self.level,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Receipt":
        """Parse the JSON form; raises BadEntryError."""
        try:
            moment = datetime.fromisoformat(value["time"])
            leaf = bytes.fromhex(value["leaf_hash"])
            index, size = int(value["index"]), int(value["tree_size"])
            if value["v"] != _VERSION or len(leaf) != 32 or not 0 <= index < size:  # noqa: PLR2004
                raise ValueError(index)  # noqa: TRY301
            time_us = int(moment.timestamp()) * 1_000_000 + moment.microsecond
            level = _LEVELS[_LEVELS.index(value["level"])]
            return cls(str(value["origin"]), index, leaf, size, time_us, level)
        except (KeyError, TypeError, ValueError) as error:
            raise _bad() from error


def _bad() -> BadEntryError:
    return BadEntryError(zh="回执无法识别", en="not a ledger receipt")


def in_order(groups: list[tuple[str, list[int]]], found: Sequence[list[Receipt]]) -> list[Receipt]:
    """Return the receipts of several shards in the order of the caller's entries."""
    if len(groups) == 1:
        return found[0]
    placed = [
        pair
        for (_, places), receipts in zip(groups, found, strict=True)
        for pair in zip(places, receipts, strict=True)
    ]
    return [receipt for _, receipt in sorted(placed, key=lambda pair: pair[0])]
