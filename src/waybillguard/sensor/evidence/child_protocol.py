"""The protocol between the child process that reads evidence and its parent.

A frame is a 4-byte big-endian length and msgpack. Parent to child: one ``Request``. Child to parent, for each file:
``Begin``, any number of ``Batch``, ``End``; finally ``Done``.
"""

import struct
from typing import BinaryIO

import msgspec

from waybillguard.sensor.observation import Loss, Observation, ReadFile

LENGTH = struct.Struct(">I")
BATCH = 500
MAX_OF_FILE = 100_000
"""Maximum observations per file: a hive with cyclic keys would yield them without end."""
MAX_FRAME = 64 << 20


class Request(msgspec.Struct, frozen=True):
    """The evidence, the number of files to skip because an earlier child read them or crashed, and the user's rules."""

    paths: tuple[bytes, ...]
    skip: int
    memory: int
    rules: str = ""


class Begin(msgspec.Struct, frozen=True, tag=True):
    """The child starts to read a file."""

    number: int
    name: str


class Batch(msgspec.Struct, frozen=True, tag=True):
    """Some observations of the current file."""

    seen: list[Observation]


class End(msgspec.Struct, frozen=True, tag=True):
    """The current file has been read."""

    read: ReadFile
    losses: list[Loss]
    offset: int | None
    computer: str


class Done(msgspec.Struct, frozen=True, tag=True):
    """All files have been read; holds the losses of the source."""

    losses: list[Loss]


type Answer = Begin | Batch | End | Done


def write_frame(stream: BinaryIO, body: bytes) -> None:
    """Write one frame."""
    stream.write(LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()
