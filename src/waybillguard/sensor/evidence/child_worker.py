"""The child process that reads evidence, started as ``python -m waybillguard.sensor.evidence.child_worker``.

It limits its own memory, files and core dumps before it reads anything. It writes no file and starts no program.
"""

import os
import sys
from typing import BinaryIO

import msgspec

from waybillguard.sandbox import Bounds, confine
from waybillguard.sensor.evidence.child_protocol import (
    BATCH,
    LENGTH,
    MAX_FRAME,
    MAX_OF_FILE,
    Batch,
    Begin,
    Done,
    End,
    Request,
    write_frame,
)
from waybillguard.sensor.evidence.reader import FileReader
from waybillguard.sensor.evidence.source import Source
from waybillguard.sensor.evidence.user_rules import UserRules
from waybillguard.sensor.observation import Loss, Observation, encodable


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer one request: send the observations of each file from ``skip`` on."""
    (length,) = LENGTH.unpack(source.read(LENGTH.size))
    request = msgspec.msgpack.decode(source.read(min(length, MAX_FRAME)), type=Request)
    paths = [os.fsdecode(each) for each in request.paths]
    confine(Bounds(memory=request.memory), read=(*paths, *([request.rules] if request.rules else [])))
    encoder = msgspec.msgpack.Encoder()

    def send(answer: object) -> None:
        write_frame(sink, encoder.encode(answer))

    files = Source(paths)
    rules = UserRules(request.rules) if request.rules else None
    for number, member in enumerate(files):
        if number < request.skip:
            send(Batch([]))  # keeps the parent from giving up: skipping the files of a large zip takes long
            continue
        send(Begin(number, member.name))
        reader = FileReader(member, rules)
        held: list[Observation] = []
        kept = 0
        try:
            for seen in reader:
                if kept == MAX_OF_FILE:
                    reader.told.losses.append(
                        Loss(
                            file=member.name,
                            reason=f"more than {MAX_OF_FILE} observations; the rest was left out",
                            records_read=kept,
                        )
                    )
                    break
                kept += 1
                held.append(encodable(seen))
                if len(held) == BATCH:
                    send(Batch(held))
                    held = []
        except MemoryError:
            reader.told.losses.append(Loss(file=member.name, reason="needs more memory than allowed"))
        except Exception:  # noqa: BLE001 - whatever a hostile file provokes, its text stays here
            reader.told.losses.append(Loss(file=member.name, reason="damaged; reading stopped"))
        send(Batch(held))
        told = reader.told
        send(End(told.read, told.losses, told.offset, told.computer))
    send(Done([*files.losses, *(rules.losses if rules else [])]))


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
