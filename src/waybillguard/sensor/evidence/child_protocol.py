"""What the process that reads evidence and the one that asked say to each other.

Frames of a 4-byte big-endian length and msgpack. Parent to child: one ``Request``. Child to parent, for each file:
``Begin``, ``Batch`` after ``Batch``, ``End``; last ``Done``.
"""

import struct
from typing import BinaryIO

import msgspec

from waybillguard.sensor.observation import Loss, Observation, ReadFile

LENGTH = struct.Struct(">I")
BATCH = 500
MAX_OF_FILE = 100_000
"""Observations of one file; a hive whose keys hold each other would give them without end, and no file hides the others."""
MAX_FRAME = 64 << 20


class Request(msgspec.Struct, frozen=True):
    """The evidence, how many of its files to pass over because an earlier child read or died of them, and own rules."""

    paths: tuple[bytes, ...]
    skip: int
    memory: int
    rules: str = ""


class Begin(msgspec.Struct, frozen=True, tag=True):
    """A file is being read."""

    number: int
    name: str


class Batch(msgspec.Struct, frozen=True, tag=True):
    """Some observations of the file that was begun."""

    seen: list[Observation]


class End(msgspec.Struct, frozen=True, tag=True):
    """A file is done."""

    read: ReadFile
    losses: list[Loss]
    offset: int | None
    computer: str


class Done(msgspec.Struct, frozen=True, tag=True):
    """All files are done; what the source did not hand out."""

    losses: list[Loss]


type Answer = Begin | Batch | End | Done


def write_frame(stream: BinaryIO, body: bytes) -> None:
    """Write one frame."""
    stream.write(LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()
