"""The child process that reads untrusted files: its results and its failures."""

import io
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import psutil
import pytest
import xlwt

from waybillguard.orders import child
from waybillguard.orders.child import read_in_child
from waybillguard.orders.errors import (
    FileTooLargeError,
    HeaderNotFoundError,
    OrdersError,
    UnreadableFileError,
)
from waybillguard.orders.limits import Limits
from waybillguard.orders.reader import read_orders

PLACE = "浙江省金华市义乌市北苑街道机场路88号2幢"


def export(rows: int) -> bytes:
    lines = ["订单号,收件人,手机,地址"] + [f"A{n},测试甲,138{n:08d},{PLACE}" for n in range(rows)]
    return "\n".join(lines).encode()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (["订单号", "收件人", "手机", "地址"], ["A1", "测试甲", 13800000001, PLACE]):
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def old_workbook() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for number, row in enumerate(
        (["订单号", "收件人", "手机", "地址"], ["A1", "测试甲", 13800000001, PLACE])
    ):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_the_child_gives_what_reading_here_gives_in_batches() -> None:
    data = export(2_500)
    batches = list(read_in_child(data, "orders.csv"))
    assert [len(batch) for batch in batches] == [1_000, 1_000, 500]
    assert [row for batch in batches for row in batch] == list(read_orders(io.BytesIO(data), "orders.csv"))


@pytest.mark.parametrize("kind", ["file", "stream", "no memory files"])
def test_a_file_and_a_stream_are_read_alike(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "file":
        path = tmp_path / "orders.csv"
        path.write_bytes(export(3))
        with path.open("rb") as stream:
            assert len(next(read_in_child(stream, "orders.csv"))) == 3
        return
    if kind == "no memory files":
        monkeypatch.delattr(os, "memfd_create", raising=False)
    assert len(next(read_in_child(io.BytesIO(export(3)), "orders.csv"))) == 3


def test_errors_cross_the_border_with_both_texts() -> None:
    with pytest.raises(HeaderNotFoundError) as caught:
        list(read_in_child(b"1,2\n3,4\n", "orders.csv"))
    assert "表头" in caught.value.zh
    assert "header" in caught.value.en


def test_a_file_larger_than_the_limit_is_refused_without_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "start", lambda *_, **__: pytest.fail("a child was started"))
    with pytest.raises(FileTooLargeError):
        list(read_in_child(export(100), "orders.csv", limits=Limits(max_bytes=100)))


def test_too_little_memory_is_a_clear_error() -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["订单号", "收件人", "手机", "地址"])
    for number in range(3_000):
        sheet.append([f"A{number}", "测试甲", f"138{number:08d}", PLACE + "长" * 2_000])
    held = io.BytesIO()
    book.save(held)
    with pytest.raises(OrdersError):
        list(read_in_child(held.getvalue(), "orders.xlsx", limits=Limits(memory=40 << 20)))


def test_a_child_that_takes_too_long_is_stopped() -> None:
    started = time.monotonic()
    with pytest.raises(FileTooLargeError):
        list(read_in_child(export(300_000), "orders.csv", limits=Limits(seconds=1)))
    assert time.monotonic() - started < 20


def readers() -> list[psutil.Process]:
    """Return the reading child processes of this process, without other children such as browsers."""
    return [
        process
        for process in psutil.Process().children()
        if "waybillguard.orders.child_worker" in process.cmdline()
    ]


def test_a_child_killed_from_outside_is_a_clear_error() -> None:
    batches = read_in_child(export(200_000), "orders.csv")
    next(batches)
    for process in readers():
        process.send_signal(signal.SIGKILL)
    with pytest.raises(OrdersError):
        list(batches)


def test_no_child_and_no_descriptor_is_left_when_the_reader_stops_early() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    batches = read_in_child(export(50_000), "orders.csv")
    next(batches)
    batches.close()
    assert not readers()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_nothing_personal_is_in_the_childs_arguments_or_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_TOKEN", "测试机密")
    batches = read_in_child(export(50_000), "测试甲的订单.csv", password="口令-1")
    next(batches)
    (process,) = readers()
    said = " ".join(process.cmdline()) + " ".join(
        f"{key}={value}" for key, value in process.environ().items()
    )
    assert "测试" not in said
    assert "口令" not in said
    batches.close()


def test_the_child_says_nothing_on_standard_error_and_dumps_no_core(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}
    original = subprocess.Popen

    def spy(*arguments: object, **options: object) -> object:
        seen.update(options)
        return original(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", spy)
    list(read_in_child(export(1), "orders.csv"))
    assert seen["stderr"] == subprocess.DEVNULL
    code = (
        "import resource; from waybillguard.sandbox import Bounds, confine; confine(Bounds(memory=1 << 30));"
        " print(resource.getrlimit(resource.RLIMIT_CORE)[0], resource.getrlimit(resource.RLIMIT_FSIZE)[0])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["0", "0"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xlsx", "xls", "csv"])
def test_truncated_and_flipped_files_give_rows_or_an_orders_error(kind: str) -> None:
    whole = {"xlsx": workbook, "xls": old_workbook, "csv": lambda: export(5)}[kind]()
    chance = random.Random(kind)  # fixed seed, so that every run has the same damage
    for number in range(16):
        data = bytearray(whole)
        if number % 2:
            del data[chance.randrange(1, len(data)) :]
        for _ in range(chance.randrange(1, 20)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            list(read_in_child(bytes(data), f"orders.{kind}"))
        except OrdersError:
            continue


def test_a_workbook_that_kills_the_parser_is_only_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "start", lambda *_, **__: _dying())
    with pytest.raises(OrdersError) as caught:
        list(read_in_child(workbook(), "orders.xlsx"))
    assert not isinstance(caught.value, UnreadableFileError)


def _dying() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", "import os; os.abort()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
    )
