"""The protocol between the reading child process and its parent.

Messages are frames of a 4-byte big-endian length and msgpack. The parent sends one ``Request``, followed by the
file's bytes if it has no descriptor. The child sends any number of ``Batch``, then ``Done`` or ``Failure``.
"""

import struct
from typing import BinaryIO

import msgspec

from waybillguard.orders.limits import Limits
from waybillguard.orders.model import OrderRow

LENGTH = struct.Struct(">I")
BATCH_ROWS = 1_000
MAX_FRAME = 256 << 20


class Request(msgspec.Struct, frozen=True):
    """The file to read: an inherited descriptor, or -1 if its bytes follow."""

    filename: str
    password: str | None
    limits: Limits
    descriptor: int = -1


class Batch(msgspec.Struct, frozen=True, tag=True):
    """Some orders, in file order; ``lines`` are the runs of ``SheetLines`` that begin in them."""

    rows: list[OrderRow]
    lines: dict[int, int] = {}


class Failure(msgspec.Struct, frozen=True, tag=True):
    """The file cannot be read: the code of an ``OrdersError`` and its texts."""

    code: str
    zh: str
    en: str


class Done(msgspec.Struct, frozen=True, tag=True):
    """The whole file was read."""

    rows: int


type Answer = Batch | Failure | Done


def write_frame(stream: BinaryIO, body: bytes) -> None:
    """Write one frame."""
    stream.write(LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()
