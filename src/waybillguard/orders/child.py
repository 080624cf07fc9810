"""Read an untrusted file in a separate process, whose crash does no harm.

The child's arguments and environment contain no personal data. It writes no file, and its standard error is
discarded. It receives the data as a file descriptor if it already is a file, otherwise in an anonymous memory
file; nothing is written to disk.
"""

import io
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread
from typing import BinaryIO

import msgspec

from waybillguard.orders.child_protocol import LENGTH, MAX_FRAME, Answer, Batch, Done, Failure, Request
from waybillguard.orders.child_worker import out_of_memory
from waybillguard.orders.errors import (
    FileTooLargeError,
    HeaderNotFoundError,
    OrdersError,
    UnreadableFileError,
    WorkbookPasswordError,
)
from waybillguard.orders.limits import Limits, too_large, too_many_bytes
from waybillguard.orders.model import OrderRow
from waybillguard.orders.reader import DEFAULT_LIMITS
from waybillguard.orders.sheet_lines import SheetLines
from waybillguard.sandbox import start

_PIECE = 1 << 20
_ERRORS: dict[str, type[OrdersError]] = {
    kind.code: kind
    for kind in (
        OrdersError,
        UnreadableFileError,
        WorkbookPasswordError,
        FileTooLargeError,
        HeaderNotFoundError,
    )
}


def read_in_child(
    source: BinaryIO | bytes,
    filename: str,
    *,
    password: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    lines: SheetLines | None = None,
) -> Iterator[list[OrderRow]]:
    """Yield the orders of a file in batches of about 1,000, read in a bounded child process.

    Args:
        source: the file's bytes, or a stream, read from its current position.
        filename: the value of ``file`` in the rows.
        password: password of an encrypted workbook.
        limits: ``memory`` and ``seconds`` bound the child; time spent by the consumer is not counted.
        lines: receives the sheet lines of the yielded rows.

    Raises:
        OrdersError: the file cannot be read. Batches may have been yielded before; do not publish them until
            the iterator ends without an error.
    """
    descriptor, inline = _hand_over(source, limits)
    try:
        process = start(
            "waybillguard.orders.child_worker", descriptors=(descriptor,) if descriptor >= 0 else ()
        )
    except BaseException:
        _close(descriptor)
        raise
    writer: Thread | None = None
    try:
        request = Request(filename, password, limits, descriptor)
        writer = Thread(target=_send, args=(process, request, inline), daemon=True)
        writer.start()
        yield from _answers(process, limits, lines or SheetLines())
    finally:
        process.kill()
        process.wait()
        if writer is not None:
            writer.join()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        _close(descriptor)


def _hand_over(source: BinaryIO | bytes, limits: Limits) -> tuple[int, bytes]:
    """Return a descriptor of the file, or -1 and the bytes if the system has no memory files."""
    if isinstance(source, bytes):
        if len(source) > limits.max_bytes:
            raise too_many_bytes(limits)
        source = io.BytesIO(source)
    elif _is_plain_file(source) and os.name == "posix":
        number = source.fileno()
        if os.fstat(number).st_size > limits.max_bytes:
            raise too_many_bytes(limits)
        return os.dup(number), b""
    descriptor = os.memfd_create("orders", os.MFD_CLOEXEC) if hasattr(os, "memfd_create") else -1
    try:
        return descriptor, _copy(source, descriptor, limits)
    except BaseException:
        _close(descriptor)
        raise


def _is_plain_file(source: BinaryIO) -> bool:
    """Return whether this is a plain file at its start; a wrapper's descriptor may give other bytes (encrypted)."""
    if type(source) not in {io.BufferedReader, io.BufferedRandom, io.FileIO}:
        return False
    raw = getattr(source, "raw", source)
    return type(raw) is io.FileIO and source.seekable() and source.tell() == 0


def _copy(source: BinaryIO, descriptor: int, limits: Limits) -> bytes:
    size, held = 0, []
    while piece := source.read(_PIECE):
        size += len(piece)
        if size > limits.max_bytes:
            raise too_many_bytes(limits)
        if descriptor < 0:
            held.append(piece)
            continue
        view = memoryview(piece)
        while view:
            view = view[os.write(descriptor, view) :]
    return b"".join(held)


def _send(process: subprocess.Popen[bytes], request: Request, inline: bytes) -> None:
    assert process.stdin is not None
    body = msgspec.msgpack.encode(request)
    with suppress(OSError), process.stdin as pipe:
        for part in (LENGTH.pack(len(body)), body, inline):
            view = memoryview(part)
            while view:
                view = view[pipe.write(view) or 0 :]


def _answers(process: subprocess.Popen[bytes], limits: Limits, lines: SheetLines) -> Iterator[list[OrderRow]]:
    decoder: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)
    clock = _TimedReader(process, limits)
    while True:
        head = clock.read(LENGTH.size)
        if len(head) < LENGTH.size:
            raise _exit_error(process)
        (length,) = LENGTH.unpack(head)
        if length > MAX_FRAME:
            raise _exit_error(process)
        body = clock.read(length)
        if len(body) < length:
            raise _exit_error(process)
        answer = decoder.decode(body)
        if isinstance(answer, Batch):
            lines.extend(answer.lines)
            yield answer.rows
        elif isinstance(answer, Failure):
            raise _ERRORS.get(answer.code, UnreadableFileError)(zh=answer.zh, en=answer.en)
        elif isinstance(answer, Done):
            return


class _TimedReader:
    """Reads from the child with a timeout that counts only the time spent waiting for it."""

    def __init__(self, process: subprocess.Popen[bytes], limits: Limits) -> None:
        assert process.stdout is not None
        self._pipe = process.stdout.fileno()
        self._left = float(limits.seconds)

    def read(self, size: int) -> bytes:
        """Return ``size`` bytes, fewer if the child has ended; raises FileTooLargeError on timeout."""
        parts: list[bytes] = []
        while size > 0:
            started = time.monotonic()
            self._wait()
            self._left -= time.monotonic() - started
            part = os.read(self._pipe, min(size, _PIECE))
            if not part:
                break
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _wait(self) -> None:
        if os.name != "posix":
            return
        poll = select.poll()
        poll.register(self._pipe, select.POLLIN | select.POLLHUP)
        if not poll.poll(max(self._left, 0.0) * 1000):
            raise _too_slow()


def _too_slow() -> FileTooLargeError:
    return too_large(
        "读取文件用时超过上限",
        "Reading the file took longer than allowed",
        "请检查文件是否由平台导出，或按日期分开后再导入。",
        "Check that a platform made the file, or split it by date.",
    )


def _exit_error(process: subprocess.Popen[bytes]) -> OrdersError:
    """Return the error for a child that ended without a ``Done`` or ``Failure`` message."""
    code = process.wait()
    if os.name == "posix" and code == -signal.SIGXCPU:
        return _too_slow()
    if os.name == "posix" and code in {-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV}:
        return out_of_memory()
    return UnreadableFileError(
        zh="读取文件的进程意外中止，文件可能已损坏。没有任何内容被保存。请重新从平台导出。",
        en="The process that read the file stopped unexpectedly; the file may be damaged. Nothing of it was"
        " stored. Export it again.",
    )


def _close(descriptor: int) -> None:
    if descriptor >= 0:
        with suppress(OSError):
            os.close(descriptor)
