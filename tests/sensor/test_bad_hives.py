"""Registry hives that are malicious or were copied while in use."""

import io
import os
import struct
from pathlib import Path

import msgspec
import pytest

from waybillguard.sensor import examine
from waybillguard.sensor.evidence import child_worker, reader
from waybillguard.sensor.evidence.child_protocol import LENGTH, Answer, Batch, End, Request, write_frame


def _cell(body: bytes) -> bytes:
    size = (len(body) + 11) // 8 * 8
    return struct.pack("<i", -size) + body.ljust(size - 4, b"\0")


def _key(name: bytes, count: int, listed: int, flags: int = 0x20) -> bytes:
    values = (0, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0, 0, 0, 0, 0)
    return _cell(
        struct.pack("<2sHQIIIIII", b"nk", flags, 133_855 * 10**12, 0, 32, count, 0, listed, 0xFFFFFFFF)
        + struct.pack("<9I", *values)
        + struct.pack("<HH", len(name), 0)
        + name
    )


def _hive_whose_keys_hold_themselves(listed: int, sequence: tuple[int, int]) -> bytes:
    keys = [(b"ROOT", 0x2C), (b"Microsoft", 0x20), (b"Oray", 0x20)]
    places, at = [], 32
    for name, _ in keys:
        places.append(at)
        at += len(_key(name, 0, 0))
    of_oray = struct.pack("<2sH", b"lf", listed) + struct.pack("<II", places[2], 0) * listed
    of_root = struct.pack("<2sH", b"lf", 2) + struct.pack("<IIII", places[1], 0, places[2], 0)
    cells = (
        _key(b"ROOT", 2, at, 0x2C)
        + _key(b"Microsoft", 0, 0xFFFFFFFF)
        + _key(b"Oray", listed, at + len(_cell(of_root)))
        + _cell(of_root)
        + _cell(of_oray)
    )
    size = (len(cells) + 36 + 4095) // 4096 * 4096
    rest = size - 32 - len(cells)
    bins = (
        struct.pack("<4sIIQQI", b"hbin", 0, size, 0, 0, 0)
        + cells
        + struct.pack("<i", rest).ljust(rest, b"\0")
    )
    head = struct.pack("<4sIIQIIIIII", b"regf", *sequence, 0, 1, 5, 0, 1, 32, size)
    return head.ljust(4096, b"\0") + bins


def test_a_hive_whose_keys_hold_themselves_ends_and_hides_no_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_worker, "MAX_OF_FILE", 700)
    monkeypatch.setattr(reader, "is_of_interest", lambda _: True)
    monkeypatch.setattr(child_worker, "confine", lambda *_, **__: None)
    (tmp_path / "SOFTWARE.hve").write_bytes(_hive_whose_keys_hold_themselves(5_000, (7, 7)))
    (tmp_path / "z.txt").write_text("after it")
    asked, said = io.BytesIO(), io.BytesIO()
    write_frame(asked, msgspec.msgpack.encode(Request((os.fsencode(tmp_path),), 0, 0)))
    asked.seek(0)
    child_worker.serve(asked, said)
    body, answers = said.getvalue(), []
    while body:
        (size,) = LENGTH.unpack(body[:4])
        answers.append(msgspec.msgpack.decode(body[4 : 4 + size], type=Answer))
        body = body[4 + size :]
    first, second = (each for each in answers if isinstance(each, End))
    assert [loss.reason for loss in first.losses] == ["more than 700 observations; the rest was left out"]
    assert second.losses == []
    assert sum(len(each.seen) for each in answers if isinstance(each, Batch)) == 700


def test_changes_that_a_hive_does_not_hold_yet_are_a_loss(tmp_path: Path) -> None:
    (tmp_path / "SOFTWARE.hve").write_bytes(_hive_whose_keys_hold_themselves(1, (7, 6)))
    (loss,) = examine([str(tmp_path)])[0].losses
    assert "its last changes may be missing" in loss.reason
